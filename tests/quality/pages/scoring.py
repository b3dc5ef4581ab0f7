"""Measure what was read of the twenty pages against what a person saw on them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from dedup.config import DEFAULTS
from dedup.model import BlockKind
from tests.fuzz.spans import ReadBlock
from tests.quality.figures import Figure, Row
from tests.quality.pages.reading import COMPARED, ReadPage
from tests.quality.pages.truth import LABELS, Page, Paragraph, hash_words, list_words

_PROSE: Final = frozenset({"content", "boilerplate"})
_COMPARED_WORDS: Final = DEFAULTS.paragraphs.min_words
_ABSENT: Final = "absent"
Pairs = Sequence[tuple[Page, ReadPage]]


def score_pages(pairs: Pairs) -> list[Row]:
    """Give a row for each package and one for all: precision and recall of paragraphs.

    A paragraph is one of content or boilerplate; what is compared and is an item of a list by the
    truth is neither right nor wrong. `placed` is the share of the found whose lines are the
    truth's, or hold them. The second rows are of paragraphs long enough to be compared.
    """
    names = dict.fromkeys(page.package for page, _ in pairs)
    groups = {name: [pair for pair in pairs if pair[0].package == name] for name in names}
    groups["all"] = list(pairs)
    return [_score(name, groups[name], least) for least in (1, _COMPARED_WORDS) for name in groups]


def _score(name: str, pairs: Pairs, least: int) -> Row:
    n_true = n_found = n_placed = n_read = 0
    for page, read in pairs:
        truth = [each for each in page.paragraphs if each.n_words >= least]
        blocks = [block for block in read.blocks if block.kind in COMPARED]
        blocks = [block for block in blocks if len(list_words(block.text)) >= least]
        prose = [each for each in truth if each.label in _PROSE]
        found = list(_match(prose, blocks))
        items = list(_match([each for each in truth if each.label == "list"], blocks))
        n_true += len(prose)
        n_found += len(found)
        n_placed += sum(_holds(block, each) for each, block in found)
        n_read += len(blocks) - len(items)
    figures = {
        "pages": Figure(len(pairs)),
        "paragraphs": Figure(n_true),
        "precision": Figure(divide(n_found, n_read)),
        "recall": Figure(divide(n_found, n_true)),
        "placed": Figure(divide(n_placed, n_found)),
    }
    return Row("paragraphs of 20 pages", name, f"{least}+ words", figures)


def divide(part: int, whole: int) -> float:
    """Give a share; not a number where there is nothing to share."""
    return part / whole if whole else float("nan")


def _match(
    truth: Iterable[Paragraph], blocks: Iterable[ReadBlock]
) -> Iterable[tuple[Paragraph, ReadBlock]]:
    """Pair paragraphs and blocks of one text, each once; those of the same lines first."""
    left: dict[str, list[ReadBlock]] = {}
    for block in blocks:
        left.setdefault(hash_words(block.text), []).append(block)
    for paragraph in truth:
        candidates = left.get(paragraph.digest, [])
        if candidates:
            best = max(candidates, key=lambda block: _holds(block, paragraph))
            candidates.remove(best)
            yield paragraph, best


def _holds(block: ReadBlock, paragraph: Paragraph) -> bool:
    return block.start_line <= paragraph.first_line and paragraph.last_line <= block.end_line


def confuse_labels(pairs: Pairs) -> list[Row]:
    """Give for each label of the truth how many of its paragraphs were read as which kind.

    A paragraph of which no block has the text stands in the smallest block that holds its lines and
    more words, a table's cell in the table; else it is absent.
    """
    counts: dict[str, Counter[str]] = {label: Counter() for label in LABELS}
    for page, read in pairs:
        matched = {
            id(paragraph): block for paragraph, block in _match(page.paragraphs, read.blocks)
        }
        for paragraph in page.paragraphs:
            block = matched.get(id(paragraph)) or _find_holder(paragraph, read.blocks)
            counts[paragraph.label][block.kind.name if block else _ABSENT] += 1
    kinds = [kind.name for kind in BlockKind if any(count[kind.name] for count in counts.values())]
    return [
        Row(
            "labels and kinds", label, "", {kind: Figure(count[kind]) for kind in [*kinds, _ABSENT]}
        )
        for label, count in counts.items()
    ]


def _find_holder(paragraph: Paragraph, blocks: Iterable[ReadBlock]) -> ReadBlock | None:
    holders = [
        block
        for block in blocks
        if _holds(block, paragraph)
        and block.start_line < block.end_line
        and len(list_words(block.text)) > paragraph.n_words
    ]
    return min(holders, key=lambda block: len(block.text), default=None)
