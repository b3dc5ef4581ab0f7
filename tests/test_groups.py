"""Star groups against a plain reading of design section 5.3, and what each policy keeps."""

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any, Final

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.config import DEFAULTS, RULES, CanonicalConfig, Config, Policy, ReadersConfig, RunConfig
from dedup.errors import InputError, SettingError
from dedup.groups import collapse_identical, group_around_canonicals, order_paragraphs
from dedup.kernels import Engine
from dedup.model import Grouping, HashArray, Relation, VerifiedPairs
from dedup.pipeline import find_duplicates
from dedup.report import Report

_SCORES: Final = st.sampled_from([0.6, 0.65, 0.7, 0.9, 1.0])  # few, so that there are ties
_RELATIONS: Final = st.sampled_from(
    [Relation.NEAR_DUPLICATE] * 4 + [Relation.CONTAINED, Relation.VARIANT]
)
Edges = dict[tuple[int, int], tuple[float, Relation]]


def draw_edges(n: int) -> st.SearchStrategy[Edges]:
    one = st.integers(0, n - 1)
    pairs = st.tuples(one, one).filter(lambda pair: pair[0] < pair[1])
    return st.dictionaries(pairs, st.tuples(_SCORES, _RELATIONS), max_size=40 if n > 1 else 0)


_GRAPHS: Final = st.integers(1, 15).flatmap(lambda n: st.tuples(st.just(n), draw_edges(n)))


def make_pairs(edges: Edges) -> VerifiedPairs:
    """Make the columns of pairs; the right's containment tells which pair it came from."""
    order = sorted(edges)
    scores = np.array([edges[pair][0] for pair in order], np.float64)
    held = np.array([(1 + left) / (2 + right) for left, right in order], np.float64)
    return VerifiedPairs(
        np.array([left for left, _ in order], np.int32),
        np.array([right for _, right in order], np.int32),
        scores,
        scores,
        held,
        np.zeros(len(order), np.int32),
        np.array([edges[pair][1] for pair in order], np.uint8),
    )


def walk(n: int, edges: Edges) -> list[int]:
    """Walk the rows in canonical order, as section 5.3 says it."""
    canonicals: list[int] = []
    for row in range(n):
        best = row
        for earlier in range(row):
            score, relation = edges.get((earlier, row), (0.0, Relation.NONE))
            if canonicals[earlier] != earlier or relation != Relation.NEAR_DUPLICATE:
                continue
            if best == row or score > edges[best, row][0]:
                best = earlier
        canonicals.append(best)
    return canonicals


def make_prints(texts: Iterable[int]) -> HashArray:
    """Make the fingerprints of texts that are known by a number each."""
    return np.array([word for text in texts for word in (text, 7)], np.uint64)


def group_rows(n: int, edges: Edges, engine: Engine, rules: tuple[str, ...] = RULES) -> Grouping:
    rows = np.arange(n)
    prints = make_prints(rows)  # all texts differ
    return group_around_canonicals(make_pairs(edges), (rows, rows), prints, rules, engine)


@settings(max_examples=300)
@given(_GRAPHS)
def test_groups_are_what_the_walk_in_canonical_order_gives(
    engine: Engine, graph: tuple[int, Edges]
) -> None:
    n, edges = graph
    grouping = group_rows(n, edges, engine)

    expected = walk(n, edges)
    assert grouping.canonicals.tolist() == expected
    for row, canonical in enumerate(expected):
        is_member = canonical != row
        relation = Relation.NEAR_DUPLICATE if is_member else Relation.NONE
        assert grouping.relations[row] == relation
        assert grouping.resemblance[row] == (edges[canonical, row][0] if is_member else 1.0)
        assert grouping.containment[row] == ((1 + canonical) / (2 + row) if is_member else 1.0)


def test_a_chain_is_never_one_group(engine: Engine) -> None:
    near = (0.8, Relation.NEAR_DUPLICATE)
    grouping = group_rows(4, {(0, 1): near, (1, 2): near, (2, 3): near}, engine)

    assert grouping.canonicals.tolist() == [0, 0, 2, 2]


def test_a_row_joins_the_best_canonical_and_of_equals_the_earlier(engine: Engine) -> None:
    near = Relation.NEAR_DUPLICATE
    edges = {(0, 3): (0.7, near), (1, 3): (0.9, near), (2, 3): (0.9, near)}

    assert group_rows(4, edges, engine).canonicals.tolist() == [0, 1, 2, 1]


@pytest.mark.parametrize("relation", [Relation.CONTAINED, Relation.VARIANT])
def test_contained_and_variant_pairs_join_nobody(engine: Engine, relation: Relation) -> None:
    assert group_rows(2, {(0, 1): (1.0, relation)}, engine).canonicals.tolist() == [0, 1]


def test_a_deselected_rule_joins_nobody(engine: Engine) -> None:
    edges = {(0, 1): (0.9, Relation.NEAR_DUPLICATE)}

    assert group_rows(2, edges, engine, ("DUP001",)).canonicals.tolist() == [0, 1]


