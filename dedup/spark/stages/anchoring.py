"""Find the pairs of kept paragraphs that share anchors.

PARAGRAPHS and VERIFIED come in, ANCHORED goes out: pairs that nothing has decided yet, whatever
their documents are. The work is done in `anchors` and `anchor_pairs`; here is where its parts meet.

Decision (2026-11-26): packed and counted by NumPy, about 95 bytes a kept paragraph go through the
shuffle of anchors (27 entries) and as many through that of pairs (45, of which 40 are met once),
for 40 us of CPU; as rows of Spark's they would be 14 bytes and 2 us each.
"""

from functools import partial
from itertools import combinations
from typing import TYPE_CHECKING, Final

from dedup.spark.runtime.schemas import ANCHORED
from dedup.spark.stages.anchor_pairs import list_known, pair_postings, sum_pairs
from dedup.spark.stages.anchors import Anchoring, list_postings
from dedup.spark.stages.keeping import Kept
from dedup.spark.stages.packing import PACKED

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

    from dedup.spark.runtime.job import Job

_BY_ANCHORS: Final = {"DUP003", "DUP004"}
_PAIRS_A_PARAGRAPH: Final = 50  # met at the default of 20 paragraphs an anchor
_LEAST_IN_PART: Final = 1 << 20
_LEAST_IN_ROW: Final = 256  # numbers that travel together
_PARTS_A_TASK: Final = 8  # at least, so that tasks have about as much to do
_MOST_BITS: Final = 16


def find_anchored(
    job: "Job", paragraphs: "DataFrame", kept: Kept, verified: "DataFrame"
) -> "DataFrame":
    """Give the pairs of kept paragraphs that share anchors and were not verified (ANCHORED).

    Of few paragraphs all pairs are given, as on one machine.

    Args:
        job: The run.
        paragraphs: All of them (PARAGRAPHS).
        kept: Which are kept.
        verified: The pairs that are known (VERIFIED).
    """

    def make() -> "DataFrame":
        if _BY_ANCHORS.isdisjoint(job.config.run.rules):
            return job.spark.createDataFrame([], ANCHORED)
        n_kept = kept.select(paragraphs, ("id",)).count()
        if n_kept <= job.config.restatement.all_pairs_up_to:
            return _pair_all(job, kept.select(paragraphs, ("id",)), verified)
        anchoring = _choose_parts(job, n_kept)
        kernel = partial(list_postings, anchoring=anchoring)
        postings = kept.map(paragraphs, ("id", "language", "text"), kernel, PACKED)
        return _pair_by_anchors(job, postings, verified, anchoring)

    return job.checkpoints.stage("anchors", make)


def _pair_all(job: "Job", ids: "DataFrame", verified: "DataFrame") -> "DataFrame":
    pairs = list(combinations(sorted(row.id for row in ids.collect()), 2))
    known = verified.selectExpr("least(a, b) as a", "greatest(a, b) as b")
    return job.spark.createDataFrame(pairs, ANCHORED).join(known, ["a", "b"], "left_anti")


def _pair_by_anchors(
    job: "Job", postings: "DataFrame", verified: "DataFrame", anchoring: Anchoring
) -> "DataFrame":
    def deal(values: "DataFrame") -> "DataFrame":
        return values.repartition(job.partitions, "part").sortWithinPartitions("part")

    met = deal(postings).mapInArrow(partial(pair_postings, anchoring=anchoring), PACKED)
    known = verified.select("a", "b").mapInArrow(partial(list_known, anchoring=anchoring), PACKED)
    summed = deal(met.unionByName(known))
    return summed.mapInArrow(partial(sum_pairs, anchoring=anchoring), ANCHORED)


def _choose_parts(job: "Job", n_kept: int) -> Anchoring:
    """Choose into how many parts anchors and pairs are dealt: so many that each fits a task.

    But so few that what one of the first sends to one of the second is worth a row.
    """
    n_pairs = _PAIRS_A_PARAGRAPH * n_kept * job.config.restatement.anchor_rows // 20
    in_part = max(_LEAST_IN_PART, int((_LEAST_IN_ROW * n_pairs) ** 0.5))
    n_parts = max(n_pairs // in_part, _PARTS_A_TASK * job.partitions)
    return Anchoring(job.config, min((n_parts - 1).bit_length(), _MOST_BITS))
