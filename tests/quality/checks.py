"""List the checks of quality, one a set, and run those whose texts are here."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from tests.quality.candidates import LARGE, SMALL, check_candidates
from tests.quality.figures import Row
from tests.quality.padding import check_own_articles, check_padded, check_reference
from tests.quality.paired import (
    check_graded,
    check_own_pairs,
    check_scored,
    check_split_sentences,
    check_verses,
)


@dataclass(frozen=True, slots=True)
class Check:
    """A check of one set.

    Attributes:
        section: Of the table.
        set_name: Of its rows.
        run: Measures; takes the folder `../shared`.
        needs: Paths under that folder without which it cannot run.
        is_large: Run only when asked for, as it takes longer.
    """

    section: str
    set_name: str
    run: Callable[[Path], Iterator[Row]]
    needs: tuple[str, ...] = ()
    is_large: bool = False

    def find_missing(self, shared: Path) -> list[str]:
        """List what the check needs and is not here."""
        return [path for path in self.needs if not (shared / path).exists()]


def _check_anchors(n_paragraphs: int) -> Check:
    sets = ("data/onestop_paragraphs", "data/technical_prose", "bench/natural.jsonl.gz")
    run = partial(check_candidates, n_paragraphs=n_paragraphs)
    name = f"anchors of {n_paragraphs:,}"
    return Check("candidates", name, run, sets, is_large=n_paragraphs == LARGE)


CHECKS: Final = (
    Check("padding", "own articles", check_own_articles),
    Check("padding", "padding_onestop", check_padded, ("data/padding_onestop",)),
    Check("false alarms", "technical_prose", check_reference, ("data/technical_prose",)),
    Check("pairs", "own pairs", check_own_pairs),
    Check("pairs", "onestop_paragraphs", check_graded, ("data/onestop_paragraphs",)),
    Check("pairs", "bible_versions", check_verses, ("data/bible_versions",)),
    Check("pairs", "wikisplit", check_split_sentences, ("data/wikisplit",)),
    *(
        Check("scored pairs", name, partial(check_scored, name=name), (f"data/{name}",))
        for name in ("ja_jsts", "ko_korsts")
    ),
    *map(_check_anchors, (SMALL, LARGE)),
)


def choose_checks(names: Collection[str], *, large: bool) -> list[Check]:
    """Choose checks by section or set; all where none is named."""
    return [
        check
        for check in CHECKS
        if (large or not check.is_large)
        and (not names or check.section in names or check.set_name in names)
    ]
