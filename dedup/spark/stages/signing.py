"""Sign documents: what is known of each paragraph by itself.

DOCUMENTS come in, PARAGRAPHS go out, without a shuffle: a paragraph is split off, tokenized, given
its fingerprint, its language, its kind, its place and its band keys by the single machine's stage
functions, a block of some thousand documents at a time.

Decision (2026-11-26): band keys are made of every paragraph that is long enough, copies too: which
of them are copies is known only when all are there, and signing (8 us of CPU a paragraph) costs
less than reading all texts a second time.
"""

import json
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa

from dedup.bands import Bands, choose_bands, make_band_keys, scatter_keys
from dedup.config import Config
from dedup.content import guess_languages
from dedup.errors import SettingError
from dedup.groups import read_date, refuse_dateless
from dedup.kernels import Engine
from dedup.model import (
    ByteArray,
    IndexArray,
    OffsetArray,
    ParagraphBatch,
    ScoreArray,
    TokenLists,
)
from dedup.paragraph_kinds import recognize_kinds
from dedup.rewording import BY_TERMS
from dedup.shingles import list_shingles
from dedup.signatures import sign_shingle_sets
from dedup.spark.runtime.blocks import (
    Block,
    as_batch,
    cut_into_blocks,
    load_task_engine,
    read_texts,
    tokenize_block,
)
from dedup.spark.runtime.schemas import FILE_BITS, PARAGRAPHS
from dedup.terms import NO_LANGUAGE

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

    from dedup.spark.runtime.job import Job

_BY_DATE: Final = {"newest", "oldest"}
_LEADING_BITS, _CONTINUES = 0xC0, 0x80  # of the bytes of UTF-8 that begin no character


@dataclass(frozen=True, slots=True)
class Signing:
    """What signing knows besides the documents.

    Attributes:
        config: Every setting.
        bands: How signatures are cut; None where no bands give the recall asked for.
        paths: What the user calls each file, by its number; only the policy `priority` asks.
    """

    config: Config
    bands: Bands | None
    paths: tuple[str | None, ...] = ()


def sign(job: "Job", documents: "DataFrame") -> "DataFrame":
    """Give PARAGRAPHS of DOCUMENTS.

    Raises:
        SettingError: Dates are to decide and no field of dates is named.
    """
    config = job.config
    if config.canonical.policy in _BY_DATE and config.readers.date_field is None:
        raise refuse_dateless(config.canonical)
    is_ranked = config.canonical.policy == "priority"
    paths = tuple(file.path for file in job.files) if is_ranked else ()
    kernel = partial(sign_batches, signing=Signing(config, find_bands(config), paths))
    return job.checkpoints.stage("sign", lambda: documents.mapInArrow(kernel, PARAGRAPHS))


def find_bands(config: Config) -> Bands | None:
    """Choose the bands; None where none give the recall, which only `pairing` has to refuse."""
    with suppress(SettingError):
        return choose_bands(config.signatures.num_perm, config.verify.min_resemblance, config.bands)
    return None


def sign_batches(batches: Iterable[pa.RecordBatch], signing: Signing) -> Iterator[pa.RecordBatch]:
    """Sign the documents of a task, a block at a time."""
    engine = load_task_engine(signing.config)
    for batch in batches:
        for block in cut_into_blocks(batch):
            yield _sign_block(block, signing, engine)


def _sign_block(documents: pa.RecordBatch, signing: Signing, engine: Engine) -> pa.RecordBatch:
    """Give the paragraphs of some documents."""
    numbers, firsts = (_numbers(documents, name) for name in ("document", "first_paragraph"))
    lines, ends, columns = (_numbers(documents, name) for name in ("line", "end_line", "column"))
    batch = read_texts(documents.column("text"), lines, columns.astype(np.int32), ends)
    block = tokenize_block(batch, signing.config, engine)
    rows, sizes = block.paragraphs.document, block.tokens.sizes
    places = _number_within(rows)
    made = {
        "id": (numbers[rows] >> FILE_BITS << FILE_BITS) + firsts[rows] + places,
        "document": numbers[rows],
        "place": places,
        "n_places": np.bincount(rows, minlength=documents.num_rows)[rows],
        "rank": _rank_paragraphs(documents, rows, sizes, signing),
        "n_words": sizes,
        **_split_prints(block.tokens),
        "language": _guess_languages(block, signing.config, engine),
        "kind": recognize_kinds(block.paragraphs, engine),
        "keys": _pack_keys(block, numbers[rows], signing, engine),
        "text": _cut_texts(block.paragraphs, engine),
        "identity": documents.column("identity").take(pa.array(rows)),
        **_find_places(block.paragraphs),
    }
    return as_batch(made, PARAGRAPHS)


