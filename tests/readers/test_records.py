"""Records in memory become documents, one each, in their order."""

import json
from collections import OrderedDict
from types import MappingProxyType
from typing import Any

import pytest

from dedup.config import ReadersConfig
from dedup.errors import InputError
from dedup.model import BlockKind, DocumentBatch
from dedup.readers.records import batches_from_records, measure_records


def read(records: list[Any], **settings: str) -> list[DocumentBatch]:
    return list(batches_from_records(records, ReadersConfig(**settings)))  # type: ignore[arg-type]


def texts_of(batch: DocumentBatch) -> list[str]:
    spans = zip(batch.starts.tolist(), batch.ends.tolist(), strict=True)
    return [batch.buffer[start:end].tobytes().decode() for start, end in spans]


def test_a_record_is_a_document_with_its_id_and_text() -> None:
    (batch,) = read([{"id": "a", "text": "One."}, {"id": 7, "text": "Two.\n\nThree."}])

    assert [json.loads(raw) for raw in batch.ids] == ["a", 7]
    assert texts_of(batch) == ["One.", "Two.\n\nThree."]
    assert batch.kinds.tolist() == [BlockKind.TEXT] * 2
    assert batch.path is None


def test_a_record_without_an_id_is_named_by_its_number() -> None:
    (batch,) = read([{"text": "a"}, {"text": "b", "id": None}, {"text": "c", "id": "x"}])

    assert [json.loads(raw) for raw in batch.ids] == [0, 1, "x"]


def test_numbers_go_on_from_batch_to_batch() -> None:
    batches = read([{"text": "a"}] * 5000)

    assert [len(batch.ids) for batch in batches] == [4096, 904]
    assert json.loads(batches[1].ids[-1]) == 4999


def test_an_empty_text_is_a_document_without_a_block() -> None:
    (batch,) = read([{"text": ""}, {"text": "b"}])

    assert (len(batch.ids), batch.document.tolist()) == (2, [1])


def test_fields_may_have_other_names() -> None:
    (batch,) = read(
        [{"body": "a", "url": "u", "on": 2024}, {"body": "b", "url": "v"}],
        text_field="body",
        id_field="url",
        date_field="on",
    )

    assert [json.loads(raw) for raw in batch.ids] == ["u", "v"]
    assert batch.dates == ["2024", ""]


def test_any_mapping_is_a_record() -> None:
    (batch,) = read([OrderedDict(text="a"), MappingProxyType({"text": "b"})])

    assert texts_of(batch) == ["a", "b"]


@pytest.mark.parametrize(
    ("record", "kind"), [({"text": 5}, "int"), ({"text": None}, "NoneType"), ({}, "NoneType")]
)
def test_a_record_without_a_string_is_named_by_its_place(record: dict[str, Any], kind: str) -> None:
    with pytest.raises(InputError, match=rf"records:2: its field 'text' is {kind}, expected str"):
        read([{"text": "a"}, record])


def test_a_lone_surrogate_becomes_the_replacement_character() -> None:
    (batch,) = read([{"text": "a\ud83d", "id": "\ude00"}])

    assert texts_of(batch) == ["a\ufffd"]
    assert json.loads(batch.ids[0]) == "\ufffd"


def test_no_records_give_no_batch() -> None:
    assert read([]) == []


def test_records_are_measured_by_their_texts() -> None:
    records: list[dict[str, Any]] = [{"text": "abc"}, {"text": 5}, {}, {"text": "de"}]

    assert measure_records(records, ReadersConfig()) == 5
