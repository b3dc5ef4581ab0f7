"""What a reader sees: groups and findings."""

import json
from pathlib import Path
from typing import Final

from dedup.config import DEFAULTS, Config, ParagraphsConfig, RunConfig, VerifyConfig
from dedup.model import Relation
from dedup.outcome import lay_open
from dedup.pipeline import find_duplicates
from dedup.report import FORMAT_VERSION, RULE_OF, Report
from dedup.reporters.json import render as render_json

SHORT: Final = "the mill by the river was sold in spring to a family from the coast"
LONG: Final = (
    f"{SHORT} who had built boats there for more than a hundred years before the harbour "
    "silted up and the last of the fishermen moved away to the islands in the north"
)
OTHER: Final = "nothing in these few words stands in any other paragraph of this small test"


def run(*texts: str, config: Config = DEFAULTS) -> Report:
    return find_duplicates([{"id": f"r{n}", "text": text} for n, text in enumerate(texts)], config)


def test_identical_texts_form_a_group_around_the_first() -> None:
    (group,) = run(LONG, OTHER, LONG.upper(), LONG).groups

    assert (group.number, group.canonical.document, group.least_score) == (0, "r0", 1.0)
    assert [(m.number, m.reference.document, m.relation) for m in group.members] == [
        (2, "r2", Relation.IDENTICAL),
        (3, "r3", Relation.IDENTICAL),
    ]
    assert [member.commonness for member in group.members] == [3, 3]


def test_a_near_duplicate_bears_its_measures() -> None:
    # LONG has 44 words, so 42 shingles; the edit at the end takes one away and adds another one.
    edited = LONG.rsplit(" ", 1)[0] + " west"
    (group,) = run(LONG, edited).groups
    (member,) = group.members
    n = len(LONG.split()) - 2

    assert member.relation == Relation.NEAR_DUPLICATE
    assert member.resemblance == group.least_score == (n - 1) / (n + 1)
    assert member.containment == (n - 1) / n
    assert member.commonness == 1


def test_groups_stand_in_the_order_of_their_canonicals() -> None:
    report = run(OTHER, LONG, SHORT, LONG, OTHER, SHORT)

    assert [group.number for group in report.groups] == [0, 1, 2]
    assert len({group.group for group in report.groups}) == 3


def test_the_id_of_a_group_hangs_on_the_canonical_s_text_alone() -> None:
    one = run(LONG, LONG).groups[0].group
    other = run(OTHER, f"  {LONG.upper()} ", SHORT, LONG).groups[0].group

    assert one == other
    assert len(one) == 16
    assert int(one, 16) >= 0


def test_every_rule_has_its_finding() -> None:
    variant = LONG.replace("a hundred", "300")
    report = run(LONG.replace("a hundred", "200"), LONG.replace("a hundred", "200"), variant, SHORT)

    assert [
        (finding.rule, finding.number, finding.source_number) for finding in report.findings
    ] == [
        ("DUP001", 1, 0),
        ("DUP003", 3, 0),
        ("DUP006", 2, 0),
    ]
    assert [finding.level for finding in report.findings] == ["warning", "warning", "note"]


def test_a_restated_finding_names_all_its_sources_the_best_first() -> None:
    crack = "Divers found a long crack in the upstream face of the Hollin dam on Tuesday morning."
    mayor = "The mayor of Marnow closed two schools and the riverside market as a precaution."
    both = (
        "Two schools and the riverside market were closed as a precaution by the mayor of Marnow. "
        "In the face of the Hollin dam divers had found a crack, say engineers."
    )
    (finding,) = run(f"{crack}\n\n{mayor}\n\n{both}").findings

    assert (finding.rule, finding.relation, finding.level) == (
        "DUP005",
        Relation.RESTATED,
        "warning",
    )
    assert (finding.number, finding.source_numbers) == (2, (1, 0))
    assert [source.paragraph for source in finding.sources] == [1, 0]
    assert (finding.source_number, finding.source) == (1, finding.sources[0])
    assert [(said.sentence, said.number, said.source_sentence) for said in finding.said] == [
        (0, 1, 0),
        (1, 0, 0),
    ]


