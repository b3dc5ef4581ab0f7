"""Read the parts of a saved run: its documents and paragraphs, and what was found in them."""

from dataclasses import dataclass, fields, replace
from typing import Final, cast, get_args

from dedup.config.gate import FAIL_LEVELS
from dedup.findings import (
    DIRECTED,
    REWORDED,
    Counts,
    Finding,
    Group,
    Member,
    Recurrence,
    Reference,
)
from dedup.model import Head, Problem, Relation
from dedup.outcome import Judgement, Suppression, SuppressionKind
from dedup.quotations import Evidence, Quotation
from dedup.report import RULE_OF
from dedup.runs import DocumentRow
from dedup.saved.fields import Fields
from dedup.sources import SentenceSource

_RELATIONS: Final = {relation.label: relation for relation in Relation if relation in RULE_OF}
_JOINING: Final = (Relation.IDENTICAL, Relation.NEAR_DUPLICATE)
_NOWHERE: Final = Reference("", None, 0, 0, 0, 0, 0, 0, 0)
_HEAD: Final = tuple(field.name for field in fields(Head))


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Paragraph:
    """A paragraph that something in the run names."""

    reference: Reference
    n_words: int
    key: str
    text: str


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class FoundRow:
    """A finding, and of a restated or rewritten one its evidence."""

    finding: Finding
    evidence: Evidence | None


def read_counts(summary: Fields) -> Counts:
    """Read what a comparison left out, and how much it compared."""
    compared, skipped = summary.part("compared"), summary.part("skipped")
    return Counts(
        n_short=skipped.integer("short"),
        n_empty=skipped.integer("empty"),
        n_unique=compared.integer("unique"),
        n_candidates=compared.integer("candidates"),
        n_beyond_buckets=skipped.integer("beyond_buckets"),
        n_templates=skipped.integer("template_buckets"),
        n_unaligned=skipped.integer("unaligned"),
        n_too_few_terms=skipped.integer("too_few_terms"),
        n_listed=skipped.integer("lists_tables_code"),
        n_in_large=skipped.integer("large_documents"),
        n_pairs_scored=compared.integer("pairs_scored"),
        compared_all_pairs=compared.flag("all_pairs"),
    )


def read_document(row: Fields) -> DocumentRow:
    """Read what a report says of one document. Its id may be any JSON that its source had."""
    head = {name: row.text(name) for name in _HEAD if row.has(name)}
    return DocumentRow(
        document=row.take("document"),
        path=row.text_or_none("path"),
        head=Head(**head),
        n_paragraphs=row.integer("paragraphs"),
        n_words=row.integer("words"),
        padding_ratio=row.share_or_none("padding_ratio"),
    )


def read_problem(row: Fields) -> Problem:
    """Read a problem or a remark."""
    return Problem(row.text("path"), row.integer_or_none("line"), row.text("message"))


def read_paragraph(row: Fields) -> Paragraph:
    """Read a paragraph."""
    reference = Reference(
        document=row.take("document"),
        path=row.text_or_none("path"),
        paragraph=row.integer("paragraph"),
        start_line=row.integer("start_line"),
        start_column=row.integer("start_column"),
        end_line=row.integer("end_line"),
        end_column=row.integer("end_column"),
        start_char=row.integer("start_char"),
        end_char=row.integer("end_char"),
        link=row.text("link") if row.has("link") else "",
        title=row.text("title") if row.has("title") else "",
    )
    return Paragraph(reference, row.integer("words"), row.text("key"), row.text("text"))


