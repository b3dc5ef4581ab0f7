"""Lay out the figures of an evaluation as tables of plain text."""

from collections.abc import Iterator, Sequence
from math import isnan
from typing import Final

from dedup.cli.evaluate_results import FOUND, ClustersResult, PairsResult, Result
from dedup.cli.verdict import name_shingles
from dedup.config import Config
from dedup.evaluation import Threshold, Verdicts
from dedup.reporters.escapes import escape_controls
from dedup.reporters.phrases import count
from dedup.resampling import Estimate

_FOUND_NAMES: Final = {relation.label for relation in FOUND}
_GAP: Final = "  "
_TYPED: Final = 10_000


def lay_out(result: Result, config: Config) -> Iterator[str]:
    """Give the lines that say how well the settings agree with the labels."""
    if isinstance(result, PairsResult):
        yield from _lay_out_pairs(result, config)
    else:
        yield from _lay_out_clusters(result, config)


def _lay_out_pairs(result: PairsResult, config: Config) -> Iterator[str]:
    n_negative = result.n_rows - result.n_positive
    path = escape_controls(result.path)
    yield f"{path}: {count(result.n_rows, 'pair')} of {count(result.n_documents, 'document')}"
    yield f"labels: {result.n_positive:,} positive, {n_negative:,} negative"
    yield from _describe_settings(config)
    yield ""
    ranking = result.ranking
    rows = [
        *_list_verdicts(result.verdicts),
        (f"AUC of {result.score}", ranking.auc),
        ("average precision", ranking.average_precision),
    ]
    if ranking.spearman is not None:
        rows.append(("Spearman's correlation", ranking.spearman))
    yield from _tabulate_estimates("at these settings", rows)
    yield ""
    yield from _tabulate(
        ("relation", "counts as", "pairs", "positive", "negative"),
        [
            (c.relation, _count_as(c.relation), c.n_rows, c.n_positive, c.n_rows - c.n_positive)
            for c in result.relations
        ],
    )
    yield ""
    yield from _tabulate(
        (escape_controls(result.by), "pairs", "found", "share", "95 % interval"),
        [(escape_controls(k.kind), k.n_rows, k.n_found, *_show(k.share)) for k in result.kinds],
    )
    yield from _describe_thresholds(result, config)
    yield ""
    yield from _tabulate(
        (result.score, "pairs", "positive", "fitted"),
        [
            (f"{b.low:.2f} to {b.high:.2f}", b.n_rows, f"{b.share:.2f}", f"{b.fitted:.2f}")
            for b in result.calibration
        ],
    )


def _describe_settings(config: Config) -> Iterator[str]:
    """Name the settings that decide."""
    verify = config.verify
    parts = (
        f"shingles {name_shingles(config)}",
        f"threshold {verify.min_resemblance:.2f}",
        f"containment {verify.min_containment:.2f}",
        f"restate-threshold {config.restatement.min_score:.2f}",
        f"min-words {config.paragraphs.min_words}",
    )
    yield f"settings: {', '.join(parts)}"
    yield "95 % intervals: 1,000 draws of whole documents; no width means that no draw differs"


def _list_verdicts(verdicts: Verdicts) -> list[tuple[str, Estimate]]:
    return [("precision", verdicts.precision), ("recall", verdicts.recall), ("F1", verdicts.f1)]


def _count_as(relation: str) -> str:
    return "found" if relation in _FOUND_NAMES else "not found"


def _show(estimate: Estimate) -> tuple[str, str]:
    """Give a figure and its interval; a dash where the rows do not determine it."""
    value = "-" if isnan(estimate.value) else f"{estimate.value:.3f}"
    interval = "-" if isnan(estimate.low) else f"{estimate.low:.3f} to {estimate.high:.3f}"
    return value, interval


