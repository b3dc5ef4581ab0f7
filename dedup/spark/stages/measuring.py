"""Measure the pairs that share anchors: is one contained in the other, or does it say it again?

ANCHORED comes in with the texts of both sides, MEASURED goes out: the contained pairs, and those
that may be rewritten, which share enough of their terms and are scored. One look at the texts does
for both. Nothing here looks beyond a pair: whether its documents are of reference style, which
raises what is asked of it, is known only when all pairs are (see `rewording`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np
import pyarrow as pa

from dedup.config import Config
from dedup.content import list_sentence_terms
from dedup.kernels import Engine
from dedup.model import (
    ByteArray,
    OffsetArray,
    PairArray,
    Relation,
    ScoreArray,
    ShingleSets,
    TermLists,
    VerifiedPairs,
    are_among,
    distinct,
)
from dedup.restatement import find_prose
from dedup.rewording import within
from dedup.rewriting import (
    judge_pairs,
    quote_pairs,
    score_pairs,
    select_covered,
    speak_differently,
)
from dedup.shingles import shingle_paragraphs
from dedup.spark.runtime.blocks import Block, cut_into_blocks, load_task_engine, tokenize_texts
from dedup.spark.runtime.schemas import VERIFIED, arrow_schema
from dedup.spark.stages.keeping import Kept
from dedup.spark.stages.said import SAID, lay_out_said
from dedup.verify import verify_candidates

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

    from dedup.spark.runtime.job import Job

PlacePairs: TypeAlias = tuple[OffsetArray, OffsetArray]

# Of a contained pair the columns of VERIFIED; of one that may be rewritten (relation NONE) the
# others, the scores where both sides are prose, and `said` where they might be enough.
MEASURED: Final = (
    f"{VERIFIED}, left_rank double, right_rank double, left_document bigint, "
    "right_document bigint, left_places int, right_places int, left_kind smallint, "
    "right_kind smallint, left_terms int, right_terms int, speak_differently boolean, "
    f"score double, dice double, said {SAID}"
)
_COLUMNS: Final = ("id", "document", "rank", "n_places", "language", "kind", "text")
_U32: Final = np.uint64(32)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Sides:
    """The paragraphs of a block of pairs, each once, by id.

    Attributes:
        ids, documents, ranks, n_places, languages, kinds: As in PARAGRAPHS.
        block: Their tokens.
    """

    ids: OffsetArray
    documents: OffsetArray
    ranks: ScoreArray
    n_places: OffsetArray
    languages: ByteArray
    kinds: ByteArray
    block: Block


def measure_anchored(
    job: "Job", paragraphs: "DataFrame", kept: Kept, anchored: "DataFrame"
) -> "DataFrame":
    """Give MEASURED of ANCHORED: join the text of `a`, then that of `b`, and measure.

    Args:
        job: The run.
        paragraphs: All of them (PARAGRAPHS).
        kept: Which are kept; the pairs are of those.
        anchored: Pairs that nothing has decided (ANCHORED).
    """

    def make() -> "DataFrame":
        sides = kept.select(paragraphs, _COLUMNS)
        pairs = anchored
        for side in ("a", "b"):
            named = sides.selectExpr(*(f"{name} as {side}_{name}" for name in _COLUMNS))
            pairs = pairs.join(named, pairs[side] == named[f"{side}_id"]).drop(side)
        return pairs.mapInArrow(partial(measure_pairs, config=job.config), MEASURED)

    return job.checkpoints.stage("anchored", make)


def measure_pairs(batches: Iterator[pa.RecordBatch], config: Config) -> Iterator[pa.RecordBatch]:
    """Measure pairs of paragraphs.

    Args:
        batches: For each pair the columns `id`, `document`, `rank`, `n_places`, `language`, `kind`
            and `text` of one paragraph as `a_id` and so on, and of another of higher id as `b_id`.
        config: Every setting.

    Yields:
        `MEASURED`, the earlier in canonical order as `a`.
    """
    engine = load_task_engine(config)
    for batch in batches:
        for part in cut_into_blocks(batch, "a_text"):
            for block in cut_into_blocks(part, "b_text"):
                yield from _measure_block(block, config, engine)


def _measure_block(
    block: pa.RecordBatch, config: Config, engine: Engine
) -> Iterator[pa.RecordBatch]:
    """Give the contained pairs, then those that may be rewritten."""
    sides, codes = _open_pairs(block, config, engine)
    contained = _find_contained(sides, codes, config, engine)
    yield _lay_out_contained(sides, contained)
    pairs = _leave_open(sides, codes, contained, (config, engine))
    yield _lay_out_open(sides, pairs, (config, engine))


def _open_pairs(pairs: pa.RecordBatch, config: Config, engine: Engine) -> tuple[Sides, PairArray]:
    """Give the paragraphs of pairs, and the pairs in canonical order as left << 32 | right."""

    def both(name: str) -> pa.Array:
        return pa.concat_arrays([pairs.column(f"{side}_{name}") for side in ("a", "b")])

    ids, firsts, rows = np.unique(both("id").to_numpy(), return_index=True, return_inverse=True)
    columns = {name: both(name).take(pa.array(firsts)) for name in _COLUMNS[1:]}
    sides = Sides(
        ids,
        columns["document"].to_numpy(),
        columns["rank"].to_numpy(),
        columns["n_places"].to_numpy(),
        columns["language"].to_numpy().astype(np.uint8),
        columns["kind"].to_numpy().astype(np.uint8),
        tokenize_texts(columns["text"], config, engine),
    )
    ones, others = np.split(rows.astype(np.int32), 2)
    wanted = within(sides.documents, (ones, others), config.paragraphs.within)
    ones, others = ones[wanted], others[wanted]
    is_turned = sides.ranks[others] < sides.ranks[ones]  # of equal ones the lower id comes first
    lefts, rights = np.where(is_turned, others, ones), np.where(is_turned, ones, others)
    return sides, np.sort(lefts.astype(np.uint64) << _U32 | rights.astype(np.uint64))


def _part(codes: PairArray) -> PlacePairs:
    """Give the rows of pairs."""
    return (codes >> _U32).astype(np.int64), (codes & np.uint64(0xFFFFFFFF)).astype(np.int64)


def _find_contained(
    sides: Sides, codes: PairArray, config: Config, engine: Engine
) -> VerifiedPairs:
    """Find the contained pairs; see `dedup.rewording.find_contained`."""
    tokens, units = sides.block.tokens, sides.block.units

    def make_sets(part: OffsetArray) -> ShingleSets:
        return shingle_paragraphs(units, part, config.shingles, engine)

    lefts, rights = (tokens.sizes[rows] for rows in _part(codes))
    ratio = config.verify.max_length_ratio
    wanted = np.minimum(lefts, rights) <= ratio * np.maximum(lefts, rights)
    chosen = codes[wanted] if "DUP003" in config.run.rules else codes[:0]
    measured = verify_candidates(chosen, tokens, make_sets, config.verify, engine)
    return measured.take(np.flatnonzero(measured.relations == Relation.CONTAINED))


def _lay_out_contained(sides: Sides, pairs: VerifiedPairs) -> pa.RecordBatch:
    columns = {
        "a": sides.ids[pairs.lefts],
        "b": sides.ids[pairs.rights],
        "resemblance": pairs.resemblance,
        "left_containment": pairs.left_containment,
        "right_containment": pairs.right_containment,
        "conflicts": pairs.conflicts,
        "relation": pairs.relations,
        "unaligned": np.zeros(len(pairs), np.bool_),
    }
    return _fill(columns)


def _fill(columns: Mapping[str, Any]) -> pa.RecordBatch:
    """Make a batch of `MEASURED`, empty in the columns that are not given."""
    schema, n_rows = arrow_schema(MEASURED), len(columns["a"])
    arrays = [
        pa.array(columns[field.name]).cast(field.type)
        if field.name in columns
        else pa.nulls(n_rows, field.type)
        for field in schema
    ]
    return pa.record_batch(arrays, schema=schema)


def _leave_open(
    sides: Sides, codes: PairArray, contained: VerifiedPairs, using: tuple[Config, Engine]
) -> PlacePairs:
    """Leave the pairs that may be rewritten; see `dedup.rewording.leave_open`."""
    config, engine = using
    if "DUP004" not in config.run.rules:
        return _part(codes[:0])
    known = contained.lefts.astype(np.uint64) << _U32 | contained.rights.astype(np.uint64)
    is_open = ~are_among(codes, known)
    lefts, rights = _part(codes)
    if "DUP005" in config.run.rules:
        is_open &= sides.documents[lefts] != sides.documents[rights]
    lefts, rights = lefts[is_open], rights[is_open]
    texts = sides.block.paragraphs
    found, ends = engine.list_terms(texts.batch.buffer, texts.starts, texts.ends, sides.languages)
    terms = TermLists(found, ends, np.arange(1, len(ends) + 1), sides.languages)
    covered = select_covered(terms, (lefts, rights), config.restatement, engine)
    return lefts[covered], rights[covered]


def _lay_out_open(sides: Sides, pairs: PlacePairs, using: tuple[Config, Engine]) -> pa.RecordBatch:
    """Score the pairs that are prose, and lay out all."""
    is_prose = find_prose(sides.kinds)
    is_scored = is_prose[pairs[0]] & is_prose[pairs[1]]
    columns = {"relation": np.full(len(is_scored), Relation.NONE)}
    for name, ids, rows in (("left", "a", pairs[0]), ("right", "b", pairs[1])):
        columns[ids] = sides.ids[rows]
        columns[f"{name}_rank"] = sides.ranks[rows]
        columns[f"{name}_document"] = sides.documents[rows]
        columns[f"{name}_places"] = sides.n_places[rows]
        columns[f"{name}_kind"] = sides.kinds[rows]
    scored = _score(sides, (pairs[0][is_scored], pairs[1][is_scored]), using)
    places = np.cumsum(is_scored) - 1
    spread = pa.array(places, mask=~is_scored)
    return _fill(columns | {name: column.take(spread) for name, column in scored.items()})


def _score(sides: Sides, pairs: PlacePairs, using: tuple[Config, Engine]) -> dict[str, pa.Array]:
    """Score pairs; say who said each sentence where the scores may be enough."""
    config, engine = using[0].restatement, using[1]
    rows = distinct(np.concatenate(pairs))
    texts, languages = sides.block.paragraphs.take(rows), sides.languages[rows]
    terms = list_sentence_terms(texts, languages, engine)
    local = np.searchsorted(rows, pairs[0]), np.searchsorted(rows, pairs[1])
    scores, dice = score_pairs(terms, local, engine)
    are_two = speak_differently(terms, local)
    is_same = sides.documents[pairs[0]] == sides.documents[pairs[1]]
    counted = np.where(is_same, 0.0, dice)  # see `find_rewritten`
    chosen, _ = judge_pairs(terms, local, (scores, counted), config, are_two)
    quoted = quote_pairs(terms, (local[0][chosen], local[1][chosen]), engine)
    is_chosen = np.zeros(len(scores), np.bool_)
    is_chosen[chosen] = True
    said = lay_out_said(quoted, sides.ids[rows])
    return {
        "score": pa.array(scores),
        "dice": pa.array(dice),
        "left_terms": pa.array(terms.sizes[local[0]]),
        "right_terms": pa.array(terms.sizes[local[1]]),
        "speak_differently": pa.array(are_two),
        "said": said.take(pa.array(np.cumsum(is_chosen) - 1, mask=~is_chosen)),
    }
