"""Offer the run to Python programs that hold records: what goes in comes out, without repeats."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

import numpy as np

from dedup.config import DEFAULTS, Config
from dedup.errors import InputError
from dedup.kernels import load_engine
from dedup.model import Signatures
from dedup.pipeline import find_duplicates
from dedup.readers.batches import encode_text, pad
from dedup.shingles import list_shingles
from dedup.signatures import sign_shingle_sets

_Record = TypeVar("_Record", bound=str | Mapping[str, Any])


def deduplicate(
    records: Iterable[_Record], text: str = "text", config: Config = DEFAULTS
) -> list[_Record]:
    """Give the records that are kept: of each group of identical or near-duplicate texts one.

    Each record's text is compared as a whole (unit `record`); short texts are always kept.

    Args:
        records: Strings, or mappings with a text.
        text: The field that holds the text of a mapping.
        config: Every other setting.

    Raises:
        InputError: A record has no string under `text`.

    >>> deduplicate(["One and the same sentence, said in eight words."] * 2 + ["Another."])
    ['One and the same sentence, said in eight words.', 'Another.']
    """
    if isinstance(records, str | Mapping):
        remedy = "Give a list of strings, or of mappings."
        raise InputError("records", None, f"one {type(records).__name__} is no list", remedy)
    held = list(records)
    rows = [_take_text(number, record, text, config) for number, record in enumerate(held, 1)]
    config = replace(
        config,
        readers=replace(config.readers, text_field=text),
        paragraphs=replace(config.paragraphs, unit="record"),
        run=replace(config.run, keep_text=False),
    )
    report = find_duplicates(rows, config)
    numbers = np.arange(len(report.corpus))
    dropped = set(report.corpus.document[report.grouping.canonicals != numbers].tolist())
    return [record for number, record in enumerate(held) if number not in dropped]


def _take_text(number: int, record: object, text: str, config: Config) -> dict[str, object]:
    """Take what is compared out of a record, and its date where the policy asks for one."""
    if isinstance(record, str):
        return {text: record}
    if not isinstance(record, Mapping):
        problem = f"it is {type(record).__name__}, expected a string or a mapping"
        raise InputError("records", number, problem, "Give strings, or mappings with a text.")
    fields = [text, config.readers.date_field or text]
    return {field: record[field] for field in fields if field in record}


def sign_texts(texts: Iterable[str], config: Config = DEFAULTS) -> Signatures:
    """Sign texts with MinHash, each as one paragraph, as a run over a corpus would.

    The row of each text can be handed to datasketch with `to_datasketch`.

    >>> from dedup.signatures import to_datasketch
    >>> to_datasketch(sign_texts(["a b c d", "a b c e"]), 0).jaccard(
    ...     to_datasketch(sign_texts(["a b c e"]), 0)) < 1
    True
    """
    engine = load_engine("numpy" if config.run.engine == "auto" else config.run.engine)
    encoded = [encode_text(text) for text in texts]
    ends = np.cumsum([len(text) for text in encoded], dtype=np.int64)
    starts = ends - np.array([len(text) for text in encoded], np.int64)
    read = engine.spell if config.shingles.kind == "char" else engine.tokenize
    units = read(pad(b"".join(encoded)), starts, ends)
    shingles = list_shingles(units, np.arange(len(encoded)), config.shingles, engine)
    return sign_shingle_sets(shingles, config.signatures, engine)
