"""Which paragraphs restate: written articles, and each rule of the decisions by a small text."""

from itertools import permutations
from pathlib import Path
from typing import Final

import numpy as np
import pytest

from dedup.config import Config, EngineChoice, ParagraphsConfig, RestatementConfig, RunConfig
from dedup.model import Relation
from dedup.pipeline import find_duplicates
from dedup.report import Report
from dedup.restatement import discount_long, find_prose, list_logs, nothing_restated

CRACK: Final = (
    "Divers found a crack forty metres long in the upstream face of the Hollin dam, so the water "
    "authority of Castrovia ordered an emergency lowering of the reservoir."
)
CRACK_AGAIN: Final = (
    "A crack forty metres long, which divers found in the Hollin dam's upstream face, made "
    "Castrovia's water authority order an emergency lowering of its reservoir."
)
OTHER: Final = (
    "On the island of Ness three groceries ran out of milk, bread flour and nappies by Wednesday, "
    "and the butcher sold mutton by the half kilo only."
)
SALES: Final = (
    "Sales of garden pumps at the Hollin works rose by 3.2 percent to 418 million crowns, the "
    "board of the company said in Marnow."
)
SALES_AGAIN: Final = (
    "At the Hollin works, said the board of the company in Marnow, sales of garden pumps rose to "
    "418 million crowns, by 3.2 percent."
)


def run(*paragraphs: str, config: Config | None = None, **restatement: object) -> Report:
    settings = config or Config(restatement=RestatementConfig(**restatement))  # type: ignore[arg-type]
    return find_duplicates([{"id": "a", "text": "\n\n".join(paragraphs)}], settings)


def restated(report: Report) -> list[int]:
    numbers: list[int] = report.restating.tolist()
    return numbers


def sources(report: Report) -> dict[int, set[int]]:
    """Give the sources of each restated paragraph."""
    return {
        finding.number: set(finding.source_numbers)
        for finding in report.findings
        if finding.relation is Relation.RESTATED
    }


@pytest.fixture
def padded(data: Path) -> list[str]:
    """Give the paragraphs of the padded article, "Share." left out."""
    text = (data / "articles" / "padded.txt").read_text(encoding="utf-8")
    return text.strip().split("\n\n")[:5]


@pytest.mark.parametrize("engine", ["numpy", "numba"])
def test_the_padded_article_restates_in_its_last_two_paragraphs(
    data: Path, engine: EngineChoice
) -> None:
    config = Config(run=RunConfig(engine=engine))

    report = find_duplicates([data / "articles" / "padded.txt"], config)

    assert sources(report) == {3: {0, 1}, 4: {1, 2}}  # data/README.md counts from 1
    assert {finding.rule for finding in report.findings} == {"DUP005"}
    assert {finding.level for finding in report.findings} == {"warning"}


def test_the_scores_are_those_that_the_readme_of_the_data_gives(padded: list[str]) -> None:
    # By another script, with another stop list and sentence splitter: 0.671 and 0.636.
    report = run(*padded)

    assert report.restatements.scores.tolist() == pytest.approx([0.671, 0.636], abs=0.01)


def test_the_first_article_restates_in_its_last_two_paragraphs(shared: Path) -> None:
    path = shared / "data" / "articles" / "kursk.txt"
    if not path.is_file():
        pytest.skip("the first article is not here")

    report = find_duplicates([path])

    # Design, section 6.3, by two other implementations: 0.546, 0.577 and 0.558, 0.589.
    assert sources(report) == {3: {0, 1}, 4: {1, 2}}
    assert report.restatements.scores.tolist() == pytest.approx([0.552, 0.583], abs=0.01)
    assert report.padding_ratios is not None
    assert report.padding_ratios.tolist() == pytest.approx([0.42], abs=0.01)


def test_an_article_that_keeps_to_its_subject_restates_nothing(data: Path) -> None:
    for sensitive in (False, True):
        config = Config(restatement=RestatementConfig(sensitive=sensitive))
        report = find_duplicates([data / "articles" / "on-topic.txt"], config)

        assert report.findings == ()


