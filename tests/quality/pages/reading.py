"""Read pages as `dedup` does, and cut its blocks out of the source by their lines and columns."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dedup.config import ReadersConfig
from dedup.kernels import load_engine
from dedup.model import BlockKind
from dedup.readers.documents import read_documents
from tests.fuzz.spans import Places, ReadBlock, find_misplaced, list_blocks
from tests.quality.pages.markup import fold_blanks, strip_tags

COMPARED: Final = frozenset({BlockKind.PARAGRAPH, BlockKind.LIST, BlockKind.QUOTE, BlockKind.TEXT})


@dataclass(frozen=True, slots=True)
class ReadPage:
    """A page as it was read: its source, its blocks, and what is wrong with their places."""

    path: Path
    source: str
    blocks: list[ReadBlock]
    problems: list[str]


def read_page(path: Path) -> ReadPage:
    """Read one page."""
    (batch,) = read_documents([path], ReadersConfig(), load_engine("numpy"))
    source = path.read_bytes().decode("utf-8-sig")
    blocks = list_blocks(batch)
    problems = [*find_misplaced(source, batch), *_find_other_texts(source, blocks)]
    return ReadPage(path, source, blocks, problems)


def _find_other_texts(source: str, blocks: list[ReadBlock]) -> Iterator[str]:
    """Say which blocks' texts are not what an independent parser finds in their cuts."""
    places = Places(source)
    for block in blocks:
        cut = strip_tags(places.cut(block))
        if cut != fold_blanks(block.text):
            yield f"{block.start_line}:{block.start_column}: {block.text!r} is cut as {cut!r}"