def test_identical_paragraphs_share_the_fate_of_their_first(engine: Engine) -> None:
    # Paragraphs 0 to 5: 2 copies 0, 4 copies 3, 3 is near 0, 5 was too short to be compared.
    rows, representatives = np.array([0, 1, 3]), np.array([0, 1, 0, 3, 3, 5])
    pairs = make_pairs({(0, 2): (0.75, Relation.NEAR_DUPLICATE)})

    prints = make_prints(representatives)
    compared = (rows, representatives)

    grouping = group_around_canonicals(pairs, compared, prints, RULES, engine)

    assert grouping.canonicals.tolist() == [0, 1, 0, 0, 0, 5]
    assert [Relation(int(r)).label for r in grouping.relations] == [
        *("none", "none", "identical", "near-duplicate", "near-duplicate", "none")
    ]
    assert grouping.resemblance.tolist() == [1.0, 1.0, 1.0, 0.75, 0.75, 1.0]


def test_with_identical_deselected_copies_of_a_canonical_stand_alone(engine: Engine) -> None:
    rows, representatives = np.array([0, 3]), np.array([0, 0, 0, 3, 3])
    pairs = make_pairs({(0, 1): (0.75, Relation.NEAR_DUPLICATE)})

    prints = make_prints(representatives)
    compared = (rows, representatives)

    grouping = group_around_canonicals(pairs, compared, prints, ("DUP002",), engine)

    assert grouping.canonicals.tolist() == [0, 1, 2, 0, 0]


@given(st.lists(st.integers(0, 4), max_size=30), st.randoms())
def test_each_text_is_represented_by_its_first_in_canonical_order(
    engine: Engine, texts: list[int], random: Random
) -> None:
    order = list(range(len(texts)))
    random.shuffle(order)
    firsts = collapse_identical(make_prints(texts), np.array(order, np.int64), engine)

    ordered = [texts[number] for number in order]
    assert firsts.tolist() == [ordered.index(text) for text in ordered]


BODY: Final = "the mill by the river was sold in spring to a family from the coast who"
TEXTS: Final = [
    f"{BODY} paint boats",
    f"{BODY} paint boats and nets",
    f"{BODY} paint boats",
    f"{BODY} mend boats",
]
DATES: Final = ["2024-05-02", "2024-05-01", None, "2024-05-02T00:00:01+00:00"]


def run(canonical: CanonicalConfig, records: list[dict[str, Any]]) -> Report:
    config = Config(readers=ReadersConfig(date_field="date"), canonical=canonical)
    return find_duplicates(records, config)


def make_records() -> list[dict[str, Any]]:
    return [
        {"id": f"r{number}", "text": text, "date": date}
        for number, (text, date) in enumerate(zip(TEXTS, DATES, strict=True))
    ]


@pytest.mark.parametrize(
    ("canonical", "kept", "reason"),
    [
        (CanonicalConfig(), 0, "first in input order"),
        (CanonicalConfig("longest"), 1, "most words"),
        (CanonicalConfig("newest"), 3, "newest date"),
        (CanonicalConfig("oldest"), 1, "oldest date"),
        (CanonicalConfig("priority", ("r2", "r1")), 2, "best source in the list"),
    ],
)
def test_each_policy_keeps_its_own_canonical(
    canonical: CanonicalConfig, kept: int, reason: str
) -> None:
    (group,) = run(canonical, make_records()).groups

    assert (group.number, group.reason) == (kept, reason)
    assert [member.number for member in group.members] == sorted({0, 1, 2, 3} - {kept})


@pytest.mark.parametrize("policy", ["first", "longest", "newest", "oldest"])
def test_ties_fall_to_input_order(policy: Policy) -> None:
    records = [{"text": TEXTS[0], "date": "2024-05-02"} for _ in range(3)]

    (group,) = run(CanonicalConfig(policy), records).groups

    assert group.number == 0


def test_an_undated_document_comes_after_all_dated_ones() -> None:
    records = [{"text": TEXTS[0]}, {"text": TEXTS[0], "date": "1890-01-01"}]

    for canonical in (CanonicalConfig("newest"), CanonicalConfig("oldest")):
        (group,) = run(canonical, records).groups
        assert group.number == 1


@pytest.mark.parametrize(
    ("newer", "older"),
    [
        ("2024-05-02", "2024-05-01"),
        ("2024-05-02T00:30:00+00:00", "2024-05-02T01:00:00+01:00"),
        ("2024-05-02T10:00:00", "2024-05-02T10:00:00.5+02:00"),
        ("2024-05-02T00:00:00Z", "20240501"),
        ("0002-01-01", "0001-01-01"),
    ],
)
def test_dates_are_compared_as_moments_of_universal_time(newer: str, older: str) -> None:
    records = [{"text": TEXTS[0], "date": date} for date in (older, newer)]

    assert run(CanonicalConfig("newest"), records).groups[0].number == 1
    assert run(CanonicalConfig("oldest"), records).groups[0].number == 0


