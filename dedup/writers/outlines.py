"""Say what stands in what: the blocks of a text and the containers around them.

In: a text of a format whose blocks are slices of its source. Out: an `Outline`: by it a writer
sees which containers hold nothing else than what goes, and whether what stays is what it was.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, TypeAlias

Signature: TypeAlias = list[tuple[tuple[str, ...], int, int, bytes]]
RULE: Final = -1  # the kind of a block without text that parts others


@dataclass(frozen=True, slots=True)
class Container:
    """Something that holds blocks, as bytes of the text; `may_empty`: it goes with the last."""

    name: str
    start: int
    end: int
    may_empty: bool = True


@dataclass(frozen=True, slots=True)
class Grammar:
    """What of a line is no content.

    Attributes:
        blank: All of a line, or the part before a block that a line may have of its own.
        residue: What is left of a container that holds nothing: markers and blanks.
    """

    blank: re.Pattern[bytes]
    residue: re.Pattern[bytes]


@dataclass(frozen=True)
class Outline:
    """The blocks of a text in order, not overlapping, and the containers, outer ones first.

    Attributes:
        content: The text in UTF-8.
        starts, ends: Bytes of each block.
        kinds: Its `BlockKind`, or RULE.
        containers: Each within the one before it or behind that.
        grammar: How lines are read; None where all that is no block is blank.
    """

    content: bytes
    starts: Sequence[int]
    ends: Sequence[int]
    kinds: Sequence[int]
    containers: Sequence[Container]
    grammar: Grammar | None

    @cached_property
    def paths(self) -> list[tuple[int, ...]]:
        """Give the containers around each block, outermost first, as places in `containers`."""
        found, open_ones, following = [], list[int](), 0
        for start in self.starts:
            while following < len(self.containers) and self.containers[following].start <= start:
                inner = self.containers[following]
                self._close(open_ones, inner.start)
                open_ones.append(following)
                following += 1
            self._close(open_ones, start)
            found.append(tuple(open_ones))
        return found

    def _close(self, open_ones: list[int], place: int) -> None:
        while open_ones and self.containers[open_ones[-1]].end <= place:
            open_ones.pop()

    def sign(self, blocks: Iterable[int]) -> Signature:
        """Say of some blocks what must stay as it is when the others go.

        Returns:
            For each what it stands in, in how many of these together with the one before it, its
            kind and its text.
        """
        signature: Signature = []
        before: tuple[int, ...] = ()
        for block in blocks:
            path = self.paths[block]
            names = tuple(self.containers[each].name for each in path)
            pairs = zip(before, path, strict=False)
            n_shared = next((n for n, (a, b) in enumerate(pairs) if a != b), None)
            shared = min(len(before), len(path)) if n_shared is None else n_shared
            text = self.content[self.starts[block] : self.ends[block]]
            signature.append((names, shared, self.kinds[block], text))
            before = path
        return signature

    def find_emptied(self, removed: Sequence[int]) -> dict[int, int]:
        """Find the outermost container that holds nothing else than blocks that go.

        Args:
            removed: The blocks that go, sorted.

        Returns:
            For each block that has one, the place of the container.
        """
        emptied: dict[int, int] = {}
        judged: dict[int, bool] = {}
        for block in removed:
            for each in self.paths[block]:
                if each not in judged:
                    judged[each] = self._is_emptied(each, removed)
                if judged[each]:
                    emptied[block] = each
                    break
        return emptied

    def _is_emptied(self, number: int, removed: Sequence[int]) -> bool:
        container = self.containers[number]
        first, last = (bisect_left(self.starts, at) for at in (container.start, container.end))
        low, high = bisect_left(removed, first), bisect_left(removed, last)
        if high - low < last - first or self.grammar is None:
            return False
        behind = bisect_left(self.containers, container.end, key=lambda each: each.start)
        if self._n_lasting[behind] > self._n_lasting[number]:
            return False
        bounds = [container.start]
        for block in range(first, last):
            bounds += (self.starts[block], self.ends[block])
        bounds.append(container.end)
        gaps = zip(bounds[::2], bounds[1::2], strict=True)
        return all(self.grammar.residue.fullmatch(self.content, *gap) for gap in gaps)

    @cached_property
    def _n_lasting(self) -> list[int]:
        """Count, before each container and the end, those that stay in any case.

        One that holds no block to begin with is nothing that a removal empties.
        """
        counts = [0]
        for each in self.containers:
            is_bare = bisect_left(self.starts, each.start) == bisect_left(self.starts, each.end)
            counts.append(counts[-1] + (is_bare or not each.may_empty))
        return counts


class Lines:
    """The lines of an outline's text."""

    def __init__(self, outline: Outline) -> None:
        self._outline, content = outline, outline.content
        ends = (match.end() for match in re.finditer(rb"\r\n|\r|\n", content))
        self.starts = [0, *ends]
        if self.starts[-1] == len(content):
            self.starts.pop()
        self._size = len(content)

    def __len__(self) -> int:
        """Give their number; the last may be without an end."""
        return len(self.starts)

    def find(self, place: int) -> int:
        """Give the line of a byte."""
        return bisect_right(self.starts, place) - 1

    def start(self, line: int) -> int:
        """Give where a line begins; behind the last one, where the text ends."""
        return self.starts[line] if line < len(self.starts) else self._size

    def is_blank(self, line: int) -> bool:
        """Say whether a line holds no part of a block, nor anything else of meaning."""
        start, end = self.start(line), self.start(line + 1)
        outline = self._outline
        block = bisect_right(outline.ends, start)  # the first that ends behind the line's start
        if block < len(outline.starts) and outline.starts[block] < end:
            return False
        grammar = outline.grammar
        return grammar is None or grammar.blank.fullmatch(outline.content, start, end) is not None

    def depth(self, first: int, end: int) -> int:
        """Give the fewest marks of quotes that one of these blank lines has."""
        content = self._outline.content
        lines = ((self.start(line), self.start(line + 1)) for line in range(first, end))
        return min((content.count(b">", *line) for line in lines), default=0)