def test_the_padding_ratio_is_the_share_of_words_that_restate(padded: list[str]) -> None:
    report = run(*padded)

    # Words by data/README.md: 126 and 130 of 106 + 111 + 112 + 126 + 130 (0.44 with "Share.").
    assert report.padding_ratios is not None
    assert report.padding_ratios.tolist() == [(126 + 130) / (106 + 111 + 112 + 126 + 130)]


def test_a_document_said_twice_repeats_itself_and_restates_nothing_more(padded: list[str]) -> None:
    once, twice = run(*padded), run(*padded, *padded)

    rules = [(finding.rule, finding.number) for finding in twice.findings]
    assert [rule for rule in rules if rule[0] == "DUP001"] == [("DUP001", n) for n in range(5, 10)]
    assert sources(twice) == sources(once)
    assert twice.restatements.scores.tolist() == once.restatements.scores.tolist()


def test_only_identical_paragraphs_are_nothing_restated() -> None:
    assert {finding.rule for finding in run(CRACK, OTHER, CRACK, OTHER).findings} == {"DUP001"}


def test_a_redundant_paragraph_is_no_source() -> None:
    # The copy and the near-duplicate would be as good a source as the first.
    near = CRACK.replace("emergency lowering", "urgent lowering")
    report = run(CRACK, near, CRACK, OTHER, CRACK_AGAIN)

    assert sources(report) == {4: {0}}
    assert report.relations.tolist()[1:3] == [Relation.NEAR_DUPLICATE, Relation.IDENTICAL]


def test_a_paragraph_that_is_redundant_elsewhere_is_a_source_in_its_own_document() -> None:
    records = [{"text": CRACK}, {"text": f"{CRACK}\n\n{OTHER}\n\n{CRACK_AGAIN}"}]
    config = Config(run=RunConfig(rules=("DUP001", "DUP005")))

    report = find_duplicates(records, config)

    assert sources(report) == {3: {1}}


def test_what_repeats_in_a_document_a_paragraph_of_another_one_is_not_restated() -> None:
    # Both copies join the paragraph of the first document; the later repeats the earlier too.
    records = [{"text": CRACK}, {"text": f"{CRACK}\n\n{OTHER}\n\n{CRACK}"}]

    report = find_duplicates(records)

    assert [(f.rule, f.number) for f in report.findings] == [("DUP001", 1), ("DUP001", 3)]


def test_a_variant_of_an_earlier_paragraph_is_not_judged() -> None:
    # One number of 40 words: other facts, too few of them for the guard of `restatement` itself.
    text = f"{CRACK} {SALES}"
    report = run(text, OTHER, text.replace("418", "467"))

    assert [(finding.rule, finding.number) for finding in report.findings] == [("DUP006", 2)]
    assert len(report.restatements) == 0


def test_the_same_words_with_other_numbers_are_not_restated() -> None:
    # Two numbers, both new; in the same words with the same numbers it restates.
    other = SALES_AGAIN.replace("418", "467").replace("3.2", "5.9")

    assert restated(run(SALES, OTHER, SALES_AGAIN)) == [2]
    assert restated(run(SALES, OTHER, other)) == []


def test_half_of_the_numbers_new_is_no_other_fact() -> None:
    # One of two is new, then two of four: "most" is more than half.
    one = SALES_AGAIN.replace("418", "467")
    four = f"{SALES[:-1]} on the 14 of 1961."
    four_again = f"{SALES_AGAIN[:-1]} on the 15 of 1962."

    assert restated(run(SALES, OTHER, one)) == [2]
    assert restated(run(four, OTHER, four_again)) == [2]


def test_numbers_that_any_earlier_paragraph_holds_are_known() -> None:
    other = SALES_AGAIN.replace("418", "467").replace("3.2", "5.9")
    known = f"{OTHER} It took 5.9 tons and 467 sacks."

    assert restated(run(SALES, known, other)) == [2]


def test_lists_are_not_judged_and_counted_but_are_sources() -> None:
    items = f"- {CRACK_AGAIN}\n- the mayor of Marnow closed two schools as a precaution"

    later = run(CRACK, OTHER, items)
    earlier = run(items, OTHER, CRACK)

    assert (restated(later), later.counts.n_listed) == ([], 1)
    assert (sources(earlier), earlier.counts.n_listed) == ({2: {0}}, 1)


