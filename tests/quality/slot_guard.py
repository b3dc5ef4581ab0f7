"""Measure the slot guard: how many changed facts it catches, how many mere slips it takes for them.

`python -m tests.quality.slot_guard [--shared ../shared] [--paragraphs 8000] [--examples 0]`

Paragraphs of at least 20 words are edited, some in their numbers, some anywhere; only pairs that
stay near-duplicates (word 3-shingles, resemblance >= 0.60) count. The rule is chosen on one half of
the documents and reported on the other, with 95 % intervals over documents.
"""

import argparse
import difflib
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from dedup.config import DEFAULTS
from tests.quality.edits import Editor, count_numbers
from tests.quality.intervals import bootstrap_share
from tests.quality.measured_pairs import Flags, MeasuredPairs, measure_pairs
from tests.quality.shared_texts import (
    SHARED,
    Paragraphs,
    TextPairs,
    pair_scans,
    pair_versions,
    read_natural,
    read_news,
)

SHARES: Final = (0.80, 0.85, 0.88, 0.90, 0.92, 0.94, 0.96, 0.98)
_CHAR_LIMIT: Final = 0.85  # the design's condition, of char-5 resemblance
_CLEAR: Final = 2
_NEAR_BEST: Final = 0.0025
Rule: TypeAlias = Callable[[MeasuredPairs], Flags]
Halves: TypeAlias = tuple["Cases", "Cases"]


@dataclass(frozen=True, slots=True)
class Condition:
    """One way to edit a paragraph, and whether that exchanges facts."""

    name: str
    edit: Callable[[Editor, str], str]
    is_variant: bool
    needs_number: bool


@dataclass(frozen=True, slots=True)
class Cases:
    """The near-duplicate pairs of one condition, measured, with their documents and texts."""

    pairs: MeasuredPairs
    documents: npt.NDArray[np.int64]
    texts: list[tuple[str, str]]

    def take(self, places: npt.NDArray[np.int64]) -> "Cases":
        """Give some of the pairs."""
        texts = [self.texts[place] for place in places]
        return Cases(self.pairs.take(places), self.documents[places], texts)


def _make_slips() -> Iterator[Condition]:
    """Give the edits that change no fact, of any paragraph and of those with a number."""
    for name, edit, share in (
        ("10 % words", Editor.edit_words, 0.10),
        ("1 % OCR", Editor.add_ocr_noise, 0.01),
        ("3 % OCR", Editor.add_ocr_noise, 0.03),
    ):
        slip = partial(edit, share=share)
        yield Condition(name, slip, is_variant=False, needs_number=False)
        yield Condition(f"{name}, with a number", slip, is_variant=False, needs_number=True)


CONDITIONS: Final = (
    Condition("all numbers", Editor.change_all_numbers, is_variant=True, needs_number=True),
    Condition("one number", Editor.change_one_number, is_variant=True, needs_number=True),
    Condition(
        "one number, 5 % words",
        lambda editor, text: editor.edit_words(editor.change_one_number(text), 0.05),
        is_variant=True,
        needs_number=True,
    ),
    *_make_slips(),
)


def _judge(pairs: MeasuredPairs, is_alike: Flags) -> Flags:
    """Take a pair for a variant: two conflicts, or one in a pair otherwise alike."""
    judged: Flags = (pairs.conflicts >= _CLEAR) | ((pairs.conflicts == 1) & is_alike)
    return judged


RULES: Final[Mapping[str, Rule]] = {
    **{
        f"alike >= {share:.2f}": partial(
            lambda pairs, share: _judge(pairs, pairs.alike >= share), share=share
        )
        for share in SHARES
    },
    "char-5 >= 0.85": lambda pairs: _judge(pairs, pairs.char_resemblance >= _CHAR_LIMIT),
    "one conflict": lambda pairs: pairs.conflicts >= 1,
    "two conflicts": lambda pairs: pairs.conflicts >= _CLEAR,
}


def measure_cases(lefts: list[str], rights: list[str], documents: npt.NDArray[np.int64]) -> Cases:
    """Measure pairs and keep the near-duplicates."""
    pairs = measure_pairs(lefts, rights)
    near = np.flatnonzero(pairs.resemblance >= DEFAULTS.verify.min_resemblance)
    return Cases(pairs, documents, list(zip(lefts, rights, strict=True))).take(near)


