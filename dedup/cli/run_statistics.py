"""Say what a run cost and what it compared, for `--statistics`."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from time import process_time

import numpy as np

from dedup.bands import choose_bands
from dedup.model import Relation
from dedup.report import Report


@dataclass(frozen=True, slots=True)
class RunCost:
    """Seconds: CPU before the run and of it, and how long it took by the clock."""

    cpu_before: float
    cpu: float
    elapsed: float


def describe_run(report: Report, cost: RunCost) -> Iterator[str]:
    """Give the lines of the statistics: the stages, then the counts."""
    yield from _describe_stages(report, cost)
    rows = [*_count_compared(report, cost), *_count_found(report), *_count_skipped(report)]
    rows.append(("peak memory", f"{_peak_memory_mb():,.0f} MB"))
    width = max(len(name) for name, _ in rows)
    for name, value in rows:
        yield f"{name:<{width}}  {value}"


def _describe_stages(report: Report, cost: RunCost) -> Iterator[str]:
    """Give a table of what the process spent up to now."""
    total = process_time()
    stages = report.counts.seconds
    rows = [("start-up", cost.cpu_before), *stages]
    rows.append(("between the stages", cost.cpu - sum(seconds for _, seconds in stages)))
    rows.append(("write the report", total - cost.cpu_before - cost.cpu))
    rows.append(("total", total))
    width = max(len(name) for name, _ in rows)
    yield f"{'stage':<{width}}  CPU seconds   share"
    for name, seconds in rows:
        yield f"{name:<{width}}  {seconds:>11.3f}  {seconds / total:>6.1%}"
    yield ""


def _count_compared(report: Report, cost: RunCost) -> Iterator[tuple[str, str]]:
    n_paragraphs = len(report.corpus)
    counts = report.counts
    speed = n_paragraphs / max(cost.elapsed, 1e-9)
    yield "elapsed", f"{cost.elapsed:.3f} s, {speed:,.0f} paragraphs a second"
    yield "documents", f"{report.corpus.n_documents:,}"
    yield "paragraphs", f"{n_paragraphs:,}"
    yield "unique", f"{counts.n_unique:,} compared"
    if counts.compared_all_pairs:
        yield "candidates", f"{counts.n_candidates:,} (all pairs compared)"
        return
    yield "candidates", f"{counts.n_candidates:,}"
    config = report.config
    threshold = config.verify.min_resemblance
    bands = choose_bands(config.signatures.num_perm, threshold, config.bands)
    recall = f"recall {bands.recall(threshold):.5f} at {threshold:.2f}"
    yield "bands", f"{bands.n_bands} of {bands.rows_per_band} rows, {recall}"


def _count_found(report: Report) -> Iterator[tuple[str, str]]:
    """Count verified pairs of distinct texts, and the groups; identical texts are no pairs."""
    found = np.bincount(report.pairs.relations, minlength=len(Relation))
    for relation in (Relation.NEAR_DUPLICATE, Relation.VARIANT, Relation.CONTAINED):
        yield f"{relation.label} pairs", f"{found[relation]:,}"
    canonicals = report.grouping.canonicals
    is_redundant = report.are_redundant
    n_groups = len(np.unique(canonicals[is_redundant]))
    restated = np.bincount(report.restatements.relations, minlength=len(Relation))
    for relation in (Relation.REWRITTEN, Relation.RESTATED):
        yield f"{relation.label} paragraphs", f"{restated[relation]:,}"
    yield "pairs scored", f"{report.counts.n_pairs_scored:,} for rewriting, proposed by anchors"
    yield "groups", f"{n_groups:,}, with {np.count_nonzero(is_redundant):,} redundant paragraphs"


def _count_skipped(report: Report) -> Iterator[tuple[str, str]]:
    counts, min_words = report.counts, report.config.paragraphs.min_words
    parts = [f"{counts.n_short:,} under {min_words} words", f"{counts.n_empty:,} without a word"]
    parts.append(f"{len(report.problems):,} unreadable")
    yield "skipped", ", ".join(parts)
    if counts.n_beyond_buckets:
        beyond = f"{counts.n_beyond_buckets:,} paragraphs of {counts.n_templates:,} templates"
        yield "compared in part", f"{beyond}, with the first few of each"
    if counts.n_unaligned:
        yield "not aligned", f"{counts.n_unaligned:,} pairs too different for the slot guard"


def _peak_memory_mb() -> float:
    import resource  # noqa: PLC0415 -- Windows has none

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6  # bytes there, KiB here
