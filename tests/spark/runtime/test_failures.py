"""What Spark raises, as one sentence."""

import pytest

from dedup.errors import SparkRunError
from dedup.spark.runtime.failures import tell, worded

JAVA = """An error occurred while calling o72.parquet.
: org.apache.spark.SparkException: Job aborted due to stage failure: Task 0 in stage 9.0 failed
\tat org.apache.spark.scheduler.DAGScheduler.failJobAndIndependentStages(DAGScheduler.scala:2898)
Caused by: org.apache.spark.SparkException: [FAILED_READ_FILE] Error while reading file.
\tat org.apache.spark.sql.errors.QueryExecutionErrors$.attachFilePath(QueryExecutionErrors.scala)
Caused by: java.io.EOFException: Unexpected end of input stream
\t... 20 more
"""
PYTHON = """
  An exception was thrown from the Python worker. Please see the stack trace below.
Traceback (most recent call last):
  File "/x/dedup/spark/reading/numbering.py", line 87, in make_documents
    raise was_changed(name)
dedup.errors.InputError: cannot read a.jsonl: it was changed while it was read. Run again.
"""
STAGE = """Job aborted due to stage failure: Task 0 in stage 2.0 failed, most recent failure:
org.apache.spark.api.python.PythonException: Traceback (most recent call last):
  File "/x/pyspark/worker.py", line 1, in main
    process()
pyarrow.lib.ArrowInvalid: offset overflow

\tat org.apache.spark.api.python.BasePythonRunner.handlePythonException(PythonRunner.scala:581)
"""
NO_MEMORY = "Traceback (most recent call last):\n  File x\n    y\nMemoryError\n\n\tat org.Runner"


class SparkError(Exception):
    """Raised by a module that is called as PySpark's are."""

    __module__ = "pyspark.errors.exceptions.captured"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (JAVA, "Unexpected end of input stream"),
        (PYTHON, "cannot read a.jsonl: it was changed while it was read. Run again"),
        (STAGE, "offset overflow"),
        (NO_MEMORY, "MemoryError"),
        ("[PATH_NOT_FOUND] Path does not exist: file:/x. SQLSTATE: 42K03\n\nmore", "[PATH_NOT"),
        ("", "SparkError"),
    ],
)
def test_the_innermost_cause_is_told(text: str, sentence: str) -> None:
    assert tell(SparkError(text)).startswith(sentence)


def test_a_long_cause_is_cut() -> None:
    assert tell(SparkError("x" * 1000)) == "x" * 300 + "..."


def test_what_spark_raises_becomes_an_error_of_ours() -> None:
    with (
        pytest.raises(SparkRunError, match=r"'sign' on Spark: no room. The stages before it are"),
        worded(lambda told: SparkRunError("sign", told)),
    ):
        raise SparkError("no room")


def test_what_others_raise_passes() -> None:
    with pytest.raises(KeyError), worded(lambda told: SparkRunError("sign", told)):
        raise KeyError("x")
