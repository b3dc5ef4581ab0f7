"""Measure what each stage of a run on Spark writes to be shuffled, in bytes a paragraph.

`python -m tests.spark.shuffled_bytes` prints it, and with `--record` writes it beside this file: do
that when a stage shuffles less, and say in the commit why where one shuffles more.
"""

import json
import os
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from dedup.config import DEFAULTS, BandsConfig
from dedup.spark import find_duplicates
from dedup.spark.runtime.session import hold_settings, start_session
from tests.spark.equality.corpus import write_corpus

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

RECORDED: Final = Path(__file__).parent / "shuffled_bytes.json"
_N_DOCUMENTS: Final = 300
_CONFIG: Final = replace(DEFAULTS, bands=BandsConfig(all_pairs_up_to=0))  # as of many
_PARTITIONS: Final = 4
# A corpus of this size would be sent to every worker whole, and nothing be shuffled.
_NOTHING_IS_SMALL: Final = {
    "spark.sql.autoBroadcastJoinThreshold": "-1",
    "spark.sql.adaptive.autoBroadcastJoinThreshold": "-1",
}


def measure_shuffled(spark: "SparkSession", folder: Path) -> dict[str, float]:
    """Run over a corpus that is always the same; gives the bytes a paragraph of each stage."""
    paths = [str(path) for path in write_corpus(folder / "corpus", _N_DOCUMENTS)]
    with hold_settings(spark, _NOTHING_IS_SMALL):
        result = find_duplicates(spark, paths, _CONFIG, str(folder / "work"), _PARTITIONS)
    n_paragraphs = result.summary["paragraphs"]
    told = {cost.name: cost.shuffled for cost in result.costs}
    return {
        name: round(shuffled.size_bytes / n_paragraphs, 2)
        for name, shuffled in told.items()
        if shuffled is not None
    }


def load_recorded() -> dict[str, float]:
    """Give the bytes a paragraph of each stage that were measured last."""
    recorded: dict[str, float] = json.loads(RECORDED.read_text(encoding="utf-8"))
    return recorded


def main() -> None:
    """Print what each stage shuffles, or record it."""
    spark = start_session("local[2]", {}, os.environ)
    try:
        with tempfile.TemporaryDirectory() as folder:
            measured = json.dumps(measure_shuffled(spark, Path(folder)), indent=2)
    finally:
        spark.stop()
    if "--record" in sys.argv:
        RECORDED.write_text(f"{measured}\n", encoding="utf-8")
    sys.stdout.write(f"{measured}\n")


if __name__ == "__main__":
    main()
