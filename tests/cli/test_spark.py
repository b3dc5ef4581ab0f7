"""`dedup spark` as its users meet it: what it says and refuses; what it does is in tests/spark."""

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dedup.cli.app import main
from dedup.cli.spark import describe
from dedup.cli.spark_options import REFUSED
from dedup.model import Relation
from dedup.spark.reporting.results import SparkResult
from dedup.spark.runtime.checkpoints import StageCost
from dedup.spark.runtime.shuffled import Shuffled

Spawn = Callable[..., "subprocess.Popen[str]"]
Status = Callable[..., tuple[int, str, str]]
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
    path.write_text('{"text":"one two three four five six seven eight"}\n')
    return path


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
        (
            ("scan", "file:///in", "--output", "/in/o", "--work", "w"),
            "'/in/o': allowed is a folder that is not in 'file:///in', which is read",
        ),
        (
            ("scan", "a.jsonl", "--output", "o", "--work", "o/w"),
            "option --work is 'o/w': allowed is a folder that is not in 'o', which is made at the",
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


class SparkError(Exception):
    """Raised by a module that is called as PySpark's are."""

    __module__ = "pyspark.errors.exceptions.base"


def test_a_spark_that_does_not_start_is_told_in_a_sentence(
    status: Status, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_words: object) -> None:
        raise SparkError("Could not parse Master URL: 'here'")

    monkeypatch.setattr("dedup.cli.spark.start_session", fail)

    code, out, err = status(
        "spark", "scan", "a", "--output", "o", "--work", "w", "--master", "here"
    )

    assert (code, out) == (2, "")
    assert "Spark does not start (Could not parse Master URL: 'here'). Check --master" in err


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
        "redundant_words": 0, "findings": counts, "skipped": {"sources": 0},
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
