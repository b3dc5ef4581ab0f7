"""Findings, and how they are turned round to name their new paragraph."""

import pytest

from dedup.findings import Finding, Reference, turn_back, turn_round
from dedup.model import Relation
from dedup.sources import SentenceSource

OLD = Reference("old.md", "old.md", 1, 9, 1, 9, 40, 60, 100)
NEW = Reference("new.md", "new.md", 0, 3, 1, 4, 40, 10, 90)
OTHER = Reference("other.md", "other.md", 0, 1, 1, 1, 9, 0, 9)
SYMMETRIC = (Relation.IDENTICAL, Relation.NEAR_DUPLICATE, Relation.VARIANT)


def find(relation: Relation) -> Finding:
    """Give the finding of an old paragraph, the sixth, against a new one, the first."""
    return Finding(
        rule="DUP000",
        relation=relation,
        level="error",
        number=5,
        reference=OLD,
        source_numbers=(0, 7),
        sources=(NEW, OTHER),
        score=0.75,
        conflicts=2,
        fingerprint="ab",
        said=(SentenceSource(0, 0, 1, 0.5, is_second=False),),
        dice=0.25,
        is_near=True,
    )


@pytest.mark.parametrize("relation", Relation)
def test_a_finding_that_is_turned_round_names_its_best_source_and_keeps_its_measures(
    relation: Relation,
) -> None:
    finding = find(relation)
    turned = turn_round(finding)

    assert (turned.number, turned.reference) == (0, NEW)
    assert (turned.source_numbers, turned.sources) == ((5,), (OLD,))
    for name in ("rule", "relation", "level", "score", "conflicts", "fingerprint"):
        assert getattr(turned, name) == getattr(finding, name)
    assert (turned.said, turned.dice, turned.is_near) == (finding.said, 0.25, True)


def test_only_in_a_directed_relation_it_matters_which_side_is_named() -> None:
    for relation in (Relation.CONTAINED, Relation.REWRITTEN):
        turned = turn_round(find(relation))
        back = turn_back(turned)

        assert (turned.is_turned, back.is_turned) == (True, False)
        assert (back.number, back.reference, back.sources) == (5, OLD, (NEW,))
        assert turn_back(back) is back
    for relation in SYMMETRIC:
        turned = turn_round(find(relation))

        assert not turned.is_turned
        assert turn_back(turned) is turned
