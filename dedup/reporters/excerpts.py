"""Choose what a report for people shows of a text: a beginning and an end, or what differs.

Comes in: texts as their documents have them. Goes out: segments, each one harmless line.
"""

from dataclasses import dataclass, replace
from enum import Enum
from typing import Final

from dedup.evidence import Difference, DifferenceKind, find_differences
from dedup.reporters.escapes import fold_lines
from dedup.reporters.phrases import count
from dedup.text import tokenize_with_spans
from dedup.values import Value

ELLIPSIS: Final = "…"
# A text is shown whole up to ten lines of a terminal: 100 words of English.
_WHOLE_CHARACTERS: Final = 700
_HEAD_CHARACTERS, _TAIL_CHARACTERS = 400, 200
# A run of words is shown whole up to 12 where the text compared with is shown too, else up to 62.
_CONTEXT_WORDS: Final = 5
_WIDE_CONTEXT_WORDS: Final = 30
_WORD_CHARACTERS: Final = 20  # a longer word next to what is left out may be shown in part


class Mark(Enum):
    """What a segment is to the reader."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"
    ASIDE = "aside"
    SHARED = "shared"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Segment(Value):
    """A stretch of a line and what it is; ASIDE is the report's own voice."""

    mark: Mark
    text: str

    @property
    def signed(self) -> str:
        """Give the text with the signs that tell its mark where there is no colour."""
        if self.mark is Mark.REMOVED:
            return f"[-{self.text}-]"
        if self.mark is Mark.SHARED:
            return f"[={self.text}=]"
        return f"{{+{self.text}+}}" if self.mark is Mark.ADDED else self.text


def excerpt(text: str, n_words: int) -> tuple[Segment, ...]:
    """Give a text, without its middle where it is long.

    Args:
        text: A paragraph.
        n_words: Its number of words, which is known before it is cut into words again.
    """
    if len(text) <= _WHOLE_CHARACTERS:
        return (Segment(Mark.SAME, fold_lines(text).strip()),)
    head, n_head = _head(text, _HEAD_CHARACTERS, n_words)
    tail, n_tail = _tail(text, _TAIL_CHARACTERS, n_words)
    left_out = count(max(1, n_words - n_head - n_tail), "word")
    return (
        Segment(Mark.SAME, fold_lines(head).lstrip()),
        Segment(Mark.ASIDE, f" {ELLIPSIS} {left_out} left out {ELLIPSIS} "),
        Segment(Mark.SAME, fold_lines(tail).rstrip()),
    )


def _head(text: str, n_characters: int, n_words: int) -> tuple[str, int]:
    """Give the first words of a text up to a length, and their number; the last may be cut."""
    window = text[:n_characters]
    spans = tokenize_with_spans(window)
    whole = spans[: max(1, min(n_words, len(spans) - 1))]  # the window's end may cut a word
    return (window[: whole[-1][2]], len(whole)) if whole else (window, 0)


def _tail(text: str, n_characters: int, n_words: int) -> tuple[str, int]:
    """Give the last words of a text and what follows them; the first may be cut."""
    window = text[-n_characters:]
    spans = tokenize_with_spans(window)
    whole = spans[-max(1, min(n_words, len(spans) - 1)) :]
    return (window[whole[0][1] :], len(whole)) if whole else (window, 0)


def mark_differences(left: str, right: str) -> tuple[Segment, ...]:
    """Give what differs in the right text from the left one, for who has the left one in view.

    Args:
        left: The text compared with.
        right: The text to show: of its unchanged words only those next to a change.

    Returns:
        Segments in reading order; none where no word differs.
    """
    return _mark_runs(find_differences(left, right), (left, right), _CONTEXT_WORDS)


def mark_text(left: str, right: str, *, is_inside: bool) -> tuple[Segment, ...]:
    """Give most of the right text and what differs in it, for who has the left one not in view.

    Args:
        left: The text compared with.
        right: The text to show.
        is_inside: What `left` has before and behind `right` is no difference.

    Returns:
        Segments in reading order; none where no word differs.
    """
    runs = find_differences(left, right)
    runs = _trim_outer(runs) if is_inside else runs
    return _mark_runs(runs, (left, right), _WIDE_CONTEXT_WORDS)


