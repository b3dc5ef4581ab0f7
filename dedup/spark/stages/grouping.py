"""Group the paragraphs around the canonicals that are kept: stars, as `dedup.groups` says.

VERIFIED and COLLAPSED come in, GROUPING goes out: who joined whom, and the canonicals of groups of
two or more.

Decision (2026-11-26): where the pairs are few, one task groups them all by the single machine's
function; only those of more go through rounds, each of which reads and writes them (see `rounds`).
The few are most: 0.2 a paragraph of a corpus with a fifth of near-duplicates.
"""

from typing import TYPE_CHECKING

from dedup.model import Relation
from dedup.spark.stages.rounds import find_members

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

    from dedup.spark.runtime.job import Job


def group(job: "Job", collapsed: "DataFrame", verified: "DataFrame") -> "DataFrame":
    """Give GROUPING.

    Args:
        job: The run.
        collapsed: The paragraphs that are compared (COLLAPSED).
        verified: Verified pairs, with the columns of `verifying.MEASURED`.
    """
    members = find_members(job, collapsed, select_edges(job, verified))
    return job.checkpoints.stage("groups", lambda: _spread(job, collapsed, members))


def select_edges(job: "Job", verified: "DataFrame") -> "DataFrame":
    """Give the verified pairs that may join a paragraph to another."""
    near = verified.filter(f"relation = {int(Relation.NEAR_DUPLICATE)}")
    if "DUP002" not in job.config.run.rules:  # copies that were not collapsed are left
        near = near.filter("is_identical")
    columns = ("a", "b", "left_rank", "right_rank", "resemblance", "right_containment")
    return near.select(*columns, "is_identical")


def _spread(job: "Job", collapsed: "DataFrame", members: "DataFrame") -> "DataFrame":
    """Carry what was found for the rows to all paragraphs; copies share their first's fate."""
    from pyspark.sql import functions  # noqa: PLC0415 -- loaded with the session

    copies = collapsed.filter("id != representative")
    firsts = members.withColumnRenamed("id", "representative")
    copied = copies.join(firsts, "representative", "left").selectExpr(
        "id",
        "coalesce(canonical, representative) as canonical",
        "coalesce(resemblance, 1D) as resemblance",
        "coalesce(containment, 1D) as containment",
        "coalesce(is_identical, true) as is_identical",
    )
    joined = members.unionByName(copied)
    if "DUP001" not in job.config.run.rules:  # whoever is identical to its canonical stands alone
        joined = joined.filter("not is_identical")
    is_identical = functions.col("is_identical")
    relation = functions.when(is_identical, int(Relation.IDENTICAL))
    grouped = joined.select(
        "id",
        "canonical",
        relation.otherwise(int(Relation.NEAR_DUPLICATE)).cast("tinyint").alias("relation"),
        "resemblance",
        "containment",
    )
    heads = joined.select("canonical").distinct()
    return grouped.unionByName(
        heads.selectExpr(
            "canonical as id",
            "canonical",
            f"{int(Relation.NONE)}Y as relation",
            "1D as resemblance",
            "1D as containment",
        )
    )