def _tabulate_estimates(title: str, rows: Sequence[tuple[str, Estimate]]) -> Iterator[str]:
    yield from _tabulate(
        (title, "value", "95 % interval"), [(label, *_show(estimate)) for label, estimate in rows]
    )


def _tabulate(head: Sequence[str], rows: Sequence[Sequence[object]]) -> Iterator[str]:
    """Give the lines of a table: words to the left, numbers to the right."""
    cells = [[f"{c:,}" if isinstance(c, int) else str(c) for c in row] for row in (head, *rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    is_word = [column == 0 or head[column] == "counts as" for column in range(len(head))]
    for row in cells:
        sides = zip(row, widths, is_word, strict=True)
        padded = (f"{c:<{width}}" if word else f"{c:>{width}}" for c, width, word in sides)
        yield _GAP.join(padded).rstrip()


def _describe_thresholds(result: PairsResult, config: Config) -> Iterator[str]:
    for found in result.thresholds:
        yield ""
        yield from _describe_threshold(found, result, config)


def _describe_threshold(found: Threshold, result: PairsResult, config: Config) -> Iterator[str]:
    wish = f"{found.wanted} of at least {found.least:g}"
    if found.threshold is None or found.verdicts is None:
        yield f"{wish}: no threshold of {result.score} gives it; the most is {found.best:.3f}"
        return
    pairs = count(found.n_found, "pair")
    yield f"{wish}: {result.score} from {found.threshold:.4f} on, which finds {pairs}"
    yield from _tabulate_estimates("  there", _indent(_list_verdicts(found.verdicts)))
    options = _name_options(result.score, found.threshold, config)
    if options:
        dice = config.restatement.min_dice
        stays = f" (Dice, without an option, stays at {dice:g})" if " --r" in options else ""
        yield f"  as options: {options}{stays}"
    yield "  It was chosen on these very pairs: check it on others."


def _indent(rows: Sequence[tuple[str, Estimate]]) -> list[tuple[str, Estimate]]:
    return [(f"  {label}", estimate) for label, estimate in rows]


def _name_options(score: str, threshold: float, config: Config) -> str:
    """Give what to type for a threshold; rounded down, so that nothing is lost."""
    verify, least = config.verify, config.restatement.min_score
    present = {"threshold": verify.min_resemblance, "containment": verify.min_containment}
    if score == "combined":
        values = {name: threshold * value for name, value in present.items()}
        values["restate-threshold"] = threshold * least
    else:
        own = {"resemblance": "threshold", "containment": "containment"}.get(score)
        values = {own: threshold} if own else {}
    return " ".join(f"--{name} {_round_down(value):g}" for name, value in values.items())


def _round_down(value: float) -> float:
    """Give a threshold that can be typed, of four digits.

    >>> _round_down(0.59999), _round_down(1.3)
    (0.5999, 1.0)
    """
    return min(max(int(value * _TYPED) / _TYPED, 1 / _TYPED), 1.0)


def _lay_out_clusters(result: ClustersResult, config: Config) -> Iterator[str]:
    path = escape_controls(result.path)
    yield f"{path}: {count(result.n_rows, 'row')} of {count(result.n_documents, 'document')}"
    yield f"clusters: {result.n_labelled:,} labelled, {result.n_predicted:,} found"
    if result.n_short:
        yield f"{count(result.n_short, 'row')} too short to be compared, each alone"
    yield from _describe_settings(config)
    yield ""
    verdicts = _list_verdicts(result.agreement.pairs)
    rows = [("adjusted Rand index", result.agreement.adjusted_rand)]
    rows += [(f"{label} of pairs", estimate) for label, estimate in verdicts]
    yield from _tabulate_estimates("at these settings", rows)
    yield ""
    yield from _tabulate(
        ("joined as", "rows", "rightly", "wrongly"),
        [(c.relation, c.n_rows, c.n_positive, c.n_rows - c.n_positive) for c in result.relations],
    )
    yield "Rightly: the row's canonical is of the same labelled cluster."
