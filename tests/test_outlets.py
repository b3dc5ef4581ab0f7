"""All of an output appears at once, or nothing does."""

import sys
from pathlib import Path

import pytest

from dedup.destinations import Destinations
from dedup.errors import OutputError
from dedup.outlets import Output


def names_in(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_files_of_a_folder_and_what_was_removed_appear_together(tmp_path: Path) -> None:
    place = Destinations(None, tmp_path / "out", ("a.md", "b/c/d.md"))
    output = Output(str(tmp_path / "out"), str(tmp_path / "removed"))

    with output.open(place) as opened:
        for number in range(2):
            with opened.open_file(number) as file:
                file.write(b"%d" % number)
        assert opened.removed is not None
        opened.removed.write(b"gone")
        assert not (tmp_path / "out").exists()
        assert not (tmp_path / "removed").exists()

    assert names_in(tmp_path) == ["out/a.md", "out/b/c/d.md", "removed"]
    assert (tmp_path / "out" / "b" / "c" / "d.md").read_bytes() == b"1"


@pytest.mark.parametrize("is_folder", [True, False])
def test_an_error_leaves_nothing(tmp_path: Path, *, is_folder: bool) -> None:
    folder = Destinations(None, tmp_path / "out", ("a.md",))
    place = folder if is_folder else Destinations(str(tmp_path / "out"), None, ())
    output = Output(str(tmp_path / "out"), str(tmp_path / "removed"))

    def write_and_fail() -> None:
        with output.open(place) as opened:
            with opened.open_file(0) as file:
                file.write(b"half")
            assert opened.removed is not None
            opened.removed.write(b"half")
            raise ValueError("a bug")

    with pytest.raises(ValueError, match="a bug"):
        write_and_fail()

    assert list(tmp_path.iterdir()) == []


def test_two_sources_of_one_name_are_an_error_and_no_loss(tmp_path: Path) -> None:
    place = Destinations(None, tmp_path / "out", ("a.md", "a.md"))

    def write_both() -> None:
        with Output(str(tmp_path / "out")).open(place) as opened:
            for number in range(2):
                with opened.open_file(number) as file:
                    file.write(b"x")

    with pytest.raises(OutputError, match=r"cannot write .*out: File exists"):
        write_both()

    assert list(tmp_path.iterdir()) == []


def test_without_a_place_nothing_is_written(tmp_path: Path) -> None:
    with Output(None, str(tmp_path / "removed")).open(None) as opened:
        with opened.open_file(0) as file:
            file.write(b"x")
        assert opened.removed is None

    assert list(tmp_path.iterdir()) == []


def test_standard_output_stays_open(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    with Output("-").open(Destinations("-", None, ())) as opened, opened.open_file(0) as file:
        file.write(b"caf\xe9\0")
    sys.stdout.write("more\n")

    assert capfdbinary.readouterr().out == b"caf\xe9\0more\n"


def test_whoever_stops_reading_is_no_fault_of_the_output() -> None:
    with (
        pytest.raises(BrokenPipeError),
        Output("-").open(Destinations("-", None, ())) as opened,
        opened.open_file(0),
    ):
        raise BrokenPipeError


@pytest.mark.parametrize("name", ["none/out", "none/out/"])
def test_a_folder_that_cannot_be_made_is_an_output_error(name: str, tmp_path: Path) -> None:
    place = Destinations(None, tmp_path / name, ())

    with (
        pytest.raises(OutputError, match=r"cannot write .*none/out.*: No such file"),
        Output(str(tmp_path / name)).open(place),
    ):
        pass
