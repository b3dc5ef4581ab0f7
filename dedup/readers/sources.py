"""Turn the paths that a user names into an ordered list of sources.

In: files, folders and `-`. Out: each real file once, in the order of the paths' parts, whatever the
order of the arguments. What cannot be read is an `InputError`, or with `skip_errors` a `Problem` at
its place in the order.

Decision (2026-11-23): a file is known by its real path, so a link to a file that is read anyway
adds nothing; of several names the one through fewest links is kept, then the first. Hard links
count as files of their own: nothing tells them from copies, which is what users look for.
"""

import os
import stat
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Final

from dedup.config import ReadersConfig
from dedup.errors import (
    DedupError,
    InputError,
    MissingExtraError,
    UnreadableFormatError,
    give_reason,
)
from dedup.model import ByteArray, Problem
from dedup.readers.contents import looks_like_feed, tell_compression
from dedup.readers.found import FoundFile
from dedup.readers.registry import (
    find_compression,
    find_named_reader,
    find_reader,
    has_reader,
    is_ambiguous,
)
from dedup.values import Value

STDIN: Final = "-"
_PACKING_RATIO: Final = 5  # plain text, gzip -6: 3 to 6; only the choice of the engine hangs on it


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Source(Value):
    """A file to read, or standard input.

    Attributes:
        name: What the user calls it; always printable as UTF-8.
        format: The name of its reader.
        compression: How its bytes are packed, a name in `COMPRESSIONS`; '' where they are not.
        path: Where it is; None for standard input.
        content: All of standard input; None for a file.
    """

    name: str
    format: str
    compression: str
    path: str | None
    content: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Piece:
    """A part of a source that can be parsed apart from the others.

    Attributes:
        path: The source's name.
        format: The name of its reader.
        data: Its bytes, decompressed, with at least PADDING bytes behind the first `size`.
        size: How many bytes of `data` are the piece.
        first_line: The source's line on which it begins, from 1.
        head: Bytes of the source before this piece that belong to no piece, as a byte order mark.
    """

    path: str
    format: str
    data: ByteArray
    size: int
    first_line: int = 1
    head: bytes = b""


@dataclass(slots=True, eq=False, repr=False)
class _Search:
    """What was found so far: the best name for each real file, and what has its place already."""

    config: ReadersConfig
    found: dict[str, FoundFile] = field(default_factory=dict)
    sources: list[Source | Problem] = field(default_factory=list)

    def add(self, file: FoundFile) -> None:
        """Keep a file unless it has a better name already."""
        known = self.found.get(file.real)
        if known is None or file.rank < known.rank:
            self.found[file.real] = file

    def refuse(self, error: InputError | UnreadableFormatError, path: str) -> None:
        """Raise the error, or note it where errors are skipped."""
        if not self.config.skip_errors:
            raise error
        self.sources.append(make_problem(error, path))


def make_problem(error: DedupError, path: str) -> Problem:
    """Turn the error that a source was skipped for into what the report says of it."""
    if isinstance(error, InputError):
        return Problem(error.path, error.line, error.problem)
    return Problem(show_path(path), None, str(error))


