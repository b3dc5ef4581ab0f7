"""Hold what a report shows: places, groups with their members, findings, and what was counted."""

from dataclasses import dataclass, replace
from typing import Final

from dedup.model import Relation
from dedup.sources import SentenceSource
from dedup.values import Value

# In these one paragraph says the other again, so that it matters which of them is named.
REWORDED: Final = (Relation.REWRITTEN, Relation.RESTATED)
DIRECTED: Final = (Relation.CONTAINED, Relation.REWRITTEN)
_NOTES: Final = (Relation.VARIANT, Relation.BOILERPLATE)


def usual_level(relation: Relation, *, is_near: bool = False) -> str:
    """Give the level that a relation has where no setting says another.

    Args:
        relation: A relation that has a rule.
        is_near: Whether it comes only near its threshold, which is a note always.
    """
    return "note" if is_near or relation in _NOTES else "warning"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Reference(Value):
    """Where a paragraph stands. Lines and columns from 1, `paragraph` and characters from 0.

    `link` and `title` are the document's own, where its source gives them, else ''.
    """

    document: str | int
    path: str | None
    paragraph: int
    start_line: int
    start_column: int
    end_line: int
    end_column: int
    start_char: int
    end_char: int
    link: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Member(Value):
    """A redundant paragraph: its number in the run, its place, how it stands to its canonical."""

    number: int
    reference: Reference
    relation: Relation
    resemblance: float
    containment: float
    commonness: int


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Group(Value):
    """A canonical and who was verified against it; `least_score` is their least resemblance."""

    group: str
    number: int
    canonical: Reference
    reason: str
    least_score: float
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Recurrence(Value):
    """How often a boilerplate text recurs.

    `n_documents` documents hold it, in `n_paragraphs` places, of the `population` documents under
    `folder`, the smallest folder (or the file) that holds them all; '' for the whole run.
    """

    n_documents: int
    n_paragraphs: int
    population: int
    folder: str


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Finding(Value):
    """One paragraph that says again what others say, with those as its sources, the best first.

    `said` tells, of a restated or rewritten paragraph, who said each of its sentences; `dice` is
    the Dice coefficient of its content terms and its sources'. Of boilerplate the paragraph is the
    one that is kept, its sources are some of the other places, and `recurrence` counts them.
    `is_near` tells what only comes near the threshold (`--sensitive`).

    A check names the new paragraph of a finding. Where that is what an old one says again, the
    finding `is_turned`: the new paragraph is its paragraph, the old one its only source, and `said`
    and the scores are of the source, as they were found.
    """

    rule: str
    relation: Relation
    level: str
    number: int
    reference: Reference
    source_numbers: tuple[int, ...]
    sources: tuple[Reference, ...]
    score: float
    conflicts: int
    fingerprint: str
    said: tuple[SentenceSource, ...] = ()
    dice: float = 0.0
    recurrence: Recurrence | None = None
    is_near: bool = False
    is_turned: bool = False

    @property
    def source_number(self) -> int:
        """Give the number of the best source."""
        return self.source_numbers[0]

    @property
    def source(self) -> Reference:
        """Give the place of the best source."""
        return self.sources[0]


def turn_round(finding: Finding) -> Finding:
    """Give a finding that names its best source, with its own paragraph as the only source.

    One of a directed relation is turned by that, or turned back; all that was measured stays.
    """
    return replace(
        finding,
        number=finding.source_number,
        reference=finding.source,
        source_numbers=(finding.number,),
        sources=(finding.reference,),
        is_turned=finding.relation in DIRECTED and not finding.is_turned,
    )


def turn_back(finding: Finding) -> Finding:
    """Give a finding as it was found: its paragraph is the one that says the other again."""
    return turn_round(finding) if finding.is_turned else finding


def order_of(finding: Finding) -> tuple[str, int, int, str, int]:
    """Give what findings are ordered by: their place, then their rule."""
    place = finding.reference
    return (place.path or "", place.start_line, place.start_column, finding.rule, finding.number)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Counts:
    """What a run left out of a comparison, and how much it compared."""

    n_short: int = 0
    n_empty: int = 0
    n_unique: int = 0
    n_candidates: int = 0
    n_beyond_buckets: int = 0
    n_templates: int = 0
    n_unaligned: int = 0
    n_too_few_terms: int = 0
    n_listed: int = 0
    n_in_large: int = 0
    n_pairs_scored: int = 0
    compared_all_pairs: bool = True
    seconds: tuple[tuple[str, float], ...] = ()
