"""A disk that is full in the middle of a run: an error that helps, and nothing half-written.

A limit of the size of files (RLIMIT_FSIZE) stands for the disk where nobody may mount one: the
system then refuses to write just the same. Where that is allowed a real file system of a few
hundred kilobytes is filled, in a mount namespace that ends with the run.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final, TypeAlias

import pytest

from tests.benchmarks.generated_text import write_generated_workload

Finished: TypeAlias = "subprocess.CompletedProcess[str]"
ROOT: Final = Path(__file__).parents[2]
WORDS: Final = ("--unit", "record", "--output-format", "groups")
pytestmark = pytest.mark.skipif(os.name == "nt", reason="limits and mounts are of POSIX")
# Runs a command with a limit of the size of files; columns go to files from the first one on.
_LIMITED: Final = """
import resource, sys
import dedup.storage
from dedup.cli.app import main
limit, share, *words = sys.argv[1:]
resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit), resource.RLIM_INFINITY))
dedup.storage.SPILLED_SHARE = int(share)
main(words)
"""
_AT_ONCE: Final = 1 << 40  # of the limit a byte is more than so small a share
_NEVER: Final = 0


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give 3,000 paragraphs with near-duplicates among them: too many to compare all with all."""
    prefix = tmp_path_factory.mktemp("corpus") / "texts"
    write_generated_workload(3000, prefix)
    return prefix.with_suffix(".jsonl")


@pytest.fixture(scope="module")
def right(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Give what a run writes that has room."""
    out = tmp_path_factory.mktemp("right") / "groups.jsonl"
    finished = run([sys.executable, "-m", "dedup", "scan", str(corpus), *WORDS, "-o", str(out)])
    assert finished.returncode == 0, finished.stderr
    return out.read_bytes()


def run(command: Sequence[str], **variables: str) -> Finished:
    return subprocess.run(  # noqa: S603 -- words of these tests
        command,
        cwd=ROOT,
        env={**os.environ, **variables},
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )


def run_limited(limit: int, share: int, *words: str | Path, **variables: str) -> Finished:
    """Run a command that may write files of so many bytes."""
    command = [sys.executable, "-c", _LIMITED, str(limit), str(share), *map(str, words)]
    return run(command, **variables)


def list_names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def scan_into(out: Path, corpus: Path, work: Path) -> list[str]:
    return ["scan", str(corpus), *WORDS, "-o", str(out), "--work-dir", str(work)]


@pytest.mark.parametrize("limit", [1, 10_000, 60_000, 300_000])
def test_a_full_working_folder_is_told_of_and_the_run_goes_on_when_there_is_room(
    corpus: Path, right: bytes, tmp_path: Path, limit: int
) -> None:
    work, out = tmp_path / "work", tmp_path / "out"
    out.mkdir()
    (out / "groups.jsonl").write_text("what stood there\n")
    words = scan_into(out / "groups.jsonl", corpus, work)

    full = run_limited(limit, _NEVER, *words)

    assert (full.returncode, full.stdout) == (2, "")
    assert full.stderr.splitlines()[-1].startswith(
        f"Error DD202: cannot use the working folder '{work}': file too large, and about "
    )
    assert "--work-dir" in full.stderr
    assert (out / "groups.jsonl").read_text() == "what stood there\n"
    assert list_names(out) == ["groups.jsonl"]

    roomy = run([sys.executable, "-m", "dedup", *words, "--resume"])

    assert (roomy.returncode, roomy.stderr) == (0, "")
    assert (out / "groups.jsonl").read_bytes() == right
    assert not work.exists()


@pytest.mark.parametrize("command", ["scan", "clean"])
def test_a_full_temporary_folder_is_told_of_and_left_empty(
    corpus: Path, tmp_path: Path, command: str
) -> None:
    temporary, out = tmp_path / "tmp", tmp_path / "out"
    temporary.mkdir()
    out.mkdir()

    full = run_limited(
        60_000,
        _AT_ONCE,
        command,
        corpus,
        *WORDS[:2],
        "-o",
        out / "new.jsonl",
        TMPDIR=str(temporary),
    )

    assert (full.returncode, full.stdout) == (2, "")
    assert (
        f"Error DD202: cannot use the working folder '{temporary}': file too large" in full.stderr
    )
    assert "--work-dir" in full.stderr
    assert list_names(temporary) == list_names(out) == []


@pytest.mark.parametrize("command", ["scan", "clean"])
def test_a_full_disk_of_the_output_is_told_of_and_holds_no_part_of_it(
    corpus: Path, tmp_path: Path, command: str
) -> None:
    more = WORDS if command == "scan" else WORDS[:2]

    full = run_limited(60_000, _NEVER, command, corpus, *more, "-o", tmp_path / "new.jsonl")

    assert (full.returncode, full.stdout) == (2, "")
    assert full.stderr.startswith(f"Error DD201: cannot write {tmp_path / 'new.jsonl'}: File too l")
    assert list_names(tmp_path) == []


def test_stages_outlive_an_output_that_had_no_room(
    corpus: Path, right: bytes, tmp_path: Path
) -> None:
    work, out = tmp_path / "work", tmp_path / "out"
    out.mkdir()
    command = [sys.executable, "-m", "dedup"]

    full = run([*command, *scan_into(Path("/dev/full"), corpus, work)])
    again = run([*command, *scan_into(out / "groups.jsonl", corpus, work), "--resume"])

    assert full.returncode == 2
    assert (
        f"Finished stages stay in '{work}': the same command goes on with --resume." in full.stderr
    )
    assert again.returncode == 0, again.stderr
    assert (out / "groups.jsonl").read_bytes() == right
    assert not work.exists()


def test_a_real_file_system_without_room_is_told_of(corpus: Path, tmp_path: Path) -> None:
    disk, out = tmp_path / "disk", tmp_path / "out"
    disk.mkdir()
    out.mkdir()
    script = 'mount -t tmpfs -o size="$1" tmpfs "$2" && shift 2 && exec "$@"'
    space = ["unshare", "--mount", *([] if os.geteuid() == 0 else ["--map-root-user"])]
    if shutil.which("unshare") is None:
        pytest.skip("no unshare here, so nothing can be mounted for this test alone")
    if run([*space, "sh", "-c", script, "sh", "64k", str(disk), "true"]).returncode:
        pytest.skip("nobody but root may mount a file system here")
    command = [sys.executable, "-m", "dedup", "scan", str(corpus), *WORDS]
    words = ["-o", str(out / "groups.jsonl"), "--work-dir", str(disk / "work")]

    for size in ("64k", "700k", "1500k"):
        full = run([*space, "sh", "-c", script, "sh", size, str(disk), *command, *words])

        assert (full.returncode, full.stdout) == (2, ""), size
        assert f"Error DD202: cannot use the working folder '{disk / 'work'}'" in full.stderr, size
        assert "no space left on device" in full.stderr, size
        assert list_names(out) == [], size