class PartReader:
    """Reads what names paragraphs, and sees that those are there."""

    def __init__(self, paragraphs: dict[int, Paragraph]) -> None:
        """Read parts of a run whose named paragraphs are these, by number."""
        self._paragraphs = paragraphs

    def _find(self, row: Fields, number: int) -> Paragraph:
        if number not in self._paragraphs:
            raise row.refuse(f"paragraph {number} is named but not among its paragraphs")
        return self._paragraphs[number]

    def read_group(self, row: Fields) -> Group:
        """Read a group; it has a member at least."""
        number, members = row.integer("number"), row.parts("members")
        if not members:
            raise row.refuse("one of its groups has no member")
        return Group(
            group=row.text("group"),
            number=number,
            canonical=self._find(row, number).reference,
            reason=row.text("reason"),
            least_score=row.share("least_score"),
            members=tuple(map(self._read_member, members)),
        )

    def _read_member(self, row: Fields) -> Member:
        number, relation = row.integer("number"), _RELATIONS[row.choice("relation", _RELATIONS)]
        if relation not in _JOINING:
            raise row.refuse(f"{relation.label} paragraphs join no group, but one does")
        return Member(
            number=number,
            reference=self._find(row, number).reference,
            relation=relation,
            resemblance=row.share("resemblance"),
            containment=row.share("containment"),
            commonness=row.integer("commonness"),
        )

    def read_finding(self, row: Fields) -> FoundRow:
        """Read a finding; it has a source at least."""
        relation = _RELATIONS[row.choice("relation", _RELATIONS)]
        number, source_numbers = row.integer("number"), row.integers("source_numbers")
        if not source_numbers:
            raise row.refuse("one of its findings has no source")
        is_turned = _read_turned(row, relation, len(source_numbers))
        whose = source_numbers[0] if is_turned else number
        evidence = self._read_evidence(row, whose) if relation in REWORDED else None
        quotations = () if evidence is None else evidence.quotations
        finding = Finding(
            rule=row.choice("rule", [RULE_OF[relation]]),
            relation=relation,
            level=row.choice("level", FAIL_LEVELS),
            number=number,
            reference=self._find(row, number).reference,
            source_numbers=source_numbers,
            sources=tuple(self._find(row, source).reference for source in source_numbers),
            score=row.share("score"),
            conflicts=row.integer("conflicts"),
            fingerprint=row.text("fingerprint"),
            said=tuple(quotation.source for quotation in quotations),
            dice=0.0 if evidence is None else row.share("dice"),
            recurrence=_read_recurrence(row) if relation is Relation.BOILERPLATE else None,
            is_near=evidence is not None and row.flag("is_near"),
            is_turned=is_turned,
        )
        return FoundRow(finding, evidence)

    def _read_evidence(self, row: Fields, number: int) -> Evidence:
        size = len(self._find(row, number).text)
        return Evidence(
            quotations=tuple(self._read_quotation(each, size) for each in row.parts("evidence")),
            new=row.texts("new"),
            unsaid=row.integers("new_sentences"),
            n_terms=row.integer("terms"),
        )

    def _read_quotation(self, row: Fields, size: int) -> Quotation:
        number = row.integer("source_number")
        source_size = len(self._find(row, number).text)
        source = SentenceSource(
            sentence=row.integer("sentence_number"),
            number=number,
            source_sentence=row.integer("source_sentence_number"),
            share=row.share("containment"),
            is_second=row.flag("adds_to_first"),
        )
        return Quotation(
            source=source,
            span=row.span("sentence", size),
            source_span=row.span("source_sentence", source_size),
            shared=row.spans("shared", size),
            source_shared=row.spans("source_shared", source_size),
            runs=row.spans("runs", size),
            source_runs=row.spans("source_runs", source_size),
        )


def _read_turned(row: Fields, relation: Relation, n_sources: int) -> bool:
    is_turned = row.has("is_turned") and row.flag("is_turned")
    if is_turned and (relation not in DIRECTED or n_sources > 1):
        allowed = "only contained and rewritten ones of one source are"
        raise row.refuse(f"a {relation.label} finding is turned: {allowed}")
    return is_turned


def _read_recurrence(row: Fields) -> Recurrence:
    found = row.part("recurrence")
    return Recurrence(
        n_documents=found.integer("n_documents"),
        n_paragraphs=found.integer("n_paragraphs"),
        population=found.integer("population"),
        folder=found.text("folder"),
    )


def read_suppression(row: Fields) -> Suppression:
    """Read why a finding does not count."""
    kind = cast("SuppressionKind", row.choice("kind", get_args(SuppressionKind)))
    return Suppression(kind, row.text("place"), row.text("reason"))


def read_mention(row: Fields) -> Finding:
    """Read a suppressed finding of which only is said what it is counted and numbered by."""
    relation = _RELATIONS[row.choice("relation", _RELATIONS)]
    place = replace(
        _NOWHERE,
        path=row.text_or_none("path"),
        start_line=row.integer("start_line"),
        start_column=row.integer("start_column"),
    )
    return Finding(
        rule=row.choice("rule", [RULE_OF[relation]]),
        relation=relation,
        level=row.choice("level", FAIL_LEVELS),
        number=row.integer("number"),
        reference=place,
        source_numbers=(),
        sources=(),
        score=0.0,
        conflicts=0,
        fingerprint=row.text("fingerprint"),
    )


def read_judgement(row: Fields, suppressed: tuple[tuple[Finding, Suppression], ...]) -> Judgement:
    """Read what a check made of the findings; `suppressed` are those that do not count."""
    return Judgement(
        fail_on=row.choice("fail_on", FAIL_LEVELS),
        max_new=row.integer("max_new"),
        n_failing=row.integer("failing"),
        suppressed=suppressed,
        stale=tuple(map(read_problem, row.parts("stale"))),
        unused=tuple(map(read_problem, row.parts("unused"))),
        is_failed=row.flag("failed"),
        shows_suppressed=row.flag("shows_suppressed"),
    )
