"""Give each group its id, 16 hex digits, as `dedup.group_keys` does for the single machine.

A group is named by the first half of its canonical's fingerprint, so that the name hangs on a text
and on nothing else. Where identical texts may be canonicals of different groups, the second such
group in input order has a number added, the third twice.

Decision (2026-11-26): the sum is made of decimals. Fingerprints are unsigned and wrap around at
2^64, Spark's integers are signed and refuse to (its ANSI mode).
"""

from typing import TYPE_CHECKING, Final

from dedup.kernels.constants import LENGTH_MULTIPLIER
from dedup.model import Relation
from dedup.spark.runtime.id_sets import pick_paragraphs

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

    from dedup.spark.reporting.verdicts import Verdicts
    from dedup.spark.runtime.job import Job

OWN_GROUP: Final = "lower(lpad(hex(print_high), 16, '0'))"  # of a paragraph that is a canonical
_WRAP: Final = f"cast('{1 << 64}' as decimal(20, 0))"
_UNSIGNED: Final = f"cast(print_high as decimal(20, 0)) + if(print_high < 0, {_WRAP}, 0)"
_ADDED: Final = f"cast(rank as decimal(13, 0)) * cast('{LENGTH_MULTIPLIER}' as decimal(20, 0))"
_RANKED_GROUP: Final = (
    f"lower(lpad(conv(cast(({_UNSIGNED} + {_ADDED}) % {_WRAP} as string), 10, 16), 16, '0'))"
)
_HAS_OTHER_TEXT: Final = f"relation in ({Relation.NEAR_DUPLICATE:d}, {Relation.BOILERPLATE:d})"
_RANK: Final = "row_number() over (partition by print_high order by id) - 1 as rank"


def name_groups(job: "Job", verdicts: "Verdicts", asked: "DataFrame | None" = None) -> "DataFrame":
    """Give the group of every paragraph whose group is not simply named by its own text.

    Args:
        job: The run.
        verdicts: What was found.
        asked: The ids of the paragraphs that are asked for (`id bigint`); None: all.

    Returns:
        `id bigint, group string`; of a paragraph that is not there the group is `OWN_GROUP`.
    """
    config, paragraphs = job.config, verdicts.paragraphs
    members = verdicts.grouping.where("id != canonical").select("id", "canonical", "relation")
    if config.paragraphs.within == "both" and "DUP001" in config.run.rules:
        others = _choose(members.where(_HAS_OTHER_TEXT), asked)
        heads = paragraphs.select("id", "print_high")
        heads = pick_paragraphs(job, heads, others.select("canonical"))
        return _follow(others, heads.selectExpr("id", f"{OWN_GROUP} as group"))
    least = 1 if _are_short_shown(verdicts) else config.paragraphs.min_words
    heads = paragraphs.where(f"n_words >= {least}").select("id", "print_high")
    heads = heads.join(members, "id", "left_anti").selectExpr("id", "print_high", _RANK)
    named = heads.selectExpr("id", f"{_RANKED_GROUP} as group")
    return _choose(named, asked).unionByName(_follow(_choose(members, asked), named))


def _are_short_shown(verdicts: "Verdicts") -> bool:
    """Say whether a paragraph too short to be compared may show its group."""
    return verdicts.restatements is not None or verdicts.boilerplate is not None


def _choose(rows: "DataFrame", asked: "DataFrame | None") -> "DataFrame":
    return rows if asked is None else rows.join(asked, "id", "left_semi")


def _follow(members: "DataFrame", named: "DataFrame") -> "DataFrame":
    """Give each member the group of its canonical."""
    canonicals = named.withColumnRenamed("id", "canonical")
    return members.join(canonicals, "canonical").select("id", "group")