def test_paragraphs_with_few_content_terms_are_not_judged_and_counted() -> None:
    # divers, found, crack, forty, metres, long, hollin, dam: eight content terms.
    short = "Divers found a crack forty metres long in the Hollin dam."
    again = "The Hollin dam has, divers found, a long crack of forty metres."

    report = run(short, OTHER, again)
    shorter = run(short, OTHER, again, min_terms=9)

    assert (restated(report), report.counts.n_too_few_terms) == ([2], 0)
    assert (restated(shorter), shorter.counts.n_too_few_terms) == ([], 2)


def test_paragraphs_without_a_word_are_not_counted_as_short() -> None:
    assert run(CRACK, "?!", OTHER).counts.n_too_few_terms == 0


def test_one_paragraph_alone_restates_nothing() -> None:
    report = run(CRACK)

    assert (restated(report), report.counts.n_too_few_terms) == ([], 0)


@pytest.mark.parametrize(("n_fillers", "expected"), [(35, [3, 4]), (36, [])])
def test_a_document_of_more_than_forty_paragraphs_needs_the_strict_score(
    padded: list[str], n_fillers: int, expected: list[int]
) -> None:
    letters = "abcdefghij"
    fillers = [f"{a}{b}{a}{b} wrote to {b}{a}{b}{a}." for a in letters for b in letters if a != b]

    report = run(*padded, *fillers[:n_fillers], strict_score=0.9)

    assert len(report.corpus) == 5 + n_fillers
    assert restated(report) == expected


@pytest.mark.parametrize(("n_code", "expected"), [(1, [3, 4]), (2, [])])
def test_a_plain_text_of_tables_and_code_needs_the_strict_score(
    padded: list[str], n_code: int, expected: list[int]
) -> None:
    # One of six blocks is 17 %, two of seven are 29 %.
    code = [f"    mill.{name}({name})" for name in ("open", "shut")][:n_code]

    assert restated(run(*padded, *code, strict_score=0.9)) == expected


@pytest.mark.parametrize(("n_code", "expected"), [(1, [3, 4]), (2, [])])
def test_a_markdown_text_of_tables_and_code_needs_the_strict_score(
    tmp_path: Path, padded: list[str], n_code: int, expected: list[int]
) -> None:
    # The reader leaves code out of the comparison; it counts among the blocks all the same.
    path = tmp_path / "a.md"
    code = ["```\nopen the mill\n```", "| a | b |\n| - | - |\n| c | d |"][:n_code]
    path.write_text("\n\n".join([*padded, *code]), encoding="utf-8")

    report = find_duplicates([path], Config(restatement=RestatementConfig(strict_score=0.9)))

    assert restated(report) == expected


def test_the_strict_score_of_a_reference_is_0_55_where_nothing_else_is_said(
    padded: list[str],
) -> None:
    # Over 60 terms 0.55 is 0.4675; the article has 0.67 and 0.63.
    code = [f"    mill.{name}({name})" for name in ("open", "shut")]

    assert restated(run(*padded, *code)) == [3, 4]
    assert RestatementConfig().strict_score == 0.55


def test_strict_asks_the_strict_score_of_every_document(padded: list[str]) -> None:
    # Both paragraphs have over 60 terms, so 0.76 is 0.646; they score 0.67 and 0.63.
    assert restated(run(*padded, strict=True)) == [3, 4]
    assert restated(run(*padded, strict=True, strict_score=0.76)) == [3]
    assert restated(run(*padded, strict=False, strict_score=0.76)) == [3, 4]


def test_strict_never_asks_less(padded: list[str]) -> None:
    assert restated(run(*padded, strict=True, strict_score=0.3, min_score=0.9)) == []


def test_sensitive_shows_what_comes_near_as_a_note(padded: list[str]) -> None:
    # 0.76 less 15 % is 0.646: paragraph 3 reaches it, paragraph 4 comes within 0.10.
    plain, sensitive = (run(*padded, min_score=0.76, sensitive=flag) for flag in (False, True))

    assert [(f.number, f.level) for f in plain.findings] == [(3, "warning")]
    assert [(f.number, f.level) for f in sensitive.findings] == [(3, "warning"), (4, "note")]
    assert sensitive.restatements.are_near.tolist() == [0, 1]
    assert restated(sensitive) == [3]
    assert sensitive.padding_ratios is not None
    assert sensitive.padding_ratios.tolist() == [126 / (106 + 111 + 112 + 126 + 130)]


