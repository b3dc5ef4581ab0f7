"""Records in memory become documents, one each, in their order."""

import json
from collections import OrderedDict
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

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
        [{"body": "a", "url": "u", "on": "2024-05-01"}, {"body": "b", "url": "v"}],
        text_field="body",
        id_field="url",
        date_field="on",
    )

    assert [json.loads(raw) for raw in batch.ids] == ["u", "v"]
    assert batch.dates == ["2024-05-01", ""]


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


def test_an_id_of_another_type_becomes_a_string() -> None:
    (batch,) = read([{"text": "a", "id": UUID(int=5)}])

    assert json.loads(batch.ids[0]) == "00000000-0000-0000-0000-000000000005"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (date(2024, 5, 1), "2024-05-01"),
        (datetime(2024, 5, 1, 10, tzinfo=UTC), "2024-05-01T10:00:00+00:00"),
        ("2024-05-01", "2024-05-01"),
        (None, ""),
    ],
)
def test_a_date_may_be_a_string_or_an_object(given: object, expected: str) -> None:
    records = [{"text": "a", "on": given}, {"text": "b", "on": "2020-01-01"}]
    (batch,) = read(records, date_field="on")

    assert batch.dates == [expected, "2020-01-01"]


@pytest.mark.parametrize("given", ["last May", "", 2024, 5.0, True])
def test_a_bad_date_names_its_record(given: object) -> None:
    with pytest.raises(InputError, match=r"records:2: its date is .*, expected ISO 8601"):
        read([{"text": "a", "on": "2024-05-01"}, {"text": "b", "on": given}], date_field="on")


@pytest.mark.parametrize("identity", [float("nan"), float("inf")])
def test_an_id_that_json_cannot_hold_names_its_record(identity: float) -> None:
    with pytest.raises(InputError, match=r"records:2: "):
        read([{"text": "a"}, {"text": "b", "id": identity}])
