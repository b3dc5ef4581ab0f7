"""Records in, the records that are kept out."""

from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

import dedup
from dedup.config import (
    DEFAULTS,
    CanonicalConfig,
    Config,
    EngineChoice,
    RunConfig,
    ShingleKind,
    ShinglesConfig,
    SignaturesConfig,
)
from dedup.errors import InputError, SettingError

ENGINES: Final[tuple[EngineChoice, ...]] = ("numpy", "numba")
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


def test_of_a_tuple_a_set_and_a_view_a_list_is_kept() -> None:
    assert dedup.deduplicate((LINE, LINE)) == [LINE]
    assert dedup.deduplicate({LINE}) == [LINE]
    assert dedup.deduplicate(dict.fromkeys([1, 2], LINE).values()) == [LINE]


def test_the_package_offers_its_public_names_and_no_others() -> None:
    assert dir(dedup) == sorted(dedup.__all__)
    for name in dedup.__all__:
        assert getattr(dedup, name) is not None
    with pytest.raises(AttributeError, match="module 'dedup' has no attribute 'scan'"):
        dedup.scan  # noqa: B018


def test_errors_of_every_kind_are_caught_as_one() -> None:
    assert issubclass(SettingError, dedup.DedupError)
    assert dedup.Config() == DEFAULTS


@pytest.mark.parametrize(("record", "kind"), [(5, "int"), (None, "NoneType"), (b"x", "bytes")])
def test_a_record_that_is_neither_text_nor_mapping_is_refused(record: Any, kind: str) -> None:  # noqa: ANN401
    with pytest.raises(InputError, match=f"records:2: it is {kind}, expected a string or a mapp"):
        dedup.deduplicate([LINE, record])


def test_ids_are_not_looked_at() -> None:
    records: list[dict[str, Any]] = [{"id": float("nan"), "text": LINE}, {"id": {1}, "text": LINE}]

    assert dedup.deduplicate(records)[0] is records[0]


def test_texts_are_signed_as_datasketch_signs_their_shingles() -> None:
    datasketch = pytest.importorskip("datasketch")
    texts = [LINE, "\u00c9t\u00e9 fut chaud,  tr\u00e8s chaud", "a b", LINE.upper()]
    config = Config(signatures=SignaturesConfig(num_perm=64, seed=9))

    signatures = dedup.sign_texts(texts, config)

    for row, text in enumerate(texts):
        words = text.lower().replace(",", "").split()
        runs = [words[n : n + 3] for n in range(max(1, len(words) - 2))]
        sketch = datasketch.MinHash(num_perm=64, seed=9, hashfunc=dedup.hash_shingle)
        for run in runs:
            sketch.update(" ".join(run).encode())
        signed = dedup.to_datasketch(signatures, row)
        assert signed.hashvalues.tolist() == sketch.hashvalues.tolist()
        assert signed.jaccard(sketch) == 1.0


def test_no_texts_give_no_signatures() -> None:
    assert len(dedup.sign_texts([]).minima) == 0


@pytest.mark.parametrize("kind", ["word", "char"])
def test_both_engines_sign_texts_alike(kind: ShingleKind) -> None:
    shingles = ShinglesConfig(kind, 3)
    numpy, numba = (
        dedup.sign_texts([LINE, "", "?!"], Config(shingles=shingles, run=RunConfig(engine=engine)))
        for engine in ENGINES
    )

    assert numpy.minima.tolist() == numba.minima.tolist()


def test_clean_writes_files_without_their_repeats(tmp_path: Path) -> None:
    source, output, removed = (tmp_path / name for name in ("in.txt", "out.txt", "gone.jsonl"))
    said, other = (f"One and the same {noun}, said once more in eight words." for noun in "ab")
    source.write_text(f"{said}\n\n{other}\n\n{said}\n", encoding="utf-8")

    cleaned = dedup.clean([source], output, removed)

    assert output.read_text(encoding="utf-8") == f"{said}\n\n{other}\n"
    assert dict(cleaned.n_removed) == {"identical": 1}
    assert cleaned.changed == [str(source)]
    assert len(removed.read_text(encoding="utf-8").splitlines()) == 1


def test_clean_takes_a_list_of_paths(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="one str is no list"):
        dedup.clean("in.txt", tmp_path / "out.txt")
