"""Hold what a run on Spark found: tables, and what there is to say of them in a few sentences."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING, Any, Final

from dedup.findings import Counts
from dedup.model import Relation
from dedup.report import FORMAT_VERSION
from dedup.reporters.json_pieces import find_version
from dedup.reporters.phrases import count
from dedup.reporters.skipped import count_skipped, list_skipped
from dedup.spark.reporting.findings import list_findings
from dedup.spark.reporting.rows import list_rows
from dedup.spark.reporting.run_numbers import number_paragraphs
from dedup.spark.runtime.id_sets import pick_paragraphs

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

    from dedup.spark.reporting.verdicts import Verdicts
    from dedup.spark.runtime.checkpoints import StageCost
    from dedup.spark.runtime.job import Job

_REDUNDANT: Final = f"relation in ({Relation.IDENTICAL:d}, {Relation.NEAR_DUPLICATE:d})"
_REWORDED: Final = (Relation.REWRITTEN.label, Relation.RESTATED.label)
_PLACE: Final = ("path", "line", "column", "rule", "number")  # what findings are ordered by
_ALSO: Final = {
    Relation.CONTAINED: "contained paragraph",
    Relation.REWRITTEN: "rewritten paragraph",
    Relation.RESTATED: "restating paragraph",
    Relation.VARIANT: "variant",
    Relation.BOILERPLATE: "boilerplate text",
}


@dataclass(frozen=True, eq=False, repr=False)
class SparkResult:
    """What a run found.

    Attributes:
        groups: A row a paragraph (`schemas.GROUPS`).
        findings: A row a finding (`schemas.FINDINGS`).
        summary: Counts: what stands in the folder's `summary`.
        costs: What each stage cost.
        marked: The input with the columns of marks, where they were asked for.
        skipped: What was left out of a comparison or a judgement, a sentence each.
    """

    groups: "DataFrame"
    findings: "DataFrame"
    summary: dict[str, Any]
    costs: "tuple[StageCost, ...]"
    marked: "DataFrame | None" = None
    skipped: tuple[str, ...] = ()

    def list_findings(self, rule: str | None = None, most: int = 20) -> list[dict[str, Any]]:
        """Give the first findings in the order of a report, each as the JSON report has it.

        Args:
            rule: The code of a rule; None for all.
            most: How many at most; they are brought to the driver.
        """
        from pyspark.sql import functions  # noqa: PLC0415 -- loaded with the session

        is_of_rule = functions.lit(col=True) if rule is None else functions.col("rule") == rule
        chosen = self.findings.where(is_of_rule)
        rows = chosen.orderBy(*_PLACE).limit(most).select("json").collect()
        return [json.loads(row.json) for row in rows]

    @cached_property
    def sentences(self) -> tuple[tuple[str, str], ...]:
        """Give the label and the sentence of each line of the summary."""
        return tuple(_summarize(self.summary, self.skipped))

    def __repr__(self) -> str:
        """Say in a few lines what was found."""
        return "\n".join(f"{label:<9} {sentence}" for label, sentence in self.sentences)

    def _repr_html_(self) -> str:
        """Say it as a table in a notebook."""
        rows = "".join(
            f"<tr><th>{escape(label)}</th><td>{escape(sentence)}</td></tr>"
            for label, sentence in self.sentences
        )
        return f"<table>{rows}</table>"


def make_result(job: "Job", verdicts: "Verdicts", marked: "DataFrame | None" = None) -> SparkResult:
    """Make rows and findings of what was found, and sum them up.

    Args:
        job: The run.
        verdicts: What it found.
        marked: The input with marks, where they were asked for.
    """
    numbers = number_paragraphs(job, verdicts.paragraphs)
    stage = job.checkpoints.stage
    groups = stage("rows", lambda: list_rows(job, verdicts, numbers))
    findings = stage("findings", lambda: list_findings(job, verdicts, numbers))
    sizes = _measure_paragraphs(job, verdicts)
    summary = {
        "format_version": FORMAT_VERSION,
        "tool": {"name": "dedup", "version": find_version()},
        "min_words": job.config.paragraphs.min_words,
        "paragraphs": sizes["paragraphs"],
        "words": sizes["words"],
        **_sum_up(job, verdicts, findings),
    }
    skipped = _count_skipped(verdicts, sizes)
    summary["skipped"] = {**count_skipped(skipped), "sources": _count_unreadable(job, verdicts)}
    sentences = tuple(list_skipped(skipped, job.config))
    return SparkResult(groups, findings, summary, tuple(job.checkpoints.costs), marked, sentences)


def _sum_up(job: "Job", verdicts: "Verdicts", findings: "DataFrame") -> dict[str, Any]:
    """Count documents and what was found, by the names of the JSON report's summary."""
    from pyspark.sql import functions  # noqa: PLC0415 -- loaded with the session

    members = verdicts.grouping.where(_REDUNDANT)
    sizes = verdicts.paragraphs.select("id", "n_words")
    sizes = pick_paragraphs(job, sizes, members.select("id"))
    redundant = sizes.agg(
        functions.expr("count(*) as paragraphs"),
        functions.expr("coalesce(sum(n_words), 0) as words"),
    ).collect()[0]
    return {
        "documents": _count_documents(verdicts),
        "groups": members.select("canonical").distinct().count(),
        "redundant_paragraphs": redundant.paragraphs,
        "redundant_words": redundant.words,
        "findings": _count_findings(findings),
    }


