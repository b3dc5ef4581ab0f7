"""A whole check in a repository: the line that it names is the new one, in every format."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from dedup.cli.app import main
from dedup.reporters.registry import REPORTERS

Print = Callable[..., str]
FORMATS = tuple(name for name in REPORTERS if name != "groups")  # as `report` writes them
HONEY = "Heather honey sets so firmly that the keepers press it out of the combs with a screw."
HONEY_PADDED = (
    "In the hills nobody sells clear honey. Heather honey sets so firmly that the keepers press it "
    "out of the combs with a screw. Some sell it by the road, others keep a few jars for guests."
)
STRIKE = (
    "The lorry drivers of Port Calder stopped work on Sunday over rosters that keep them on the "
    "road for sixteen days at a stretch. Their union wants crews to change every ten days, as they "
    "did until 2019."
)
STRIKE_RETOLD = (
    "Because their rosters keep them on the road for sixteen days at a stretch, drivers of lorries "
    "in Port Calder have stopped work since Sunday. Every ten days the crews should change, as "
    "their union wants it."
)


@pytest.fixture
def printed(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Print:
    """Give what runs a command in this process and gives what it prints."""
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)

    def run(*words: str) -> str:
        capfd.readouterr()
        with pytest.raises(SystemExit):
            main([*words, "-q"])
        return capfd.readouterr().out

    return run


def name_lines(name: str, text: str) -> list[str]:
    """Give `path:line` of each finding, as a reader of that format finds it."""
    if name in READERS:
        return [f"{path}:{line}" for path, line in READERS[name](text)]
    return [f"{path}:{line}" for path, line in re.findall(PATTERNS[name], text, re.MULTILINE)]


def read_sarif(text: str) -> list[tuple[str, int]]:
    results: list[dict[str, Any]] = json.loads(text)["runs"][0]["results"]
    places = [result["locations"][0]["physicalLocation"] for result in results]
    return [(each["artifactLocation"]["uri"], each["region"]["startLine"]) for each in places]


def read_json(text: str) -> list[tuple[str, int]]:
    own = [finding["paragraph"] for finding in json.loads(text)["findings"]]
    return [(each["path"], each["start_line"]) for each in own]


def read_gitlab(text: str) -> list[tuple[str, int]]:
    places = [row["location"] for row in json.loads(text)]
    return [(each["path"], each["lines"]["begin"]) for each in places]


def read_rdjson(text: str) -> list[tuple[str, int]]:
    places = [row["location"] for row in json.loads(text)["diagnostics"]]
    return [(each["path"], each["range"]["start"]["line"]) for each in places]


def read_junit(text: str) -> list[tuple[str, int]]:
    cases = ET.fromstring(text).iter("testcase")  # noqa: S314 -- our own
    parts = [case.attrib["name"].split(":") for case in cases]
    return [(path, int(line)) for path, line, *_ in parts]


READERS: dict[str, Callable[[str], list[tuple[str, int]]]] = {
    "sarif": read_sarif,
    "json": read_json,
    "gitlab": read_gitlab,
    "rdjson": read_rdjson,
    "junit": read_junit,
}
PATTERNS = {
    "concise": r"^([^:]+):(\d+):\d+: DUP",
    "full": r"^  DUP\d+  ([^:]+):(\d+)",
    "markdown": r"^\| `([^`:]+):(\d+)` \| DUP",
    "github": r"^::warning file=([^,]+),line=(\d+)",
    "jsonl": r'"paragraph": \{[^}]*"path": "([^"]+)"[^}]*"start_line": (\d+)',
}


@pytest.mark.parametrize(
    "case",
    [
        (HONEY, "longer.md", HONEY_PADDED, "DUP003 contains docs/old.md:3 (1.00)\n"),
        (STRIKE, "first.md", STRIKE_RETOLD, "DUP004 paragraph 2 is said again in other words by"),
    ],
)
def test_a_new_page_that_an_old_paragraph_says_again_is_named_by_its_line(
    commit: Callable[..., str], printed: Print, case: tuple[str, str, str, str]
) -> None:
    old, name, new, said = case
    commit({"docs/old.md": f"# Old\n\n{old}\n"})
    place = f"docs/{name}:5"
    Path("docs", name).write_text(f"# New\n\nNow.\n\n{new}\n", encoding="utf-8")
    since = ("check", "docs", "--since", "HEAD", "-f")
    Path("run.json").write_text(printed(*since, "json"), encoding="utf-8")

    assert printed(*since, "concise").startswith(f"{place}:1: {said}")
    assert printed("scan", "docs", "-f", "concise").startswith("docs/old.md:3:1: ")
    for each in FORMATS:
        checked = printed(*since, each)

        assert name_lines(each, checked) == [place], each
        assert printed("report", "run.json", "-f", each) == checked, each
