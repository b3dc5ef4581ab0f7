"""Hold what is to be known of each rule; figures come from the settings' defaults.

`dedup explain CODE` prints it, and SARIF carries it.
"""

import re
from dataclasses import dataclass
from typing import Final

from dedup.config import DEFAULTS

_VERIFY: Final = DEFAULTS.verify
_RESTATED: Final = DEFAULTS.restatement
_BOILERPLATE: Final = DEFAULTS.boilerplate
_SHINGLES: Final = f"{DEFAULTS.shingles.kind} {DEFAULTS.shingles.size}-shingles"


@dataclass(frozen=True, slots=True)
class RuleText:
    """What a user wants to know of a rule; lines are parted where they should be."""

    relation: str
    meaning: str
    measure: str
    default: str
    level: str
    example: str
    switch: str

    @property
    def default_level(self) -> str:
        """Give the level without what is said of it: note, warning or error."""
        return re.split(r"\W", self.level, maxsplit=1)[0]


def _switch(code: str, more: str = "") -> str:
    return f"--ignore {code} leaves it out, --select {code} reports it alone{more}"


RULE_TEXTS: Final = {
    "DUP001": RuleText(
        relation="identical",
        meaning="the paragraph has the same text as an earlier one",
        measure="equal fingerprints of the texts, after case, quotes, dashes, line ends and\n"
        "words divided at a line's end are made alike",
        default="always; there is no threshold",
        level="warning: redundant, its group keeps one",
        example='Save the “key” first. / SAVE THE "key" FIRST.',
        switch=_switch("DUP001"),
    ),
    "DUP002": RuleText(
        relation="near-duplicate",
        meaning="the paragraph has the text of another one, lightly edited",
        measure=f"resemblance: of the {_SHINGLES} of both, the share that both have",
        default=f"at least {_VERIFY.min_resemblance:.2f}, which is about one word in ten edited",
        level="warning: redundant, its group keeps one",
        example='"... then run the setup program once as administrator ..." and\n'
        '"... then run the setup program again as administrator ..."',
        switch=_switch(
            "DUP002", "\n--threshold T moves the threshold, --shingles what is compared"
        ),
    ),
    "DUP003": RuleText(
        relation="contained",
        meaning="a shorter paragraph stands, whole or nearly, inside a longer one",
        measure=f"containment: of the shorter's {_SHINGLES}, the share that the longer has",
        default=f"at least {_VERIFY.min_containment:.2f}, where the shorter has at most "
        f"{_VERIFY.max_length_ratio:.2f} of the\nlonger's words",
        level="warning; it joins no group, since the longer one says more",
        example="a summary's sentence pair that was copied out of a long paragraph",
        switch=_switch("DUP003", "\n--containment C moves the threshold"),
    ),
    "DUP004": RuleText(
        relation="rewritten",
        meaning="the paragraph says another one again in other words",
        measure="score R: two thirds the content words of each sentence that one sentence of the\n"
        "other paragraph has, one third the pairs of neighbouring content words; or the Dice\n"
        "coefficient of the content words of both. Pairs are proposed by word pairs that few\n"
        "paragraphs hold",
        default=f"R at least {_RESTATED.min_score:.2f} "
        f"({_RESTATED.min_score * (1 - _RESTATED.long_discount):.2f} from 60 content words on), or "
        f"Dice at\nleast {_RESTATED.min_dice:.2f}; {_RESTATED.strict_score:.2f} and "
        f"{_RESTATED.min_dice * _RESTATED.strict_score / _RESTATED.min_score:.2f} where one of the "
        "two stands in a reference document (as\nfor DUP005), or they are in two languages. Under "
        f"{_RESTATED.min_terms} content words nothing is judged",
        level="warning; it joins no group. Within one document DUP005 decides",
        example='"Engineers must lower the lake before the crack can be filled." and\n'
        '"Before the crack is filled, the lake must be lowered, engineers say."',
        switch=_switch("DUP004", "\n--restate-threshold R moves the threshold"),
    ),
    "DUP005": RuleText(
        relation="restated",
        meaning="the paragraph says again what earlier paragraphs of its document together said",
        measure="score R against all of them: two thirds how much of each sentence one earlier\n"
        "sentence holds, one third the share of word pairs said before; words that the\n"
        "document uses all along count little, numbers double",
        default=f"at least {_RESTATED.min_score:.2f} "
        f"({_RESTATED.min_score * (1 - _RESTATED.long_discount):.2f} from 60 content words on); "
        f"{_RESTATED.strict_score:.2f} in reference\ndocuments (more than "
        f"{_RESTATED.reference_paragraphs} paragraphs, or over {_RESTATED.reference_share:.0%} "
        "tables and code). Lists,\ntables and code are not judged, nor what has other numbers",
        level="warning: padding; with --sensitive a note for what comes near",
        example="the fourth paragraph of a story that sums up its first two",
        switch=_switch(
            "DUP005",
            "\n--restate-threshold R moves the threshold, --strict asks for the higher one",
        ),
    ),
    "DUP006": RuleText(
        relation="variant",
        meaning="the paragraph has another's words, but other numbers or dates",
        measure="words of a near-duplicate pair are aligned; a number, ordinal, month, weekday or\n"
        "quarter that stands where another one stands is a conflict",
        default="two conflicts, or one where at least "
        f"{_VERIFY.alike_share:.0%} of the words match",
        level="note: other facts, so neither is redundant",
        example='"Sales rose by 3.2 % in the first quarter ..." and\n'
        '"Sales rose by 5.9 % in the third quarter ..."',
        switch=_switch("DUP006", "\n--no-slot-guard calls such pairs near-duplicates"),
    ),
    "DUP007": RuleText(
        relation="boilerplate",
        meaning="the same text stands on many pages that otherwise differ, short texts included",
        measure="equal fingerprints; documents most of whose words recur are copies as a whole\n"
        "and do not count",
        default=f"in at least {_BOILERPLATE.min_documents} documents that are at least "
        f"{_BOILERPLATE.min_share:.0%} of those in\nthe folder or file that holds them all",
        level="note, once for each text; the others of its places join no group",
        example='"This page is part of the manual of version 3." at the foot of every page',
        switch=_switch("DUP007", "\n--boilerplate N moves the number of documents"),
    ),
    "DUP900": RuleText(
        relation="unreadable input",
        meaning="a source or a record could not be read, so it was not compared",
        measure="the reader: bytes that are no UTF-8, JSON that is broken, a text that is missing",
        default="the run stops with exit status 2",
        level="error",
        example="records.jsonl:3 is cut off inside a string",
        switch="--skip-errors goes on without it, and names it at the end;\n" + _switch("DUP900"),
    ),
}
