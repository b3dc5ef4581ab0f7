"""`dedup spark` as its users meet it: what it writes, says and refuses."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from dedup.cli.app import main
from dedup.cli.spark import describe
from dedup.cli.spark_options import REFUSED
from dedup.errors import DedupError
from dedup.model import Relation
from dedup.spark.checkpoints import StageCost
from dedup.spark.java import check_java
from dedup.spark.results import SparkResult
from dedup.spark.session import require_pyspark
from dedup.spark.shuffled import Shuffled

Spawn = Callable[..., "subprocess.Popen[str]"]
Status = Callable[..., tuple[int, str, str]]
PATIENCE_SECONDS = 900
TEXTS = [
    f"The mill by the river ground {kind} for the villages until the flood of {year} took its "
    "wheel, and nobody has mended it in all the years that have passed since then."
    for kind, year in [("wheat", 1871), ("rye", 1871), ("wheat", 1871), ("oats", 1902)]
]
WITHOUT_PYSPARK = """
import sys
sys.modules["pyspark"] = None
from dedup.cli.app import main
main(sys.argv[1:])
"""
LOADED = """
import sys
from dedup.cli.app import main
try:
    main(sys.argv[1:])
except SystemExit as stop:
    print(stop.code, [name for name in ("pyspark", "pyarrow") if name in sys.modules])
