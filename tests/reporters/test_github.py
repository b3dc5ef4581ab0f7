"""GitHub's workflow commands: few, worst first, and none that a text or a name could forge."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from unicodedata import category

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dedup.model import Problem
from dedup.outcome import Outcome, lay_open
from dedup.report import Report
from dedup.reporters.github import render
from dedup.runs import FreshRun

HOSTILE = st.lists(
    st.sampled_from(
        [
            "::",
            "\n",
            "\r",
            "%0A",
            "%",
            ",",
            ":",
            "##[error]",
            "##vso[x]",
            " ",
            "a.md",
            "\x1b[2J",
            "\u2028",
        ]
    )
    | st.text(max_size=3),
    min_size=1,
    max_size=8,
).map("".join)


@dataclass(frozen=True)
class Command:
    name: str
    properties: dict[str, str]
    message: str


def decode(value: str, *, is_property: bool) -> str:
    """Undo what GitHub's runner undoes, in its order: the percent sign last."""
    if is_property:
        value = value.replace("%3A", ":").replace("%2C", ",")
    return value.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")


def obey(output: str) -> list[Command]:
    """Read a log as a runner does; written from how its documentation shows commands.

    A line, blanks before it or not, that begins with `::` and has another `::` is one. An old
    command, `##[name]`, may stand anywhere in any other line.
    """
    commands = []
    for line in output.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        head, closing, message = line.lstrip().removeprefix("::").partition("::")
        if line.lstrip().startswith("::") and closing:
            name, _, given_ = head.partition(" ")
            pairs = [pair.partition("=") for pair in given_.split(",") if pair]
            properties = {key: decode(value, is_property=True) for key, _, value in pairs}
            commands.append(Command(name, properties, decode(message, is_property=False)))
        elif "##[" in line or "##vso[" in line:
            commands.append(Command("old", {}, line))
    return commands


def write(outcome: Outcome) -> str:
    return "".join(render(outcome, None))


@pytest.mark.parametrize("name", ["report", "restated"])
def test_the_samples_read_as_agreed(
    name: str,
    sample_report: Report,
    restated_report: Report,
    check_golden: Callable[[str, str], None],
) -> None:
    report = sample_report if name == "report" else restated_report

    check_golden(f"{name}.github.txt", write(lay_open(report)))


def test_a_check_reads_as_agreed(judged: Outcome, check_golden: Callable[[str, str], None]) -> None:
    check_golden("judged.github.txt", write(judged))


def test_a_turned_finding_is_beside_the_line_of_its_new_paragraph(turned: Outcome) -> None:
    rewritten, contained = obey(write(turned))

    assert (contained.properties["file"], contained.properties["line"]) == ("docs/new.md", "7")
    assert contained.properties["title"] == "DUP003 contains"
    assert contained.message == "contains docs/old.md:3 (0.50)"
    assert (rewritten.properties["file"], rewritten.properties["line"]) == ("docs/a.md", "3")


def test_nothing_found_is_nothing_written(report_nothing: Report) -> None:
    assert write(lay_open(report_nothing)) == ""


@given(path=HOSTILE, text=HOSTILE, identity=HOSTILE)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nothing_from_outside_forges_a_command(
    report_entries: Callable[..., Report], path: str, text: str, identity: str
) -> None:
    report = report_entries(identity, f"https://{identity}", f"Words {text} enough.")
    finding = report.findings[0]
    reference = replace(finding.reference, path=path)
    problem = Problem(path, 2, text)
    shown = (replace(finding, reference=reference, sources=(reference,)),)
    run = FreshRun(replace(report, corpus=replace(report.corpus, problems=(problem,))))

    written = write(Outcome(run, shown))
    commands = obey(written)

    assert set(map(category, written.replace("\n", ""))).isdisjoint({"Cc", "Zl", "Zp", "Cs"})
    assert [command.name for command in commands] == ["error", "warning"]
    assert set(commands[0].properties) <= {"file", "line", "title"}
    assert set(commands[1].properties) <= {"file", "line", "endLine", "col", "endColumn", "title"}
    assert [command.properties["title"] for command in commands] == [
        "DUP900 unreadable",
        "DUP001 identical",
    ]


