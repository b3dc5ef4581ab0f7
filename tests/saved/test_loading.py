"""Files that are no saved run, and saved runs in which something is wrong."""

import io
import json
import os
import re
import sys
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.config import Config, ReadersConfig, RestatementConfig
from dedup.errors import InputError
from dedup.findings import DIRECTED, turn_round
from dedup.model import Problem
from dedup.outcome import Judgement, Outcome, Suppression
from dedup.pipeline import find_duplicates
from dedup.reporters.json import render
from dedup.reporters.registry import REPORTERS, load_reporter
from dedup.runs import FreshRun
from dedup.saved import load_saved
from dedup.saved.loading import MOST_BYTES, read_saved

Json = Any
Place = tuple[str | int, ...]
ODD: Final[tuple[Json, ...]] = (
    *(None, True, 0, -1, 3, 10**30, 0.5, 1.5, -0.1, float("inf"), "", "x", "DUP001", "restated"),
    *("identical", "\ud800", [], {}, [[0, 1]], [[5, 2]], [[0, 10**6]], [10**6], {"a": 1}),
)
FORMATS: Final = tuple(name for name in REPORTERS if name != "groups")


def write(outcome: Outcome) -> Json:
    return json.loads("".join(render(outcome, None)))


def list_places(value: Json, place: Place = ()) -> Iterator[Place]:
    """Give the place of every value in JSON; of spans, one is as good as another."""
    members = list(value.items()) if isinstance(value, dict) else []
    if isinstance(value, list):
        is_of_rows = bool(value) and isinstance(value[0], dict)
        members = list(enumerate(value[:12] if is_of_rows else value[:1]))
    for key, member in members:
        yield (*place, key)
        yield from list_places(member, (*place, key))


def find(value: Json, place: Place) -> Json:
    """Give the value at a place; a finding may be named by its rule."""
    for key in place:
        is_rule = isinstance(value, list) and isinstance(key, str)
        value = next(row for row in value if row["rule"] == key) if is_rule else value[key]
    return value


