"""Find what a report shows: each finding with the paragraphs it names, rendered in the tasks.

The verdicts come in; FINDINGS go out, whose column `json` holds the very lines that
`--output-format jsonl` has on one machine.

Decision (2026-11-26): texts and places are joined to a finding by the ids that it names, and the
text only of what is quoted. Of a restated finding all paragraphs of its document are needed, to say
what is new in it; so those of one document are rendered together, and it is sent once.
"""

from functools import partial, reduce
from typing import TYPE_CHECKING, Final

from dedup.config import UNREADABLE_RULE
from dedup.model import Relation
from dedup.recurrences import MOST_PLACES
from dedup.report import RULE_OF
from dedup.spark.reporting.group_ids import OWN_GROUP, name_groups
from dedup.spark.reporting.rendering import FOUND, NAMED, render_bundles, render_problems
from dedup.spark.runtime.id_sets import pick_paragraphs
from dedup.spark.runtime.schemas import FINDINGS, arrow_schema

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame

    from dedup.spark.reporting.run_numbers import RunNumbers
    from dedup.spark.reporting.verdicts import Verdicts
    from dedup.spark.runtime.job import Job

# The shorter one is contained. Lengths are in words, containment in shingles, of which a text that
# repeats itself has fewer: the greater containment need not be that of the shorter.
_CONTAINED: Final = (
    "if(is_left_shorter, a, b) as id",
    "if(is_left_shorter, b, a) as source",
    "if(is_left_shorter, left_containment, right_containment) as score",
)
_BEST: Final = "min(struct(-score as order, source, score, conflicts)) as best"
_IS_RESTATED: Final = f"relation = {Relation.RESTATED:d}"
_DOCUMENT_BUNDLE: Final = "~document"  # below zero, where no paragraph's id is


def list_findings(job: "Job", verdicts: "Verdicts", numbers: "RunNumbers") -> "DataFrame":
    """Give a row a finding, with the columns of `schemas.FINDINGS`.

    Args:
        job: The run.
        verdicts: What it found.
        numbers: Its files.
    """
    found = job.checkpoints.stage("found", lambda: find_all(job, verdicts))
    rows = _join_texts(job, verdicts, found)
    rows = rows.selectExpr("bundle", "false as is_finding", _pack(NAMED, "named"))
    found = found.selectExpr("bundle", "true as is_finding", _pack(FOUND, "found"))
    bundled = rows.unionByName(found, allowMissingColumns=True)
    bundled = bundled.repartition(job.partitions, "bundle")
    bundled = bundled.sortWithinPartitions("bundle", "is_finding")
    findings = bundled.mapInArrow(partial(render_bundles, numbers=numbers), FINDINGS)
    if UNREADABLE_RULE not in job.config.run.rules or not job.config.readers.skip_errors:
        return findings
    problems = verdicts.inputs.problems
    rendered = problems.mapInArrow(partial(render_problems, numbers=numbers), FINDINGS)
    return findings.unionByName(rendered)


def _pack(columns: str, name: str) -> str:
    """Give the expression that makes one column of several."""
    return f"struct({', '.join(arrow_schema(columns).names)}) as {name}"


def find_all(job: "Job", verdicts: "Verdicts") -> "DataFrame":
    """Give a row a finding, without texts: the bundle it is rendered in, and `rendering.FOUND`.

    Args:
        job: The run; a finding whose rule is not in force is none.
        verdicts: What it found.
    """
    found = [_find_redundant(verdicts), _find_directed(job, verdicts)]
    if verdicts.restatements is not None:
        found.append(_find_reworded(job, verdicts, verdicts.restatements))
    if verdicts.boilerplate is not None:
        found.append(_find_recurring(job, verdicts, verdicts.boilerplate))
    nothing = job.spark.createDataFrame([], f"bundle bigint, {FOUND}")
    everything = reduce(_unite, found, nothing)
    rules = job.config.run.rules
    chosen = [f"{relation:d}" for relation, rule in RULE_OF.items() if rule in rules]
    return everything.where(f"relation in ({', '.join(chosen)})" if chosen else "false")


def _unite(one: "DataFrame", other: "DataFrame") -> "DataFrame":
    """Give the rows of both; what one has no column of is null there."""
    return one.unionByName(other, allowMissingColumns=True)


def _find_redundant(verdicts: "Verdicts") -> "DataFrame":
    """Give a finding a paragraph that is identical to its canonical or its near-duplicate."""
    is_redundant = f"relation in ({Relation.IDENTICAL:d}, {Relation.NEAR_DUPLICATE:d})"
    return verdicts.grouping.where(is_redundant).selectExpr(
        "id as bundle", "id", "relation", "resemblance as score", "array(canonical) as sources"
    )


