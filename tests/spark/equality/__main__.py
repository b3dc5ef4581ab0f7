"""Compare Spark with the single machine on large inputs, under many settings.

    python -m tests.spark.equality /tmp/w30000.jsonl --unit record --settings all
    python -m tests.spark.equality --documents 5000 --master 'local-cluster[2,1,1024]'

Says a line a run, and which lines differ; exits 1 where any does.
"""

import argparse
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path

from dedup.spark.runtime.session import start_session
from tests.spark.equality.comparing import name_differences, run_single, run_spark
from tests.spark.equality.corpus import write_corpus
from tests.spark.equality.settings import choose_settings
from tests.spark.processes import make_environment

N_FILES = 3
MEMORY = {"spark.driver.memory": "2g"}


def parse_arguments(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.spark.equality", description=__doc__)
    parser.add_argument("corpus", nargs="?", help="JSON lines with id and text")
    parser.add_argument("--documents", type=int, default=2000, help="written where no corpus is")
    parser.add_argument("--unit", choices=("record", "paragraph"), default="paragraph")
    parser.add_argument("--settings", default="all", help="policies, relations, others, all, names")
    parser.add_argument("--partitions", default="1,3,8")
    parser.add_argument("--master", default="local[2]")
    return parser.parse_args(arguments)


def split_corpus(corpus: Path, folder: Path) -> list[Path]:
    """Copy a corpus into several files, with a date for most of its records."""
    paths = [folder / f"part-{number}.jsonl" for number in range(N_FILES)]
    files = [path.open("w", encoding="utf-8") for path in paths]
    with corpus.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            record = json.loads(line)
            if number % 7:
                record["date"] = f"20{10 + number % 13}-{1 + number % 12:02}-{1 + number % 28:02}"
            files[number % N_FILES].write(json.dumps(record, ensure_ascii=False) + "\n")
    for file in files:
        file.close()
    return paths


def main(arguments: list[str]) -> int:
    options = parse_arguments(arguments)
    with tempfile.TemporaryDirectory(prefix="equality-") as name:
        folder = Path(name)
        os.environ.update(make_environment(folder))
        if options.corpus:
            paths = split_corpus(Path(options.corpus), folder)
        else:
            paths = write_corpus(folder / "corpus", options.documents, n_files=N_FILES)
        return compare_all(options, paths, folder / "work")


def compare_all(options: argparse.Namespace, paths: list[Path], work: Path) -> int:
    """Compare every setting; gives 1 where anything differs."""
    sources = (str(paths[2]), "17", str(paths[1]))
    spark = start_session(options.master, MEMORY, os.environ)
    failed = 0
    try:
        for name, config in choose_settings(options.settings, options.unit, sources).items():
            single = run_single(paths, config)
            for partitions in map(int, options.partitions.split(",")):
                made = run_spark(spark, paths, config, work, partitions)
                shutil.rmtree(work)
                differences = name_differences(single, made)
                failed |= bool(differences)
                verdict = "DIFFERENT" if differences else "equal"
                counts = f"{len(single.groups):,} rows, {len(single.findings):,} findings"
                seconds = f"{single.seconds:.1f} s, Spark {made.seconds:.1f} s"
                size = f"{made.shuffled / len(made.groups):.0f} bytes shuffled a paragraph"
                place = f"{options.master}, {partitions} partitions"
                said = [f"{verdict}: {name}, {place}: {counts}; {seconds}; {size}", *differences]
                sys.stdout.write("".join(f"{line}\n" for line in said))
                sys.stdout.flush()
    finally:
        spark.stop()
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
