"""Turn records in memory into batches: mappings with a text and perhaps an id and a date."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, Final

from dedup.config import ReadersConfig
from dedup.errors import InputError
from dedup.model import Block, BlockKind, Document, DocumentBatch, Span
from dedup.readers.batches import batch_from_documents, check_date, encode_id

_RECORDS_AT_ONCE: Final = 4096


def batches_from_records(
    records: Iterable[Mapping[str, Any]], config: ReadersConfig
) -> Iterator[DocumentBatch]:
    """Turn records into batches of a few thousand; a record without an id is named by its number.

    Raises:
        InputError: A record has no string as its text.
    """
    numbered = enumerate(records)
    while part := list(islice(numbered, _RECORDS_AT_ONCE)):
        documents = (_make_document(number, record, config) for number, record in part)
        yield batch_from_documents(None, documents)


def measure_records(records: Iterable[Mapping[str, Any]], config: ReadersConfig) -> int:
    """Give about how many bytes of text the records hold; what is no text counts nothing."""
    texts = (record.get(config.text_field) for record in records)
    return sum(len(text) for text in texts if isinstance(text, str))


def _make_document(number: int, record: object, config: ReadersConfig) -> Document:
    if not isinstance(record, Mapping):
        problem = f"it is {type(record).__name__}, expected a mapping"
        raise InputError("records", number + 1, problem, "Give mappings with a text.")
    text = record.get(config.text_field)
    if not isinstance(text, str):
        problem = f"its field '{config.text_field}' is {type(text).__name__}, expected str"
        remedy = "Give the text's field as ReadersConfig.text_field."
        raise InputError("records", number + 1, problem, remedy)
    identity = record.get(config.id_field)
    try:
        if identity is not None and not isinstance(identity, str):
            encode_id(identity)  # 3 us, which a string and no id need not pay
        date = check_date(record.get(config.date_field) if config.date_field else None)
    except ValueError as error:
        remedy = "Mend the record, or name other fields in ReadersConfig."
        raise InputError("records", number + 1, str(error), remedy) from error
    last_line = 1 + text.count("\n")
    span = Span(1, 1, last_line, 1, 0, len(text))
    block = (Block(BlockKind.TEXT, text, span),) if text else ()
    return Document(number if identity is None else identity, None, block, date or None)