"""


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    path = tmp_path / "corpus.jsonl"
    records = ({"id": number, "text": text} for number, text in enumerate(TEXTS))
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return path


@pytest.fixture
def scan_on_spark(spawn: Spawn, tmp_path: Path) -> Callable[..., tuple[int, str, str]]:
    """Give a function that scans on Spark, with folders of this test."""
    try:
        require_pyspark()
        check_java(os.environ)
    except DedupError as error:
        if os.environ.get("DEDUP_REQUIRE_SPARK"):
            pytest.fail(f"DEDUP_REQUIRE_SPARK is set: {error}")
        pytest.skip(str(error))

    def run(*words: str | Path) -> tuple[int, str, str]:
        folders = "--output", tmp_path / "found", "--work", tmp_path / "work"
        master = "--master", "local[2]", "--partitions", "2", "--unit", "record"
        with spawn("-m", "dedup", "spark", "scan", *words, *folders, *master) as process:
            out, err = process.communicate(timeout=PATIENCE_SECONDS)
        return process.returncode, out, err

    return run


def list_groups(status: Status, corpus: Path) -> list[dict[str, Any]]:
    """Give the lines of `--output-format groups` of one machine, sorted."""
    code, out, _ = status("scan", corpus, "--unit", "record", "--output-format", "groups")
    assert code == 0
    return sorted(map(json.loads, out.splitlines()), key=lambda row: str(row["id"]))


def test_a_scan_writes_what_one_machine_finds_and_goes_on(
    scan_on_spark: Callable[..., tuple[int, str, str]],
    status: Status,
    corpus: Path,
    tmp_path: Path,
) -> None:
    code, out, err = scan_on_spark(corpus)

    assert code == 0, err[-2000:]
    rows = pq.read_table(tmp_path / "found" / "groups").to_pylist()
    made = sorted(
        ({**row, "id": json.loads(row["id"])} for row in rows), key=lambda r: str(r["id"])
    )
    assert made == list_groups(status, corpus)
    assert "1 group with 2 redundant paragraphs" in out
    assert "bytes shuffled a paragraph" in out
    assert "paragraphs take dedup scan on one machine about" in err
    summary = json.loads(next((tmp_path / "found" / "summary").glob("part-*")).read_text())
    assert summary["paragraphs"] == len(TEXTS)

    assert scan_on_spark(corpus)[0] == 2  # found is there
    found = sorted((row["rule"], row["json"]) for row in read_findings(tmp_path))
    shutil.rmtree(tmp_path / "found")
    code, out, err = scan_on_spark(corpus)
    assert code == 0, err[-2000:]
    assert out.count("taken over from an earlier run") > 5
    assert sorted((row["rule"], row["json"]) for row in read_findings(tmp_path)) == found

    shutil.rmtree(tmp_path / "found")
    code, out, err = scan_on_spark(corpus, "--min-words", "5")
    assert (code, out) == (2, "")
    assert "its stages are of another run: paragraphs.min_words was 8, now 5." in err
    assert not (tmp_path / "found").exists()


def read_findings(folder: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pq.read_table(folder / "found" / "findings").to_pylist()
    return rows


def test_a_broken_line_is_the_error_of_one_machine(
    scan_on_spark: Callable[..., tuple[int, str, str]],
    status: Status,
    corpus: Path,
    tmp_path: Path,
) -> None:
    corpus.write_text(corpus.read_text() + "{\n")

    code, out, err = scan_on_spark(corpus)
    single = status("scan", corpus)

    assert (code, out) == (2, "")
    assert err.splitlines()[-1] == single[2].splitlines()[-1]
    assert not (tmp_path / "found").exists()


def test_without_pyspark_the_line_that_installs_it_is_told(spawn: Spawn, corpus: Path) -> None:
    words = "spark", "scan", corpus, "--output", "found", "--work", "work"
    with spawn("-c", WITHOUT_PYSPARK, *words) as process:
        out, err = process.communicate(timeout=60)

    assert (process.returncode, out) == (2, "")
    assert "pip install 'dedup-paragraphs[spark]'" in err
    assert len(err.splitlines()) == 1


def test_without_java_one_sentence_names_the_one_to_install(
    spawn: Spawn, corpus: Path, tmp_path: Path
) -> None:
    pytest.importorskip("pyspark")
    words = "spark", "scan", corpus, "--output", "found", "--work", "work"
    environment = {"PATH": str(tmp_path), "JAVA_HOME": ""}
    with spawn("-m", "dedup", *words, environment=environment) as process:
        out, err = process.communicate(timeout=60)

    assert (process.returncode, out) == (2, "")
    assert "Spark needs Java 17 or later, and there is none." in err
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize("words", [("scan",), ("clean", "--dry-run")])
def test_other_commands_do_not_load_spark(
    words: tuple[str, ...], spawn: Spawn, corpus: Path
) -> None:
    with spawn("-c", LOADED, *words, corpus) as process:
        out, _ = process.communicate(timeout=60)

    assert out.splitlines()[-1] == "0 []"


VALUES = {"resume": [], "show_files": [], "jobs": ["2"], "max_expansion": ["5"]}


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_an_option_that_makes_no_sense_is_refused_with_the_reason(
    name: str, status: Status
) -> None:
    word = f"--{name.replace('_', '-')}"

    code, out, err = status("spark", "scan", "a.jsonl", word, *VALUES.get(name, ["x"]))

    assert (code, out) == (2, "")
    assert f"option {word} is '" in err
    assert f"allowed is none with dedup spark: {REFUSED[name]}. Leave it out." in err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "Missing argument 'scan'"),
        (("look",), "there is no dedup spark look: say scan first, as dedup spark scan corpus/"),
        (("scan",), "name INPUT and --output OUT and --work WORK, as dedup spark scan"),
        (("scan", "a.jsonl", "--output", "o"), "nothing to scan: name --work WORK, as"),
        (
            ("scan", ".", "--output", "o", "--work", "/w"),
            "a folder that is not in '.', which is read",
        ),
        (
            ("scan", "a/b", "--output", "o", "--work", "a/b/w"),
            "option --work is 'a/b/w': allowed is a",
        ),
        (("scan", "a", "--output", "o", "--work", "w", "--conf", "x"), "allowed is KEY=VALUE, as"),
        (("scan", "a", "--output", "o", "--work", "w", "--remove", "identical"), "beside --mark"),
        (("scan", "a", "--output", "o", "--work", "w", "--threshold", "2"), "--threshold is 2.0"),
    ],
)
def test_words_that_are_missing_or_wrong_are_told(
    words: tuple[str, ...], message: str, status: Status
) -> None:
    code, out, err = status("spark", *words)

    assert (code, out) == (2, "")
    assert message in err


def test_help_shows_no_option_that_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["spark", "--help"])

    told = capsys.readouterr().out
    assert "--partitions N" in told
    assert "dedup spark scan s3a://" in told
    assert all(f"--{name.replace('_', '-')} " not in told for name in REFUSED)


def test_costs_are_told_by_paragraph_and_stage() -> None:
    counts = dict.fromkeys((relation.label for relation in Relation if relation), 0)
    summary = {
        "documents": 2, "paragraphs": 4, "words": 50, "groups": 0, "redundant_paragraphs": 0,
        "redundant_words": 0, "findings": counts, "skipped": {"short": 0, "empty": 0},
    }  # fmt: skip
    costs = (
        StageCost("sign", 12.34, Shuffled(0, 0), is_resumed=False),
        StageCost("pairs", 1.0, Shuffled(402, 6), is_resumed=False),
        StageCost("groups", 0.0, None, is_resumed=True),
        StageCost("told", 2.5, None, is_resumed=False),
    )
    nothing: Any = None

    lines = list(describe(SparkResult(nothing, nothing, summary, costs), 20.25))

    assert lines[-6:] == [
        "Took      20.2 s, by stage:",
        "  sign                12.3 s        0.0 bytes shuffled a paragraph, 0 records",
        "  pairs                1.0 s      100.5 bytes shuffled a paragraph, 6 records",
        "  groups          taken over from an earlier run",
        "  told                 2.5 s",
        "Shuffled  100.5 bytes a paragraph in all",
    ]
