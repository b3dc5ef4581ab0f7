"""Write plain text, Markdown and reStructuredText again, without some of their paragraphs.

In: the pieces of a source, each a whole file. Out: its bytes without the paragraphs' lines and the
blank lines that parted them; all other bytes are as they were.

Decision (2026-11-25): the result of the cuts is read again before it is written, where a format
has blocks. A paragraph may part two lists or two blocks of code, or stand above what would be front
matter at the top of the file: where what stays is no longer what it was, the paragraph at fault
stays, and no cut is given for it. To cut it and leave its blank lines helps for none of 11,500
paragraphs of random texts, so that is not tried. Of 6,090 paragraphs of 148 Markdown files 56 stay
(0.9 %), of 1,881 of 149 files of reStructuredText 84 (4.5 %, most because they announce code).
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np

from dedup.config import ReadersConfig
from dedup.model import PADDING, BlockKind
from dedup.readers.encodings import check_utf8
from dedup.writers.edits import Edit, Part, make_rewriter
from dedup.writers.line_cuts import CutPlanner, LineCut
from dedup.writers.markdown_outline import outline_markdown
from dedup.writers.outlines import Outline, Signature
from dedup.writers.rst_outline import outline_rst
from dedup.writers.source_bytes import SourceBytes

_OUTLINES: Final = {"markdown": outline_markdown, "rst": outline_rst}
_MOST_TRIES: Final = 12  # with one cut given up a fault; then two, four, eight
_WINDOW: Final = 16  # blocks behind a fault among which both readings meet again
_Rows: TypeAlias = dict[int, tuple[int, ...]]  # the paragraphs of each block
_OutlineText: TypeAlias = Callable[[bytes], Outline]


def find_edits(part: Part, config: ReadersConfig) -> list[Edit]:
    """Find the bytes of a file that go with its removed paragraphs, in order.

    Raises:
        InputError: Its text, encoded again, does not give its bytes.
        MissingExtraError: It is reStructuredText and docutils is not installed.
    """
    if not len(part.removed):
        return []
    source = SourceBytes(part.raw, check_utf8(part.piece, config), part.piece.path)
    outline_text = _OUTLINES.get(part.piece.format)
    if outline_text is None:
        cuts, rows = _cut_text(part)
    else:
        cuts, rows = _cut_blocks(part, outline_text)
    places = source.find_utf8([place for cut in cuts for place in (cut.start, cut.end)])
    bounds = places.reshape(-1, 2).tolist()
    return [
        Edit(start, end, rows=tuple(row for block in cut.blocks for row in rows[block]))
        for cut, (start, end) in zip(cuts, bounds, strict=True)
    ]


rewrite = make_rewriter(find_edits)


def _cut_text(part: Part) -> tuple[list[LineCut], _Rows]:
    """Cut plain text: its paragraphs are the blocks, and all else is blank."""
    paragraphs = part.paragraphs
    kinds = np.full(len(paragraphs.starts), BlockKind.PARAGRAPH).tolist()
    starts, ends = paragraphs.starts.tolist(), paragraphs.ends.tolist()
    outline = Outline(_content(part), starts, ends, kinds, (), None)
    cuts, _ = CutPlanner(outline).plan(part.removed.tolist())
    return cuts, {row: (row,) for row in part.removed.tolist()}


def _content(part: Part) -> bytes:
    return part.paragraphs.batch.written[:-PADDING].tobytes()


def _cut_blocks(part: Part, outline_text: _OutlineText) -> tuple[list[LineCut], _Rows]:
    """Cut a text of blocks; a block of which some paragraphs stay, stays whole."""
    outline = outline_text(_content(part))
    starts = part.paragraphs.batch.starts
    going: dict[int, list[int]] = {}
    n_there = np.bincount(part.paragraphs.block, minlength=len(starts))
    for row in part.removed.tolist():
        going.setdefault(int(part.paragraphs.block[row]), []).append(row)
    rows = {
        bisect_left(outline.starts, int(starts[block])): tuple(found)
        for block, found in going.items()
        if len(found) == n_there[block]
    }
    return _Attempts(outline, outline_text).find_cuts(rows), rows


@dataclass(slots=True)
class _Attempts:
    """Cuts a text, looks what came of it, and tries again with less."""

    outline: Outline
    outline_text: _OutlineText

    def find_cuts(self, blocks: Iterable[int]) -> list[LineCut]:
        """Find cuts that remove blocks, as many as can go without changing the others."""
        planner = CutPlanner(self.outline)
        removed, n_tries = sorted(blocks), 0
        while removed:
            cuts, stuck = planner.plan(removed)
            if stuck:
                removed = [block for block in removed if block not in stuck]
                continue
            faults = self._find_faults(cuts, removed)
            if not faults:
                return cuts
            n_tries += 1
            n_each = 1 << max(0, n_tries - _MOST_TRIES)
            near = self._list_nearest(faults, cuts, n_each)
            removed = [block for block in removed if block not in near]
        return []

    def _find_faults(self, cuts: Sequence[LineCut], removed: Sequence[int]) -> list[int]:
        """Find the blocks that are no longer what they were, when all cuts are done."""
        parts, done = [], 0
        for cut in cuts:
            parts.append(self.outline.content[done : cut.start])
            done = cut.end
        parts.append(self.outline.content[done:])
        gone = set(removed)
        kept = [block for block in range(len(self.outline.starts)) if block not in gone]
        result = self.outline_text(b"".join(parts))
        found = result.sign(range(len(result.starts)))
        n_blocks = len(self.outline.starts)
        places = _find_differences(self.outline.sign(kept), found)
        return [kept[at] if at < len(kept) else n_blocks for at in places]

    def _list_nearest(
        self, faults: Iterable[int], cuts: Sequence[LineCut], number: int
    ) -> frozenset[int]:
        """List the blocks of the cuts nearest to each fault; of equal ones that before it."""
        firsts = [cut.blocks[0] for cut in cuts]
        nearest = set[int]()
        for fault in faults:
            place = bisect_left(firsts, fault)
            around = range(max(0, place - number), min(len(cuts), place + number))
            near = sorted(around, key=lambda at: _distance(cuts[at], fault))
            nearest.update(near[:number])
        return frozenset(block for at in nearest for block in cuts[at].blocks)


def _distance(cut: LineCut, fault: int) -> tuple[int, bool]:
    return min(abs(block - fault) for block in cut.blocks), cut.blocks[0] > fault


def _find_differences(expected: Signature, found: Signature) -> list[int]:
    """Find where two signatures part, as places in the first; each time they meet again soon."""
    places, left, right = list[int](), 0, 0
    while left < len(expected) or right < len(found):
        if expected[left : left + 1] == found[right : right + 1]:
            left, right = left + 1, right + 1
            continue
        places.append(left)
        meeting = _find_meeting(expected[left : left + _WINDOW], found[right : right + _WINDOW])
        if meeting is None:
            break
        left, right = left + meeting[0], right + meeting[1]
    return places


def _find_meeting(expected: Signature, found: Signature) -> tuple[int, int] | None:
    """Find the nearest places behind a difference from which two blocks are alike again."""
    for distance in range(1, 2 * _WINDOW):
        for left in range(distance + 1):
            right = distance - left
            alike = expected[left : left + 2]
            if len(alike) > 1 and alike == found[right : right + 2]:
                return left, right
    return None
