"""Say which formats can be written again, and which module does it.

A format is one file in this folder and one row here, under the name its reader has.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import IO, Final, Protocol, cast

from dedup.config import ReadersConfig
from dedup.errors import SettingError
from dedup.readers.sources import Source
from dedup.writers.edits import Cut, Part


class WriterModule(Protocol):
    """What a writer's module holds."""

    def rewrite(
        self, source: Source, parts: Iterable[Part], output: IO[bytes], config: ReadersConfig
    ) -> Iterator[tuple[Part, list[Cut]]]:
        """Write a source again, a part at a time as it is iterated over; gives what was cut.

        Raises:
            InputError: The source cannot be written again, byte for byte, in its encoding.
        """


@dataclass(frozen=True, slots=True)
class Writer:
    """A format that can be written again.

    Attributes:
        name: The format, as its reader is called.
        module: The module that writes it.
        can_mark: Its documents are rows to which columns can be added.
        packs: It writes packed bytes itself where its source is packed.
    """

    name: str
    module: str
    can_mark: bool = False
    packs: bool = False

    def load(self) -> WriterModule:
        """Import the module that writes the format."""
        return cast("WriterModule", import_module(self.module))


_ROWS: Final = (
    Writer("text", "dedup.writers.text"),
    Writer("markdown", "dedup.writers.text"),
    Writer("rst", "dedup.writers.text"),
    Writer("jsonl", "dedup.writers.jsonl", can_mark=True),
    Writer("html", "dedup.writers.html"),
    Writer("feed", "dedup.writers.feed"),
    Writer("csv", "dedup.writers.csv", can_mark=True),
    Writer("tsv", "dedup.writers.csv", can_mark=True),
    Writer("parquet", "dedup.writers.parquet", can_mark=True, packs=True),
    Writer("warc", "dedup.writers.warc", packs=True),
)
WRITERS: Final = {writer.name: writer for writer in _ROWS}


def find_writer(name: str) -> Writer:
    """Find the writer of a format.

    Raises:
        SettingError: The format can be read only.
    """
    if name not in WRITERS:
        message = f"setting input_format is {name!r}: allowed is {' or '.join(WRITERS)}."
        raise SettingError(f"{message} Choose another format.")
    return WRITERS[name]