def _find_directed(job: "Job", verdicts: "Verdicts") -> "DataFrame":
    """Give each contained or variant paragraph with its best source, of equals the first."""
    from pyspark.sql import functions  # noqa: PLC0415 -- loaded with the session

    pairs = verdicts.pairs
    contained = pairs.where(f"relation = {Relation.CONTAINED:d}")
    sides = contained.selectExpr("explode(array(a, b)) as id")
    sizes = pick_paragraphs(job, verdicts.paragraphs.select("id", "n_words"), sides)
    for side in ("a", "b"):
        contained = contained.join(sizes.toDF(side, f"{side}_words"), side)
    contained = contained.selectExpr("*", "a_words < b_words as is_left_shorter")
    contained = contained.selectExpr("relation", "conflicts", *_CONTAINED)
    variants = pairs.where(f"relation = {Relation.VARIANT:d}").selectExpr(
        "relation", "conflicts", "b as id", "a as source", "resemblance as score"
    )
    directed = contained.unionByName(variants).groupBy("id", "relation")
    best = directed.agg(functions.expr(_BEST))
    columns = ("best.score", "best.conflicts", "array(best.source) as sources")
    return best.selectExpr("id as bundle", "id", "relation", *columns)


def _find_reworded(job: "Job", verdicts: "Verdicts", restatements: "DataFrame") -> "DataFrame":
    """Give rewritten paragraphs, and restated ones in the bundle of their document."""
    documents = verdicts.paragraphs.select("id", "document")
    documents = pick_paragraphs(job, documents, restatements.select("id"))
    bundle = f"if({_IS_RESTATED}, {_DOCUMENT_BUNDLE}, id) as bundle"
    columns = ("id", "relation", "score", "dice", "is_near", "said")
    return restatements.join(documents, "id").selectExpr(bundle, *columns)


def _find_recurring(job: "Job", verdicts: "Verdicts", boilerplate: "DataFrame") -> "DataFrame":
    """Give a finding a text that is boilerplate, with the first other places and the counts."""
    from pyspark.sql import functions  # noqa: PLC0415 -- loaded with the session

    worded = verdicts.paragraphs.where("n_words > 0").select("id", "print_high", "print_low")
    texts = boilerplate.selectExpr("id as kept", "print_high", "print_low")
    copies = worded.join(texts, ["print_high", "print_low"])
    counts = copies.groupBy("kept").agg(functions.count("id").alias("n_paragraphs"))
    place = "row_number() over (partition by kept order by id) as place"
    others = copies.where("id != kept").selectExpr("kept", "id", place)
    first_few = others.where(f"place <= {MOST_PLACES}").groupBy("kept")
    sources = first_few.agg(functions.expr("sort_array(collect_list(id)) as sources"))
    joined = boilerplate.join(counts.join(sources, "kept").withColumnRenamed("kept", "id"), "id")
    groups = name_groups(job, verdicts, boilerplate.select("id"))
    return joined.join(groups, "id", "left").selectExpr(
        *("id as bundle", "id", "sources", "1D as score"),
        f"cast({Relation.BOILERPLATE:d} as tinyint) as relation",
        "struct(n_documents, n_paragraphs, population, folder) as recurrence",
        f"coalesce(group, {OWN_GROUP}) as group",
    )


def _join_texts(job: "Job", verdicts: "Verdicts", found: "DataFrame") -> "DataFrame":
    """Give, for each bundle, what is known of the paragraphs that its findings name."""
    columns = arrow_schema(NAMED).names
    said = "array_distinct(transform(said, each -> each.source))"
    is_quoted = f"relation = {Relation.REWRITTEN:d} as is_quoted"
    sources = f"transform(coalesce(sources, {said}), each -> struct(each as id, {is_quoted}))"
    sides = f"inline(concat(array(struct(id as id, true as is_quoted)), {sources}))"
    named = found.where(f"not ({_IS_RESTATED})").selectExpr("bundle", sides)
    listed = pick_paragraphs(job, verdicts.paragraphs.select(*columns), named.select("id"))
    listed = named.join(listed, "id").withColumn("text", _if_quoted())
    documents = found.where(_IS_RESTATED).selectExpr("bundle", "~bundle as id").distinct()
    inner = ("id as paragraph", *(name for name in columns if name != "id"))
    whole = verdicts.paragraphs.selectExpr("document as id", *inner)
    whole = pick_paragraphs(job, whole, documents.select("id")).join(documents, "id")
    whole = whole.drop("id").withColumnRenamed("paragraph", "id")
    return listed.select("bundle", *columns).unionByName(whole.select("bundle", *columns))


def _if_quoted() -> "Column":
    """Give the text of what is quoted; of others only the place is shown."""
    from pyspark.sql import functions  # noqa: PLC0415 -- loaded with the session

    return functions.expr("if(is_quoted, text, null)")
