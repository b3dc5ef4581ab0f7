"""Write a page again without the elements that hold nothing but what was found redundant.

In: a page and the blocks to remove. Out: the stretches of markup to cut; everything else stays byte
for byte.

Decision (2026-11-25): what goes is the largest of the elements around a block that hold nothing but
blanks, line breaks and what goes as well; an image or anchor inside goes with it. Cells, the page's
own parts and terms of a list stay, empty. Text that stands loose beside other text goes alone, with
the `<br>`s behind it, and keeps tags that are opened or closed elsewhere. What is left is read
again: where its blocks are not just the others, because of tags that nobody closed, say, the cuts
are halved until the one at fault is found, and its blocks stay.
"""

from collections.abc import Collection, Iterator
from typing import Final, TypeAlias

from dedup.config import ReadersConfig
from dedup.model import BlockKind
from dedup.readers.batches import pad
from dedup.readers.html import decode_page
from dedup.readers.html_blocks import HtmlBlock, HtmlPage, read_page
from dedup.readers.sources import Piece
from dedup.writers.edits import Edit, Part, make_rewriter
from dedup.writers.html_stretches import find_stretches
from dedup.writers.source_bytes import SourceBytes

PageCut: TypeAlias = tuple[int, int, tuple[int, ...]]
"""Where a stretch of markup begins and ends, in characters, and the rows of the blocks in it."""
_MOST_READINGS: Final = 64  # of what is left; what is unproven then stays in


def _find_edits(part: Part, config: ReadersConfig) -> Iterator[Edit]:
    if not len(part.removed):
        return
    piece = Piece(part.piece.path, part.piece.format, pad(part.raw), len(part.raw))
    source = SourceBytes(part.raw, decode_page(piece, config), piece.path)
    rows = {int(part.paragraphs.block[row]): int(row) for row in part.removed}
    cuts = find_cuts(read_page(source.text), rows)
    places = source.find_chars([place for start, end, _ in cuts for place in (start, end)])
    for row, (_, _, blocks) in enumerate(cuts):
        start, end = int(places[2 * row]), int(places[2 * row + 1])
        yield Edit(start, end, rows=tuple(rows[block] for block in blocks))


rewrite = make_rewriter(_find_edits)


def find_cuts(page: HtmlPage, removed: Collection[int]) -> list[PageCut]:
    """Find what to cut out of a page so that some of its blocks are gone and no others change.

    Args:
        page: The page, as `read_page` gave it.
        removed: Rows of its blocks.

    Returns:
        The cuts in order, not overlapping. A block that is in none of them cannot be cut without
        a change to another one.
    """
    stretches = find_stretches(page, sorted(removed))
    return _Proof(page).keep_sound([(part.start, part.end, tuple(part.rows)) for part in stretches])


class _Proof:
    """Keeps the cuts after which a page has the blocks that it should have."""

    def __init__(self, page: HtmlPage) -> None:
        self._page = page
        self._n_left = _MOST_READINGS

    def keep_sound(self, cuts: list[PageCut]) -> list[PageCut]:
        """Give the cuts that change no other block, by halves."""
        if not cuts or self._is_sound(cuts):
            return cuts
        if len(cuts) == 1:
            return []
        half = len(cuts) // 2
        before, behind = self.keep_sound(cuts[:half]), self.keep_sound(cuts[half:])
        return before + behind if self._is_sound(before + behind) else before

    def _is_sound(self, cuts: list[PageCut]) -> bool:
        """Say whether the page without these cuts has all blocks but theirs, and those alone."""
        if self._n_left == 0:
            return False
        self._n_left -= 1
        gone = {row for _, _, rows in cuts for row in rows}
        left = [_show(block) for row, block in enumerate(self._page.blocks) if row not in gone]
        parts, done = [], 0
        for start, end, _ in cuts:
            parts.append(self._page.markup[done:start])
            done = end
        page = read_page("".join((*parts, self._page.markup[done:])))
        return [_show(block) for block in page.blocks] == left


def _show(block: HtmlBlock) -> tuple[BlockKind, str]:
    """Give what must stay of a block; a cell's prose may be less now than makes it prose."""
    kind = BlockKind.PARAGRAPH if block.kind is BlockKind.TABLE else block.kind
    return kind, block.text