@pytest.mark.parametrize("path", ["docs/a,b.md", "a:b.md", "100%.md", "%0A.md", "c=d.md"])
def test_a_runner_reads_back_the_path_and_the_message(
    report_text: Callable[..., Report], path: str
) -> None:
    (command,) = obey(write(lay_open(report_text("Words enough.", path, b'"x"'))))

    assert command.properties["file"] == path
    assert command.message == f'[id "x"] identical to {path}:1 [id "x"]'


def test_only_a_paragraph_of_one_line_has_columns(report_text: Callable[..., Report]) -> None:
    (one,) = obey(write(lay_open(report_text("Words enough."))))
    (two,) = obey(write(lay_open(report_text("Words\nenough."))))

    assert (one.properties["col"], one.properties["endColumn"]) == ("1", "13")
    assert (two.properties["line"], two.properties["endLine"]) == ("2", "3")
    assert {"col", "endColumn"}.isdisjoint(two.properties)


def test_a_record_from_memory_has_no_file_but_is_named(report_text: Callable[..., Report]) -> None:
    (command,) = obey(write(lay_open(report_text("Words enough.", None, b'"x"'))))

    assert "file" not in command.properties
    assert command.message.startswith('"x":2 ')


def test_a_path_has_no_dot_before_it(report_text: Callable[..., Report]) -> None:
    (command,) = obey(write(lay_open(report_text("Words enough.", "./docs/a.md"))))

    assert command.properties["file"] == "docs/a.md"


def test_ten_of_ten_groups_come_before_a_second_of_any(
    report_many: Callable[[int, int], Report],
) -> None:
    commands = obey(write(lay_open(report_many(12, 3))))

    assert Counter(command.name for command in commands) == {"warning": 10, "notice": 1}
    groups = {command.properties["file"][:9] for command in commands[:10]}
    assert len(groups) == 10
    assert commands[10].message == "and 26 more, since GitHub shows ten at most: 26 DUP001"


def test_ten_need_no_notice(report_many: Callable[[int, int], Report]) -> None:
    assert len(obey(write(lay_open(report_many(5, 2))))) == 10


def test_the_worst_level_comes_first(report_many: Callable[[int, int], Report]) -> None:
    report = report_many(15, 1)
    found = report.findings
    shown = (*found[:13], replace(found[13], level="error"), replace(found[14], level="note"))

    commands = obey(write(Outcome(FreshRun(report), shown)))

    assert [command.name for command in commands] == ["error", *["warning"] * 9, "notice"]
    assert commands[0].properties["file"] == "docs/0013-1.md"


def test_what_fails_comes_before_notes_of_other_groups(
    report_many: Callable[[int, int], Report],
) -> None:
    report = report_many(14, 1)
    found = report.findings
    again = replace(found[13], source_numbers=found[12].source_numbers)
    notes = tuple(replace(finding, level="note") for finding in found[:12])

    commands = obey(write(Outcome(FreshRun(report), (*notes, found[12], again))))

    assert [command.name for command in commands[:2]] == ["warning", "warning"]


def test_what_is_suppressed_is_counted_apart(judged: Outcome) -> None:
    assert judged.judgement is not None
    many = replace(judged.judgement, suppressed=judged.judgement.suppressed * 3)
    unseen = replace(many, shows_suppressed=False)

    commands = obey(write(replace(judged, judgement=many)))

    assert commands[-1].message == "and 6 more, since GitHub shows ten at most: 6 suppressed"
    assert len(obey(write(replace(judged, judgement=unseen)))) == 7


def test_the_same_report_gives_the_same_bytes(report_many: Callable[[int, int], Report]) -> None:
    assert write(lay_open(report_many(12, 3))) == write(lay_open(report_many(12, 3)))
