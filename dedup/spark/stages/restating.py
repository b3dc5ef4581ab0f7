"""Find the paragraphs that restate what earlier paragraphs of their document together said.

PARAGRAPHS, GROUPING, VERIFIED and MEASURED come in; RESTATEMENTS of relation RESTATED go out, and
what counts and the rule of reference documents need.

Decision (2026-11-26): nothing is shuffled but the paragraphs of documents that are cut where one
task ends and the next one begins. A document is judged in the task that reads it, if it finds all
of its `n_places` paragraphs; the few things that must be known of others (a repeat of its own
document, a variant, a side of a pair that is scored for rewriting) come as sets of ids. A shuffle
by document would send every text, 265 bytes a paragraph.
"""

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from dedup.model import Relation
from dedup.spark.runtime.id_sets import collect_ids, keep_rows, pick_paragraphs
from dedup.spark.stages.rewording import list_sides
from dedup.spark.stages.whole_documents import COLUMNS, JUDGED, MARKS, judge_documents

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

    from dedup.spark.runtime.job import Job

_TEXT: Final = "struct(print_high, print_low) as text"


@dataclass(frozen=True, slots=True, eq=False)
class Restated:
    """What was found within documents.

    Attributes:
        restatements: Paragraphs that restate (RESTATEMENTS).
        tabular: Tables and code among the paragraphs that were judged (`rewording.TABULAR`).
        n_short, n_listed: Paragraphs with too few content terms; lists, tables, code and the like.
    """

    restatements: "DataFrame"
    tabular: "DataFrame"
    n_short: int
    n_listed: int


def restate(
    job: "Job",
    paragraphs: "DataFrame",
    grouping: "DataFrame",
    verified: "DataFrame",
    measured: "DataFrame | None",
) -> Restated | None:
    """Judge every document; None where that is not asked for, or where no document can be judged.

    Args:
        job: The run.
        paragraphs: All of them (PARAGRAPHS).
        grouping: Who joined whom, boilerplate set apart (GROUPING).
        verified: Verified pairs, variants among them (VERIFIED).
        measured: The pairs that may be rewritten (MEASURED); None where none are sought.
    """
    config = job.config
    if "DUP005" not in config.run.rules or config.paragraphs.within == "corpus":
        return None
    if config.paragraphs.unit == "record":
        return None  # a document has one paragraph
    most = config.restatement.max_paragraphs
    rows = paragraphs.where(f"n_places between 2 and {most}").select(*COLUMNS)

    def judge() -> "DataFrame":
        marks = {"repeats": _find_repeats(job, paragraphs, rows, grouping)}
        if measured is not None:
            marks["is_scored"] = list_sides(measured).select("id")
        variants = verified.where(f"relation = {Relation.VARIANT:d}").select("a", "b")
        if not variants.isEmpty():
            marks["varies"] = find_variants(job, paragraphs, variants)
        return _judge(job, paragraphs, rows, marks)

    return _lay_out(_judge_rest(job, job.checkpoints.stage("restated", judge)))


def _find_repeats(
    job: "Job", paragraphs: "DataFrame", rows: "DataFrame", grouping: "DataFrame"
) -> "DataFrame":
    """Find the paragraphs that have one of their group before them in their document: `id`."""
    from pyspark.sql import Window, functions  # noqa: PLC0415 -- loaded with the session

    members = grouping.select("id", "canonical")
    known = collect_ids(job, paragraphs, members.select("id"))
    grouped = keep_rows(rows.select("id", "document"), members.select("id"), known)
    window = Window.partitionBy("document", "canonical")
    first = functions.min("id").over(window)
    marked = grouped.join(members, "id").withColumn("first", first)
    return marked.where("id > first").select("id")