def _measure_paragraphs(job: "Job", verdicts: "Verdicts") -> dict[str, int]:
    """Count paragraphs, words, and what is left out for its own size or its document's."""
    config = job.config
    is_large = f"n_places > {config.restatement.max_paragraphs}"
    (row,) = verdicts.paragraphs.selectExpr(
        "count(*) as paragraphs",
        "coalesce(sum(n_words), 0) as words",
        f"count_if(n_words > 0 and n_words < {config.paragraphs.min_words}) as n_short",
        "count_if(n_words = 0) as n_empty",
        f"count_if({'false' if verdicts.restated is None else is_large}) as n_in_large",
    ).collect()
    return dict(row.asDict())


def _count_skipped(verdicts: "Verdicts", sizes: dict[str, int]) -> Counts:
    """Count what was left out of a comparison or a judgement."""
    counted: dict[str, Any] = {name: n for name, n in sizes.items() if name.startswith("n_")}
    for row in (
        verdicts.pairs.selectExpr("count_if(unaligned) as n_unaligned").first(),
        None if verdicts.beyond is None else verdicts.beyond.first(),
    ):
        counted |= {} if row is None else row.asDict()
    restated = verdicts.restated
    return Counts(
        **counted,
        n_too_few_terms=0 if restated is None else restated.n_short,
        n_listed=0 if restated is None else restated.n_listed,
    )


def _count_unreadable(job: "Job", verdicts: "Verdicts") -> int:
    """Count what could not be read, whether or not its rule is in force."""
    return verdicts.inputs.problems.count() if job.config.readers.skip_errors else 0


def _count_documents(verdicts: "Verdicts") -> int:
    """Count the documents, those without a paragraph too."""
    total = verdicts.inputs.blocks.where("is_read").selectExpr("sum(n_documents)").collect()[0][0]
    return int(total or 0)


def _count_findings(findings: "DataFrame") -> dict[str, int]:
    """Count the findings of each relation; those that only come near a threshold by `nearly`."""
    counts = dict.fromkeys((relation.label for relation in list(Relation)[1:]), 0)
    for row in findings.groupBy("relation", "level").count().collect():
        is_near = row.relation in _REWORDED and row.level == "note"
        label = f"nearly {row.relation}" if is_near else row.relation
        counts[label] = counts.get(label, 0) + row["count"]
    return counts


def _summarize(summary: dict[str, Any], skipped: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Give the label and the sentence of each line, as the single machine words them."""
    words, documents = count(summary["words"], "word"), count(summary["documents"], "document")
    yield "Read", f"{count(summary['paragraphs'], 'paragraph')} ({words}) of {documents}"
    yield "Found", _name_redundant(summary)
    others = ", ".join(
        count(summary["findings"][relation.label], noun)
        for relation, noun in _ALSO.items()
        if summary["findings"][relation.label]
    )
    if others:
        yield "Also", f"{others} (not counted as redundant)"
    for sentence in skipped:
        yield "Skipped", sentence
    if n_unreadable := summary["skipped"]["sources"]:
        where = ", among the findings" if summary["findings"].get("unreadable") else ""
        yield "Problems", f"{n_unreadable:,} unreadable{where}"


def _name_redundant(summary: dict[str, Any]) -> str:
    n_redundant = summary["redundant_paragraphs"]
    if not n_redundant:
        return "no redundant paragraphs"
    share = f"{n_redundant / summary['paragraphs']:.1%}"
    words = count(summary["redundant_words"], "word")
    paragraphs = count(n_redundant, "redundant paragraph")
    return f"{count(summary['groups'], 'group')} with {paragraphs} ({share} of all, {words})"
