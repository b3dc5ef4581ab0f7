"""Which paragraphs are rewritten from another one, across documents and within."""

from pathlib import Path
from typing import Final

import numpy as np
import pytest

from dedup.config import (
    CanonicalConfig,
    Config,
    EngineChoice,
    ParagraphsConfig,
    RestatementConfig,
    RunConfig,
)
from dedup.model import Relation
from dedup.pipeline import find_duplicates
from dedup.report import Report

CRACK: Final = (
    "Divers found a crack forty metres long in the upstream face of the Hollin dam, so the water "
    "authority of Castrovia ordered an emergency lowering of the reservoir."
)
CRACK_AGAIN: Final = (
    "A crack forty metres long, which divers found in the Hollin dam's upstream face, made "
    "Castrovia's water authority order an emergency lowering of its reservoir."
)
CRACK_THIRD: Final = (
    "The reservoir's emergency lowering was ordered by the authority for water in Castrovia: in "
    "the Hollin dam, on its upstream face, divers had found a long crack of forty metres at least."
)
MAYOR: Final = (
    "In the town of Marnow the mayor has closed two schools and the riverside market as a "
    "precaution, and hundreds of families have moved in with relatives on higher ground."
)
MAYOR_AGAIN: Final = (
    "As a precaution two schools and the market at the riverside have been closed by Marnow's "
    "mayor; on ground that is higher, relatives have taken in hundreds of families."
)
SALES: Final = (
    "Sales of garden pumps at the Hollin works rose by 3.2 percent to 418 million crowns, the "
    "board of the company said in Marnow."
)
SALES_AGAIN: Final = (
    "At the Hollin works, said the board of the company in Marnow, sales of garden pumps rose to "
    "418 million crowns, by 3.2 percent."
)
OTHER: Final = (
    "On the island of Ness three groceries ran out of milk, bread flour and nappies by Wednesday, "
    "and the butcher sold mutton by the half kilo only."
)
WITHOUT_RESTATED: Final = RunConfig(rules=("DUP001", "DUP002", "DUP003", "DUP004", "DUP006"))
BY_ANCHORS: Final = RestatementConfig(all_pairs_up_to=0)


def run(*documents: str, **parts: object) -> Report:
    config = Config(**parts)  # type: ignore[arg-type]
    return find_duplicates([{"id": f"r{n}", "text": t} for n, t in enumerate(documents)], config)


def rewritten(report: Report) -> dict[int, int]:
    """Give the source of each rewritten paragraph."""
    return {
        finding.number: finding.source_number
        for finding in report.findings
        if finding.relation is Relation.REWRITTEN
    }


@pytest.mark.parametrize("engine", ["numpy", "numba"])
def test_a_paragraph_of_another_document_is_found_rewritten(engine: EngineChoice) -> None:
    report = run(CRACK, OTHER, CRACK_AGAIN, run=RunConfig(engine=engine))

    (finding,) = report.findings
    assert (finding.rule, finding.number, finding.source_numbers) == ("DUP004", 2, (0,))
    assert finding.level == "warning"
    assert 0.4 <= finding.score < 1.0
    assert report.counts.n_pairs_scored >= 1


def test_a_rewritten_paragraph_joins_no_group() -> None:
    report = run(CRACK, CRACK_AGAIN)

    assert report.groups == ()
    assert report.relations.tolist() == [Relation.NONE, Relation.REWRITTEN]


def test_within_a_document_the_score_of_the_document_decides() -> None:
    text = f"{CRACK}\n\n{OTHER}\n\n{CRACK_AGAIN}"

    both, alone = run(text), run(text, run=WITHOUT_RESTATED)

    assert [(f.rule, f.number, f.source_number) for f in both.findings] == [("DUP005", 2, 0)]
    assert [(f.rule, f.number, f.source_number) for f in alone.findings] == [("DUP004", 2, 0)]


def test_a_paragraph_may_be_restated_and_rewritten() -> None:
    report = run(CRACK, f"{CRACK_THIRD}\n\n{OTHER}\n\n{CRACK_AGAIN}")

    assert [(f.rule, f.number, f.source_number) for f in report.findings] == [
        ("DUP004", 1, 0),
        ("DUP004", 3, 0),
        ("DUP005", 3, 1),
    ]


@pytest.mark.parametrize(
    ("within", "expected"), [("both", {2: 0}), ("corpus", {2: 0}), ("document", {})]
)
def test_within_documents_alone_no_other_document_is_looked_at(
    within: str, expected: dict[int, int]
) -> None:
    paragraphs = ParagraphsConfig(within=within)  # type: ignore[arg-type]

    assert rewritten(run(CRACK, OTHER, CRACK_AGAIN, paragraphs=paragraphs)) == expected


