"""What help says of the options, and that it is true."""

import re
from collections.abc import Callable
from dataclasses import fields

import pytest
from typer.testing import CliRunner

from dedup.cli.app import app
from dedup.cli.options import MeasureOptions, RestateOptions, ScanOptions
from dedup.cli.settings import make_scan_config
from dedup.config import DEFAULTS, RULES
from dedup.reporters.registry import REPORTERS

Status = Callable[..., tuple[int, str, str]]


def test_options_left_alone_give_the_default_settings() -> None:
    assert make_scan_config(ScanOptions(), keep_text=True) == DEFAULTS


@pytest.mark.parametrize("command", ["scan", "compare", "evaluate", "explain"])
def test_every_command_shows_an_example(command: str) -> None:
    result = CliRunner().invoke(app, [command, "--help"])

    assert result.exit_code == 0
    assert "Examples:" in result.output


def test_help_shows_every_option_and_the_defaults_of_the_settings(status: Status) -> None:
    output = " ".join(status("scan", "--help")[1].split())

    for field in fields(ScanOptions):
        if field.name not in ("paths", "resolved"):
            assert f"--{field.name.replace('_', '-')}" in output
    assert "PATHS Files, folders" in output
    assert f"[default: {DEFAULTS.verify.min_resemblance}]" in output
    assert f"[default: {DEFAULTS.paragraphs.min_words}]" in output
    assert f"[default: {DEFAULTS.restatement.min_score}]" in output
    assert f"[default: ({', '.join(RULES)})]" in output  # no code is broken at a line's end


def test_help_names_every_format_that_a_command_writes(status: Status) -> None:
    for command in ("scan", "check", "report"):
        words = re.findall(r"\w+", status(command, "--help")[1])
        assert set(REPORTERS) - {"groups"} <= {*words}, command
        assert ("groups" in words) == (command != "report")


def test_usage_shows_a_required_argument_as_it_is_typed(status: Status) -> None:
    assert status("report", "--help")[1].startswith("Usage: dedup report [OPTIONS] RUN.json\n")
    usage = status("baseline", "--help")[1].splitlines()[0]
    assert usage.endswith(" [OPTIONS] write|prune|show [PATHS]...")


@pytest.mark.parametrize("command", ["scan", "compare", "evaluate"])
@pytest.mark.parametrize("shared", [MeasureOptions, RestateOptions])
def test_what_measures_is_the_same_for_every_command_that_compares(
    command: str, shared: type
) -> None:
    output = CliRunner().invoke(app, [command, "--help"]).output

    for field in fields(shared):
        assert f"--{field.name.replace('_', '-')}" in output
