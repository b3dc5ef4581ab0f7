"""Which paragraphs may join which, against a plain star over Python sets."""

from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.config import (
    BandsConfig,
    CanonicalConfig,
    Config,
    ParagraphsConfig,
    Policy,
    RunConfig,
    VerifyConfig,
    Within,
)
from dedup.pipeline import find_duplicates
from dedup.report import Report

_BASES: Final = [
    "on the day the ferry came back nobody in the harbour knew its captain",
    "the council sold the mill by the river to a family from the coast",
]
_EDITS: Final = [(5, "boat"), (8, "town"), (11, "old"), (13, "x y"), (13, "x"), (2, "x")]
_BANDS: Final = [BandsConfig(), BandsConfig(all_pairs_up_to=0, recall=0.999999)]


def _edit(base: str, edits: list[tuple[int, str]]) -> str:
    words = base.split()
    for place, word in edits:
        words[place % len(words)] = word
    return " ".join(words)


_TEXT: Final = st.builds(
    _edit, st.sampled_from(_BASES), st.lists(st.sampled_from(_EDITS), max_size=2)
)
_CORPORA: Final = st.lists(st.lists(_TEXT, min_size=1, max_size=4), max_size=5)


def measure(left: str, right: str) -> float:
    """Measure the resemblance of two texts by their runs of three words."""
    one, two = (
        {tuple(words[place : place + 3]) for place in range(len(words) - 2)}
        for words in (left.split(), right.split())
    )
    return len(one & two) / len(one | two)


def join_by_hand(documents: list[list[str]], within: Within, policy: Policy) -> list[int]:
    """Give each paragraph's canonical: walk in canonical order, join the best, else become one.

    A copy shares the fate of its text's first; across documents alone it is like any other.
    """
    owners = [owner for owner, texts in enumerate(documents) for _ in texts]
    texts = [text for part in documents for text in part]
    order = list(range(len(texts)))
    if policy == "longest":
        order.sort(key=lambda number: -len(texts[number].split()))
    allowed = {"both": {True, False}, "document": {True}, "corpus": {False}}[within]
    found = list(range(len(texts)))
    heads: list[int] = []
    firsts: dict[tuple[str, int | None], int] = {}
    for number in order:
        place = {"both": None, "document": owners[number], "corpus": number}[within]
        first = firsts.setdefault((texts[number], place), number)
        if first != number:
            found[number] = found[first]
            continue
        scores = [
            (measure(texts[head], texts[number]), -place, head)
            for place, head in enumerate(heads)
            if (owners[head] == owners[number]) in allowed
        ]
        best = max((score for score in scores if score[0] >= 0.6), default=None)
        if best is None:
            heads.append(number)
        else:
            found[number] = best[2]
    return found


def run(
    documents: list[list[str]], within: Within, policy: Policy = "first", **parts: object
) -> Report:
    config = Config(
        paragraphs=ParagraphsConfig(within=within),
        canonical=CanonicalConfig(policy),
        **parts,  # type: ignore[arg-type]
    )
    return find_duplicates([{"text": "\n\n".join(texts)} for texts in documents], config)


@pytest.mark.parametrize("within", ["both", "document", "corpus"])
@settings(max_examples=100)
@given(_CORPORA, st.sampled_from(["first", "longest"]), st.sampled_from(_BANDS))
def test_paragraphs_join_as_a_plain_star_over_the_allowed_pairs_has_it(
    within: Within, documents: list[list[str]], policy: Policy, bands: BandsConfig
) -> None:
    report = run(documents, within, policy, bands=bands, verify=VerifyConfig(slot_guard=False))

    texts = [text for part in documents for text in part]
    expected = join_by_hand(documents, within, policy)
    assert report.grouping.canonicals.tolist() == expected
    assert [member.relation.label for group in report.groups for member in group.members] == [
        "identical" if texts[number] == texts[group.number] else "near-duplicate"
        for group in report.groups
        for number in range(len(texts))
        if expected[number] == group.number != number
    ]


@pytest.mark.parametrize("bands", _BANDS)
def test_across_documents_a_copy_never_joins_its_own_document_by_way_of_another(
    bands: BandsConfig,
) -> None:
    # The second document's longer text is kept, the first document joins it; the copy of that one
    # stands in the document of the kept text itself.
    text = _BASES[0]

    report = run([[text], [f"{text} victor", text]], "corpus", "longest", bands=bands)

    assert report.grouping.canonicals.tolist() == [1, 1, 2]


def test_across_documents_copies_in_one_document_all_stay() -> None:
    assert run([[_BASES[0]] * 3], "corpus").groups == ()


def test_across_documents_identical_texts_are_named_identical() -> None:
    (group,) = run([[_BASES[0]], [_BASES[0].upper()] * 2], "corpus").groups

    assert [(m.number, m.relation.label, m.resemblance) for m in group.members] == [
        (1, "identical", 1.0),
        (2, "identical", 1.0),
    ]


def test_across_documents_a_deselected_identical_pair_joins_nobody() -> None:
    report = run([[_BASES[0]], [_BASES[0]]], "corpus", run=RunConfig(rules=("DUP002",)))

    assert report.groups == ()


@pytest.mark.parametrize("within", ["document", "corpus"])
def test_groups_of_identical_texts_that_stand_apart_have_ids_of_their_own(within: Within) -> None:
    text = _BASES[0]
    documents = {
        "document": [[text] * 2, [text] * 2, [text] * 2],
        # 0 and 1 cannot join each other; 2 joins 0, 3 is near 1 by its text and 0 is nearer to 2.
        "corpus": [[text, text, _edit(text, _EDITS[:1])], [text]],
    }[within]

    report = run(documents, within)
    heads = sorted(set(report.grouping.canonicals.tolist()))

    assert len({report.group_id(head) for head in heads}) == len(heads) == 3
    assert report.group_id(0) == run([[text], [text]], "both").group_id(0)
    for number, head in enumerate(report.grouping.canonicals.tolist()):
        assert report.group_keys[number] == report.group_keys[head]
