"""Load the reporter of a format and write what it gives; formats are loaded on use.

A reporter is a module with `render(outcome, terminal)`, which gives the report in pieces: text, or
bytes of UTF-8 where a million lines must be fast. Nothing holds a whole report.
A file is whole or absent (`dedup.whole_files`).
"""

import sys
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import IO, Final, Protocol, TextIO, TypeAlias, cast

from dedup.errors import OutputError, SettingError
from dedup.outcome import Outcome
from dedup.whole_files import replace_file

Piece: TypeAlias = str | bytes

REPORTERS: Final[Mapping[str, str]] = {
    "full": "dedup.reporters.full",
    "concise": "dedup.reporters.concise",
    "json": "dedup.reporters.json",
    "jsonl": "dedup.reporters.jsonl",
    "groups": "dedup.reporters.groups",
    "markdown": "dedup.reporters.markdown",
    "sarif": "dedup.reporters.sarif",
    "github": "dedup.reporters.github",
    "gitlab": "dedup.reporters.gitlab",
    "junit": "dedup.reporters.junit",
    "rdjson": "dedup.reporters.rdjson",
}
_STDOUT: Final = "-"
_MIN_WRITE_BYTES: Final = 1 << 16  # small pieces are joined; a system call a line took 3 times it


class Reporter(Protocol):
    """A module that writes one format."""

    def render(self, outcome: Outcome, terminal: TextIO | None) -> Iterator[Piece]:
        """Give the report in pieces.

        Args:
            outcome: What to write.
            terminal: The stream that the pieces go to, for its width and colours; None for a file.
        """


def load_reporter(format_name: str) -> Reporter:
    """Load the reporter of a format.

    Raises:
        SettingError: No such format.
    """
    if format_name not in REPORTERS:
        raise _refuse(format_name)
    return cast("Reporter", import_module(REPORTERS[format_name]))


def _refuse(format_name: str) -> SettingError:
    return SettingError(
        f"setting output-format is {format_name!r}: allowed is {' or '.join(REPORTERS)}. "
        "Choose another format."
    )


def write_report(outcome: Outcome, format_name: str, destination: str | Path | TextIO) -> None:
    """Write a report in a format, as UTF-8 with Unix line ends.

    Args:
        outcome: What to write.
        format_name: One of `REPORTERS`.
        destination: A file; `-` for standard output; or an open text stream.

    Raises:
        SettingError: No such format.
        OutputError: The file could not be written whole; what stood under its name is untouched.
        BrokenPipeError: Whoever read the output stopped; the caller decides what that means.
    """
    reporter = load_reporter(format_name)
    if destination == _STDOUT:
        destination = sys.stdout
    terminal = None if isinstance(destination, str | Path) else destination
    write_pieces(reporter.render(outcome, terminal), destination)


def write_pieces(pieces: Iterator[Piece], destination: str | Path | TextIO) -> None:
    """Write pieces to a file, whole or not at all, to standard output (`-`) or to a stream.

    Raises:
        OutputError: The file could not be written whole; what stood under its name is untouched.
        BrokenPipeError: Whoever read the output stopped; the caller decides what that means.
    """
    if destination == _STDOUT:
        destination = sys.stdout
    if isinstance(destination, str | Path):
        _write_file(Path(destination), pieces)
    else:
        _write_stream(destination, pieces)


def _write_stream(stream: TextIO, pieces: Iterator[Piece]) -> None:
    """Write to the bytes under a text stream, whose own encoding may not know every letter."""
    name = str(getattr(stream, "name", "the output stream"))
    binary: IO[bytes] | None = getattr(stream, "buffer", None)
    try:
        stream.flush()
        for block in _join_pieces(pieces):
            if binary is None:
                stream.write(block.decode())
            else:
                binary.write(block)
        (binary or stream).flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputError(name, error.strerror or str(error)) from error


def _write_file(path: Path, pieces: Iterator[Piece]) -> None:
    try:
        with replace_file(path) as file:
            file.writelines(_join_pieces(pieces))
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputError(str(path), error.strerror or str(error)) from error


def _join_pieces(pieces: Iterator[Piece]) -> Iterator[bytes]:
    r"""Join pieces to blocks worth a write; a name's odd byte, no UTF-8, becomes `\udc80`."""
    waiting: list[bytes] = []
    size_bytes = 0
    for piece in pieces:
        block = piece if isinstance(piece, bytes) else piece.encode(errors="backslashreplace")
        waiting.append(block)
        size_bytes += len(block)
        if size_bytes >= _MIN_WRITE_BYTES:
            yield b"".join(waiting)
            waiting, size_bytes = [], 0
    yield b"".join(waiting)
