"""Say which formats can be read, and which module reads each.

A format is one file in this folder and one row here. The file has two plain functions, `cut` and
`parse` (see `ReaderModule`); its name stands here as a string, so that what it needs is imported
only when a source of its format is read.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Final, Protocol, cast

from dedup.errors import SettingError, UnreadableFormatError

if TYPE_CHECKING:
    from dedup.config import ReadersConfig
    from dedup.kernels import Engine
    from dedup.model import DocumentBatch
    from dedup.readers.sources import Piece, Source

COMPRESSIONS: Final = {".gz": "gz", ".bz2": "bz2", ".xz": "xz", ".zst": "zst"}
_AMBIGUOUS: Final = (".xml", ".json")  # feeds among much else: a walk looks into them


class ReaderModule(Protocol):
    """What a reader's module holds."""

    def cut(self, source: "Source", config: "ReadersConfig") -> "Iterator[Piece]":
        """Cut a source into pieces that can be parsed apart; called in one thread, in order.

        Raises:
            InputError: The source cannot be read.
        """

    def parse(self, piece: "Piece", config: "ReadersConfig", engine: "Engine") -> "DocumentBatch":
        """Turn a piece into documents; a pure function that may run in any thread.

        Raises:
            InputError: The piece holds what its format does not allow.
        """


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Reader:
    """A format: its name, the endings of its files (lower case) and the module that reads it."""

    name: str
    suffixes: tuple[str, ...]
    module: str

    def load(self) -> ReaderModule:
        """Import the module that reads the format."""
        return cast("ReaderModule", import_module(self.module))


_ROWS: Final = (
    Reader("text", (".txt", ".text"), "dedup.readers.text"),
    Reader("markdown", (".md", ".markdown", ".mdx"), "dedup.readers.markdown"),
    Reader("jsonl", (".jsonl", ".ndjson"), "dedup.readers.jsonl"),
    Reader("html", (".html", ".htm", ".xhtml"), "dedup.readers.html"),
    Reader("feed", (".rss", ".atom", ".rdf", ".feed"), "dedup.readers.feed"),
    Reader("csv", (".csv",), "dedup.readers.csv"),
    Reader("tsv", (".tsv", ".tab"), "dedup.readers.csv"),
    Reader("parquet", (".parquet", ".pq"), "dedup.readers.parquet"),
    Reader("warc", (".warc", ".wet"), "dedup.readers.warc"),
    Reader("rst", (".rst", ".rest"), "dedup.readers.rst"),
)
READERS: Final = {reader.name: reader for reader in _ROWS}
_BY_SUFFIX: Final = {suffix: reader for reader in _ROWS for suffix in reader.suffixes}


def find_reader(path: Path, input_format: str | None) -> Reader:
    """Find the reader of a file, by the format's name where one is given, else by the ending.

    Args:
        path: The file; a `.gz` or the like behind its ending does not count. `.xml` and `.json`
            are read as feeds.
        input_format: A name in `READERS`, or None.

    Raises:
        SettingError: No format has that name.
        UnreadableFormatError: No reader knows the ending.

    >>> find_reader(Path("notes.MD.gz"), None).name
    'markdown'
    """
    if input_format is not None:
        return find_named_reader(input_format)
    if is_ambiguous(path.name):
        return READERS["feed"]
    if not has_reader(path.name):
        raise UnreadableFormatError(path, sorted((*_BY_SUFFIX, *_AMBIGUOUS)))
    return _BY_SUFFIX[_suffix(path.name)]


def find_named_reader(name: str) -> Reader:
    """Find a reader by its format's name.

    Raises:
        SettingError: No format has that name.
    """
    if name in READERS:
        return READERS[name]
    from difflib import get_close_matches  # noqa: PLC0415 -- only a mistake pays for it

    near = get_close_matches(name.lower(), READERS, n=1, cutoff=0.4)
    advice = f"Did you mean '{near[0]}'?" if near else "Choose another value."
    allowed = " or ".join(READERS)
    message = f"setting input_format is {name!r}: allowed is {allowed}. {advice}"
    raise SettingError(message)


def has_reader(name: str) -> bool:
    """Say whether the ending of a file's name says that some reader reads it."""
    return _suffix(name) in _BY_SUFFIX


def is_ambiguous(name: str) -> bool:
    """Say whether the ending of a file's name leaves open if it is a feed.

    >>> is_ambiguous("news.XML.gz"), is_ambiguous("news.rss")
    (True, False)
    """
    return _suffix(name) in _AMBIGUOUS


def find_compression(name: str) -> str:
    """Tell by a file's name how it is packed: a name in `COMPRESSIONS`, '' where it is not.

    >>> find_compression("crawl.jsonl.ZST")
    'zst'
    """
    return COMPRESSIONS.get(PurePath(name.lower()).suffix, "")


def _suffix(name: str) -> str:
    """Give the ending that names the format, in lower case.

    The part before it may be empty for us (`.txt` is a file given by hand), as it is not for
    `pathlib`.
    """
    plain = name.lower()
    packed = find_compression(plain)
    plain = plain.removesuffix(f".{packed}") if packed else plain
    dot = plain.rfind(".")
    return plain[dot:] if dot >= 0 else ""
