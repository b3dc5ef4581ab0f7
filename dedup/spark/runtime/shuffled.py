"""Count the bytes and records that a run writes to be shuffled, by Spark's own metrics.

In: a session. Out: what its finished stages wrote since a moment; nothing on a Connect session,
which shows no metrics to its client.

Decision (2026-11-26): the numbers are those of the driver's status store, which is there with the
web interface switched off too. What a lost task wrote and its second try wrote again counts twice,
since it was written twice.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from dedup.spark.runtime.failures import is_sparks, tell

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_LOGGER = logging.getLogger(__name__)
_PATIENCE_MILLISECONDS: Final = 60_000


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
        try:
            stages = list(_list_stages(self._context, self._last_stage))
        except Exception as error:
            if not is_sparks(error):
                raise
            _LOGGER.warning("Spark does not tell the bytes shuffled: %s", tell(error))
            self._context = None
            return None
        self._last_stage = max((number for number, _, _ in stages), default=self._last_stage)
        size_bytes = sum(written for _, written, _ in stages)
        return Shuffled(size_bytes, sum(n_records for _, _, n_records in stages))


def _find_context(spark: "SparkSession") -> Any | None:  # noqa: ANN401 -- py4j has no types
    """Give the driver's context; None on a Connect session, which has none."""
    return spark.sparkContext if hasattr(spark, "_jsparkSession") else None


def _list_stages(context: Any, last: int) -> Iterator[tuple[int, int, int]]:  # noqa: ANN401 -- likewise
    """Give number, bytes and records written of each of Spark's stages after the last one.

    The driver lists the newest first; each figure is a call over to Java.
    """
    scala = context._jsc.sc()  # noqa: SLF001 -- PySpark offers no other way to its metrics
    _await_figures(scala)
    nothing = context._jvm.java.util.ArrayList()  # noqa: SLF001 -- likewise
    quantiles = context._gateway.new_array(context._jvm.double, 0)  # noqa: SLF001 -- likewise
    stages = scala.statusStore().stageList(nothing, False, False, quantiles, nothing)  # noqa: FBT003 -- Scala's parameters have no names here
    for row in (stages.apply(place) for place in range(stages.size())):
        if row.stageId() <= last:
            return
        yield row.stageId(), row.shuffleWriteBytes(), row.shuffleWriteRecords()


def _await_figures(scala: Any) -> None:  # noqa: ANN401 -- likewise
    """Wait for a stage's last figures, which come after its job returns; not for ever."""
    try:
        scala.listenerBus().waitUntilEmpty(_PATIENCE_MILLISECONDS)
    except Exception as error:
        if not is_sparks(error):
            raise
        _LOGGER.warning("Spark's figures are late: the bytes shuffled are told too low")
