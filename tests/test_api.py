"""Records in, the records that are kept out."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import dedup
from dedup.config import DEFAULTS, CanonicalConfig, Config
from dedup.errors import InputError, SettingError

LINE = "one and the same sentence said in eight words"


def test_of_identical_texts_the_first_is_kept() -> None:
    assert dedup.deduplicate([LINE, "short", f" {LINE.upper()} ", LINE]) == [LINE, "short"]


def test_of_near_duplicates_one_is_kept_and_given_back_as_it_was() -> None:
    long = f"{LINE} and then some more of them to the end of it"
    records: list[dict[str, Any]] = [
        {"text": long, "n": 1},
        {"text": long.replace("more", "others"), "n": 2, "nested": {"kept": []}},
        {"text": "something else altogether is said in this one record", "n": 3},
    ]

    assert dedup.deduplicate(records) == [records[0], records[2]]
    assert dedup.deduplicate(records)[0] is records[0]


def test_the_text_may_stand_in_another_field() -> None:
    records = [{"body": LINE, "text": 5}, {"body": LINE, "text": 6}]

    assert dedup.deduplicate(records, text="body") == records[:1]


def test_records_are_compared_as_a_whole() -> None:
    other = "another paragraph that stands behind the first one here"
    records = [f"{LINE}\n\n{other}", LINE, other]

    assert dedup.deduplicate(records) == records


def test_a_policy_decides_which_is_kept() -> None:
    long = f"{LINE} and then some more of them to the end of it"
    config = Config(canonical=CanonicalConfig("longest"))

    assert dedup.deduplicate([long, f"{long} still"], config=config) == [f"{long} still"]


def test_a_record_without_its_text_is_refused() -> None:
    with pytest.raises(InputError, match="records:2: its field 'text' is NoneType, expected str"):
        dedup.deduplicate([{"text": LINE}, {"body": LINE}])


@pytest.mark.parametrize("records", [[], [""], ["", ""], ["?!", "?!"], ["short", "short"]])
def test_empty_and_short_texts_are_always_kept(records: list[str]) -> None:
    assert dedup.deduplicate(records) == records


def test_records_of_one_id_are_all_looked_at() -> None:
    records: list[dict[str, Any]] = [
        {"id": 0, "text": f"{LINE} a"},
        {"text": LINE},
        {"id": 1, "text": LINE},
    ]

    assert len(dedup.deduplicate(records)) == 1


@given(st.lists(st.sampled_from([LINE, LINE.replace("eight", "8"), "", "a b", "x " * 9])))
def test_deduplicating_twice_removes_nothing_more(records: list[str]) -> None:
    once = dedup.deduplicate(records)

    assert dedup.deduplicate(once) == once
    assert set(once) <= set(records)


def test_a_generator_of_records_is_taken_once() -> None:
    assert dedup.deduplicate(LINE for _ in range(3)) == [LINE]


def test_the_package_offers_its_public_names_and_no_others() -> None:
    assert dir(dedup) == sorted(dedup.__all__)
    for name in dedup.__all__:
        assert getattr(dedup, name) is not None
    with pytest.raises(AttributeError, match="module 'dedup' has no attribute 'scan'"):
        dedup.scan  # noqa: B018


def test_errors_of_every_kind_are_caught_as_one() -> None:
    assert issubclass(SettingError, dedup.DedupError)
    assert dedup.Config() == DEFAULTS
