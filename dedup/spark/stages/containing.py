"""Give the contained pairs, and every verified pair that a report holds.

MEASURED and VERIFIED come in; CONTAINED, and the pairs of `Verdicts`, go out. What stands in a
paragraph that is itself redundant stands in its canonical, or nowhere that is kept: so of the
contained pairs that bands proposed only those of kept paragraphs are left.
"""

from typing import TYPE_CHECKING

from dedup.model import Relation
from dedup.spark.runtime.schemas import CONTAINED, arrow_schema
from dedup.spark.stages.keeping import Kept

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


def list_contained(measured: "DataFrame") -> "DataFrame":
    """Give the contained pairs that anchors proposed (CONTAINED)."""
    columns = arrow_schema(CONTAINED).names
    return measured.where(f"relation = {Relation.CONTAINED:d}").select(*columns)


def list_pairs(verified: "DataFrame", kept: Kept, measured: "DataFrame | None") -> "DataFrame":
    """Give the verified pairs that the report of one machine holds (VERIFIED).

    Args:
        verified: Those that bands proposed, or all pairs of few paragraphs (VERIFIED).
        kept: Which paragraphs are kept.
        measured: Those that anchors proposed (MEASURED); None where none were.
    """
    columns = arrow_schema(CONTAINED).names
    is_contained = f"relation = {Relation.CONTAINED:d}"
    others = verified.where(f"not ({is_contained})").select(*columns)
    contained = verified.where(is_contained).select(*columns)
    for side in ("a", "b"):
        contained = kept.filter(contained, side)
    pairs = others.unionByName(contained)
    return pairs if measured is None else pairs.unionByName(list_contained(measured))
