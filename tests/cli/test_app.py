"""The whole process: what it imports, what it prints, and every way it can end."""

import importlib.metadata
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage

import pytest

Run = Callable[..., "subprocess.CompletedProcess[str]"]
Spawn = Callable[..., "subprocess.Popen[str]"]
FULL = Path("/dev/full")
HEAVY = ("numpy", "numba", "llvmlite", "sklearn", "scipy", "datasketch", "rich", "pydantic")
HEAVY_FOR_AN_ARTICLE = ("numba", "llvmlite", "sklearn", "scipy", "datasketch", "pydantic")
IDLE_FOR_AN_ARTICLE = (
    *("dedup.advice", "dedup.config.gate", "dedup.machine", "dedup.path_patterns"),
    *("dedup.readers.html", "dedup.readers.jsonl", "dedup.readers.markdown", "dedup.readers.walk"),
    *("importlib.metadata", "numpy.ma", "tempfile", "tomllib"),
)


def imported_modules(finished: "subprocess.CompletedProcess[str]") -> set[str]:
    """Read the modules that `-X importtime` lists."""
    rows = [line for line in finished.stderr.splitlines() if line.startswith("import time:")]
    return {row.rpartition("|")[2].strip() for row in rows}


def imported(finished: "subprocess.CompletedProcess[str]") -> set[str]:
    """Read the packages that `-X importtime` lists."""
    return {module.partition(".")[0] for module in imported_modules(finished)}


@pytest.mark.parametrize(
    "words", [["--help"], ["--version"], ["scan", "--help"], ["explain", "DUP002"]]
)
def test_help_and_version_import_nothing_heavy(python: Run, words: list[str]) -> None:
    finished = python("-X", "importtime", "-m", "dedup", *words)

    assert finished.returncode == 0
    assert finished.stdout
    assert "typer" in imported(finished)
    assert imported(finished).isdisjoint(HEAVY)


def test_one_article_is_scanned_without_compiled_code(python: Run, data: Path) -> None:
    article = data / "articles" / "padded.txt"

    finished = python("-X", "importtime", "-m", "dedup", "scan", article)

    assert finished.returncode == 0
    assert "numpy" in imported(finished)
    assert imported(finished).isdisjoint(HEAVY_FOR_AN_ARTICLE)
    assert imported_modules(finished).isdisjoint(IDLE_FOR_AN_ARTICLE)


def test_one_article_costs_at_most_twice_typer_and_numpy(
    python: Run, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As pip installs a package: its modules are compiled once, whatever this environment says.
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    monkeypatch.setenv("PYTHONPYCACHEPREFIX", str(tmp_path))
    # A scan tells OpenBLAS to start no threads; to the bare imports they would add 0 to 60 ms, as
    # they happen to be scheduled.
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "1")

    def cpu_seconds(*words: str | Path) -> float:
        before = getrusage(RUSAGE_CHILDREN)  # in microseconds; os.times() counts hundredths
        assert python(*words).returncode == 0
        after = getrusage(RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    article = data / "articles" / "padded.txt"
    scan, imports = ("-m", "dedup", "scan", article), ("-c", "import typer, numpy")
    for words in (scan, imports):
        python(*words)
    # In turns, and the least of each: what else the machine does only ever adds to a cost. Beside
    # another worker a quiet moment may be long in coming.
    scans, bare = [cpu_seconds(*scan)], [cpu_seconds(*imports)]
    while len(scans) < 7 or (len(scans) < 60 and min(scans) > 2 * min(bare)):
        scans.append(cpu_seconds(*scan))
        bare.append(cpu_seconds(*imports))

    assert min(scans) <= 2 * min(bare)


def test_findings_alone_do_not_fail_a_scan(dedup: Run, data: Path) -> None:
    finished = dedup("scan", data / "docs", "--output-format", "concise")

    assert finished.returncode == 0
    assert len(finished.stdout.splitlines()) == 2
    assert finished.stderr == ""


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([], "Usage: dedup"),
        (["scan"], "name files or folders"),
        (["scan", "--bogus"], "No such option: --bogus"),
        (["scn"], "Did you mean 'scan'?"),
        (["scan", "no-such-file.txt"], "cannot read no-such-file.txt: no such file"),
        (["scan", "--threshold", "7", "."], "option --threshold is 7.0: allowed is 0.01 to 1.0"),
        (["scan", "--jobs", "many", "."], "'many' is not a whole number"),
    ],
)
def test_what_is_wrong_is_said_and_the_status_is_two(
    dedup: Run, words: list[str], told: str
) -> None:
    finished = dedup(*words)

    assert finished.returncode == 2
    assert finished.stdout == ""
    assert told in finished.stderr
    assert "Traceback" not in finished.stderr


