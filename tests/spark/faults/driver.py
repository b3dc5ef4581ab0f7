"""Run a command of `dedup` whose Spark tasks wait to be killed; `python -m`, a process of its own.

    driver FOLDER STAGES COMMAND...

STAGES are names of checkpoints, with commas between. A task that has made its first rows for one of
them leaves a mark in FOLDER, with the process that runs it, and waits until somebody has answered
it. What each of these stages took is left there as well, once it is whole. Pairs are grouped in
rounds, as if they were many.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from dedup.__main__ import main
from dedup.spark.runtime.checkpoints import Checkpoints
from dedup.spark.stages import rounds

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame

PATIENCE_SECONDS: Final = 600  # of a task whose test has ended without a word


def hold(batches: "Iterator[pa.RecordBatch]", mark: str) -> "Iterator[pa.RecordBatch]":
    """Give batches on, the first of them only once the mark has been answered.

    Spark sends this function to its workers by value, since it is of the main module.
    """
    is_first = True
    for batch in batches:
        if is_first:
            own, answer = f"{mark}.{os.getpid()}", Path(f"{mark}.answered")
            part = Path(f"{own}.part")  # a mark is there whole or not at all
            part.write_text(str(os.getppid()), encoding="utf-8")
            part.rename(own)
            deadline = time.monotonic() + PATIENCE_SECONDS
            while not answer.exists() and time.monotonic() < deadline:
                time.sleep(0.02)
            is_first = False
        yield batch


def hold_stages(folder: Path, names: set[str]) -> None:
    """Make the tasks that write certain checkpoints wait."""
    write_stage = Checkpoints.stage

    def stage(self: Checkpoints, name: str, make: "Callable[[], DataFrame]") -> "DataFrame":
        if name not in names:
            return write_stage(self, name, make)

        def make_held() -> "DataFrame":
            made = make()
            return made.mapInArrow(partial(hold, mark=str(folder / name)), made.schema)

        before = max((each["stage"] for each in list_attempts(self._spark)), default=-1)
        rows = write_stage(self, name, make_held)
        took = [each for each in list_attempts(self._spark) if each["stage"] > before]
        (folder / f"{name}.attempts").write_text(json.dumps(took), encoding="utf-8")
        return rows

    Checkpoints.stage = stage  # type: ignore[method-assign]  # that of this process only


def list_attempts(spark: Any) -> list[dict[str, int]]:  # noqa: ANN401 -- py4j has no types
    """Give every try of every stage of Spark's own so far, and how many of its tasks failed."""
    context = spark.sparkContext
    scala = context._jsc.sc()  # noqa: SLF001 -- PySpark offers no other way to its metrics
    scala.listenerBus().waitUntilEmpty()  # a stage's last figures come after its job returns
    nothing = context._jvm.java.util.ArrayList()  # noqa: SLF001 -- likewise
    quantiles = context._gateway.new_array(context._jvm.double, 0)  # noqa: SLF001 -- likewise
    found = scala.statusStore().stageList(nothing, False, False, quantiles, nothing)  # noqa: FBT003 -- Scala's parameters have no names here
    stages = [found.apply(place) for place in range(found.size())]
    attempts = [
        {"stage": stage.stageId(), "attempt": stage.attemptId(), "failed": stage.numFailedTasks()}
        for stage in stages
    ]
    return sorted(attempts, key=lambda each: (each["stage"], each["attempt"]))


if __name__ == "__main__":
    marks, stages, *words = sys.argv[1:]
    vars(rounds)["_MOST_AT_ONCE"] = 100  # no setting: a run chooses by what fits
    hold_stages(Path(marks), set(stages.split(",")))
    sys.argv = ["dedup", *words]
    main()