def show_path(path: str) -> str:
    r"""Give a path as text that UTF-8 can hold: undecodable bytes as `\xe9`, the rest as it is."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def find_sources(
    paths: Iterable[Path | str], config: ReadersConfig
) -> tuple[Source | Problem, ...]:
    """Find the sources that the paths name, in input order.

    Files are taken as they are; folders are walked, with `.gitignore` respected, hidden entries
    left out and files of unknown ending too, `.xml` and `.json` unless they begin as a feed; `-`
    is standard input, read here and only once.

    Args:
        paths: In any order; a file named twice is read once.
        config: `input_format` is read for all, `stdin_filename` names and orders standard input.

    Returns:
        A source each, and with `skip_errors` a problem in place of each that cannot be read.

    Raises:
        InputError: A path does not exist or a folder cannot be read.
        UnreadableFormatError: No reader knows the ending of a file named by hand.
        SettingError: `input_format` names no format.
    """
    if config.input_format is not None:
        find_named_reader(config.input_format)
    names = {os.fspath(path) for path in paths}
    search = _Search(config)
    _search_paths(sorted(names - {STDIN}), search)
    if STDIN in names:
        search.found.pop(os.path.realpath(config.stdin_filename), None)
        try:
            search.sources.append(read_stdin(config))
        except InputError as error:
            search.refuse(error, config.stdin_filename)
    search.sources += [_source_of(file, config) for file in search.found.values()]
    return sort_sources(search.sources)


def sort_sources(sources: Iterable[Source | Problem]) -> tuple[Source | Problem, ...]:
    """Give sources in input order: by the parts of their paths."""
    return tuple(sorted(sources, key=_input_order))


def _search_paths(names: list[str], search: _Search) -> None:
    """Add what paths other than `-` name: files as they are, folders with what is below them."""
    folders = []
    for name in names:
        path = str(Path(name))
        try:
            is_folder = stat.S_ISDIR(os.stat(name).st_mode)  # noqa: PTH116 -- keeps `name` as it is
        except (OSError, ValueError) as error:
            search.refuse(cannot_read(path, error), path)
            continue
        if is_folder:
            folders.append(path)
        else:
            _add_file(path, search)
    if folders:
        _search_folders(folders, search)


def _search_folders(folders: list[str], search: _Search) -> None:
    from dedup.readers.walk import (  # noqa: PLC0415 -- 3 ms that named files do not pay
        UnreadableFolder,
        walk_folders,
    )

    exclude = search.config.exclude
    for found in walk_folders(folders, exclude, search.config.exclude_folder):
        if isinstance(found, UnreadableFolder):
            search.refuse(cannot_read(found.folder, found.error), found.folder)
        elif has_reader(PurePath(found.path).name) or _is_feed(found, search.config):
            search.add(found)


def _is_feed(file: FoundFile, config: ReadersConfig) -> bool:
    """Say whether a file of a walk whose ending leaves it open is a feed; looks into it.

    One that cannot be read is taken for what most of its kind are: no feed, and nothing of ours.
    """
    if not is_ambiguous(PurePath(file.path).name) or config.input_format not in (None, "feed"):
        return False
    from dedup.readers.streams import read_head  # noqa: PLC0415 -- it opens what is made here

    try:
        return looks_like_feed(read_head(_source_of(file, config), config))
    except (InputError, MissingExtraError):
        return False


def _add_file(path: str, search: _Search) -> None:
    try:
        find_reader(Path(show_path(path)), search.config.input_format)
    except UnreadableFormatError as error:
        search.refuse(error, path)
    else:
        search.add(FoundFile(path, os.path.realpath(path), n_links=0))


def cannot_read(path: str, error: Exception) -> InputError:
    """Say what the system said of a path that cannot be read."""
    remedy = "Check the name and its permissions, or leave it out with --skip-errors."
    return InputError(show_path(path), None, give_reason(error), remedy)


def _source_of(file: FoundFile, config: ReadersConfig) -> Source:
    path = Path(file.path)
    reader = find_reader(path, config.input_format)
    return Source(show_path(file.path), reader.name, find_compression(path.name), file.path)


def _input_order(source: Source | Problem) -> tuple[tuple[str, ...], str]:
    name = source.name if isinstance(source, Source) else source.path
    return PurePath(name).parts, name


def read_stdin(config: ReadersConfig) -> Source:
    """Read standard input to its end, at most `max_bytes`.

    Its format is that of `stdin_filename`'s ending, else text; how it is packed say its first
    bytes. It takes the place of a file of that
    name, so that an editor can hand over what is not saved yet.

    Raises:
        InputError: It is closed, cannot be read or holds more.
    """
    name = config.stdin_filename
    if sys.stdin is None:  # closed before this process began
        remedy = "Pipe the text in, or name a file."
        raise InputError(show_path(name), None, "standard input is closed", remedy)
    try:
        content = sys.stdin.buffer.read(config.max_bytes + 1)
    except (OSError, ValueError) as error:
        raise cannot_read(name, error) from error
    if len(content) > config.max_bytes:
        raise too_large(name, config)
    is_known = has_reader(name) or is_ambiguous(name)
    by_name = find_reader(Path(name), None).name if is_known else "text"
    compression = tell_compression(content[:16])
    return Source(show_path(name), config.input_format or by_name, compression, None, content)


def was_changed(name: str, how: str) -> InputError:
    """Say that somebody wrote to a source while it was read, and how that shows."""
    problem = f"it was changed while it was read: {how}"
    return InputError(show_path(name), None, problem, "Run again when nothing writes to it.")


def too_large(name: str, config: ReadersConfig) -> InputError:
    """Say that a source holds more bytes than the user allows."""
    problem = f"it holds more than {config.max_bytes:,} bytes, unpacked"
    return InputError(show_path(name), None, problem, "Raise --max-bytes if it should be so large.")


def list_present(sources: Iterable[Source | Problem]) -> dict[str, str | None]:
    """Give where each source is, by name; None for standard input."""
    return {source.name: source.path for source in sources if isinstance(source, Source)}


def measure_sources(sources: Iterable[Source | Problem]) -> int:
    """Give about how many bytes there are to read, from the sizes on disk alone."""
    return sum(_measure(source) for source in sources if isinstance(source, Source))


def _measure(source: Source) -> int:
    factor = _PACKING_RATIO if source.compression else 1
    if source.path is None:
        return len(source.content or b"") * factor
    try:
        return Path(source.path).stat().st_size * factor
    except OSError:
        return 0
