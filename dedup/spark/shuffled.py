"""Count the bytes and records that a run writes to be shuffled, by Spark's own metrics.

In: a session. Out: what its finished stages wrote since a moment; nothing on a Connect session,
which shows no metrics to its client.

Decision (2026-11-26): the numbers are those of the driver's status store, which is there with the
web interface switched off too. What a lost task wrote and its second try wrote again counts twice,
since it was written twice.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


@dataclass(frozen=True, slots=True)
class Shuffled:
    """What was written to be shuffled: bytes as they lie on disk, packed, and records."""

    size_bytes: int
    n_records: int


class ShuffleMeter:
    """Says what was shuffled since it was started, or last asked."""

    def __init__(self, spark: "SparkSession") -> None:
        """Begin to count now."""
        self._context = _find_context(spark)
        self._last_stage = -1
        self.read()

    def read(self) -> Shuffled | None:
        """Give what was written since the last reading; None where Spark does not tell."""
        if self._context is None:
            return None
        stages = [stage for stage in _list_stages(self._context) if stage[0] > self._last_stage]
        self._last_stage = max((number for number, _, _ in stages), default=self._last_stage)
        return Shuffled(
            sum(size_bytes for _, size_bytes, _ in stages), sum(records for _, _, records in stages)
        )


def _find_context(spark: "SparkSession") -> Any | None:  # noqa: ANN401 -- py4j has no types
    """Give the driver's context; None on a Connect session, which has none."""
    if not hasattr(spark, "_jsparkSession"):
        return None
    return spark.sparkContext


def _list_stages(context: Any) -> list[tuple[int, int, int]]:  # noqa: ANN401 -- likewise
    """Give number, bytes and records written of every stage that the driver remembers."""
    scala = context._jsc.sc()  # noqa: SLF001 -- PySpark offers no other way to its metrics
    scala.listenerBus().waitUntilEmpty()  # a stage's last figures come after its job returns
    nothing = context._jvm.java.util.ArrayList()  # noqa: SLF001 -- likewise
    quantiles = context._gateway.new_array(context._jvm.double, 0)  # noqa: SLF001 -- likewise
    stages = scala.statusStore().stageList(nothing, False, False, quantiles, nothing)  # noqa: FBT003 -- Scala's parameters have no names here
    rows = (stages.apply(place) for place in range(stages.size()))
    return [(row.stageId(), row.shuffleWriteBytes(), row.shuffleWriteRecords()) for row in rows]
