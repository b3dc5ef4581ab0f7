"""The run on Spark, a stage a line: the table of contents of this package.

A job comes in; tables of rows and findings go out, with what there is to say of them. Each line is
a function of the stage's own module, which keeps what it made in the job's folder, so that a run
that was ended goes on from its last whole stage. The verdicts are those of `dedup.pipeline`.
"""

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from dedup.errors import SparkRunError
from dedup.spark.reading.inputs import read_inputs
from dedup.spark.reading.listing import refuse_changed
from dedup.spark.reporting.marking import mark_input
from dedup.spark.reporting.marks import check_marks, find_marks, name_stage
from dedup.spark.reporting.results import SparkResult, make_result
from dedup.spark.reporting.verdicts import Verdicts
from dedup.spark.runtime.failures import worded
from dedup.spark.stages.anchoring import find_anchored
from dedup.spark.stages.collapsing import collapse
from dedup.spark.stages.containing import list_pairs
from dedup.spark.stages.grouping import group
from dedup.spark.stages.keeping import find_kept
from dedup.spark.stages.measuring import measure_anchored
from dedup.spark.stages.pairing import count_beyond, pair
from dedup.spark.stages.recurring import find_boilerplate, set_apart
from dedup.spark.stages.restating import restate
from dedup.spark.stages.rewording import find_rewritten
from dedup.spark.stages.sieving import sift
from dedup.spark.stages.signing import sign
from dedup.spark.stages.small import compare_small, is_small
from dedup.spark.stages.verifying import Compared, verify

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

    from dedup.spark.runtime.job import Job
    from dedup.spark.stages.keeping import Kept
    from dedup.spark.stages.restating import Restated

_BY_ANCHORS = {"DUP003", "DUP004"}


def run(job: "Job", relations: tuple[str, ...] = ()) -> SparkResult:
    """Read, sign, collapse, pair, verify, group, and look for what says the same in other words.

    Args:
        job: The session, the input, the settings and where stages are kept; the session must be
            `settled`.
        relations: Names of relations: the input is given too, marked where a record has one of
            them to another that is kept. Nothing is marked where there are none.

    Raises:
        DedupError: An input or a setting is not as it must be, or Spark failed.
    """
    with worded(lambda told: SparkRunError(job.checkpoints.latest, told)):
        return _run(job, relations)


def _run(job: "Job", relations: tuple[str, ...]) -> SparkResult:
    if relations:
        check_marks(job, relations)
    inputs = read_inputs(job)
    paragraphs = sign(job, inputs.documents)
    job = replace(job, n_paragraphs=paragraphs.count())
    refuse_changed(job.spark, job.files)
    collapsed = collapse(job, paragraphs)
    compared = _compare(job, paragraphs, collapsed)
    verified = compared.verified
    grouping = group(job, collapsed, verified)
    boilerplate = find_boilerplate(job, paragraphs)
    grouping = set_apart(job, paragraphs, grouping, boilerplate)
    kept = find_kept(job, paragraphs, collapsed, grouping)
    measured = _measure_anchored(job, paragraphs, kept, verified)
    restated = restate(job, paragraphs, grouping, verified, measured)
    restatements = _join_rewritten(job, paragraphs, measured, restated)
    pairs = list_pairs(verified, kept, measured)
    verdicts = Verdicts(
        inputs,
        paragraphs,
        grouping,
        pairs,
        restatements,
        boilerplate,
        beyond=compared.count(),
        restated=restated,
    )
    return make_result(job, verdicts, _mark(job, verdicts, relations))


def _compare(job: "Job", paragraphs: "DataFrame", collapsed: "DataFrame") -> Compared:
    """Give the verified pairs: of few paragraphs all with all, else those that share a bucket."""
    if is_small(job, collapsed):
        return compare_small(job, paragraphs, collapsed)
    candidates = pair(job, paragraphs, collapsed)
    verified = verify(job, paragraphs, sift(job, paragraphs, candidates))
    return Compared(verified, partial(count_beyond, job, paragraphs, candidates))


def _measure_anchored(
    job: "Job", paragraphs: "DataFrame", kept: "Kept", verified: "DataFrame"
) -> "DataFrame | None":
    """Measure the kept pairs that share anchors; None where no rule asks for them."""
    if _BY_ANCHORS.isdisjoint(job.config.run.rules):
        return None
    anchored = find_anchored(job, paragraphs, kept, verified)
    return measure_anchored(job, paragraphs, kept, anchored)


def _join_rewritten(
    job: "Job",
    paragraphs: "DataFrame",
    measured: "DataFrame | None",
    restated: "Restated | None",
) -> "DataFrame | None":
    """Give what is rewritten and what is restated; None where no rule asks for either."""
    if measured is None or "DUP004" not in job.config.run.rules:
        return None if restated is None else restated.restatements
    tabular = None if restated is None else restated.tabular
    rewritten = find_rewritten(job, paragraphs, measured, tabular)
    return rewritten if restated is None else restated.restatements.unionByName(rewritten)


def _mark(job: "Job", verdicts: Verdicts, relations: tuple[str, ...]) -> "DataFrame | None":
    """Give the input with marks; None where none are asked for."""
    if not relations:
        return None
    found = (verdicts.paragraphs, verdicts.grouping)
    marks = find_marks(job, *found, relations, _group_anew)
    marked = mark_input(job, verdicts.inputs, marks, name_stage("marked", relations))
    refuse_changed(job.spark, job.files)
    return marked


def _group_anew(job: "Job", paragraphs: "DataFrame") -> "DataFrame":
    """Take some of the paragraphs through the stages that group them."""
    collapsed = collapse(job, paragraphs)
    return group(job, collapsed, _compare(job, paragraphs, collapsed).verified)
