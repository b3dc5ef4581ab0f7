"""Files and folders that appear whole or not at all."""

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from dedup.whole_files import make_folder, replace_file


def write_file(path: Path, error: BaseException | None = None) -> None:
    """Write a file, and fail before its end where an error is given."""
    with replace_file(path) as file:
        file.write(b"half")
        if error is not None:
            raise error


def write_folder(path: Path, error: BaseException | None = None) -> None:
    """Likewise a folder."""
    with make_folder(path) as folder:
        (folder / "one").write_bytes(b"1")
        if error is not None:
            raise error


ERRORS = [KeyboardInterrupt(), ValueError("a bug"), OSError("the disk"), GeneratorExit()]


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("dedup.whole_files.os.fsync", fail)


def test_nothing_has_the_name_before_the_end(tmp_path: Path) -> None:
    with replace_file(tmp_path / "out") as file:
        file.write(b"whole")
        file.flush()
        assert not (tmp_path / "out").exists()

    assert (tmp_path / "out").read_bytes() == b"whole"
    assert names_in(tmp_path) == ["out"]


@pytest.mark.parametrize("error", ERRORS)
@pytest.mark.parametrize("before", [None, b"old"])
def test_an_error_leaves_what_stood_there_and_no_trace(
    error: BaseException, before: bytes | None, tmp_path: Path
) -> None:
    path = tmp_path / "out"
    if before is not None:
        path.write_bytes(before)

    with pytest.raises(type(error)):
        write_file(path, error)

    assert names_in(tmp_path) == ([] if before is None else ["out"])
    assert before is None or path.read_bytes() == before


@pytest.mark.usefixtures("full_disk")
@pytest.mark.parametrize("write", [write_file, write_folder])
def test_a_disk_that_is_full_leaves_nothing(write: Callable[[Path], None], tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No space left"):
        write(tmp_path / "out")

    assert names_in(tmp_path) == []


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o755])
def test_the_mode_of_a_file_stays_and_a_new_one_has_that_of_any_new_file(
    mode: int, tmp_path: Path
) -> None:
    old, new, other = (tmp_path / name for name in ("old", "new", "other"))
    old.write_bytes(b"")
    old.chmod(mode)
    other.write_bytes(b"")

    for path in (old, new):
        with replace_file(path) as file:
            file.write(b"x")

    assert old.stat().st_mode & 0o7777 == mode
    assert new.stat().st_mode == other.stat().st_mode


@pytest.mark.parametrize("is_there", [False, True])
def test_a_link_stays_one_and_its_target_is_written(tmp_path: Path, *, is_there: bool) -> None:
    (tmp_path / "real").mkdir()
    target = tmp_path / "real" / "file"
    if is_there:
        target.write_bytes(b"old")
    (tmp_path / "link").symlink_to(target)

    with replace_file(tmp_path / "link") as file:
        file.write(b"new")

    assert (tmp_path / "link").is_symlink()
    assert target.read_bytes() == b"new"
    assert names_in(tmp_path / "real") == ["file"]


def test_a_name_that_is_linked_twice_is_replaced_and_the_other_keeps_what_it_had(
    tmp_path: Path,
) -> None:
    (tmp_path / "one").write_bytes(b"old")
    (tmp_path / "two").hardlink_to(tmp_path / "one")

    with replace_file(tmp_path / "two") as file:
        file.write(b"new")

    assert (tmp_path / "one").read_bytes() == b"old"
    assert (tmp_path / "two").read_bytes() == b"new"


@pytest.mark.skipif(os.name == "nt", reason="named pipes are of POSIX")
def test_a_pipe_and_a_device_are_written_directly(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)

    with replace_file(tmp_path / "pipe") as file:
        file.write(b"through")
    with replace_file(Path(os.devnull)) as file:
        file.write(b"away")

    assert os.read(reader, 100) == b"through"
    os.close(reader)
    assert names_in(tmp_path) == ["pipe"]


@pytest.mark.parametrize("name", ["no/folder", "."])
def test_what_cannot_be_written_is_an_error_of_the_system(name: str, tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"No such file|directory"), replace_file(tmp_path / name):
        pass

    assert names_in(tmp_path) == []


def test_a_folder_appears_with_all_that_is_in_it(tmp_path: Path) -> None:
    with make_folder(tmp_path / "out") as folder:
        (folder / "sub").mkdir()
        (folder / "sub" / "one").write_bytes(b"1")
        assert not (tmp_path / "out").exists()

    assert (tmp_path / "out" / "sub" / "one").read_bytes() == b"1"
    assert names_in(tmp_path) == ["out"]


@pytest.mark.parametrize("error", ERRORS)
@pytest.mark.parametrize("is_there", [False, True])
def test_an_error_leaves_no_folder(error: BaseException, tmp_path: Path, *, is_there: bool) -> None:
    if is_there:
        (tmp_path / "out").mkdir()

    with pytest.raises(type(error)):
        write_folder(tmp_path / "out", error)

    assert names_in(tmp_path) == (["out"] if is_there else [])
    assert not is_there or names_in(tmp_path / "out") == []


def test_an_empty_folder_is_replaced_and_keeps_its_mode(tmp_path: Path) -> None:
    (tmp_path / "private").mkdir(mode=0o700)
    (tmp_path / "link").symlink_to(tmp_path / "private")

    with make_folder(tmp_path / "link") as folder:
        (folder / "one").write_bytes(b"1")

    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "private").stat().st_mode & 0o7777 == 0o700
    assert names_in(tmp_path / "private") == ["one"]


def test_a_folder_that_was_filled_meanwhile_is_left_alone(tmp_path: Path) -> None:
    def fill(folder: Path) -> None:
        with make_folder(folder) as made:
            (made / "one").write_bytes(b"1")
            folder.mkdir()
            (folder / "other").write_bytes(b"2")

    with pytest.raises(OSError, match="not empty"):
        fill(tmp_path / "out")

    assert names_in(tmp_path) == ["out"]
    assert names_in(tmp_path / "out") == ["other"]
