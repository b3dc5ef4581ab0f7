"""What stands under a report's name is always a whole report."""

import errno
import io
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

import pytest

from dedup.errors import OutputError, SettingError
from dedup.outcome import Outcome, lay_open
from dedup.report import Report
from dedup.reporters import concise
from dedup.reporters.registry import REPORTERS, load_reporter, write_report


class _Terminal(io.TextIOWrapper):
    """A text stream over bytes whose encoding knows no letter outside Latin-1."""

    def __init__(self, raw: io.BytesIO | io.BufferedWriter) -> None:
        super().__init__(raw, encoding="latin-1")


class _ClosedPipe(io.RawIOBase):
    def writable(self) -> bool:
        return True

    def write(self, _data: object) -> int:
        raise BrokenPipeError(errno.EPIPE, "Broken pipe")


class _FullDevice(io.RawIOBase):
    def writable(self) -> bool:
        return True

    def write(self, _data: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")


def names_in(folder: Path) -> list[str]:
    return [entry.name for entry in folder.iterdir()]


def fail_after_a_line(error: BaseException) -> Iterator[str]:
    yield "first line\n"
    raise error


def render_then(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    def render(outcome: Outcome, terminal: TextIO | None) -> Iterator[str]:
        del outcome, terminal
        return fail_after_a_line(error)

    monkeypatch.setattr(concise, "render", render)


@pytest.mark.parametrize("name", REPORTERS)
def test_every_format_writes_the_same_bytes_to_a_file_and_to_a_pipe(
    name: str, sample_report: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    pipe = io.TextIOWrapper(io.BytesIO(), encoding="ascii")

    write_report(lay_open(sample_report), name, tmp_path / "report")
    write_report(lay_open(sample_report), name, pipe)

    assert isinstance(pipe.buffer, io.BytesIO)
    assert (tmp_path / "report").read_bytes() == pipe.buffer.getvalue()
    assert pipe.buffer.getvalue().decode("utf-8").endswith("\n")


def test_a_format_that_does_not_exist_is_refused_with_those_that_do() -> None:
    with pytest.raises(SettingError, match="'xml': allowed is full or concise or json or jsonl"):
        load_reporter("xml")


def test_a_file_that_stood_there_is_replaced_and_keeps_its_mode(
    sample_report: Report, tmp_path: Path
) -> None:
    path = tmp_path / "report.txt"
    path.write_text("old\n")
    path.chmod(0o640)

    write_report(lay_open(sample_report), "concise", path)

    assert "DUP001" in path.read_text(encoding="utf-8")
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert names_in(tmp_path) == ["report.txt"]


def test_a_new_file_gets_the_mode_of_any_new_file(sample_report: Report, tmp_path: Path) -> None:
    (tmp_path / "other").write_text("")

    write_report(lay_open(sample_report), "concise", tmp_path / "report")

    assert (tmp_path / "report").stat().st_mode == (tmp_path / "other").stat().st_mode


def test_a_link_stays_a_link_and_its_target_is_replaced(
    sample_report: Report, tmp_path: Path
) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "latest").symlink_to(tmp_path / "real" / "report")

    write_report(lay_open(sample_report), "concise", tmp_path / "latest")

    assert (tmp_path / "latest").is_symlink()
    assert "DUP001" in (tmp_path / "real" / "report").read_text(encoding="utf-8")


def test_a_disk_that_fills_up_leaves_what_stood_there(
    sample_report: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("dedup.whole_files.os.fsync", fail)
    path = tmp_path / "report"
    path.write_text("old\n")

    with pytest.raises(OutputError, match="report: No space left on device"):
        write_report(lay_open(sample_report), "json", path)

    assert path.read_text() == "old\n"
    assert names_in(tmp_path) == ["report"]


@pytest.mark.parametrize("error", [KeyboardInterrupt(), ValueError("a bug"), BrokenPipeError()])
def test_a_run_that_is_stopped_leaves_no_half_report(
    error: BaseException,
    sample_report: Report,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    render_then(monkeypatch, error)

    with pytest.raises(type(error)):
        write_report(lay_open(sample_report), "concise", tmp_path / "report")

    assert names_in(tmp_path) == []


@pytest.mark.parametrize("name", ["missing/report", ".", "file/report"])
def test_a_name_that_no_file_can_have_is_an_error_that_says_so(
    name: str, sample_report: Report, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(OutputError, match=r"No such file|Is a directory|Not a directory"):
        write_report(lay_open(sample_report), "concise", tmp_path / name)

    assert names_in(tmp_path) == ["file"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_a_folder_that_may_not_be_written_to_is_an_error(
    sample_report: Report, tmp_path: Path
) -> None:
    tmp_path.chmod(0o555)

    with pytest.raises(OutputError, match="Permission denied"):
        write_report(lay_open(sample_report), "concise", tmp_path / "report")


def test_a_device_is_written_to_and_not_replaced(sample_report: Report) -> None:
    write_report(lay_open(sample_report), "concise", "/dev/null")

    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)


def test_a_dash_is_standard_output(
    sample_report: Report, capsys: pytest.CaptureFixture[str]
) -> None:
    write_report(lay_open(sample_report), "concise", "-")

    assert capsys.readouterr().out.startswith("docs/b.md:7:1: DUP001 identical to docs/a.md:3\n")


def test_a_stream_without_bytes_under_it_gets_text(sample_report: Report) -> None:
    stream = io.StringIO()

    write_report(lay_open(sample_report), "groups", stream)

    assert '"id":"灯台"' in stream.getvalue()


def test_what_was_written_to_the_stream_before_stays_before(sample_report: Report) -> None:
    terminal = _Terminal(io.BytesIO())
    terminal.write("before\n")

    write_report(lay_open(sample_report), "json", terminal)

    assert isinstance(terminal.buffer, io.BytesIO)
    written = terminal.buffer.getvalue().decode("utf-8")
    assert written.startswith("before\n{")
    assert "灯台" in written


def test_a_reader_who_stopped_is_told_apart_from_a_full_disk(sample_report: Report) -> None:
    with pytest.raises(BrokenPipeError):
        write_report(
            lay_open(sample_report), "concise", _Terminal(io.BufferedWriter(_ClosedPipe()))
        )
    with pytest.raises(OutputError, match="No space left on device"):
        write_report(
            lay_open(sample_report), "concise", _Terminal(io.BufferedWriter(_FullDevice()))
        )


def test_a_file_name_that_is_no_utf8_can_be_written(
    sample_report: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(concise, "render", lambda *_: iter(["a\udcff.md:1\n"]))

    write_report(lay_open(sample_report), "concise", tmp_path / "report")

    assert (tmp_path / "report").read_bytes() == b"a\\udcff.md:1\n"


def test_a_long_report_is_not_held_whole(
    sample_report: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[int] = []

    def render(*_: object) -> Iterator[str]:
        for _line in range(40):
            written.append(sum(entry.stat().st_size for entry in tmp_path.iterdir()))
            yield "x" * 10_000

    monkeypatch.setattr(concise, "render", render)
    write_report(lay_open(sample_report), "concise", tmp_path / "report")

    assert written[-1] > 200_000
    assert (tmp_path / "report").stat().st_size == 400_000
