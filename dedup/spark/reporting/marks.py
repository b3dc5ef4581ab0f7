"""Say of each record what `dedup clean --mark` says: its group, and whether it is to be kept.

PARAGRAPHS of one paragraph a record come in, MARKS go out. A run is judged in rounds, as in
`dedup.removals`: what is left after one round is judged anew, until nothing more is found.

Decision (2026-11-26): only what joins groups is marked on Spark, identical and near-duplicate
records. What is contained, rewritten or restated is removed one by one, in an order in which each
removal forbids others; that is a walk over all of them and no function of a set.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Final, TypeAlias

from dedup.choosing import name_rules
from dedup.config import RULE_OF_RELATION, Config
from dedup.errors import SettingError
from dedup.model import Relation
from dedup.spark.reporting.group_ids import OWN_GROUP
from dedup.spark.runtime.checkpoints import Checkpoints
from dedup.spark.runtime.id_sets import collect_ids, keep_rows
from dedup.spark.runtime.schemas import FILE_BITS

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

    from dedup.spark.runtime.job import Job

# Paragraphs come in, GROUPING goes out, by the stages of a job.
Grouper: TypeAlias = "Callable[[Job, DataFrame], DataFrame]"
MARKED: Final = (Relation.IDENTICAL, Relation.NEAR_DUPLICATE)
_ALLOWED: Final = tuple(relation.label for relation in MARKED)
_LABELS: Final = " ".join(f"when relation = {each:d} then '{each.label}'" for each in MARKED)


def check_marks(job: "Job", relations: tuple[str, ...]) -> None:
    """Refuse what cannot be marked, before anything is computed.

    Args:
        job: The run.
        relations: Names of the relations whose paragraphs are not to be kept.

    Raises:
        SettingError: A relation is none that joins groups, a record has several paragraphs, or the
            input is of lines and of rows, which have no form in common.
    """
    for relation in relations:
        if relation not in _ALLOWED:
            raise SettingError(
                f"setting remove is {relation!r}: allowed on Spark is {' or '.join(_ALLOWED)}. "
                "Use dedup clean --mark for the others."
            )
    unit = job.config.paragraphs.unit
    if unit != "record":
        raise SettingError(
            f"setting unit is {unit!r}: allowed with marks is 'record', since a mark is of a whole "
            "record. Add --unit record."
        )
    formats = sorted({file.format for file in job.files})
    if len(formats) > 1:
        raise SettingError(
            f"setting mark is True: allowed is input of one format, found {' and '.join(formats)}. "
            "Mark each by itself."
        )


class _RoundCheckpoints(Checkpoints):
    """The checkpoints of a run, under names of their own for one round of it."""

    def __init__(self, whole: Checkpoints, prefix: str) -> None:
        self._whole, self._prefix = whole, prefix
        self.manifest, self.folder, self.costs = whole.manifest, whole.folder, whole.costs

    def stage(self, name: str, make: "Callable[[], DataFrame]") -> "DataFrame":
        """Give a stage's rows, made now unless an earlier run had made them."""
        return self._whole.stage(f"{self._prefix}{name}", make)


def find_marks(
    job: "Job",
    paragraphs: "DataFrame",
    grouping: "DataFrame",
    relations: tuple[str, ...],
    group: Grouper,
) -> "DataFrame":
    """Give MARKS, a row for each record that has a paragraph.

    Args:
        job: The run, whose unit is the record.
        paragraphs: All of them (PARAGRAPHS).
        grouping: Who joined whom in the run (GROUPING).
        relations: Names of the relations whose paragraphs are not to be kept.
        group: Takes some of the paragraphs through the stages up to GROUPING.

    Raises:
        SettingError: These relations, or this unit, cannot be marked.
    """
    check_marks(job, relations)
    wanted = ", ".join(f"{relation:d}" for relation in MARKED if relation.label in relations)
    removed: DataFrame | None = None
    kept, number = paragraphs, 1
    joined = grouping if _are_equal(job.config, relations) else None
    while True:
        if joined is None:
            joined = group(_begin_round(job, relations, number), kept)
        columns = ("id", "canonical", "relation", "resemblance as score")
        found = joined.where(f"relation in ({wanted})").selectExpr(*columns)
        if found.isEmpty():
            return _lay_out(job.config, paragraphs, removed)
        removed = found if removed is None else _follow(removed, found)
        ids = found.select("id")
        kept = keep_rows(kept, ids, collect_ids(job, paragraphs, ids), inside=False)
        joined, number = None, number + 1


def _are_equal(config: Config, relations: tuple[str, ...]) -> bool:
    """Say whether the run's own groups are those of the first round: by the same rules."""
    grouped = {RULE_OF_RELATION[label] for label in _ALLOWED}
    return grouped.isdisjoint(set(name_rules(relations)) ^ set(config.run.rules))


def _begin_round(job: "Job", relations: tuple[str, ...], number: int) -> "Job":
    """Give the job of a round, whose stages have names that nothing else has."""
    rules = name_rules(relations)
    config = replace(job.config, run=replace(job.config.run, rules=rules))
    prefix = f"{name_stage('round', relations)}_{number}_"
    return replace(job, config=config, checkpoints=_RoundCheckpoints(job.checkpoints, prefix))


def name_stage(name: str, relations: tuple[str, ...]) -> str:
    """Name a stage that hangs on the relations to be marked, as `marked_12`."""
    return f"{name}_{''.join(sorted(RULE_OF_RELATION[each][-1] for each in set(relations)))}"


def _follow(removed: "DataFrame", found: "DataFrame") -> "DataFrame":
    """Add what a round found; what was kept for others and goes now hands them on."""
    handed = found.selectExpr("id as canonical", "canonical as next")
    columns = ("id", "coalesce(next, canonical) as canonical", "relation", "score")
    earlier = removed.join(handed, "canonical", "left").selectExpr(*columns)
    return earlier.unionByName(found)


def _lay_out(config: Config, paragraphs: "DataFrame", removed: "DataFrame | None") -> "DataFrame":
    """Give the columns of MARKS."""
    columns = ("id", "n_words", "print_high", f"shiftright(id, {FILE_BITS}) as file")
    rows = paragraphs.selectExpr(*columns, "start_line as line")
    if removed is None:
        nothing = ("tinyint", "relation"), ("double", "score"), ("string", "kept_for")
        rows = rows.selectExpr("*", *(f"cast(null as {kind}) as {name}" for kind, name in nothing))
    else:
        groups = paragraphs.selectExpr("id as canonical", f"{OWN_GROUP} as kept_for")
        rows = rows.join(removed.join(groups, "canonical").drop("canonical"), "id", "left")
    is_compared = f"n_words >= {config.paragraphs.min_words}"
    return rows.selectExpr(
        *("file", "line"),
        f"if({is_compared}, coalesce(kept_for, {OWN_GROUP}), null) as dedup_group",
        "relation is null as dedup_canonical",
        f"case {_LABELS} end as dedup_relation",
        "score as dedup_score",
    )
