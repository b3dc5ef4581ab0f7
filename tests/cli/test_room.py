"""What a run is told of its room, before it begins and when it ends too soon."""

import errno
from contextlib import suppress
from pathlib import Path

import pytest

from dedup.advice import Room
from dedup.cli.exit_codes import ExitCode
from dedup.cli.room import find_room, measure_named, watch_room
from dedup.cli.signals import Stopped
from dedup.config import Config, RunConfig
from dedup.errors import InputError, OutputError, WorkFolderError

GIB = 1 << 30
SMALL = Room(memory_bytes=GIB, machine_bytes=4 * GIB, folder="/scratch", free_bytes=GIB)
Capture = pytest.CaptureFixture[str]


def make_config(work_dir: Path | None = None) -> Config:
    return Config(run=RunConfig(work_dir=None if work_dir is None else str(work_dir)))


@pytest.fixture
def small_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dedup.cli.room.find_room", lambda _config: SMALL)


@pytest.fixture
def begun(tmp_path: Path) -> Path:
    """Give a working folder that holds a finished stage."""
    (tmp_path / "dedup-run.json").write_text('{"stages": {"read": {}}}')
    return tmp_path


@pytest.mark.usefixtures("small_machine")
def test_a_large_run_is_told_what_it_lacks_in_one_line(capsys: Capture) -> None:
    with watch_room(make_config(), quiet=False) as advise:
        advise(20 * GIB)

    told = capsys.readouterr().err
    assert told.startswith("Note: about ")
    assert "'/scratch', where 1.0G are free" in told
    assert told.count("\n") == 1


@pytest.mark.usefixtures("small_machine")
@pytest.mark.parametrize(("quiet", "size_bytes"), [(True, 20 * GIB), (False, 1 << 20)])
def test_a_quiet_run_and_a_small_one_are_told_nothing(
    capsys: Capture, size_bytes: int, *, quiet: bool
) -> None:
    with watch_room(make_config(), quiet=quiet) as advise:
        advise(size_bytes)

    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
def test_of_a_full_folder_it_is_told_how_much_is_needed(number: int) -> None:
    told = r"folder '/scratch': no room, and about \d+M are needed there\. Make room there, "

    with pytest.raises(WorkFolderError, match=rf"{told}or name .* --work-dir\.$"):
        fail("/scratch", OSError(number, "no room"))
    with pytest.raises(WorkFolderError, match=rf"{told}name .* --work-dir, or .* --memory\.$"):
        fail("/scratch", OSError(number, "no room"), make_config())


def test_what_is_no_full_folder_is_told_as_it_is() -> None:
    with pytest.raises(WorkFolderError, match=r"folder 'w': no room\. Make some\.$"):
        fail("w", None)
    with pytest.raises(WorkFolderError, match=r"folder 'w': no room\. Make some\.$"):
        fail("w", OSError(errno.EACCES, "permission denied"))


def fail(folder: str, cause: OSError | None, config: Config | None = None) -> None:
    """Run and fail as a storage does, in a named folder unless the settings are given."""
    with watch_room(config or make_config(Path(folder)), quiet=False) as advise:
        advise(100_000_000)
        raise WorkFolderError(folder, "no room", "Make some.") from cause


@pytest.mark.parametrize(
    "error",
    [
        KeyboardInterrupt(),
        Stopped(ExitCode.TERMINATED),
        OutputError("out.json", "no space left on device"),
        MemoryError(),
    ],
)
def test_who_may_go_on_is_told_how(capsys: Capture, begun: Path, error: BaseException) -> None:
    with suppress(type(error)), watch_room(make_config(begun), quiet=False):
        raise error

    assert capsys.readouterr().err == (
        f"Finished stages stay in '{begun}': the same command goes on with --resume.\n"
    )


def test_a_full_folder_keeps_its_stages_too(capsys: Capture, begun: Path) -> None:
    with suppress(WorkFolderError):
        fail(str(begun), OSError(errno.ENOSPC, "no room"))

    assert "goes on with --resume" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "quiet", "manifest"),
    [
        (InputError("a.jsonl", 3, "it is no JSON", "Mend it."), False, '{"stages": {"read": {}}}'),
        (BrokenPipeError(), False, '{"stages": {"read": {}}}'),
        (KeyboardInterrupt(), True, '{"stages": {"read": {}}}'),
        (KeyboardInterrupt(), False, '{"stages": {}}'),
        (KeyboardInterrupt(), False, "no JSON"),
        (KeyboardInterrupt(), False, None),
    ],
)
def test_who_cannot_go_on_is_not_told_to(
    capsys: Capture, tmp_path: Path, error: BaseException, manifest: str | None, *, quiet: bool
) -> None:
    if manifest is not None:
        (tmp_path / "dedup-run.json").write_text(manifest)

    with suppress(type(error)), watch_room(make_config(tmp_path), quiet=quiet):
        raise error

    assert capsys.readouterr().err == ""


def test_without_a_named_folder_nothing_stays(capsys: Capture) -> None:
    with suppress(KeyboardInterrupt), watch_room(make_config(), quiet=False):
        raise KeyboardInterrupt

    assert capsys.readouterr().err == ""


def test_the_room_is_that_of_the_named_folder_and_of_the_limit(tmp_path: Path) -> None:
    named = find_room(RunConfig(memory_bytes=GIB, work_dir=str(tmp_path / "work")))
    unnamed = find_room(RunConfig(memory_bytes=GIB))

    assert (named.folder, named.memory_bytes) == (str(tmp_path / "work"), 0)  # all goes there
    assert named.free_bytes is not None
    assert 0 < unnamed.memory_bytes < GIB
    assert find_room(RunConfig()).memory_bytes < unnamed.machine_bytes


def test_named_files_are_measured_and_those_in_named_folders(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(bytes(100))
    (tmp_path / "shards" / "deep").mkdir(parents=True)
    (tmp_path / "shards" / "b.jsonl").write_bytes(bytes(20))
    (tmp_path / "shards" / "deep" / "c.jsonl").write_bytes(bytes(3))

    named = [str(tmp_path / name) for name in ("a.jsonl", "shards", "none")]

    assert measure_named([*named, "-", "/dev/null"]) == 120