def test_padding_is_the_share_of_restating_words_of_each_document() -> None:
    text = "Divers found a long crack in the upstream face of the Hollin dam on Tuesday morning."
    again = "On Tuesday morning a crack, long and in the Hollin dam, was found upstream by divers."
    ratios = run(OTHER, f"{text}\n\n{again}", " ").padding_ratios

    assert ratios is not None
    words = len(text.split()), len(again.split())
    assert ratios.tolist() == [0.0, words[1] / sum(words), 0.0]


def test_the_short_text_is_found_in_the_long_one_wherever_it_stands() -> None:
    for texts in ([SHORT, LONG], [LONG, SHORT]):
        (finding,) = run(*texts).findings
        assert (texts[finding.number], texts[finding.source_number]) == (SHORT, LONG)
        assert (finding.rule, finding.score) == ("DUP003", 1.0)


def test_the_shorter_is_contained_also_where_the_longer_only_repeats_itself() -> None:
    # Every shingle of the longer stands in the shorter, three fifths of the shorter's in it.
    longer, shorter = "a b c " * 12, "a b c a b x y"
    config = Config(
        paragraphs=ParagraphsConfig(min_words=1),
        verify=VerifyConfig(min_resemblance=1.0, min_containment=0.5),
    )
    (finding,) = run(longer, shorter, config=config).findings

    assert (finding.number, finding.source_number, finding.score) == (1, 0, 0.6)


def test_a_contained_text_is_found_once_in_its_best_source() -> None:
    # Far under 0.95 the two long texts are no near-duplicates, so both are kept; one is then
    # rewritten from the other, which is another rule's.
    worse = LONG.replace("river", "brook")
    config = Config(
        verify=VerifyConfig(min_resemblance=0.95),
        run=RunConfig(rules=("DUP001", "DUP002", "DUP003")),
    )
    report = run(worse, LONG, SHORT, config=config)

    assert [(f.rule, f.number, f.source_number) for f in report.findings] == [("DUP003", 2, 1)]


def test_a_text_contained_in_a_redundant_one_is_found_in_the_kept_one_alone() -> None:
    # `end` stands whole in the redundant paragraph only, which is not kept, so it is news.
    end = "the islands far away to the north and the west of everything"
    redundant = LONG.replace("the islands in the north", end)
    report = run(LONG, redundant, SHORT, end)

    assert [(f.rule, f.number, f.source_number) for f in report.findings] == [
        ("DUP002", 1, 0),
        ("DUP003", 2, 0),
    ]


def test_a_deselected_rule_gives_no_finding() -> None:
    report = run(LONG, LONG, SHORT, config=Config(run=RunConfig(rules=("DUP001",))))

    assert [finding.rule for finding in report.findings] == ["DUP001"]


def test_the_fingerprint_of_a_finding_hangs_on_the_two_texts_alone() -> None:
    one = run(LONG, SHORT).findings[0].fingerprint
    other = run(OTHER, SHORT, LONG).findings[0].fingerprint

    assert one == other
    assert run(LONG, LONG).findings[0].fingerprint != one


def test_findings_are_sorted_by_place_then_rule(tmp_path: Path) -> None:
    for name in ("b.txt", "a.txt"):
        (tmp_path / name).write_text(f"{OTHER}\n\n{SHORT}\n\n{LONG}\n")

    findings = find_duplicates([tmp_path]).findings

    places = [(Path(str(f.reference.path)).name, f.reference.start_line, f.rule) for f in findings]
    assert places == sorted(places)
    assert places[0] == ("a.txt", 3, "DUP003")


def test_every_relation_but_none_has_a_rule() -> None:
    assert set(RULE_OF) == set(Relation) - {Relation.NONE}
    assert FORMAT_VERSION == 1
    assert Relation.NEAR_DUPLICATE.label == "near-duplicate"


def test_a_report_of_nothing_is_empty() -> None:
    report = find_duplicates([])

    assert (report.groups, report.findings, report.problems) == ((), (), ())
    assert report.counts.n_unique == 0


def test_a_report_is_given_as_the_json_format_has_it() -> None:
    report = run(LONG, LONG, SHORT)

    content = report.to_dict()

    assert content == json.loads("".join(render_json(lay_open(report), None)))
    assert content["format_version"] == FORMAT_VERSION
    assert [group["group"] for group in content["groups"]] == [report.groups[0].group]
