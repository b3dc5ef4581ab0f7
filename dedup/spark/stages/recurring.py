"""Find the texts that a site repeats on its pages, and set their repeats apart: see `boilerplate`.

PARAGRAPHS and GROUPING come in; BOILERPLATE and another GROUPING go out.

Decision (2026-11-26): texts are counted by the first half of their fingerprint before anything else
(9 bytes a paragraph), and only those that stand in enough paragraphs are looked at again, by the
whole of it: a few thousand of a million. How many documents each file holds goes to the tasks; the
texts themselves never move.
"""

from collections.abc import Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Final

import pyarrow as pa

from dedup.boilerplate import RULE, Sources
from dedup.model import Relation
from dedup.spark.runtime.blocks import as_batch
from dedup.spark.runtime.schemas import BOILERPLATE, FILE_BITS, GROUPING, arrow_schema

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

    from dedup.spark.runtime.job import Job

_TEXT: Final = ("print_high", "print_low")
_NO_RELATION: Final = f"cast({Relation.NONE:d} as tinyint) as relation"


def find_boilerplate(job: "Job", paragraphs: "DataFrame") -> "DataFrame | None":
    """Find the texts that are boilerplate (BOILERPLATE); None where there are none.

    Args:
        job: The run.
        paragraphs: All of them (PARAGRAPHS).
    """
    if not _is_possible(job, paragraphs):
        return None

    def make() -> "DataFrame":
        return _choose(job, paragraphs, _find_candidates(job, paragraphs))

    found = job.checkpoints.stage("boilerplate", make)
    return None if found.isEmpty() else found


def _is_possible(job: "Job", paragraphs: "DataFrame") -> bool:
    """Say whether the run asks for boilerplate, and has pages enough of more than one paragraph."""
    config = job.config
    if RULE not in config.run.rules or config.paragraphs.within == "document":
        return False
    if config.paragraphs.unit == "record":
        return False
    least = config.boilerplate.min_documents
    pages = paragraphs.where("place = 0 and n_places > 1")
    return pages.limit(least).count() >= least


def _find_candidates(job: "Job", paragraphs: "DataFrame") -> "DataFrame":
    """Find the texts that enough documents hold, enough of them no copies as a whole.

    Of each: the first paragraph in canonical order, and the first and the last of the documents.
    """
    from pyspark.sql import functions  # noqa: PLC0415 -- loaded with the session

    least = job.config.boilerplate.min_documents
    worded = paragraphs.where("n_words > 0").select("id", "document", "rank", "n_words", *_TEXT)
    frequent = worded.groupBy("print_high").count().where(f"count >= {least}").select("print_high")
    places = worded.join(frequent, "print_high", "left_semi")
    held = places.groupBy(*_TEXT, "document").agg(
        functions.expr("min(struct(rank, id)) as first"), functions.expr("sum(n_words) as n_words")
    )
    recurring = held.groupBy(*_TEXT).count().where(f"count >= {least}").select(*_TEXT)
    held = held.join(recurring, list(_TEXT), "left_semi")
    copies = _find_copies(job, worded, held)
    told = held.join(copies, "document", "left")
    found = told.groupBy(*_TEXT).agg(
        functions.expr("min(first) as first"),
        functions.expr("count(*) as n_documents"),
        functions.expr("count_if(is_copy is null) as n_witnesses"),
        functions.expr("min(document) as low"),
        functions.expr("max(document) as high"),
    )
    return found.where(f"n_witnesses >= {least}")


def _find_copies(job: "Job", worded: "DataFrame", held: "DataFrame") -> "DataFrame":
    """Find the documents most of whose words stand in texts that recur."""
    from pyspark.sql import functions  # noqa: PLC0415 -- loaded with the session

    words = worded.groupBy("document").agg(functions.expr("sum(n_words) as words"))
    copied = held.groupBy("document").agg(functions.expr("sum(n_words) as copied"))
    most = job.config.boilerplate.max_copied
    joined = copied.join(words, "document").where(f"copied > double('{most!r}') * words")
    return joined.selectExpr("document", "true as is_copy")


