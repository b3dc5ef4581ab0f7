"""Sum a report up in a few sentences: what was compared, found and left out."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from dedup.model import Relation, are_among, distinct
from dedup.report import Report
from dedup.reporters.escapes import escape_controls
from dedup.reporters.phrases import count, name_problem_place

_MOST_REMARKS: Final = 10


def find_nothing(report: Report) -> str:
    """Give one sentence where nothing was found, else ''.

    A source that could not be read is no result: then there is a summary as always.
    """
    if report.findings or report.groups or report.problems or report.remarks:
        return ""
    skipped = " ".join(f"{_name_skipped(sentence)}." for sentence in _skipped(report))
    return f"No duplicates found among {_read(report)}. {skipped}".rstrip()


def _name_skipped(sentence: str) -> str:
    """Say what was not compared; what was compared but not judged says so itself."""
    return sentence if "not judged" in sentence else f"Not compared: {sentence}"


def summarize(report: Report) -> Iterator[tuple[str, str]]:
    """Give the label and the sentence of each line of a summary."""
    yield "Read", _read(report)
    yield "Found", _found(report)
    if len(report.restating):
        yield "Padding", _pad(report)
    if len(report.boilerplate):
        yield "Recurs", _recur(report)
    others = ", ".join(_others(report))
    if others:
        yield "Also", f"{others} (not counted as redundant)"
    for sentence in _skipped(report):
        yield "Skipped", sentence
    for remark in report.remarks[:_MOST_REMARKS]:
        yield "Remark", f"{name_problem_place(remark)}: {escape_controls(remark.message)}"
    if len(report.remarks) > _MOST_REMARKS:
        yield "Remark", f"and {len(report.remarks) - _MOST_REMARKS:,} more, all in JSON"
    if report.problems:
        yield "Problems", f"{len(report.problems):,} unreadable, listed above"


def _read(report: Report) -> str:
    corpus = report.corpus
    paragraphs = count(len(corpus), "paragraph")
    words = count(int(corpus.tokens.sizes.sum()), "word")
    return f"{paragraphs} ({words}) of {count(corpus.n_documents, 'document')}"


def _found(report: Report) -> str:
    is_redundant = report.are_redundant
    n_redundant = int(np.count_nonzero(is_redundant))
    if not n_redundant:
        return "no redundant paragraphs"
    words = count(int(report.corpus.tokens.sizes[is_redundant].sum()), "word")
    share = f"{n_redundant / len(is_redundant):.1%}"
    redundant = count(n_redundant, "redundant paragraph")
    return f"{count(len(report.groups), 'group')} with {redundant} ({share} of all, {words})"


def _pad(report: Report) -> str:
    """Say how many paragraphs restate, and how much of their documents that is."""
    corpus, restating = report.corpus, report.restating
    padded = distinct(corpus.document[restating])
    words = int(corpus.tokens.sizes[restating].sum())
    of_all = int(corpus.tokens.sizes[are_among(corpus.document, padded)].sum())
    who, what = count(len(padded), "document"), count(len(restating), "restating paragraph")
    hold = "holds" if len(restating) == 1 else "hold"
    return f"{what} {hold} {words / of_all:.0%} of the words of {who}"


def _recur(report: Report) -> str:
    """Say how many boilerplate texts there are, and what they take."""
    members = report.grouping.relations == Relation.BOILERPLATE
    words = count(int(report.corpus.tokens.sizes[members].sum()), "word")
    paragraphs = count(int(np.count_nonzero(members)), "time")
    texts = count(len(report.boilerplate), "boilerplate text")
    verb = "repeats" if len(report.boilerplate) == 1 else "repeat"
    return f"{texts} {verb} {paragraphs} ({words})"


def _others(report: Report) -> Iterator[str]:
    """Give the counts of what else was found but makes no paragraph redundant."""
    relations = [finding.relation for finding in report.findings]
    for relation, noun in (
        (Relation.CONTAINED, "contained paragraph"),
        (Relation.REWRITTEN, "rewritten paragraph"),
        (Relation.VARIANT, "variant"),
    ):
        if relation in relations:
            yield count(relations.count(relation), noun)


def _skipped(report: Report) -> Iterator[str]:
    """Say what was left out of a comparison, and why."""
    counts, min_words = report.counts, report.config.paragraphs.min_words
    if counts.n_short:
        yield f"{count(counts.n_short, 'paragraph')} under {count(min_words, 'word')}"
    if counts.n_empty:
        yield f"{count(counts.n_empty, 'paragraph')} without a word"
    if counts.n_beyond_buckets:
        few = report.config.bands.few_in_bucket
        families = count(counts.n_templates, "template family").replace("familys", "families")
        beyond = count(counts.n_beyond_buckets, "paragraph")
        yield f"{beyond} of {families}, compared with the first {few} of each only"
    if counts.n_too_few_terms:
        least = count(report.config.restatement.min_terms, "content word")
        paragraphs = count(counts.n_too_few_terms, "paragraph")
        yield f"{paragraphs} under {least}, not judged restated"
    if counts.n_listed:
        paragraphs = count(counts.n_listed, "paragraph")
        yield f"{paragraphs} of lists, tables, code or links, not judged restated"
    if counts.n_in_large:
        most = report.config.restatement.max_paragraphs
        paragraphs = count(counts.n_in_large, "paragraph")
        yield f"{paragraphs} of documents of over {most:,}, not judged restated"
    if counts.n_unaligned:
        pairs = count(counts.n_unaligned, "pair")
        yield f"{pairs} too different to look for other numbers or dates"
