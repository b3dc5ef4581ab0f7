"""What is new, against counts made by hand and a model in ten lines."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup import find_duplicates
from dedup.gate.novelty import count_texts, find_novelty, name_new_first
from dedup.model import Relation
from dedup.report import Report

FERRY = "The night ferry leaves at nine from October on because the last train was moved to eight."
LENS = "The harbour board keeps the old lens of the lighthouse for at least another twenty years."
QUAY = "Nobody may park on the northern quay while the crane is being painted, the port says."
FERRY_EDITED = FERRY.replace("leaves at nine", "sails at nine")


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
    novelty = find_novelty(report, report.findings, before)
    new = [finding for finding in report.findings if novelty.has(finding)]
    return [
        (finding.reference.path, finding.reference.start_line, finding.rule)
        for finding in name_new_first(new, novelty)
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
    novelty = find_novelty(report, report.findings, before, lambda part: int(part[1] == 0))

    (found,) = name_new_first(report.findings, novelty)

    assert (found.reference.path, found.source.path) == ("a.txt", "b.txt")


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
    novelty = find_novelty(report, report.findings, accept(report_of(old)))

    grown = count_repeated(new) - count_repeated(old)
    assert any(novelty.has(finding) for finding in report.findings) == bool(grown)
