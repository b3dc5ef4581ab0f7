"""Say what a run left out of a comparison or a judgement, in numbers and in sentences."""

from collections.abc import Iterator

from dedup.config import Config
from dedup.findings import Counts
from dedup.reporters.phrases import count


def count_skipped(counts: Counts) -> dict[str, int]:
    """Give the numbers by the names of the JSON report."""
    return {
        "short": counts.n_short,
        "empty": counts.n_empty,
        "beyond_buckets": counts.n_beyond_buckets,
        "template_buckets": counts.n_templates,
        "unaligned": counts.n_unaligned,
        "too_few_terms": counts.n_too_few_terms,
        "lists_tables_code": counts.n_listed,
        "large_documents": counts.n_in_large,
    }


def list_skipped(counts: Counts, config: Config) -> Iterator[str]:
    """Say what was left out, and why, a sentence each."""
    min_words = config.paragraphs.min_words
    if counts.n_short:
        yield f"{count(counts.n_short, 'paragraph')} under {count(min_words, 'word')}"
    if counts.n_empty:
        yield f"{count(counts.n_empty, 'paragraph')} without a word"
    if counts.n_beyond_buckets:
        few = config.bands.few_in_bucket
        families = count(counts.n_templates, "template family")
        beyond = count(counts.n_beyond_buckets, "paragraph")
        yield f"{beyond} of {families}, compared with the first {few} of each only"
    if counts.n_too_few_terms:
        least = count(config.restatement.min_terms, "content word")
        paragraphs = count(counts.n_too_few_terms, "paragraph")
        yield f"{paragraphs} under {least}, not judged restated"
    if counts.n_listed:
        paragraphs = count(counts.n_listed, "paragraph")
        yield f"{paragraphs} of lists, tables, code or links, not judged restated"
    if counts.n_in_large:
        most = config.restatement.max_paragraphs
        paragraphs = count(counts.n_in_large, "paragraph")
        yield f"{paragraphs} of documents of over {most:,}, not judged restated"
    if counts.n_unaligned:
        pairs = count(counts.n_unaligned, "pair")
        yield f"{pairs} too different to look for other numbers or dates"