@pytest.mark.parametrize("n_read", [0, 1])
def test_a_reader_that_stops_early_is_no_failure(spawn: Spawn, tmp_path: Path, n_read: int) -> None:
    texts = [f"The very same sentence number {n % 900} in nine words." for n in range(1800)]
    (tmp_path / "many.txt").write_text("\n\n".join(texts))

    words = ["scan", str(tmp_path / "many.txt"), "--output-format", "concise"]
    with spawn("-m", "dedup", *words) as scan:
        assert scan.stdout is not None
        scan.stdout.read(n_read)
        scan.stdout.close()
        assert scan.stderr is not None
        told = scan.stderr.read()

    assert scan.returncode == 0
    assert told == ""


def test_help_may_be_cut_off_too(spawn: Spawn) -> None:
    with spawn("-m", "dedup", "scan", "--help") as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        told = process.stderr.read()

    assert process.returncode == 0
    assert told == ""


@pytest.mark.skipif(not FULL.exists(), reason="the system has no full device")
@pytest.mark.parametrize(
    "words",
    [["scan", "{docs}"], ["--help"], ["explain", "config"], ["compare", "{docs}", "{docs}"]],
)
def test_a_full_disk_is_an_error(dedup: Run, data: Path, words: list[str]) -> None:
    with FULL.open("w") as full:
        finished = dedup(*(word.format(docs=data / "docs") for word in words), stdout=full)

    assert finished.returncode == 2
    assert "No space left on device" in finished.stderr
    assert "Traceback" not in finished.stderr


@pytest.mark.skipif(not FULL.exists(), reason="the system has no full device")
def test_a_standard_error_that_is_full_changes_nothing(dedup: Run) -> None:
    with FULL.open("w") as full:
        assert dedup("scan", "no-such-file.txt", stderr=full).returncode == 2


def test_closed_outputs_are_an_error_where_something_is_written(
    python: Run, data: Path, tmp_path: Path
) -> None:
    def run(*closed: int, words: tuple[str | Path, ...]) -> "subprocess.CompletedProcess[str]":
        closing = "".join(f"os.close({stream}); " for stream in closed)
        command = ["-m", "dedup", "scan", *map(str, words)]
        return python(
            "-c",
            f"import os, sys; {closing}os.execv(sys.executable, [sys.executable, *{command!r}])",
        )

    assert run(1, words=(data / "docs",)).returncode == 2
    assert run(1, 2, words=(data / "docs",)).returncode == 2
    assert run(2, words=(data / "none",)).returncode == 2
    assert run(1, words=(data / "docs", "-o", tmp_path / "report.txt")).returncode == 0
    assert "DUP001" in (tmp_path / "report.txt").read_text()


def test_an_interrupted_run_says_so_by_its_status(spawn: Spawn) -> None:
    with spawn("-X", "importtime", "-m", "dedup", "scan", "-") as scan:
        assert scan.stderr is not None
        for line in scan.stderr:
            if line.endswith("dedup.cli.scan\n"):  # from here on it reads standard input
                break
        scan.send_signal(signal.SIGINT)
        told = scan.stderr.read()

    assert scan.returncode == 130
    assert "Traceback" not in told


@pytest.mark.parametrize("is_verbose", [False, True])
def test_an_internal_error_is_short_and_no_finding(
    python: Run, data: Path, *, is_verbose: bool
) -> None:
    words = ["scan", str(data / "docs"), "--jobs", "1", *(["-v"] if is_verbose else [])]
    breaking = "import dedup.gathering; del dedup.gathering.split_paragraphs"

    finished = python("-c", f"{breaking}; from dedup.cli.app import main; main({words!r})")

    assert finished.returncode == 2
    assert finished.stderr.startswith("internal error: NameError: name 'split_paragraphs'")
    assert "please report it" in finished.stderr
    assert ("Traceback" in finished.stderr) is is_verbose


def test_text_that_the_terminal_cannot_show_is_no_failure(dedup: Run, data: Path) -> None:
    chinese = data / "relations" / "near-duplicate" / "chinese.txt"
    latin = {"PYTHONIOENCODING": "latin-1"}

    assert dedup("compare", chinese, chinese, environment=latin).returncode == 0
    assert dedup("explain", "DUP001", environment=latin).returncode == 0


Status = Callable[..., tuple[int, str, str]]


@pytest.mark.parametrize("is_installed", [False, True])
def test_the_version_is_told(
    status: Status, monkeypatch: pytest.MonkeyPatch, *, is_installed: bool
) -> None:
    def find_version(package: str) -> str:
        if is_installed:
            return "1.2.3"
        raise importlib.metadata.PackageNotFoundError(package)

    monkeypatch.setattr(importlib.metadata, "version", find_version)

    told = "dedup 1.2.3\n" if is_installed else "dedup 0+unknown\n"
    assert status("--version") == (0, told, "")


def test_an_error_of_any_kind_ends_with_two(
    status: Status, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr("dedup.gathering.split_paragraphs")

    code, _, err = status("scan", data / "docs", "--jobs", "1", "--verbose")

    assert code == 2
    assert err.startswith("internal error: NameError")
    assert err.splitlines()[-1].startswith("NameError: name 'split_paragraphs' is not defined")
