"""Contained pairs that anchors propose, and which pairs are looked at at all."""

from itertools import permutations
from typing import Final

import numpy as np
import pytest

from dedup.config import BandsConfig, Config, EngineChoice, RestatementConfig, RunConfig, Within
from dedup.findings import Finding
from dedup.model import Relation
from dedup.pipeline import find_duplicates
from dedup.report import Report
from dedup.rewording import within

SHORT: Final = "the mill by the river was sold in spring to a family from the coast"
LONG: Final = (
    f"{SHORT} who had built boats there for more than a hundred years before the harbour "
    "silted up and the last of the fishermen moved away to the islands in the north"
)
END: Final = "the last of the fishermen moved away to the islands far to the north and the west"
OTHER: Final = "nothing in these few words stands in any other paragraph of this small test"
BANDS: Final = BandsConfig(all_pairs_up_to=0)
ANCHORS: Final = {"bands": BANDS, "restatement": RestatementConfig(all_pairs_up_to=0)}


def run(*texts: str, **parts: object) -> Report:
    config = Config(**parts)  # type: ignore[arg-type]
    return find_duplicates([{"text": text} for text in texts], config)


def contained(report: Report) -> list[tuple[int, int, float]]:
    found: list[Finding] = [f for f in report.findings if f.relation is Relation.CONTAINED]
    return [(finding.number, finding.source_number, finding.score) for finding in found]


@pytest.mark.parametrize("engine", ["numpy", "numba"])
def test_a_contained_pair_is_found_by_anchors_where_bands_propose_the_others(
    engine: EngineChoice,
) -> None:
    # 13 of the 42 shingles of the longer: far too few for the two to share a band at 0.6.
    for texts in permutations((SHORT, LONG, OTHER)):
        report = run(*texts, **ANCHORS, run=RunConfig(engine=engine))

        expected = [(texts.index(SHORT), texts.index(LONG), 1.0)]
        assert contained(report) == expected
        assert not report.counts.compared_all_pairs


def test_anchors_find_what_all_pairs_find() -> None:
    texts = [LONG, OTHER, SHORT, f"{LONG} {END}", f"{SHORT} {OTHER}", END]

    all_pairs, by_anchors = run(*texts), run(*texts, **ANCHORS)

    assert contained(all_pairs) == contained(by_anchors) != []


def test_a_pair_that_bands_and_anchors_propose_is_there_once() -> None:
    # Bands of one row propose nearly any pair with something in common.
    bands = BandsConfig(all_pairs_up_to=0, recall=0.999999)
    report = run(LONG, SHORT, OTHER, bands=bands, restatement=ANCHORS["restatement"])
    pairs = report.pairs

    couples = list(zip(pairs.lefts.tolist(), pairs.rights.tolist(), strict=True))
    assert couples == [(0, 1)]


def test_pairs_stay_sorted_when_anchors_add_to_them() -> None:
    texts = [LONG, SHORT, OTHER, f"{OTHER} again and again", LONG.replace("boats", "ships")]
    pairs = run(*texts, **ANCHORS).pairs

    couples = list(zip(pairs.rights.tolist(), pairs.lefts.tolist(), strict=True))
    assert couples == sorted(set(couples))


@pytest.mark.parametrize("parts", [{}, ANCHORS])
def test_only_kept_paragraphs_contain_and_are_contained(parts: dict[str, object]) -> None:
    # END stands whole in the redundant paragraph only; what is kept does not hold it.
    redundant = LONG.replace(END[: END.index(" far")] + " in the north", END)
    rules = RunConfig(rules=("DUP001", "DUP002", "DUP003"))
    report = run(LONG, redundant, SHORT, SHORT, END, **parts, run=rules)

    assert [(f.rule, f.number, f.source_number) for f in report.findings] == [
        ("DUP001", 3, 2),
        ("DUP002", 1, 0),
        ("DUP003", 2, 0),
    ]
    kept = report.grouping.canonicals == np.arange(5)
    is_contained = report.pairs.relations == Relation.CONTAINED
    assert kept[report.pairs.lefts[is_contained]].all()
    assert kept[report.pairs.rights[is_contained]].all()


@pytest.mark.parametrize("parts", [{}, ANCHORS])
def test_too_little_shorter_is_not_contained(parts: dict[str, object]) -> None:
    words = [f"w{n}{chr(97 + n % 7)}" for n in range(40)]
    whole, most, more = " ".join(words), " ".join(words[:32]), " ".join(words[:33])

    rules = {"run": RunConfig(rules=("DUP001", "DUP003"))}
    assert len(run(f"{whole} {OTHER} x y z", most, **parts, **rules).findings) == 1
    # 33 of 40 words are more than four fifths of them: a near-duplicate, which is deselected.
    assert run(whole, more, **parts, **rules).findings == ()


def test_a_deselected_rule_measures_nothing() -> None:
    config = {**ANCHORS, "run": RunConfig(rules=("DUP001", "DUP002", "DUP004"))}

    report = run(LONG, SHORT, OTHER, **config)

    assert contained(report) == []
    assert "verify contained" not in dict(report.counts.seconds)


def test_without_a_rule_of_terms_no_term_is_looked_at() -> None:
    report = run(LONG, SHORT, LONG, run=RunConfig(rules=("DUP001", "DUP002")))

    assert "anchors" not in dict(report.counts.seconds)
    assert [finding.rule for finding in report.findings] == ["DUP001"]
    assert report.corpus.terms is None


@pytest.mark.parametrize(
    ("wanted", "expected"), [("both", [0, 1, 2]), ("document", [0]), ("corpus", [1, 2])]
)
def test_pairs_are_wanted_within_documents_or_across_them(
    wanted: Within, expected: list[int]
) -> None:
    documents = np.array([0, 0, 1], np.int32)
    pairs = np.array([0, 0, 1], np.int32), np.array([1, 2, 2], np.int32)

    assert within(documents, pairs, wanted).tolist() == expected


def test_progress_never_goes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dedup.anchors._BYTES_A_ROW", 1 << 40)  # a block of each paragraph
    texts, told = [LONG, SHORT, OTHER, END], list[int]()

    def tell(stage: str, n_done: int) -> None:
        if stage == "anchors":
            told.append(n_done)

    config = Config(bands=BANDS, restatement=RestatementConfig(all_pairs_up_to=0))
    find_duplicates([{"text": text} for text in texts], config, tell)

    assert told == sorted(told)
    assert told[-1] > 0