def _numbers(batch: pa.RecordBatch, name: str) -> OffsetArray:
    """Give a column of whole numbers."""
    values: OffsetArray = batch.column(name).to_numpy(zero_copy_only=False).astype(np.int64)
    return values


def _number_within(documents: IndexArray) -> OffsetArray:
    """Number the paragraphs of each document from 0; those of a document are neighbours."""
    places = np.arange(len(documents))
    is_first = np.diff(documents, prepend=-1) != 0
    return places - np.maximum.accumulate(np.where(is_first, places, 0))


def _rank_paragraphs(
    documents: pa.RecordBatch, rows: IndexArray, sizes: OffsetArray, signing: Signing
) -> ScoreArray:
    """Give the key of each paragraph's place in canonical order: the least comes first."""
    config = signing.config.canonical
    if config.policy == "longest":
        return (0.0 - sizes).astype(np.float64)
    if config.policy == "first":
        return np.zeros(len(rows))
    if config.policy == "priority":
        files = (_numbers(documents, "document") >> FILE_BITS).tolist()
        ids = zip(files, documents.column("identity").to_pylist(), strict=True)
        ranks = [config.rank(signing.paths[file], json.loads(identity)) for file, identity in ids]
        return np.array(ranks, np.float64)[rows]
    sign = -1.0 if config.policy == "newest" else 1.0
    dates = documents.column("date").to_pylist()
    ages = [0.0 + sign * read_date(date) if date else np.inf for date in dates]
    return np.array(ages, np.float64)[rows]


def _split_prints(tokens: TokenLists) -> dict[str, OffsetArray]:
    """Give both words of each fingerprint as signed numbers, which are all that Spark has."""
    words = tokens.prints.reshape(-1, 2).view(np.int64)
    return {"print_high": words[:, 0], "print_low": words[:, 1]}


def _guess_languages(block: Block, config: Config, engine: Engine) -> ByteArray:
    """Guess the languages, where a rule asks for content terms."""
    rows = block.paragraphs.document
    if BY_TERMS.isdisjoint(config.run.rules):
        return np.full(len(rows), NO_LANGUAGE, np.uint8)
    return guess_languages(rows, block.tokens, engine)


def _pack_keys(block: Block, documents: OffsetArray, signing: Signing, engine: Engine) -> pa.Array:
    """Give each paragraph's band keys, 4 bytes a band; null where it is too short."""
    config, bands = signing.config, signing.bands
    is_signed = block.tokens.sizes >= config.paragraphs.min_words
    if bands is None:
        return pa.nulls(len(is_signed), pa.binary())
    signed = np.flatnonzero(is_signed)
    shingles = list_shingles(block.units, signed, config.shingles, engine)
    signatures = sign_shingle_sets(shingles, config.signatures, engine)
    keys = make_band_keys(signatures, bands, engine)
    if config.paragraphs.within == "document":
        keys = scatter_keys(keys, documents[signed].astype(np.uint64))
    content = np.ascontiguousarray(keys.T).astype("<u4", copy=False)
    ends = np.cumsum(is_signed, dtype=np.int32) * np.int32(4 * bands.n_bands)
    offsets = np.concatenate([np.zeros(1, np.int32), ends])
    validity = np.packbits(is_signed, bitorder="little")
    buffers = [pa.py_buffer(part) for part in (validity, offsets, content)]
    return pa.Array.from_buffers(pa.binary(), len(is_signed), buffers)


def _cut_texts(paragraphs: ParagraphBatch, engine: Engine) -> pa.Array:
    """Give the text of each paragraph."""
    texts = engine.gather(paragraphs.batch.buffer, paragraphs.starts, paragraphs.ends)
    return pa.array(texts, pa.binary()).view(pa.string())


def _find_places(paragraphs: ParagraphBatch) -> dict[str, OffsetArray | IndexArray]:
    """Find where each paragraph stands, as `places.PlaceFinder` does for texts out of records.

    Their line ends are not those of the source, so a paragraph stands on the line of its document
    and its columns are counted from where that one's text begins.
    """
    batch = paragraphs.batch
    continues = np.flatnonzero((batch.buffer & _LEADING_BITS) == _CONTINUES)
    starts, ends, firsts = (
        places - np.searchsorted(continues, places)
        for places in (paragraphs.starts, paragraphs.ends, batch.starts[paragraphs.block])
    )
    sizes = ends - starts
    return {
        "start_line": paragraphs.start_lines,
        "start_column": paragraphs.columns,
        "end_line": paragraphs.end_lines,
        "end_column": paragraphs.columns - 1 + sizes,
        "start_char": starts - firsts,
        "end_char": ends - firsts,
    }
