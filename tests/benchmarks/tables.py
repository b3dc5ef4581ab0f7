"""Write the results of a contest as Markdown tables."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from tests.benchmarks.contest import Contestant
from tests.benchmarks.scoring import ClusterScore

# Limits of the design, section 7, in ns of CPU a shingle (a token, for the first).
_LIMITS: Final = {
    "read, split, tokenize": "5-22, and reading",
    "shingle, sign": "9.5-14.5",
    "pair": "1.8-10",
    "verify": "2.7",
}
_HEADINGS: Final = (
    "tool", "setting", "CPU s", "CPU / dedup's", "wall s", "peak MB",
    "cluster P", "cluster R", "F1", "edge recall", "adjusted Rand",
    "precision of members", "(own words)", "recall of pairs", "missed by bands",
    "F1 of pairs joined",
)  # fmt: skip
Inspection = Mapping[str, Any]


def write_table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Give the lines of a table."""
    for row in (headings, ["---"] * len(headings), *rows):
        yield f"| {' | '.join(row)} |\n"


def tabulate_contest(
    contestants: Sequence[Contestant],
    clusters: Mapping[int, ClusterScore],
    inspections: Mapping[int, Inspection],
) -> Iterator[str]:
    """Give the table of tools; scores and inspections by place among the contestants."""
    fit = [place for place, contestant in enumerate(contestants) if not contestant.failure]
    base = contestants[fit[0]].cpu_seconds if fit else 1.0
    rows = [
        [
            *_describe_runs(contestants[place], base),
            *_describe_clusters(clusters[place]),
            *_describe_report(inspections.get(place)),
        ]
        for place in fit
    ]
    yield from write_table(_HEADINGS, rows)
    absent = [contestant for contestant in contestants if contestant.failure]
    yield from (f"\nNot run: {one.name}: {one.failure}\n" for one in absent)


def _describe_runs(contestant: Contestant, base: float) -> list[str]:
    return [
        contestant.name,
        contestant.setting.label,
        f"{contestant.cpu_seconds:.2f}",
        f"{contestant.cpu_seconds / base:.1f}",
        f"{contestant.wall_seconds:.2f}",
        f"{contestant.peak_megabytes:.0f}",
    ]


def _describe_clusters(score: ClusterScore) -> list[str]:
    values = (score.precision, score.recall, score.f1, score.edge_recall, score.adjusted_rand)
    return [f"{value:.4f}" for value in values]


def _describe_report(inspection: Inspection | None) -> list[str]:
    if inspection is None:
        return [""] * 5
    score = inspection["score"]
    return [
        f"{score['precision']:.4f} of {score['n_members']}",
        f"{score['own_precision']:.4f}",
        f"{score['pair_recall']:.5f} of {score['n_pairs']}",
        str(score["n_missed"]),
        f"{score['joined_f1']:.4f}",
    ]


def tabulate_stages(inspection: Inspection) -> Iterator[str]:
    """Give the table of the stages of one run."""
    total = sum(seconds for _, seconds in inspection["stages"])
    n_shingles = inspection["n_shingles"]
    rows = [
        [
            name,
            f"{seconds:.3f}",
            f"{seconds / total:.0%}",
            f"{seconds / n_shingles * 1e9:.1f}",
            _LIMITS.get(name, ""),
        ]
        for name, seconds in [*inspection["stages"], ("all stages", total)]
    ]
    yield f"\n{n_shingles} shingles, {inspection['n_candidates']} candidates, "
    yield f"{inspection['n_verified']} verified pairs, "
    yield f"{inspection['n_variants']} of them variants, which join no group\n\n"
    headings = ("stage", "CPU s", "share", "ns a shingle", "design's limit")
    yield from write_table(headings, rows)