@pytest.fixture(scope="module")
def whole(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Json:
    """Give a check's report in JSON that has rows of every kind."""
    config = Config(
        readers=ReadersConfig(skip_errors=True), restatement=RestatementConfig(sensitive=True)
    )
    pages = tmp_path_factory.mktemp("pages")
    for number in range(12):
        text = f"Page {number} tells what no other page here does.\n\nShare it now.\n"
        (pages / f"{number}.md").write_text(text, encoding="utf-8")
    folders = [data / name for name in ("articles", "hard", "relations", "syndication")]
    report = find_duplicates([*folders, pages], config)
    found = report.findings
    by_rule = {finding.rule: finding for finding in found}
    assert by_rule.keys() >= {"DUP002", "DUP003", "DUP004", "DUP005", "DUP006", "DUP007"}
    others = [f for f in found if f.relation in DIRECTED and f is not by_rule[f.rule]]
    by_rule["DUP004"] = turn_round(by_rule["DUP004"])
    turned = tuple(map(turn_round, others))
    problem = Problem("a.md", 3, "it is of no use")
    judgement = Judgement(
        fail_on="note",
        max_new=0,
        n_failing=len(found),
        suppressed=((by_rule["DUP005"], Suppression("inline", "a.md:2", "so meant")),),
        stale=(problem,),
        unused=(problem,),
        is_failed=True,
        shows_suppressed=True,
    )
    shown = (*by_rule.values(), *turned)
    return write(Outcome(FreshRun(report), shown, judgement))


def test_every_kind_of_row_is_read(whole: Json) -> None:
    """See that the tests below change what they mean to change."""
    read_saved(whole, "run.json")

    for name in ("documents", "problems", "remarks", "paragraphs", "groups", "suppressed"):
        assert whole[name], name
    assert find(whole, ("suppressed", 0, "evidence", 0))
    turned = {(row["rule"], row.get("is_turned", False)) for row in whole["findings"]}
    assert turned >= {("DUP003", False), ("DUP003", True), ("DUP004", True), ("DUP005", False)}


@given(st.data())
def test_whatever_is_changed_is_refused_or_can_be_written(whole: Json, data: st.DataObject) -> None:
    place = data.draw(st.sampled_from(list(list_places(whole))))
    changed = deepcopy(whole)
    holder = find(changed, place[:-1])
    if data.draw(st.booleans()):
        holder[place[-1]] = data.draw(st.sampled_from(ODD))
    else:
        del holder[place[-1]]

    try:
        outcome = read_saved(changed, "run.json").outcome
    except InputError:
        return
    for name in FORMATS:
        assert sum(1 for _ in load_reporter(name).render(outcome, None)) >= 0


@pytest.mark.parametrize(
    ("place", "value", "told"),
    [
        ((), [], "all of it is a list, expected an object"),
        (
            ("format_version",),
            2,
            "its format_version is 2, and this dedup reads 1. Install a newer",
        ),
        (("format_version",), "1", "format_version is a string, expected a whole number from 0"),
        (("findings",), {}, "findings is an object, expected a list"),
        (("findings", 0), None, r"findings[0] is null, expected an object"),
        (("findings", "DUP004", "score"), 1.5, "].score is the number 1.5, expected a number"),
        (("findings", "DUP004", "score"), True, "is true or false, expected a number from 0 to 1"),
        (("findings", "DUP004", "rule"), "DUP001", ".rule is 'DUP001', expected DUP004"),
        (("findings", "DUP004", "level"), "high", "'high', expected note or warning or error"),
        (
            ("findings", "DUP004", "number"),
            10**6,
            "paragraph 1000000 is named but not among its paragr",
        ),
        (("findings", "DUP004", "source_numbers"), [], "one of its findings has no source"),
        (("findings", "DUP004", "source_numbers"), ["a"], "holds more than whole numbers from 0"),
        (("findings", "DUP004", "new"), [1], ".new holds more than strings"),
        (
            ("findings", "DUP004", "evidence", 0, "shared"),
            [[0, 10**6]],
            "no span [start, end] within",
        ),
        (("findings", "DUP004", "evidence", 0, "sentence"), [4, 2], "no span [start, end] within"),
        (("findings", "DUP004", "is_turned"), 1, ".is_turned is the number 1, expected true or"),
        (("findings", "DUP005", "is_turned"), True, "a restated finding is turned"),
        (("findings", "DUP007", "is_turned"), True, "only contained and rewritten ones of one"),
        (("groups", 0, "members"), [], "one of its groups has no member"),
        (("groups", 0, "members", 0, "relation"), "variant", "variant paragraphs join no group"),
        (("paragraphs", 0, "number"), 10**6, "is there twice, or over the run's"),
        (("paragraphs", 0, "words"), 10**6, "has more words than its document"),
        (("documents", 0, "paragraphs"), 10**6, "its documents do not hold as many paragraphs"),
        (("settings", "verify", "min_resemblance"), "high", "is of the wrong type"),
        (("settings", "run", "rules"), ["DUP999"], "in its settings, setting select is 'DUP999'"),
        (("settings", "shingles", "kind"), "line", "settings.shingles.kind is of the wrong type"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(
    whole: Json, place: Place, value: Json, told: str
) -> None:
    changed = {"all": deepcopy(whole)}
    full: Place = ("all", *place)
    find(changed, full[:-1])[full[-1]] = value

    with pytest.raises(InputError) as raised:
        read_saved(changed["all"], "run.json")

    assert told in str(raised.value)
    assert raised.value.code == "DD102"


def test_a_paragraph_may_be_there_once_only(whole: Json) -> None:
    changed = {**whole, "paragraphs": [whole["paragraphs"][0], *whole["paragraphs"]]}

    with pytest.raises(InputError, match="is there twice"):
        read_saved(changed, "run.json")


def test_a_report_of_an_older_dedup_asks_for_a_new_scan(whole: Json) -> None:
    older = {name: value for name, value in whole.items() if name != "paragraphs"}

    with pytest.raises(InputError, match=r"an older dedup wrote it.* Scan again with"):
        read_saved(older, "run.json")


def test_a_setting_that_is_not_there_has_its_default(whole: Json) -> None:
    changed = deepcopy(whole)
    del changed["settings"]["verify"]["alike_share"]
    del changed["settings"]["bands"]

    config = read_saved(changed, "run.json").run.config

    assert config.verify.alike_share == Config().verify.alike_share
    assert config.bands == Config().bands


def test_fields_that_are_not_known_are_no_fault(whole: Json) -> None:
    changed = deepcopy(whole)
    for place in [(), ("summary",), ("settings",), ("findings", 0), ("paragraphs", 0)]:
        find(changed, place)["from_the_future"] = [1]

    assert write(read_saved(changed, "run.json").outcome) == whole


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", r"run.json:1: it is no json: expecting value \(column 1\)"),
        (b'{\n  "a": nothing}', r"run.json:2: it is no json"),
        (b"\xff\xfe\xfd", "is not utf-8|it is no json"),
        (b"[" * 100_000, "its brackets are nested too deep"),
        (b'{"format_version": ' + b"9" * 5000 + b"}", "it is no json"),
        (b'{"format_version": NaN}', "nan is no number there"),
        (b'{"version": 1, "runs": []}', "it is no report of dedup"),
        (b"docs/a.md:3:1: DUP001 identical to docs/b.md:1\n", "it is no json"),
    ],
)
def test_a_file_that_is_no_report_is_refused(tmp_path: Path, content: bytes, told: str) -> None:
    file = tmp_path / "run.json"
    file.write_bytes(content)

    with pytest.raises(InputError) as raised:
        load_saved(str(file))

    message = str(raised.value).lower()
    assert re.search(told, message)
    assert "give a report that dedup scan or check wrote with --output-format json" in message


@pytest.mark.parametrize(
    ("name", "told"),
    [("absent.json", "no such file"), (".", "is a directory"), ("a\0b", "null")],
)
def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path, name: str, told: str) -> None:
    with pytest.raises(InputError, match=told):
        load_saved(str(tmp_path / name))


def test_a_file_of_a_gigabyte_is_refused_before_it_is_read(tmp_path: Path) -> None:
    file = tmp_path / "run.json"
    with file.open("wb") as stream:
        os.truncate(stream.fileno(), 1 << 30)  # takes no room on the disk

    with pytest.raises(InputError, match=r"over 512 MB.*Scan again with the format"):
        load_saved(str(file))


def test_an_endless_input_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    class Endless(io.RawIOBase):
        read_bytes = 0

        def read(self, size: int = -1) -> bytes:
            self.read_bytes += size
            return b" " * size

    endless = Endless()
    monkeypatch.setattr("dedup.saved.loading.MOST_BYTES", 1 << 22)
    monkeypatch.setattr(sys, "stdin", type("Stdin", (), {"buffer": endless}))

    with pytest.raises(InputError, match="<stdin>"):
        load_saved("-")
    assert endless.read_bytes <= MOST_BYTES


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_encodings_that_shells_write_are_read(tmp_path: Path, whole: Json, encoding: str) -> None:
    file = tmp_path / "run.json"
    file.write_bytes(json.dumps(whole).encode(encoding))

    assert write(load_saved(str(file)).outcome) == whole


def test_what_a_check_does_not_list_is_kept_with_why(whole: Json) -> None:
    shown = read_saved(whole, "run.json")
    assert shown.judgement is not None
    hidden = replace(shown, judgement=replace(shown.judgement, shows_suppressed=False))

    again = read_saved(write(hidden.outcome), "run.json").judgement

    assert again is not None
    ((found, why),) = again.suppressed
    assert (found.rule, why.kind, why.place, why.reason) == (
        "DUP005",
        "inline",
        "a.md:2",
        "so meant",
    )