def test_across_documents_alone_no_pair_of_one_document_is_looked_at() -> None:
    config = {"paragraphs": ParagraphsConfig(within="corpus"), "run": WITHOUT_RESTATED}

    assert rewritten(run(f"{CRACK}\n\n{CRACK_AGAIN}", OTHER, **config)) == {}


def test_stars_are_never_chained() -> None:
    # All three say the same: the later two are rewritten from the first, none from the second.
    report = run(CRACK, CRACK_AGAIN, CRACK_THIRD)

    assert rewritten(report) == {1: 0, 2: 0}


def test_a_source_is_never_rewritten_itself() -> None:
    texts = [CRACK, CRACK_AGAIN, MAYOR, CRACK_THIRD, OTHER, MAYOR_AGAIN]

    for restatement in (RestatementConfig(), BY_ANCHORS):
        found = rewritten(run(*texts, restatement=restatement))
        assert found == {1: 0, 3: 0, 5: 2}
        assert not set(found) & set(found.values())


def test_other_numbers_are_other_facts() -> None:
    # Each side has two numbers that the other has not; with one alone it is the same news.
    two = SALES_AGAIN.replace("418", "467").replace("3.2", "5.9")
    one = SALES_AGAIN.replace("418", "467")

    assert rewritten(run(SALES, SALES_AGAIN)) == {1: 0}
    assert rewritten(run(SALES, one)) == {1: 0}
    assert rewritten(run(SALES, two)) == {}


def test_numbers_that_one_side_has_alone_are_no_exchange() -> None:
    more = f"{SALES_AGAIN[:-1]} on the 14 of 1961."

    assert rewritten(run(SALES, more)) == {1: 0}
    assert rewritten(run(more, SALES)) == {1: 0}


def test_few_paragraphs_by_all_pairs_and_many_by_anchors_give_the_same() -> None:
    texts = [CRACK, OTHER, MAYOR, SALES, CRACK_AGAIN, MAYOR_AGAIN, SALES_AGAIN, CRACK_THIRD]

    all_pairs, by_anchors = run(*texts), run(*texts, restatement=BY_ANCHORS)

    assert rewritten(all_pairs) == {4: 0, 5: 2, 6: 3, 7: 0}
    assert all_pairs.findings == by_anchors.findings


def test_anchors_are_used_past_a_number_of_paragraphs() -> None:
    # Two anchors at least must be shared; here no two paragraphs share a word.
    report = run("milk bread flour nappies mutton ferries", OTHER, restatement=BY_ANCHORS)

    assert (rewritten(report), report.counts.n_pairs_scored) == ({}, 0)


def test_an_anchor_that_many_paragraphs_hold_proposes_nothing() -> None:
    texts = [f"{CRACK} {a}{b}{a} {b}{a}{b}" for a in "abcde" for b in "klmno"]

    found, lost = (
        run(CRACK, CRACK_AGAIN, *texts, restatement=RestatementConfig(
            all_pairs_up_to=0, anchor_rows=rows
        ), run=RunConfig(rules=("DUP004",)))
        for rows in (1000, 2)
    )  # fmt: skip

    # The other texts are verified near-duplicates of the first, so they are nothing else.
    assert rewritten(found) == {1: 0}
    assert rewritten(lost) == {}


def test_the_later_is_rewritten_from_the_earlier_in_canonical_order() -> None:
    longer = f"{CRACK_AGAIN} Engineers of the Institute for Rivers will come soon."

    first = run(CRACK, OTHER, longer)
    longest = run(CRACK, OTHER, longer, canonical=CanonicalConfig("longest"))

    assert rewritten(first) == {2: 0}
    assert rewritten(longest) == {0: 2}


def test_a_copy_of_a_rewritten_paragraph_is_a_copy_and_no_more() -> None:
    report = run(CRACK, CRACK_AGAIN, CRACK_AGAIN, CRACK)

    assert [(f.rule, f.number, f.source_number) for f in report.findings] == [
        ("DUP001", 2, 1),
        ("DUP001", 3, 0),
        ("DUP004", 1, 0),
    ]


def test_a_near_duplicate_is_not_reported_rewritten() -> None:
    near = CRACK.replace("emergency lowering", "urgent lowering")

    report = run(CRACK, near)

    assert [finding.rule for finding in report.findings] == ["DUP002"]


@pytest.mark.parametrize("restatement", [RestatementConfig(), BY_ANCHORS])
def test_a_pair_that_is_a_variant_or_contained_is_not_rewritten_too(
    restatement: RestatementConfig,
) -> None:
    longer = f"{CRACK} {OTHER}"
    variant = f"{CRACK} {SALES}"
    report = run(variant, variant.replace("418", "467"), longer, CRACK, restatement=restatement)

    found = {(finding.rule, finding.number) for finding in report.findings}
    assert ("DUP006", 1) in found
    assert ("DUP003", 3) in found
    assert ("DUP004", 1) not in found
    assert ("DUP004", 3) not in found


