"""Compare: say how two paragraphs, or those of two files, stand to each other, and why."""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import typer
from rich.console import Console
from rich.text import Text

from dedup.cli.compare_options import CompareOptions
from dedup.cli.measure import Measures, find_partners, measure_pair
from dedup.cli.messages import start_logging
from dedup.cli.settings import make_compare_config
from dedup.cli.verdict import describe_measures
from dedup.config import Config
from dedup.errors import InputError
from dedup.model import Relation
from dedup.pipeline import find_duplicates
from dedup.reporters.excerpts import Mark, mark_text
from dedup.reporters.phrases import count, name_identity, name_place
from dedup.text import tokenize

_STDIN: Final = "-"
_FILE_WIDTH: Final = 80
_LABEL_WIDTH: Final = 23
_DIFFERENCE_INDENT: Final = "      "
_LEAST_SHOWN: Final = 0.2  # of the shorter in the longer; under it every word is a difference
_STYLES: Final = {Mark.SAME: "", Mark.REMOVED: "red", Mark.ADDED: "green", Mark.ASIDE: "dim"}


@dataclass(frozen=True, slots=True)
class Passage:
    """One paragraph of a side, and what it is called."""

    place: str
    text: str


def compare_sides(options: CompareOptions) -> None:
    """Compare the paragraphs of two sides, best partners with each other, and print it.

    Raises:
        DedupError: A setting or an input is not as it must be.
        TyperException: Both sides are standard input, or too long for all pairs.
    """
    start_logging(quiet=options.quiet, verbose=options.verbose)
    config = make_compare_config(options)
    if options.text:
        lefts, rights = [_take_text("A", options.left)], [_take_text("B", options.right)]
    else:
        lefts, rights = _read_sides(options, config)
    console = Console(force_jupyter=False, legacy_windows=False)
    if not console.is_terminal:
        console.width = _FILE_WIDTH
    for line in _lay_out(lefts, rights, config, console):
        console.print(line, soft_wrap=True)
    sys.stdout.flush()


def _take_text(side: str, text: str) -> Passage:
    """Take a typed text as a paragraph."""
    if not tokenize(text):
        problem = f"{side} holds no word to compare: type a text in quotes."
        raise typer.TyperException(problem)
    return Passage("first text" if side == "A" else "second text", text)


def _read_sides(options: CompareOptions, config: Config) -> tuple[list[Passage], list[Passage]]:
    if options.left == options.right == _STDIN:
        problem = "standard input is one text, not both A and B: give one of them as a file."
        raise typer.TyperException(problem)
    lefts, rights = (_read_side(path, config) for path in (options.left, options.right))
    limit = config.bands.all_pairs_up_to
    if len(lefts) + len(rights) > limit:
        problem = f"A and B hold {len(lefts) + len(rights):,} paragraphs, compare takes up to "
        problem += f"{limit:,}: use dedup scan A B --within corpus."
        raise typer.TyperException(problem)
    return lefts, rights


def _read_side(path: str, config: Config) -> list[Passage]:
    """Give the paragraphs of a file that have a word."""
    report = find_duplicates([path], config)
    sizes = report.corpus.tokens.sizes
    passages = []
    for number in range(len(report.corpus)):
        if sizes[number]:
            reference = report.reference(number)
            place = f"{name_place(reference)}{name_identity(reference)}"
            passages.append(Passage(place, report.text(number)))
    if not passages:
        remedy = "Give a file with at least one paragraph."
        raise InputError(path, None, "it holds no paragraph to compare", remedy)
    return passages


def _lay_out(
    lefts: Sequence[Passage], rights: Sequence[Passage], config: Config, console: Console
) -> Iterator[Text]:
    """Give the one pair in full; of many those that stand in a relation, the others in a line."""
    texts = [[passage.text for passage in side] for side in (lefts, rights)]
    if len(lefts) == len(rights) == 1:
        measures = measure_pair(lefts[0].text, rights[0].text, config)
        yield from _describe_pair((lefts[0], rights[0]), measures, config, console)
        return
    found: Counter[str] = Counter()
    partners = find_partners(texts[0], texts[1], config)
    for left, partner in zip(lefts, partners.tolist(), strict=True):
        pair = left, rights[partner]
        measures = measure_pair(left.text, pair[1].text, config)
        found[_name(measures)] += 1
        if measures.relation is Relation.NONE:
            yield _dismiss_pair(pair, measures)
        else:
            yield from _describe_pair(pair, measures, config, console)
        yield Text()
    yield _sum_up(len(lefts), len(rights), found)


def _name(measures: Measures) -> str:
    return "none" if measures.relation is Relation.NONE else measures.relation.label


def _dismiss_pair(pair: tuple[Passage, Passage], measures: Measures) -> Text:
    """Give one line for a paragraph that stands in no relation, with what comes nearest."""
    left, right = pair
    nearest = " shares next to nothing with B"
    if measures.containment:
        nearest = f" resembles {right.place} most, {measures.resemblance:.2f}"
    return Text.assemble(("none", "bold"), ": ", (left.place, "cyan"), nearest)


def _sum_up(n_left: int, n_right: int, found: Mapping[str, int]) -> Text:
    relations = ", ".join(f"{number:,} {name}" for name, number in sorted(found.items()))
    sides = f"{count(n_left, 'paragraph')} of A, each with its best partner of {n_right:,} in B"
    return Text(f"Compared {sides}: {relations}.")


def _describe_pair(
    pair: tuple[Passage, Passage], measures: Measures, config: Config, console: Console
) -> Iterator[Text]:
    """Give the relation, the measures, the reason and the word differences of a pair."""
    left, right = pair
    places = (left.place, "cyan"), " (A) and ", (right.place, "cyan"), " (B)"
    direction = ""
    if measures.relation is Relation.CONTAINED:
        direction = " (A in B)" if measures.n_left < measures.n_right else " (B in A)"
    yield Text.assemble((_name(measures), "bold"), direction, ": ", *places)
    for label, sentence in describe_measures(measures, (left.text, right.text), config):
        wrapped = Text(sentence).wrap(console, max(20, console.width - _LABEL_WIDTH))
        yield from _indent(wrapped, f"  {label}")
    yield from _show_differences(pair, measures, console)


def _indent(lines: Iterable[Text], label: str) -> Iterator[Text]:
    """Put a label before the first line and blanks before the others."""
    for line in lines:
        line.rstrip()
        yield Text(f"{label:<{_LABEL_WIDTH}}").append_text(line)
        label = ""


def _show_differences(
    pair: tuple[Passage, Passage], measures: Measures, console: Console
) -> Iterator[Text]:
    """Give what differs; of a contained pair as it stands in the longer text."""
    is_inside = measures.relation is Relation.CONTAINED
    sides = [("A", pair[0].text), ("B", pair[1].text)]
    if is_inside and measures.n_left < measures.n_right:
        sides.reverse()
    (removed, before), (added, after) = sides
    if measures.containment < _LEAST_SHOWN:
        return
    line = Text()
    for segment in mark_text(before, after, is_inside=is_inside):
        line.append(segment.signed, _STYLES[segment.mark])
    signs = f"[-only in {removed}-], {{+only in {added}+}}" if line else "no word differs"
    yield from _indent([Text(signs)], "  differences")
    if not line:
        return
    for wrapped in line.wrap(console, max(20, console.width - len(_DIFFERENCE_INDENT))):
        wrapped.rstrip()
        yield Text(_DIFFERENCE_INDENT).append_text(wrapped)
