"""Make the rows of `--output-format groups`: a paragraph a row, its group, whether it is kept.

The rows equal the lines of `dedup.reporters.groups` field by field; only their order is Spark's.
"""

from typing import TYPE_CHECKING, Final

from dedup.model import Relation
from dedup.spark.reporting.group_ids import OWN_GROUP, name_groups
from dedup.spark.reporting.run_numbers import RunNumbers, are_several
from dedup.spark.runtime.id_sets import collect_ids, keep_rows
from dedup.spark.runtime.schemas import FILE_BITS

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

    from dedup.spark.reporting.verdicts import Verdicts
    from dedup.spark.runtime.job import Job

_KEPT: Final = (Relation.NONE, Relation.REWRITTEN, Relation.RESTATED)
_LABELS: Final = " ".join(
    f"when found = {relation:d} then '{relation.label}'" for relation in list(Relation)[1:]
)
_COLUMNS: Final = ("id", "identity", "place", "n_words", "print_high", "print_low")


def list_rows(job: "Job", verdicts: "Verdicts", numbers: RunNumbers) -> "DataFrame":
    """Give a row a paragraph, with the columns of `schemas.GROUPS`.

    `path` is there only where several files hold anything, as in the format.

    Args:
        job: The run.
        verdicts: What it found.
        numbers: Its files.
    """
    rows = _tell_recurring(verdicts, _join_verdicts(job, verdicts))
    rows = rows.selectExpr("*", "coalesce(joined, restated, 0) as found")
    is_short = f"n_words < {job.config.paragraphs.min_words}"
    rows = rows.selectExpr("*", f"{is_short} and found = 0 and recurs is null as is_skipped")
    kept = ", ".join(f"{relation:d}" for relation in _KEPT)
    skipped = "if(n_words = 0, 'empty', 'short')"
    columns = {
        "id": "identity",
        "path": "path",
        "paragraph": "place",
        "group": f"if(is_skipped, null, coalesce(group, {OWN_GROUP}))",
        "canonical": f"found in ({kept})",
        "relation": f"case when is_skipped then {skipped} {_LABELS} end",
    }
    if are_several(job, numbers):
        rows = _add_paths(job, rows, numbers)
    else:
        del columns["path"]
    return rows.selectExpr(*(f"{expression} as {name}" for name, expression in columns.items()))


def _join_verdicts(job: "Job", verdicts: "Verdicts") -> "DataFrame":
    """Give every paragraph with its relations, and its group where its text does not name it."""
    told = job.checkpoints.stage("told", lambda: _list_told(job, verdicts))
    ids = told.select("id")
    rows = verdicts.paragraphs.select(*_COLUMNS)
    known = collect_ids(job, rows, ids)
    concerned = keep_rows(rows, ids, known).join(told, "id")
    others = keep_rows(rows, ids, known, inside=False)
    return concerned.unionByName(others, allowMissingColumns=True)


def _list_told(job: "Job", verdicts: "Verdicts") -> "DataFrame":
    """Give the paragraphs of which something is to be said, and what."""
    joined = verdicts.grouping.where("relation > 0").selectExpr("id", "relation as joined")
    told = joined.join(name_groups(job, verdicts), "id", "full")
    if verdicts.restatements is None:
        return told.selectExpr("*", "cast(null as tinyint) as restated")
    return told.join(_list_restated(verdicts.restatements), "id", "full")


def _tell_recurring(verdicts: "Verdicts", rows: "DataFrame") -> "DataFrame":
    """Say of each paragraph whether its text is boilerplate."""
    if verdicts.boilerplate is None:
        return rows.selectExpr("*", "cast(null as boolean) as recurs")
    texts = verdicts.boilerplate.selectExpr("print_high", "print_low", "true as recurs")
    return rows.join(texts, ["print_high", "print_low"], "left")


def _list_restated(restatements: "DataFrame") -> "DataFrame":
    """Give each surely reworded paragraph its relation: rewritten before restated."""
    from pyspark.sql import functions  # noqa: PLC0415 -- loaded with the session

    sure = restatements.where("not is_near").groupBy("id")
    return sure.agg(functions.min("relation").alias("restated"))


def _add_paths(job: "Job", rows: "DataFrame", numbers: RunNumbers) -> "DataFrame":
    """Give every row the path of its file, which is sent to all workers."""
    from pyspark.sql import functions  # noqa: PLC0415 -- loaded with the session

    paths = job.spark.createDataFrame(list(enumerate(numbers.paths)), "file bigint, path string")
    rows = rows.selectExpr("*", f"shiftright(id, {FILE_BITS}) as file")
    return rows.join(functions.broadcast(paths), "file")