def _mark_runs(
    runs: tuple[Difference, ...], texts: tuple[str, str], n_context: int
) -> tuple[Segment, ...]:
    """Mark runs one after another, with the punctuation and blanks between them."""
    if all(run.kind is DifferenceKind.EQUAL for run in runs):
        return ()
    if runs[0].kind is DifferenceKind.UNCOMPARED:
        return (Segment(Mark.ASIDE, "too long to compare word by word"),)
    left, right = texts
    segments: list[Segment] = []
    left_at, right_at = runs[0].left[0], 0
    for run in runs:
        is_edge = run is runs[0], run is runs[-1]
        marked = _mark_run(_Run(run, texts, is_edge, n_context))
        between = right[right_at : run.right[0]] if run.n_right else ""
        between = between or left[left_at : run.left[0]]
        if marked[0].mark is not Mark.ASIDE:
            segments.append(Segment(Mark.SAME, fold_lines(between)))
        segments += marked
        left_at = run.left[1] if run.n_left else left_at
        right_at = run.right[1] if run.n_right else right_at
    if segments[-1].mark is not Mark.ASIDE:
        segments.append(Segment(Mark.SAME, fold_lines(right[right_at:]).rstrip()))
    return tuple(segment for segment in segments if segment.text)


def _trim_outer(runs: tuple[Difference, ...]) -> tuple[Difference, ...]:
    """Leave out what the left side alone has at either end."""
    kept = list(runs)
    for end in (0, -1):
        if kept and kept[end].kind is DifferenceKind.REMOVED:
            del kept[end]
        elif kept and kept[end].kind is DifferenceKind.REPLACED:
            place = kept[end].left[
                1 + end
            ]  # next to the neighbour: the first's end, the last's start
            left = (place, place)
            kept[end] = replace(kept[end], kind=DifferenceKind.ADDED, left=left, n_left=0)
    return tuple(kept)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class _Run:
    """A run of words with what decides how much of it is shown."""

    difference: Difference
    texts: tuple[str, str]
    is_edge: tuple[bool, bool]  # first, last
    n_context: int


def _mark_run(run: _Run) -> list[Segment]:
    """Give a run: the right side's words where they are equal, else those of either side."""
    difference = run.difference
    left, right = run.texts[0][slice(*difference.left)], run.texts[1][slice(*difference.right)]
    if difference.kind is DifferenceKind.EQUAL:
        return _shorten_equal(right, run)
    segments = []
    if difference.n_left:
        changed = _shorten_changed(left, difference.n_left, run.n_context)
        segments.append(Segment(Mark.REMOVED, changed))
    if difference.n_right:
        changed = _shorten_changed(right, difference.n_right, run.n_context)
        segments.append(Segment(Mark.ADDED, changed))
    return segments


def _is_short(n_words: int, n_context: int) -> bool:
    """Tell whether leaving out the middle would save next to nothing."""
    return n_words <= 2 * n_context + 2


def _shorten_equal(text: str, run: _Run) -> list[Segment]:
    """Keep of a long unchanged run the few words next to a change."""
    if _is_short(run.difference.n_right, run.n_context):
        return [Segment(Mark.SAME, fold_lines(text))]
    is_first, is_last = run.is_edge
    first, last = _edges(text, run.n_context)
    head, tail = "" if is_first else f"{first} ", "" if is_last else f" {last}"
    segments = [Segment(Mark.SAME, head), Segment(Mark.ASIDE, ELLIPSIS), Segment(Mark.SAME, tail)]
    return [segment for segment in segments if segment.text]


def _shorten_changed(text: str, n_words: int, n_context: int) -> str:
    if _is_short(n_words, n_context):
        return fold_lines(text)
    return f" {ELLIPSIS} ".join(_edges(text, n_context))


def _edges(text: str, n_context: int) -> tuple[str, str]:
    """Give the first few and the last few words of a long run."""
    head, _ = _head(text, n_context * _WORD_CHARACTERS, n_context)
    tail, _ = _tail(text, n_context * _WORD_CHARACTERS, n_context)
    return fold_lines(head), fold_lines(tail)