def test_a_date_that_is_none_is_refused_with_its_record() -> None:
    records = [{"id": "x7", "text": TEXTS[0], "date": "last May"}]

    with pytest.raises(InputError, match="records:1: its date is 'last May', expected ISO 8601"):
        run(CanonicalConfig("newest"), records)


@pytest.mark.parametrize("canonical", [CanonicalConfig("newest"), CanonicalConfig("oldest")])
def test_where_no_date_is_known_the_reason_is_input_order(canonical: CanonicalConfig) -> None:
    dated = {"text": "nobody says this again", "date": "2026-05-04"}

    (group,) = run(canonical, [{"text": TEXTS[0]}, {"text": TEXTS[0]}, dated]).groups

    assert (group.number, group.reason) == (0, "first in input order")


@pytest.mark.parametrize("policy", ["newest", "oldest"])
def test_dates_that_are_to_decide_and_are_nowhere_are_refused(policy: Policy) -> None:
    told = f"setting keep is '{policy}': allowed is .* documents have dates.*--date-field"
    with pytest.raises(SettingError, match=told):
        run(CanonicalConfig(policy), [{"text": TEXTS[0]}, {"text": TEXTS[0]}])


def test_without_a_document_no_date_is_missed() -> None:
    assert order_paragraphs(run(CanonicalConfig(), []).corpus, CanonicalConfig("newest")).size == 0


def test_where_no_source_is_listed_the_reason_is_input_order() -> None:
    canonical = CanonicalConfig("priority", ("elsewhere",))

    (group,) = run(canonical, [{"id": "a", "text": TEXTS[0]}, {"text": TEXTS[0]}]).groups

    assert (group.number, group.reason) == (0, "first in input order")


def test_identical_rows_that_are_pairs_of_their_own_are_named_identical(engine: Engine) -> None:
    # As `--within corpus` has it: nothing is collapsed, 2 is the text of 0, 1 is near both.
    edges = {(0, 1): (0.8, Relation.NEAR_DUPLICATE), (0, 2): (1.0, Relation.NEAR_DUPLICATE)}
    rows, prints = np.arange(3), make_prints([5, 6, 5])

    relations = {
        rules: group_around_canonicals(make_pairs(edges), (rows, rows), prints, rules, engine)
        for rules in (RULES, ("DUP001",), ("DUP002",))
    }

    assert {rules: list(map(int, found.relations)) for rules, found in relations.items()} == {
        RULES: [Relation.NONE, Relation.NEAR_DUPLICATE, Relation.IDENTICAL],
        ("DUP001",): [Relation.NONE, Relation.NONE, Relation.IDENTICAL],
        ("DUP002",): [Relation.NONE, Relation.NEAR_DUPLICATE, Relation.NONE],
    }


def test_priority_goes_by_the_beginning_of_a_path(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "one.txt").write_text(TEXTS[0])
    canonical = CanonicalConfig("priority", (str(tmp_path / "b"),))

    report = find_duplicates([tmp_path], replace(DEFAULTS, canonical=canonical))

    assert [group.canonical.path for group in report.groups] == [str(tmp_path / "b" / "one.txt")]


@pytest.mark.parametrize("source", ["b", "b/", "./b", "b/one.txt"])
def test_priority_takes_whole_parts_of_a_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    # "bb" begins with the letters of "b", and stands before it.
    for name in ("a", "b", "bb"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "one.txt").write_text(TEXTS[0])
    monkeypatch.chdir(tmp_path)
    config = replace(DEFAULTS, canonical=CanonicalConfig("priority", (source,)))

    (group,) = find_duplicates(["bb", "a", "b"], config).groups

    assert group.canonical.path == "b/one.txt"


@pytest.mark.parametrize("identity", ["plain", 'with "quotes"', "back\\slash", '"'])
def test_priority_knows_a_record_by_its_id(identity: str) -> None:
    records = [{"id": "other", "text": TEXTS[0]}, {"id": identity, "text": TEXTS[0]}]

    assert run(CanonicalConfig("priority", (identity,)), records).groups[0].number == 1


@pytest.mark.parametrize("policy", ["newest", "longest"])
def test_a_policy_holds_on_the_path_of_many_paragraphs_too(tmp_path: Path, policy: Policy) -> None:
    path = tmp_path / "records.jsonl"
    path.write_text("\n".join(map(json.dumps, make_records())))
    config = Config(
        readers=ReadersConfig(date_field="date"),
        canonical=CanonicalConfig(policy),
        bands=replace(DEFAULTS.bands, all_pairs_up_to=0),
        run=RunConfig(engine="numba"),
    )

    (group,) = find_duplicates([path], config).groups

    assert group.number == {"newest": 3, "longest": 1}[policy]
