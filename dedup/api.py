"""Offer the run to Python programs that hold records: what goes in comes out, without repeats."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import compress
from os import PathLike
from pathlib import Path
from typing import Any, Protocol, TypeVar, overload

import numpy as np

from dedup.cleaning import Cleaned, clean_sources
from dedup.config import CLEANING_DEFAULTS, DEFAULTS, CleaningConfig, Config
from dedup.errors import InputError
from dedup.frames import find_frame
from dedup.kernels import load_engine
from dedup.model import BoolArray, Signatures
from dedup.outlets import Output
from dedup.pipeline import find_duplicates
from dedup.readers.batches import encode_text, pad
from dedup.shingles import list_shingles
from dedup.signatures import sign_shingle_sets

_Record = TypeVar("_Record", bound=str | Mapping[str, Any])


class _Named(Protocol):
    """A column of pandas or polars."""

    @property
    def name(self) -> Any: ...  # noqa: ANN401 -- whatever it is there


class _Framed(Protocol):
    """A frame of pandas or polars."""

    @property
    def columns(self) -> Any: ...  # noqa: ANN401 -- whatever it is there


class _Tabled(Protocol):
    """A table of Arrow or a dataset of Hugging Face."""

    @property
    def column_names(self) -> Any: ...  # noqa: ANN401 -- whatever it is there


class _Arrayed(Protocol):
    """An array of Arrow."""

    @property
    def null_count(self) -> Any: ...  # noqa: ANN401 -- whatever it is there


_Frame = TypeVar("_Frame", bound=_Named | _Framed | _Tabled | _Arrayed)


@overload
def deduplicate(records: _Frame, text: str = "text", config: Config = DEFAULTS) -> _Frame: ...


@overload
def deduplicate(
    records: Iterable[_Record], text: str = "text", config: Config = DEFAULTS
) -> list[_Record]: ...


def deduplicate(records: Any, text: str = "text", config: Config = DEFAULTS) -> Any:
    """Give the records that are kept: of each group of identical or near-duplicate texts one.

    Each record's text is compared as a whole (unit `record`); short texts are always kept, and of
    frames also rows whose text is null.

    Args:
        records: Strings, or mappings with a text, as any iterable; or a pandas or polars
            DataFrame or Series, an Arrow table, record batch or array, a Hugging Face Dataset.
        text: The field or column that holds the text; not looked at where all is one column.
        config: Every other setting.

    Returns:
        A list of the very records; of a frame, one of its kind with all columns, types, index
        and order kept.

    Raises:
        InputError: A record has no string under `text`, or a frame no such column.

    >>> deduplicate(["One and the same sentence, said in eight words."] * 2 + ["Another."])
    ['One and the same sentence, said in eight words.', 'Another.']
    """
    frame = find_frame(records)
    if frame is not None:
        date = config.readers.date_field
        rows = frame.list_rows(text, {} if date is None else {date: True})
        return frame.keep(_find_kept(rows, text, config))
    if isinstance(records, str | Mapping):
        remedy = "Give a list of strings, or of mappings."
        raise InputError("records", None, f"one {type(records).__name__} is no list", remedy)
    held = list(records)
    rows = [_take_text(number, record, text, config) for number, record in enumerate(held, 1)]
    return list(compress(held, _find_kept(rows, text, config)))


def _find_kept(rows: list[dict[str, object]], text: str, config: Config) -> BoolArray:
    """Tell which rows are kept; those without a paragraph always are."""
    config = replace(
        config,
        readers=replace(config.readers, text_field=text),
        paragraphs=replace(config.paragraphs, unit="record"),
        run=replace(config.run, keep_text=False),
    )
    report = find_duplicates(rows, config)
    kept = np.ones(len(rows), np.bool_)
    dropped = report.grouping.canonicals != np.arange(len(report.corpus))
    kept[report.corpus.document[dropped]] = False
    return kept


def _take_text(number: int, record: object, text: str, config: Config) -> dict[str, object]:
    """Take what is compared out of a record, and its date where the policy asks for one."""
    if isinstance(record, str):
        return {text: record}
    if not isinstance(record, Mapping):
        problem = f"it is {type(record).__name__}, expected a string or a mapping"
        raise InputError("records", number, problem, "Give strings, or mappings with a text.")
    fields = [text, config.readers.date_field or text]
    return {field: record[field] for field in fields if field in record}


def clean(
    paths: Iterable[str | Path],
    output: str | Path,
    removed: str | Path | None = None,
    config: Config = DEFAULTS,
    cleaning: CleaningConfig = CLEANING_DEFAULTS,
) -> Cleaned:
    """Write files again, each in its own format, without their redundant paragraphs.

    Args:
        paths: Files and folders.
        output: A file for one file, else a folder that is new or empty; it appears whole or not.
        removed: A file for everything that is removed, a JSON line each; None for none.
        config: How the files are read and compared.
        cleaning: What is removed, or whether rows are marked instead.

    Returns:
        What was done: `n_removed` by relation, `changed` files, `kept_in` and so on.

    Raises:
        DedupError: An input, a setting or the output is not as it must be; nothing was written.
    """
    if isinstance(paths, str | PathLike):
        remedy = "Give a list of paths."
        raise InputError("paths", None, f"one {type(paths).__name__} is no list", remedy)
    file = None if removed is None else str(removed)
    return clean_sources(paths, Output(str(output), file), (config, cleaning))


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