def test_lists_are_not_judged() -> None:
    assert rewritten(run(CRACK, f"- {CRACK_AGAIN}")) == {}


def test_paragraphs_with_few_content_terms_are_not_judged() -> None:
    restatement = RestatementConfig(min_terms=30)

    assert rewritten(run(CRACK, CRACK_AGAIN, restatement=restatement)) == {}


def test_a_deselected_rule_finds_nothing() -> None:
    report = run(CRACK, CRACK_AGAIN, run=RunConfig(rules=("DUP001", "DUP005")))

    assert (report.findings, report.counts.n_pairs_scored) == ((), 0)


def test_many_shared_terms_are_another_way_in_across_documents() -> None:
    # No score is 1.0; the Dice coefficient of what shares most words reaches 0.36 all the same.
    found = run(CRACK, CRACK_AGAIN, restatement=RestatementConfig(min_score=1.0))
    neither = run(CRACK, CRACK_AGAIN, restatement=RestatementConfig(min_score=1.0, min_dice=1.0))

    assert rewritten(found) == {1: 0}
    assert rewritten(neither) == {}


def test_strict_and_sensitive_move_the_threshold() -> None:
    (score,) = run(CRACK, CRACK_AGAIN).restatements.scores.tolist()
    above = {"min_score": score + 0.05, "min_dice": 1.0, "long_discount": 0.0}

    plain = run(CRACK, CRACK_AGAIN, restatement=RestatementConfig(**above))
    near = run(CRACK, CRACK_AGAIN, restatement=RestatementConfig(**above, sensitive=True))
    strict = run(CRACK, CRACK_AGAIN, restatement=RestatementConfig(
        strict=True, strict_score=score + 0.05, min_dice=1.0, long_discount=0.0
    ))  # fmt: skip

    assert (plain.findings, strict.findings) == ((), ())
    assert [(finding.rule, finding.level) for finding in near.findings] == [("DUP004", "note")]
    assert near.relations.tolist() == [Relation.NONE, Relation.NONE]


def test_more_is_asked_where_one_side_is_a_reference(tmp_path: Path) -> None:
    code = "\n\n```\nlevel = 3\n```"
    (tmp_path / "a.md").write_text(CRACK)
    (tmp_path / "b.md").write_text(CRACK_AGAIN)
    (tmp_path / "c.md").write_text(CRACK_AGAIN + code)
    (score,) = find_duplicates([tmp_path / "a.md", tmp_path / "b.md"]).restatements.scores.tolist()

    def find(name: str, strict_score: float) -> dict[int, int]:
        settings = RestatementConfig(strict_score=strict_score, min_dice=1.0, long_discount=0.0)
        config = Config(restatement=settings)
        return rewritten(find_duplicates([tmp_path / "a.md", tmp_path / name], config))

    assert find("b.md", score + 0.05) == {1: 0}
    assert find("c.md", score + 0.05) == {}
    assert find("c.md", score - 0.05) == {1: 0}


ENGLISH: Final = (
    "The Installer of the Collector asks for the Administrator and the Server, then it writes a "
    "Protocol to the folder Spool and starts the Service Collectord again when the last line has "
    "been shown."
)
GERMAN: Final = (
    "Der Installer des Collectors fragt nach dem Administrator und dem Server, dann schreibt er "
    "ein Protokoll in den Ordner Spool und startet den Service Collectord wieder, sobald die "
    "letzte Zeile erschienen ist."
)


def test_more_is_asked_of_two_languages_since_they_share_their_loan_words() -> None:
    as_of_one = RestatementConfig(strict_score=RestatementConfig().min_score)

    assert rewritten(run(ENGLISH, GERMAN)) == {}
    assert rewritten(run(ENGLISH, GERMAN, restatement=as_of_one)) == {1: 0}


def test_the_source_of_each_sentence_is_in_the_paragraph_it_is_rewritten_from() -> None:
    report = run(f"{CRACK} {MAYOR}", OTHER, f"{MAYOR_AGAIN} {CRACK_AGAIN}")

    found = report.restatements
    assert rewritten(report) == {2: 0}
    assert found.sources.tolist() == [0, 0]
    assert found.source_sentences.tolist() == [1, 0]  # told in the other order
    assert (found.shares[:, 0] > np.array([0.5, 0.5])).all()


def test_both_engines_find_the_same() -> None:
    texts = [CRACK, OTHER, MAYOR, SALES, CRACK_AGAIN, MAYOR_AGAIN, SALES_AGAIN, CRACK_THIRD]

    for restatement in (RestatementConfig(), BY_ANCHORS):
        oracle, compiled = (
            run(*texts, restatement=restatement, run=RunConfig(engine=name))
            for name in ("numpy", "numba")
        )
        assert oracle.findings == compiled.findings
