"""Start a Spark session, and settle what a run needs of one that is there already.

Decision (2026-11-26): what changes how a plan runs is set for the run's own time and then put back,
since the session of a notebook is its owner's. Input is cut the same way each time it is read (no
share of the cores in it, which come and go on a cluster), names are told apart by case as they are
on one machine, times are in UTC, and batches are 4,096 rows, so that texts of 20 kB make 80 MB of
them, not 200; where Spark knows a limit of bytes (4.0 does), records of half a megabyte do not make
batches of two gigabytes. A table is sent to all executors for a join if it has a megabyte, not ten:
Spark goes by packed bytes, of which a member of a group takes 2.3 and, unpacked, 60. The four
million members of one group had 9 MB, and an executor of 512 MB ended of them.
"""

import sys
from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Final

from dedup.errors import MissingExtraError
from dedup.spark.runtime.java import check_java

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_REMOTE: Final = "sc://"
_SUBMITTED: Final = "PYSPARK_GATEWAY_PORT"  # set by spark-submit, which chose all else
_APP_NAME: Final = "dedup"
_LEAST_BLOCK_BYTES: Final = 2 << 20
_MOST_BLOCK_BYTES: Final = 64 << 20
_LEAST_BLOCKS: Final = 16
_LOCAL_SETTINGS: Final = {
    "spark.log.level": "FATAL",  # what failed is said in a sentence
    "spark.python.daemon.module": "dedup.spark.daemon",
    "spark.io.compression.codec": "zstd",  # a fifth fewer bytes shuffled than by the usual LZ4
    "spark.ui.enabled": "false",  # a port that nobody looks at
    "spark.ui.showConsoleProgress": "false",
}
# What native code frees, the streams of Zstandard above all, the C library keeps for each of a
# JVM's hundred threads: 140 MB after a bucket of three million rows, 50 with two such stocks.
_EXECUTOR_SETTINGS: Final = {"spark.executorEnv.MALLOC_ARENA_MAX": "2"}
_SENT: Final = "spark.sql.autoBroadcastJoinThreshold"
_SENT_ADAPTIVELY: Final = "spark.sql.adaptive.autoBroadcastJoinThreshold"
_USUAL: Final = "10485760b"  # Spark's own choice; another one is the user's, and stands
_SENT_BYTES: Final = str(1 << 20)
_SETTLED: Final = {
    "spark.sql.caseSensitive": "true",
    "spark.sql.execution.arrow.maxBytesPerBatch": str(32 << 20),
    "spark.sql.execution.arrow.maxRecordsPerBatch": "4096",
    "spark.sql.execution.arrow.useLargeVarTypes": "false",
    "spark.sql.files.ignoreCorruptFiles": "false",
    "spark.sql.files.ignoreMissingFiles": "false",
    "spark.sql.files.minPartitionNum": "1",
    "spark.sql.files.openCostInBytes": str(1 << 20),
    "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",
    "spark.sql.parquet.int96RebaseModeInRead": "CORRECTED",
    "spark.sql.legacy.parquet.nanosAsLong": "true",
    "spark.sql.session.timeZone": "UTC",
}


def require_pyspark() -> None:
    """Refuse to go on without PySpark.

    Raises:
        MissingExtraError: It is not installed.
    """
    try:
        import pyspark  # noqa: F401, PLC0415 -- only whether it is there
    except ImportError as error:
        raise MissingExtraError("Spark", "pyspark", "spark") from error


def start_session(
    master: str | None, settings: Mapping[str, str], environment: MutableMapping[str, str]
) -> "SparkSession":
    """Start a session, or take the one that is there.

    Args:
        master: As Spark has it: `local[4]`, `spark://HOST:PORT`, `yarn`; `sc://HOST` for a Connect
            server. None: what spark-submit or Spark's own files say, else all of this machine.
        settings: Spark's own, by name; they win over those chosen here.
        environment: Of the process; the workers' Python is named there if nobody has.

    Raises:
        MissingExtraError: PySpark is not installed.
        SettingError: There is no Java for it.
    """
    require_pyspark()
    from pyspark.sql import SparkSession  # noqa: PLC0415 -- 0.4 s that only a run pays

    chosen = dict(settings)
    if master is not None and master.startswith(_REMOTE):
        builder = SparkSession.builder.remote(master)
    else:
        check_java(environment)
        builder = SparkSession.builder.appName(_APP_NAME)
        builder = builder if master is None else builder.master(master)
        if _SUBMITTED not in environment:
            chosen = {**_EXECUTOR_SETTINGS, **chosen}
        if _SUBMITTED not in environment and (master or "local").startswith("local"):
            # The workers run what this process runs; PATH may name another Python.
            environment.setdefault("PYSPARK_PYTHON", sys.executable)
            chosen = {**_LOCAL_SETTINGS, **chosen}
    for name, value in chosen.items():
        builder = builder.config(name, value)
    session: SparkSession = builder.getOrCreate()
    return session


def settled(
    spark: "SparkSession", size_bytes: int, partitions: int
) -> AbstractContextManager[None]:
    """Hold a session to what a run needs; afterwards it is as it was.

    Args:
        spark: The session.
        size_bytes: Of the input, as it is stored.
        partitions: How many parts a shuffle makes.
    """
    is_usual = spark.conf.get(_SENT) == _USUAL and spark.conf.get(_SENT_ADAPTIVELY, None) is None
    return hold_settings(
        spark,
        {
            **_SETTLED,
            **(dict.fromkeys((_SENT, _SENT_ADAPTIVELY), _SENT_BYTES) if is_usual else {}),
            "spark.sql.files.maxPartitionBytes": str(choose_block_bytes(size_bytes)),
            "spark.sql.shuffle.partitions": str(partitions),
        },
    )


@contextmanager
def hold_settings(spark: "SparkSession", wanted: Mapping[str, str]) -> Iterator[None]:
    """Hold a session to some settings, by name; afterwards they are what they were."""
    before: dict[str, str | None] = {name: spark.conf.get(name, None) for name in wanted}
    try:
        for name, value in wanted.items():
            spark.conf.set(name, value)
        yield
    finally:
        for name, held in before.items():
            if held is None:
                spark.conf.unset(name)
            else:
                spark.conf.set(name, held)


def choose_block_bytes(size_bytes: int) -> int:
    """Choose how long the parts are in which the input is read: a function of its size alone.

    Were it one of the cores or the partitions, a run that goes on with other ones could not use
    what the first had counted.
    """
    return min(_MOST_BLOCK_BYTES, max(_LEAST_BLOCK_BYTES, -(-size_bytes // _LEAST_BLOCKS)))
