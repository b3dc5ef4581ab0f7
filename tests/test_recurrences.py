"""In how many documents a text stands, against counting."""

from collections.abc import Callable
from pathlib import Path

import pytest

from dedup.config import BoilerplateConfig, Config, RunConfig
from dedup.findings import Recurrence
from dedup.pipeline import find_duplicates
from dedup.recurrences import count_documents, list_recurrences
from dedup.report import Report

TEXT = "on the day the ferry came back nobody in the harbour knew its captain"
Scan = Callable[[list[list[str]]], Report]


@pytest.fixture
def scan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scan:
    """Give a function that scans documents of a folder `site`."""
    monkeypatch.chdir(tmp_path)

    def run(documents: list[list[str]]) -> Report:
        (tmp_path / "site").mkdir()
        for at, texts in enumerate(documents):
            (tmp_path / "site" / f"{at:02}.txt").write_text("\n\n".join(texts))
        config = Config(boilerplate=BoilerplateConfig(min_documents=2), run=RunConfig(jobs=1))
        return find_duplicates(["site"], config)

    return run


def test_counts_are_of_documents_and_of_places(scan: Scan) -> None:
    own = [" ".join(f"w{at}x{place}" for place in range(20)) for at in range(6)]
    report = scan([[own[at], "kept", "kept"] if at < 5 else [own[at]] for at in range(6)])

    ((number, others, recurrence),) = list_recurrences(report.boilerplate)

    assert recurrence == Recurrence(5, 10, 6, "site")
    assert (number, others) == (1, (2, 4, 5))  # three places beside the kept one


def test_a_text_counts_once_in_a_document_and_only_where_it_was_compared() -> None:
    records = [{"text": f"{TEXT}\n\n{TEXT}"}, {"text": TEXT}, {"text": f"{TEXT} today"}]
    report = find_duplicates(records)
    redundant = report.are_redundant.nonzero()[0]

    counts = count_documents(report.corpus, redundant, report.grouping.canonicals)

    assert counts == {1: 2, 2: 2, 3: 1}
    assert [member.commonness for member in report.groups[0].members] == [2, 2, 1]