def _choose(job: "Job", paragraphs: "DataFrame", candidates: "DataFrame") -> "DataFrame":
    """Choose the texts that enough documents of their folder or file hold."""
    filled = paragraphs.where("place = 0").selectExpr(f"shiftright(id, {FILE_BITS}) as file")
    counts = {row[0]: row[1] for row in filled.groupBy("file").count().collect()}
    sources = Sources(
        [file.path for file in job.files], [counts.get(file.number, 0) for file in job.files]
    )
    rows = candidates.selectExpr("first.id as id", *_TEXT, "n_documents", "low", "high")
    kernel = partial(choose_batches, sources=sources, min_share=job.config.boilerplate.min_share)
    return rows.mapInArrow(kernel, BOILERPLATE)


def choose_batches(
    batches: Iterable[pa.RecordBatch], sources: Sources, min_share: float
) -> Iterator[pa.RecordBatch]:
    """Choose texts that enough documents hold, each among those of its folder or file.

    Args:
        batches: Texts: the kept paragraph, the fingerprint, how many documents hold it, and the
            first and the last of these (`low`, `high`).
        sources: What stands where.
        min_share: Of the documents.
    """
    for batch in batches:
        ends = [(batch.column(name).to_numpy() >> FILE_BITS).tolist() for name in ("low", "high")]
        found = [sources.find(low, high) for low, high in zip(*ends, strict=True)]
        columns = {name: batch.column(name) for name in ("id", *_TEXT, "n_documents")}
        columns["population"] = pa.array([size for _, size in found], pa.int64())
        columns["folder"] = pa.array([folder for folder, _ in found], pa.string())
        least = min_share * columns["population"].to_numpy()
        yield as_batch(columns, BOILERPLATE).filter(
            pa.array(columns["n_documents"].to_numpy() >= least)
        )


def set_apart(
    job: "Job", paragraphs: "DataFrame", grouping: "DataFrame", boilerplate: "DataFrame | None"
) -> "DataFrame":
    """Let every repeat of a boilerplate text share the fate of its first, as BOILERPLATE.

    A repeat around which others are grouped stays as it is, and across documents only, one in the
    document of the first or of its canonical.

    Args:
        job: The run.
        paragraphs: All of them (PARAGRAPHS).
        grouping: Who joined whom (GROUPING).
        boilerplate: The texts (BOILERPLATE); None where there are none.

    Returns:
        GROUPING, with those set apart, short ones too.
    """
    if boilerplate is None:
        return grouping
    return job.checkpoints.stage(
        "apart", lambda: _set_apart(job, paragraphs, grouping, boilerplate)
    )


def _set_apart(
    job: "Job", paragraphs: "DataFrame", grouping: "DataFrame", boilerplate: "DataFrame"
) -> "DataFrame":
    columns = arrow_schema(GROUPING).names
    heads = _find_fates(boilerplate, grouping)
    joined = grouping.where("id != canonical").selectExpr("canonical as id").distinct()
    members = paragraphs.where("n_words > 0").select("id", "document", *_TEXT)
    members = members.join(heads, list(_TEXT)).where("id != head").join(joined, "id", "left_anti")
    if job.config.paragraphs.within == "corpus":
        members = _leave_own_document(members, heads, paragraphs)
    relation = f"cast({Relation.BOILERPLATE:d} as tinyint) as relation"
    apart = members.selectExpr("id", "canonical", relation, "resemblance", "containment")
    alone = heads.selectExpr("head as id", "head as canonical", _NO_RELATION, "1.0D", "1.0D")
    changed = apart.union(alone.join(grouping, "id", "left_anti"))
    rest = grouping.join(apart.select("id"), "id", "left_anti").select(*columns)
    return rest.union(changed)


def _find_fates(boilerplate: "DataFrame", grouping: "DataFrame") -> "DataFrame":
    """Give the kept paragraph of each text as `head`, and what became of it."""
    fates = grouping.select("id", "canonical", "resemblance", "containment")
    return boilerplate.join(fates, "id", "left").selectExpr(
        *_TEXT,
        "id as head",
        "coalesce(canonical, id) as canonical",
        "coalesce(resemblance, 1.0D) as resemblance",
        "coalesce(containment, 1.0D) as containment",
    )


def _leave_own_document(
    members: "DataFrame", heads: "DataFrame", paragraphs: "DataFrame"
) -> "DataFrame":
    """Leave out repeats in the document of their text's first, or of that one's canonical."""
    for name in ("head", "canonical"):
        wanted = heads.selectExpr(f"{name} as id").distinct()
        placed = paragraphs.select("id", "document").join(wanted, "id", "left_semi")
        placed = placed.selectExpr(f"id as {name}", f"document as {name}_document")
        members = members.join(placed, name).where(f"document != {name}_document")
    return members