def test_the_threshold_falls_between_twenty_and_sixty_terms() -> None:
    n_terms = np.array([0, 20, 30, 40, 60, 200])

    thresholds = 0.40 * discount_long(n_terms, RestatementConfig())

    assert thresholds.tolist() == pytest.approx([0.40, 0.40, 0.385, 0.37, 0.34, 0.34])
    assert discount_long(n_terms, RestatementConfig(long_discount=0.0)).tolist() == [1.0] * 6


@pytest.mark.parametrize(("discount", "expected"), [(0.15, [3, 4]), (0.0, [3])])
def test_a_long_paragraph_needs_less_where_a_discount_is_given(
    padded: list[str], discount: float, expected: list[int]
) -> None:
    assert restated(run(*padded, min_score=0.65, long_discount=discount)) == expected


def test_the_order_of_the_earlier_paragraphs_changes_nothing(padded: list[str]) -> None:
    reports = [run(*order, *padded[3:]) for order in permutations(padded[:3])]

    assert {tuple(restated(report)) for report in reports} == {(3, 4)}
    assert len({tuple(report.restatements.scores.tolist()) for report in reports}) == 1


def test_what_stands_in_other_documents_changes_nothing(padded: list[str]) -> None:
    alone = run(*padded)
    records = [{"text": text} for text in (OTHER, "\n\n".join(padded), CRACK)]

    among = find_duplicates(records, Config(run=RunConfig(rules=("DUP005",))))

    assert restated(among) == [number + 1 for number in restated(alone)]
    assert among.restatements.scores.tolist() == alone.restatements.scores.tolist()


def test_a_source_comes_before_what_restates_it(padded: list[str]) -> None:
    for report in (run(*padded), run(*reversed(padded))):
        found = report.restatements
        owners = np.repeat(found.numbers, np.diff(found.ends, prepend=0))
        assert (found.sources < owners).all()
        assert (found.seconds < owners).all()


def test_within_the_corpus_alone_nothing_is_restated(padded: list[str]) -> None:
    config = Config(paragraphs=ParagraphsConfig(within="corpus"))

    report = run(*padded, config=config)

    assert (report.findings, report.padding_ratios) == ((), None)


def test_within_documents_restated_paragraphs_are_found(padded: list[str]) -> None:
    config = Config(paragraphs=ParagraphsConfig(within="document"))

    assert restated(run(*padded, config=config)) == [3, 4]


def test_a_deselected_rule_restates_nothing(padded: list[str]) -> None:
    config = Config(run=RunConfig(rules=("DUP001", "DUP002", "DUP003")))

    report = run(*padded, config=config)

    assert (len(report.restatements), report.padding_ratios) == (0, None)


@pytest.mark.parametrize("rules", [("DUP005",), ("DUP001", "DUP002", "DUP004", "DUP005")])
def test_both_engines_give_the_same_restatements(padded: list[str], rules: tuple[str, ...]) -> None:
    oracle, compiled = (
        run(*padded, CRACK, CRACK_AGAIN, config=Config(run=RunConfig(engine=name, rules=rules)))
        for name in ("numpy", "numba")
    )

    assert oracle.findings == compiled.findings
    assert oracle.restatements.shares.tobytes() == compiled.restatements.shares.tobytes()


def test_prose_is_text_paragraphs_and_quotes() -> None:
    # TEXT, PARAGRAPH and QUOTE; headings, lists, tables, code, metadata, comments, links are not.
    kinds = np.arange(10, dtype=np.uint8)

    assert np.flatnonzero(find_prose(kinds)).tolist() == [0, 1, 5]


def test_the_logarithms_of_weights_begin_at_one() -> None:
    assert list_logs(1).tolist() == pytest.approx([0.0, 0.0, 0.6931471805599453])


def test_nothing_restated_has_a_language_a_paragraph() -> None:
    nothing = nothing_restated(3)

    assert (len(nothing), nothing.languages.tolist(), nothing.shares.shape) == (0, [0] * 3, (0, 2))