def split_halves(cases: Cases) -> Halves:
    """Part cases by document: those to tune on, those to report on."""
    names = np.unique(cases.documents)
    tuning = np.random.default_rng(5).permutation(names)[: len(names) // 2]
    is_tuning = np.isin(cases.documents, tuning)
    return cases.take(np.flatnonzero(is_tuning)), cases.take(np.flatnonzero(~is_tuning))


def edit_paragraphs(
    paragraphs: Paragraphs, condition: Condition, editor: Editor, n_paragraphs: int
) -> Cases:
    """Edit a sample of paragraphs and measure each against what it was."""
    fit = np.array(
        [
            place
            for place, text in enumerate(paragraphs.texts)
            if not condition.needs_number or count_numbers(text)
        ]
    )
    size = min(n_paragraphs, len(fit))
    sample = paragraphs.take(np.sort(np.random.default_rng(7).choice(fit, size, replace=False)))
    edited = [condition.edit(editor, text) for text in sample.texts]
    return measure_cases(sample.texts, edited, sample.documents)


def choose_rule(tuning: Mapping[str, tuple[Condition, Cases]]) -> str:
    """Choose the strictest share that is as good as the best, to a quarter of a point.

    Good is the mean of the shares judged rightly, each condition alike. Below 0.90 little changes:
    few near-duplicates match less than that.
    """
    names = [name for name in RULES if name.startswith("alike")]
    rightness = [
        np.mean([np.mean(RULES[name](c.pairs) == way.is_variant) for way, c in tuning.values()])
        for name in names
    ]
    good = [
        name
        for name, right in zip(names, rightness, strict=True)
        if right > max(rightness) - _NEAR_BEST
    ]
    return good[-1]


def tabulate(columns: Mapping[str, Cases], *, intervals: bool) -> Iterator[str]:
    """Give a Markdown table: a rule a row, the share taken for variants in each column."""
    yield "| rule | " + " | ".join(columns) + " |\n"
    yield "|---" * (len(columns) + 1) + "|\n"
    yield "| near-duplicates | " + " | ".join(f"{len(c.texts)}" for c in columns.values()) + " |\n"
    for name, rule in RULES.items():
        cells = [_cell(rule, cases, intervals=intervals) for cases in columns.values()]
        yield f"| {name} | " + " | ".join(cells) + " |\n"


def _cell(rule: Rule, cases: Cases, *, intervals: bool) -> str:
    share, low, high = bootstrap_share(rule(cases.pairs), cases.documents)
    bounds = f" ({100 * low:.1f}-{100 * high:.1f})" if intervals else ""
    return f"{100 * share:.2f}{bounds}"


def describe_case(cases: Cases, place: int) -> str:
    """Show what differs in a pair, on one line."""
    left, right = (text.split() for text in cases.texts[place])
    matcher = difflib.SequenceMatcher(None, left, right, autojunk=False)
    changes = [
        f"{' '.join(left[max(0, a - 1) : b])[:60]} => {' '.join(right[max(0, c - 1) : d])[:60]}"
        for kind, a, b, c, d in matcher.get_opcodes()
        if kind != "equal"
    ]
    pairs = cases.pairs
    figures = f"{pairs.conflicts[place]} conflicts, alike {pairs.alike[place]:.3f}"
    return f"- ({figures}) " + " | ".join(changes)[:300] + "\n"


def list_errors(condition: Condition, cases: Cases, rule: Rule, n_examples: int) -> Iterator[str]:
    """Show some of the pairs that a rule judges wrongly."""
    wrong = np.flatnonzero(rule(cases.pairs) != condition.is_variant)
    yield f"\n{condition.name}: {len(wrong)} of {len(cases.texts)} wrong\n\n"
    for place in np.random.default_rng(1).permutation(wrong)[:n_examples]:
        yield describe_case(cases, int(place))


def report_edits(name: str, paragraphs: Paragraphs, arguments: argparse.Namespace) -> Iterator[str]:
    """Give the tables of one set of paragraphs."""
    vocabulary = [word for text in paragraphs.texts[::10] for word in text.split()]
    editor, halves = Editor(1, vocabulary), {}
    for condition in CONDITIONS:
        cases = edit_paragraphs(paragraphs, condition, editor, arguments.paragraphs)
        halves[condition.name] = (condition, *split_halves(cases))
    tuning = {key: (condition, first) for key, (condition, first, _) in halves.items()}
    chosen = choose_rule(tuning)
    yield f"\n## {name}: half to tune on, % taken for variants; chosen: {chosen}\n\n"
    yield from tabulate({key: cases for key, (_, cases) in tuning.items()}, intervals=False)
    yield f"\n## {name}: the other half, % taken for variants (95 % interval)\n\n"
    yield from tabulate({key: second for key, (_, _, second) in halves.items()}, intervals=True)
    for condition, _, second in halves.values() if arguments.examples else ():
        yield from list_errors(condition, second, RULES[chosen], arguments.examples)


def report_pairs(found: Mapping[str, TextPairs], n_examples: int) -> Iterator[str]:
    """Give the table of pairs that nobody planted; in scans every variant is an error."""
    columns = {
        name: measure_cases(pairs.lefts, pairs.rights, pairs.documents)
        for name, pairs in found.items()
    }
    yield "\n## Real pairs: % taken for variants (95 % interval)\n\n"
    yield from tabulate(columns, intervals=True)
    for name, cases in columns.items() if n_examples else ():
        condition = Condition(name, Editor.change_one_number, is_variant=False, needs_number=False)
        yield from list_errors(condition, cases, RULES["one conflict"], n_examples)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print all tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("--paragraphs", type=int, default=8000, help="sampled for a condition")
    parser.add_argument("--examples", type=int, default=0, help="wrong cases to show of each")
    options = parser.parse_args(arguments)
    for name, read in (("Documentation", read_natural), ("News", read_news)):
        sys.stdout.writelines(report_edits(name, read(options.shared), options))
        sys.stdout.flush()
    found = {"two scans": pair_scans(options.shared), "versions": pair_versions(options.shared)}
    sys.stdout.writelines(report_pairs(found, options.examples))


if __name__ == "__main__":
    main()