def find_variants(job: "Job", paragraphs: "DataFrame", pairs: "DataFrame") -> "DataFrame":
    """Find the paragraphs whose text is a variant of one that stands before in their document.

    Verified pairs stand for all copies of both texts, so texts are looked for, not paragraphs. From
    the second of a pair to the first: a template has a pair with each text that fills it in, each
    of these but a few with templates.

    Args:
        job: The run.
        paragraphs: Those of documents that are judged (PARAGRAPHS).
        pairs: Variants (`a`, `b`).
    """
    from pyspark.sql import functions  # noqa: PLC0415 -- loaded with the session

    by = ["document"] if job.config.paragraphs.within == "document" else []
    placed = paragraphs.selectExpr("id", "document", _TEXT)
    told = _name_texts(job, paragraphs, pairs).select(*by, "head", "other").distinct()
    texts = told.selectExpr("explode(array(head, other)) as text").distinct()
    placed = placed.join(texts, "text", "left_semi")
    firsts = placed.groupBy("document", "text").agg(functions.min("id").alias("first"))
    others = firsts.selectExpr("document", "text as other", "first as other_first")
    heads = firsts.selectExpr("document", "text as head", "first as head_first")
    met = others.join(told, [*by, "other"]).join(heads, ["document", "head"])
    sides = (
        "inline(array(struct(head as text, other_first as before), "
        "struct(other as text, head_first as before)))"
    )
    before = met.selectExpr("document", sides).groupBy("document", "text")
    found = placed.join(before.agg(functions.min("before").alias("before")), ["document", "text"])
    return found.where("before < id").select("id")


def _name_texts(job: "Job", paragraphs: "DataFrame", pairs: "DataFrame") -> "DataFrame":
    """Give the texts of pairs, `head` and `other`, and the document of the first."""
    ids = pairs.selectExpr("explode(array(a, b)) as id")
    named = pick_paragraphs(job, paragraphs.selectExpr("id", "document", _TEXT), ids)
    heads = named.selectExpr("id as a", "document", "text as head")
    return pairs.join(heads, "a").join(named.selectExpr("id as b", "text as other"), "b")


def _judge(
    job: "Job", paragraphs: "DataFrame", rows: "DataFrame", marks: "dict[str, DataFrame]"
) -> "DataFrame":
    """Judge the documents that are whole in a task; the marks go to the tasks as sets of ids."""
    sets = {name: collect_ids(job, paragraphs, ids) for name, ids in marks.items()}
    known = {name: found for name, found in sets.items() if found is not None}
    for name in MARKS:
        if name not in marks:
            rows = rows.selectExpr("*", f"false as {name}")
        elif name not in known:
            ids = marks[name].distinct().selectExpr("id", f"true as {name}")
            rows = rows.join(ids, "id", "left").fillna(value=False, subset=[name])
    kernel = partial(judge_documents, config=job.config, known=known, is_last=False)
    return rows.mapInArrow(kernel, JUDGED)


def _judge_rest(job: "Job", judged: "DataFrame") -> "DataFrame":
    """Judge the documents that were cut, if any were."""
    rest = judged.selectExpr("inline(rest)")
    if rest.isEmpty():
        return judged

    # What is cut hangs on the parts in which the first stage was made.
    job.checkpoints.outdate("restated_rest", "restated")

    def judge() -> "DataFrame":
        together = rest.repartition(job.partitions, "document")
        ordered = together.sortWithinPartitions("document", "id")
        kernel = partial(judge_documents, config=job.config, known={}, is_last=True)
        return ordered.mapInArrow(kernel, JUDGED)

    return judged.unionByName(job.checkpoints.stage("restated_rest", judge))


def _lay_out(judged: "DataFrame") -> Restated:
    relation = f"cast({Relation.RESTATED:d} as tinyint) as relation"
    found = judged.selectExpr("inline(restated)")
    (counts,) = judged.selectExpr(
        "coalesce(sum(n_short), 0) as n_short", "coalesce(sum(n_listed), 0) as n_listed"
    ).collect()
    return Restated(
        found.selectExpr("id", relation, "score", "dice", "is_near", "said"),
        judged.selectExpr("inline(tabular)"),
        int(counts.n_short),
        int(counts.n_listed),
    )
