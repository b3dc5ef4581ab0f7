"""Plan which bytes of a text go with its blocks, so that nothing dangles where they stood.

In: an outline and the blocks to remove. Out: the cuts, in order.

Decision (2026-11-25): a block goes with its lines and one of the two runs of blank lines around it,
the one behind where nothing else tells, so that its neighbours stay as far apart as the first was
from it. A container that holds nothing else goes whole. A block that shares its first line with the
marker of a container that stays is cut out up to what follows it there.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dedup.writers.outlines import Lines, Outline


@dataclass(frozen=True, slots=True)
class LineCut:
    """Bytes of the text that go, and the blocks in them."""

    start: int
    end: int
    blocks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Unit:
    """What goes as one: a block, or a container and all its blocks."""

    start: int
    end: int
    blocks: tuple[int, ...]
    holder: int  # the innermost container that stays; -1 where there is none


@dataclass(frozen=True, slots=True)
class _Run:
    """Units with nothing but blank lines between them, which take the lines `first` to `last`."""

    units: tuple[_Unit, ...]
    first: int
    last: int


class CutPlanner:
    """Plans cuts of one text, for one set of blocks after another."""

    def __init__(self, outline: Outline) -> None:
        self._outline, self._lines = outline, Lines(outline)

    def plan(self, removed: Sequence[int]) -> tuple[list[LineCut], frozenset[int]]:
        """Plan the cuts that remove some blocks.

        Args:
            removed: The blocks, sorted.

        Returns:
            The cuts in order, and the blocks that cannot be cut out at all.
        """
        gone = set(removed)
        cuts: list[LineCut] = []
        stuck: set[int] = set()
        whole: list[_Unit] = []
        done = 0  # what a cut within a line has taken already
        for unit in self._list_units(removed):
            if unit.start < done:
                cuts[-1] = LineCut(cuts[-1].start, done, (*cuts[-1].blocks, *unit.blocks))
            elif self._has_own_lines(unit):
                whole.append(unit)
            else:
                end = self._find_next(unit, gone)
                if end is None:
                    stuck.update(unit.blocks)
                    continue
                cuts.append(LineCut(unit.start, end, unit.blocks))
                done = end
        for run in self._list_runs(whole):
            cuts += self._cut_run(run)
        return sorted(cuts, key=lambda cut: cut.start), frozenset(stuck)

    def _list_units(self, removed: Sequence[int]) -> Iterator[_Unit]:
        outline = self._outline
        emptied = outline.find_emptied(removed)
        at = 0
        while at < len(removed):
            block = removed[at]
            blocks = [block]
            container = emptied.get(block)
            path = outline.paths[block]
            at += 1
            if container is None:
                holder = path[-1] if path else -1
                yield _Unit(outline.starts[block], outline.ends[block], (block,), holder)
                continue
            while at < len(removed) and emptied.get(removed[at]) == container:
                blocks.append(removed[at])
                at += 1
            place = path.index(container)
            taken = outline.containers[container]
            content = outline.content[taken.start : taken.end].rstrip()
            holder = path[place - 1] if place else -1
            yield _Unit(taken.start, taken.start + len(content), tuple(blocks), holder)

    def _has_own_lines(self, unit: _Unit) -> bool:
        """Say whether nothing but blanks and marks of quotes precedes a unit on its line."""
        grammar = self._outline.grammar
        start = self._lines.start(self._lines.find(unit.start))
        return (
            grammar is None
            or grammar.blank.fullmatch(self._outline.content, start, unit.start) is not None
        )

    def _find_next(self, unit: _Unit, gone: set[int]) -> int | None:
        """Find what follows a unit that stands behind a marker, within the same container."""
        outline, lines = self._outline, self._lines
        if unit.holder < 0:
            return None
        holder = outline.containers[unit.holder]
        place = lines.find(unit.start)
        width = unit.start - lines.start(place)
        block, line = unit.blocks[-1] + 1, lines.find(unit.end - 1) + 1
        while line < len(lines) and lines.start(line) < holder.end:
            while block in gone and outline.starts[block] < lines.start(line):
                block += 1
            is_gone = block in gone and outline.starts[block] < lines.start(line + 1)
            if is_gone:
                line = lines.find(outline.ends[block] - 1) + 1
                block += 1
            elif lines.is_blank(line):
                line += 1
            else:
                start = lines.start(line)
                head = outline.content[start : min(start + width, lines.start(line + 1))]
                return start + len(head) - len(head.lstrip(b" \t>"))
        return None

    def _list_runs(self, units: Sequence[_Unit]) -> Iterator[_Run]:
        """Put units together that have only blank lines between them."""
        lines, at = self._lines, 0
        while at < len(units):
            first, last = lines.find(units[at].start), lines.find(units[at].end - 1)
            end = at + 1
            while end < len(units) and self._skip_blank(last + 1) >= lines.find(units[end].start):
                last = lines.find(units[end].end - 1)
                end += 1
            yield _Run(tuple(units[at:end]), first, last)
            at = end

    def _skip_blank(self, line: int) -> int:
        while line < len(self._lines) and self._lines.is_blank(line):
            line += 1
        return line

    def _cut_run(self, run: _Run) -> Iterator[LineCut]:
        """Cut a run with the blank lines that go with it, a cut for each unit."""
        lines = self._lines
        first, end = self._widen(run)
        places = [lines.start(lines.find(unit.start)) for unit in run.units]
        bounds = [lines.start(first), *places[1:], lines.start(end)]
        for number, unit in enumerate(run.units):
            yield LineCut(bounds[number], bounds[number + 1], unit.blocks)

    def _widen(self, run: _Run) -> tuple[int, int]:
        """Give the first line of a run and the one behind it, blank lines that go included."""
        lines = self._lines
        after = self._skip_blank(run.last + 1)
        before = run.first
        while before and lines.is_blank(before - 1):
            before -= 1
        has_above, has_below = before > 0, after < len(lines)
        if not has_above:
            return run.first if has_below else before, after
        if not has_below or not self._keeps_above(before, run, after):
            return before, run.last + 1
        return run.first, after

    def _keeps_above(self, before: int, run: _Run, after: int) -> bool:
        """Say whether the blank lines above a run stay; else those below it do."""
        if before == run.first or after == run.last + 1:
            return before < run.first
        return self._lines.depth(before, run.first) <= self._lines.depth(run.last + 1, after)
