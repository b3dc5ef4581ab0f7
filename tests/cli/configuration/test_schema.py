"""The schema of a file: a schema, and of one mind with what is accepted."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from dedup.cli.compare_options import ExplainOptions
from dedup.cli.configuration.files import read_file
from dedup.cli.configuration.keys import load_keys
from dedup.cli.configuration.options import Resolved
from dedup.cli.configuration.schema import make_schema
from dedup.cli.configuration.settings_in_force import describe_settings
from dedup.errors import DedupError

Status = Callable[..., tuple[int, str, str]]
VALIDATOR = Draft202012Validator(make_schema())
CODES: tuple[Any, ...] = (
    "DUP001",
    "dup002,DUP003",
    ["DUP001", "DUP002"],
    [],
    "DUP9",
    "",
    ["DUP001,"],
    1,
)
# Values on both sides of each limit, and of each wrong type.
POOLS: dict[str, tuple[Any, ...]] = {
    "threshold": (0.01, 1, 1.0, 0.009, 1.1, 0, True, "0.5"),
    "containment": (0.01, 1.0, 0.0, 2),
    "restate-threshold": (0.01, 1.0, 0.0, 2),
    "shingles": ("word:3", "char:32", "word:33", "word:0", "line:3", "word", "", 3),
    "min-words": (1, 10_000, 0, 10_001, -1, False, "8"),
    "no-slot-guard": (True, False, 0, "true"),
    "within": ("document", "corpus", "both", "page", "Both", 1),
    "unit": ("paragraph", "record", "line"),
    "keep": ("first", "longest", "newest", "oldest", "best", "priority", "first=x"),
    "boilerplate": (2, 100, 1, "10"),
    "input-format": ("markdown", "jsonl", "doc", ""),
    "max-bytes": ("1", "500M", "16GiB", "2kb", "0", "lots", "1.5G", "", 500),
    "max-expansion": (2, 1, 2.5),
    "memory": (
        *("256M", "257m", "300M", "1000MB", "99999999M", "255M", "026M", "99M", "0256M", "1G"),
        *("2GiB", "0G", "1T", "0T", "262144K", "262143k", "268435456", "268435455", "300000000"),
        *("1.5G", "much", "", 3, "-3G"),
    ),
    "work-dir": ("work", "", 1),
    "text-field": ("body", "", 1),
    "main-content": ("auto", "off", "main > p", ""),
    "engine": ("auto", "numpy", "numba", "gpu"),
    "jobs": (1, 1024, 0, 1025),
    "num-perm": (16, 256, 15, 257),
    "seed": (0, 2**32 - 1, -1, 2**32),
    "exclude": ("drafts/", ["a", "!b"], [], "../a", ["a", "./b"], "", "#a", "a..b/.c", [1], {}),
    "paths": ("docs", ["a"], [["a"]]),
    "select": (*CODES[:3], *CODES[4:]),
    "ignore": ("DUP001", ["DUP001", "dup002"], [], "DUP", [1]),
    "output-format": ("json", ["concise", "sarif=x.sarif"], "jsn", ["json="], [], 1),
    "remove": ("contained", "identical, Rewritten", ["restated"], "all", "", [2]),
    "mark": (True, "yes"),
    "fail-on": ("note", "warning", "error", "off", "never"),
    "max-new": (0, 5, -1),
    "exit-code": (0, 1, 125, 2, 126, -1),
    "exit-zero": (True, 0),
    "since": ("HEAD~1", 1),
    "allow": ("a.md", ["a.md", "b.md"], {"a": 1}),
    "levels": ({}, {"DUP001": "off"}, {"DUP900": "error"}, {"DUP1": "off"}, {"DUP001": 1}),
    "per-path": (
        [],
        [{"paths": ["a/**"], "ignore": ["DUP001"]}, {"paths": "b", "levels": {"DUP005": "note"}}],
        [{"paths": []}],
        [{"ignore": "DUP001"}],
        [{"paths": "a", "ignore": "x"}],
        [{"paths": "a", "level": {}}],
        [{"paths": "a", "levels": {"DUP005": 1}}],
        [{"paths": "a", "levels": {"DUP900": "off"}}],
        [{"paths": "a", "ignore": "DUP001,DUP900"}],
        [{"paths": ["a", "../b"]}],
        [{"paths": ""}],
        {"paths": "a"},
        ["a"],
    ),
    "extend": ("", 1, []),
    "min_words": (8,),
    "threzhld": (0.5,),
    "dry-run": (True,),
    "resume": (True, False),
    "config": ("x.toml",),
}  # fmt: skip
PAIRS = [(word, value) for word, pool in POOLS.items() for value in pool]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def spell(value: object) -> str:
    """Give a value as TOML."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {spell(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(spell, value)) + "]"
    return json.dumps(value)


def is_accepted(values: dict[str, object]) -> bool:
    """Say whether a file of these values is taken, by every command."""
    lines = [f"{word} = {spell(value)}\n" for word, value in values.items()]
    Path("dedup.toml").write_text("".join(lines))
    try:
        resolved = Resolved(settings=read_file(Path("dedup.toml")).settings)
        list(describe_settings(ExplainOptions(topic="config", resolved=resolved)))
    except DedupError:
        return False
    return True


def test_the_schema_is_one_of_its_draft() -> None:
    Draft202012Validator.check_schema(make_schema())


@pytest.mark.parametrize(("word", "value"), PAIRS)
def test_a_value_is_valid_where_it_is_accepted(word: str, value: object) -> None:
    assert VALIDATOR.is_valid({word: value}) == is_accepted({word: value})


@given(st.lists(st.sampled_from(PAIRS), unique_by=lambda pair: pair[0], max_size=5).map(dict))
def test_a_file_is_valid_where_it_is_accepted(values: dict[str, object]) -> None:
    if {"select", "ignore"} <= values.keys():  # together they may leave no rule: no schema's matter
        del values["ignore"]

    assert VALIDATOR.is_valid(values) == is_accepted(values)


def test_each_pool_has_values_of_both_kinds_where_there_is_a_limit() -> None:
    for word, limits in make_schema()["properties"].items():
        if not {"type", "description", "default", "anyOf"} >= limits.keys():
            kinds = {VALIDATOR.is_valid({word: value}) for value in POOLS[word]}
            assert kinds == ({False} if word == "extend" else {True, False}), word


def test_a_file_that_extends_one_is_valid() -> None:
    Path("base.toml").touch()

    assert VALIDATOR.is_valid({"extend": "base.toml"})
    assert is_accepted({"extend": "base.toml"})


def test_every_key_and_table_is_described() -> None:
    properties = make_schema()["properties"]

    assert properties.keys() == {key.word for key in load_keys().values()} | {
        "extend",
        "levels",
        "per-path",
    }
    assert all(len(each["description"]) > 10 for each in properties.values())


def test_the_defaults_are_valid() -> None:
    for word, limits in make_schema()["properties"].items():
        if "default" in limits:
            assert VALIDATOR.is_valid({word: limits["default"]}), word


def test_the_command_prints_the_schema(status: Status) -> None:
    code, out, err = status("explain", "config", "--schema")

    assert (code, err) == (0, "")
    assert json.loads(out) == make_schema()
    assert status("explain", "DUP001", "--schema")[0] == 2
