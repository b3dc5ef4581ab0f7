"""What is new, against counts made by hand and a model in ten lines."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup import find_duplicates
from dedup.gate.newness import Doubt, Part, count_texts, find_new_parts, name_new_first
from dedup.model import Relation
from dedup.report import Report

FERRY = "The night ferry leaves at nine from October on because the last train was moved to eight."
LENS = "The harbour board keeps the old lens of the lighthouse for at least another twenty years."
QUAY = "Nobody may park on the northern quay while the crane is being painted, the port says."
FERRY_EDITED = FERRY.replace("leaves at nine", "sails at nine")
LENS_PADDED = f"Some had hoped for a new one. {LENS} It was cut in 1884, and nobody cuts such now."
BOTH_PADDED = f"{FERRY} So the timetable says. {LENS} It was cut in 1884, and nobody cuts such now."
STRIKE = (
    "The lorry drivers of Port Calder stopped work on Sunday over rosters that keep them on the "
    "road for sixteen days at a stretch. Their union wants crews to change every ten days."
)
STRIKE_RETOLD = (
    "Because their rosters keep them on the road for sixteen days at a stretch, drivers of lorries "
    "in Port Calder have stopped work since Sunday. Every ten days the crews should change, as "
    "their union wants it."
)


def touch(number: int) -> Callable[[Part], Doubt]:
    """Give how likely a part is new where one paragraph was touched."""
    return lambda part: (int(part[1] == number), 0, "")


@pytest.fixture
def scan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Report]:
    """Give a function that scans files, each a list of paragraphs."""
    monkeypatch.chdir(tmp_path)

    def run(**files: list[str]) -> Report:
        for old in tmp_path.glob("*.txt"):
            old.unlink()
        for name, paragraphs in files.items():
            (tmp_path / f"{name}.txt").write_text("\n\n".join(paragraphs) + "\n")
        return find_duplicates(["."])

    return run


def places(report: Report, before: Counter[str]) -> list[tuple[str | None, int, str]]:
    """Give what is new as (path, line, rule), the new paragraph first."""
    new_parts = find_new_parts(report, report.findings, before)
    new = [finding for finding in report.findings if new_parts.has(finding)]
    return [
        (finding.reference.path, finding.reference.start_line, finding.rule)
        for finding in name_new_first(new, new_parts)
    ]


def accept(report: Report) -> Counter[str]:
    return count_texts(report, report.findings)


def test_what_was_accepted_is_not_new(scan: Callable[..., Report]) -> None:
    report = scan(a=[FERRY, LENS], b=[FERRY])

    assert places(report, accept(report)) == []
    assert places(report, Counter()) == [("b.txt", 1, "DUP001")]


def test_a_renamed_file_brings_nothing_new_though_the_sides_change_places(
    scan: Callable[..., Report],
) -> None:
    before = accept(scan(b=[FERRY], c=[FERRY_EDITED]))

    assert places(scan(b=[FERRY], a=[FERRY_EDITED]), before) == []


def test_a_moved_paragraph_is_not_new(scan: Callable[..., Report]) -> None:
    before = accept(scan(a=[FERRY, LENS], b=[FERRY], c=[QUAY]))

    assert places(scan(a=[FERRY, LENS], b=[LENS.upper()[:9]], c=[QUAY, FERRY]), before) == []


def test_a_deleted_original_makes_no_copy_new(scan: Callable[..., Report]) -> None:
    before = accept(scan(a=[FERRY], b=[FERRY_EDITED], c=[FERRY]))

    after = scan(b=[FERRY_EDITED], c=[FERRY])

    assert len(after.findings) == 1
    assert places(after, before) == []


def test_a_third_copy_is_new_and_only_it(scan: Callable[..., Report]) -> None:
    before = accept(scan(a=[FERRY], b=[FERRY]))

    assert places(scan(a=[FERRY], b=[FERRY], c=[FERRY]), before) == [("c.txt", 1, "DUP001")]


def test_an_edited_copy_is_new_at_its_own_place(scan: Callable[..., Report]) -> None:
    before = accept(scan(a=[FERRY], b=[FERRY]))

    assert places(scan(a=[FERRY], b=[FERRY_EDITED]), before) == [("b.txt", 1, "DUP002")]


def test_the_new_paragraph_is_named_even_where_it_comes_first(scan: Callable[..., Report]) -> None:
    before = accept(scan(b=[FERRY, LENS], c=[FERRY]))

    after = scan(a=[FERRY_EDITED], b=[FERRY, LENS], c=[FERRY])

    assert {finding.reference.path for finding in after.findings} == {"b.txt", "c.txt"}
    assert places(after, before) == [("a.txt", 1, "DUP002")]


def test_of_equal_texts_the_touched_ones_are_new(scan: Callable[..., Report]) -> None:
    before = accept(scan(b=[FERRY], c=[FERRY]))
    report = scan(a=[FERRY], b=[FERRY], c=[FERRY])
    new_parts = find_new_parts(report, report.findings, before, touch(0))

    (found,) = name_new_first(report.findings, new_parts)

    assert (found.reference.path, found.source.path) == ("a.txt", "b.txt")


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [(LENS, LENS_PADDED, "DUP003"), (STRIKE, STRIKE_RETOLD, "DUP004")],
)
def test_a_new_paragraph_that_an_old_one_says_again_is_the_one_that_is_named(
    scan: Callable[..., Report], old: str, new: str, rule: str
) -> None:
    before = accept(scan(b=[QUAY, old], c=[old]))
    report = scan(a=[new], b=[QUAY, old], c=[old])
    found = next(f for f in report.findings if f.rule == rule)
    new_parts = find_new_parts(report, report.findings, before)

    (named,) = name_new_first(filter(new_parts.has, report.findings), new_parts)

    assert (found.reference.path, found.is_turned) == ("b.txt", False)
    assert (named.reference.path, named.source_numbers) == ("a.txt", (found.number,))
    assert (named.is_turned, named.sources) == (True, (found.reference,))
    assert (named.score, named.dice, named.said) == (found.score, found.dice, found.said)
    assert named.fingerprint == found.fingerprint


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [(LENS_PADDED, LENS, "DUP003"), (STRIKE_RETOLD, STRIKE, "DUP004")],
)
def test_a_new_paragraph_that_says_an_old_one_again_is_named_as_it_was_found(
    scan: Callable[..., Report], old: str, new: str, rule: str
) -> None:
    before = accept(scan(a=[old], b=[old]))
    report = scan(a=[old], b=[old], c=[new])
    new_parts = find_new_parts(report, report.findings, before)

    (named,) = name_new_first(filter(new_parts.has, report.findings), new_parts)

    assert (named.reference.path, named.rule, named.is_turned) == ("c.txt", rule, False)


def test_where_both_sides_are_new_to_findings_the_one_that_was_touched_is_named(
    scan: Callable[..., Report],
) -> None:
    report = scan(a=[LENS], b=[LENS_PADDED])
    named = {}
    for touched in (0, 1):
        new_parts = find_new_parts(report, report.findings, {}, touch(touched))
        (found,) = name_new_first(report.findings, new_parts)
        named[touched] = (found.reference.path, found.is_turned)
    untold = find_new_parts(report, report.findings, {})

    assert named == {0: ("a.txt", False), 1: ("b.txt", True)}
    assert name_new_first(report.findings, untold) == report.findings


def test_a_new_paragraph_that_holds_two_old_ones_is_named_once(
    scan: Callable[..., Report],
) -> None:
    before = accept(scan(b=[FERRY, LENS], c=[FERRY, LENS]))
    report = scan(a=[BOTH_PADDED], b=[FERRY, LENS], c=[FERRY, LENS])
    new_parts = find_new_parts(report, report.findings, before)
    new = [finding for finding in report.findings if new_parts.has(finding)]
    better = [replace(new[0], score=0.9), new[1]]

    assert [finding.rule for finding in new] == ["DUP003", "DUP003"]
    (first,) = name_new_first(new, new_parts)
    (best,) = name_new_first(better, new_parts)
    assert (first.reference.path, first.source_number) == ("a.txt", new[0].number)
    assert (best.reference.path, best.source_number) == ("a.txt", new[1].number)


def test_restated_paragraphs_and_boilerplate_are_never_turned(scan: Callable[..., Report]) -> None:
    article = Path(__file__).parents[2] / "data/articles/padded.txt"
    padded = article.read_text(encoding="utf-8").strip().split("\n\n")
    own = "tells what no other page here does"
    pages = {f"p{number:02}": [f"Page {number} {own}.", "Share it now."] for number in range(12)}
    report = scan(article=padded, **pages)
    rules = ("DUP005", "DUP007")
    found = tuple(finding for finding in report.findings if finding.rule in rules)
    assert {finding.rule for finding in found} == set(rules)

    for touched in (0, found[-1].source_number):
        new_parts = find_new_parts(report, found, {}, touch(touched))
        assert name_new_first(found, new_parts) == found


def test_an_edit_elsewhere_makes_no_restated_paragraph_new(scan: Callable[..., Report]) -> None:
    article = Path(__file__).parents[2] / "data/articles/padded.txt"
    paragraphs = article.read_text(encoding="utf-8").strip().split("\n\n")
    before = scan(a=paragraphs)
    found = [finding for finding in before.findings if finding.relation is Relation.RESTATED]

    after = scan(a=[paragraphs[0] + " It is a long story.", *paragraphs[1:]])

    assert len(found) == 2
    assert [finding.number for finding in after.findings] == [f.number for f in before.findings]
    assert places(after, accept(before)) == []
    assert places(after, Counter()) == [("a.txt", 7, "DUP005"), ("a.txt", 9, "DUP005")]


TEXTS = (FERRY, FERRY_EDITED, LENS, QUAY)


@given(
    st.lists(st.lists(st.sampled_from(TEXTS), max_size=3), min_size=1, max_size=4),
    st.lists(st.lists(st.sampled_from(TEXTS), max_size=3), min_size=1, max_size=4),
)
def test_there_is_something_new_exactly_when_a_repeated_text_grew(
    old: list[list[str]], new: list[list[str]]
) -> None:
    def report_of(files: list[list[str]]) -> Report:
        return find_duplicates(
            [{"id": str(n), "text": "\n\n".join(parts)} for n, parts in enumerate(files)]
        )

    def count_repeated(files: list[list[str]]) -> Counter[str]:
        texts = Counter(text for parts in files for text in parts)
        ferries = texts[FERRY] + texts[FERRY_EDITED]
        return Counter(
            {
                text: number
                for text, number in texts.items()
                if (ferries if text in {FERRY, FERRY_EDITED} else number) > 1
            }
        )

    report = report_of(new)
    new_parts = find_new_parts(report, report.findings, accept(report_of(old)))

    grown = count_repeated(new) - count_repeated(old)
    assert any(new_parts.has(finding) for finding in report.findings) == bool(grown)


def test_boilerplate_is_known_however_many_pages_hold_it(scan: Callable[..., Report]) -> None:
    def pages(number: int) -> dict[str, list[str]]:
        return {
            f"p{page:02}": [" ".join(f"w{page}x{word}" for word in range(40)), QUAY]
            for page in range(number)
        }

    before = accept(scan(**pages(12)))
    more, fewer = scan(**pages(14)), scan(**pages(9))

    assert {finding.rule for finding in more.findings} == {"DUP007"}
    assert places(more, before) == []
    assert {finding.rule for finding in fewer.findings} == {"DUP001"}
    assert places(fewer, before) == []
