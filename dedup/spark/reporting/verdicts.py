"""Hold what the stages of a run on Spark found, for those who write it out."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

    from dedup.spark.reading.inputs import Inputs
    from dedup.spark.stages.restating import Restated


@dataclass(frozen=True, slots=True, eq=False)
class Verdicts:
    """What was found, as tables with the columns of `dedup.spark.runtime.schemas`.

    Attributes:
        inputs: What was read.
        paragraphs: All paragraphs (PARAGRAPHS).
        grouping: Who joined whom, and what is set apart as boilerplate (GROUPING).
        pairs: Every verified pair that the single machine's report holds (VERIFIED); of the
            contained ones those of kept paragraphs.
        restatements: Rewritten and restated paragraphs (RESTATEMENTS); None where none is asked
            for.
        boilerplate: Texts that recur (BOILERPLATE); None where none is asked for or possible.
        beyond: What was compared with the first few of a bucket only (`verifying.BEYOND`).
        restated: What was judged within documents; None where nothing was.
    """

    inputs: "Inputs"
    paragraphs: "DataFrame"
    grouping: "DataFrame"
    pairs: "DataFrame"
    restatements: "DataFrame | None" = None
    boilerplate: "DataFrame | None" = None
    beyond: "DataFrame | None" = None
    restated: "Restated | None" = None
