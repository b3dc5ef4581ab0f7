"""What help says of the options, and that it is true."""

from collections.abc import Callable
from dataclasses import fields

import pytest
from typer.testing import CliRunner

from dedup.cli.app import app
from dedup.cli.options import MeasureOptions, RestateOptions, ScanOptions
from dedup.cli.settings import make_scan_config
from dedup.config import DEFAULTS, RULES

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
    # Help breaks a word that is longer than a line.
    assert f"[default:({','.join(RULES)})]" in output.replace(" ", "")


@pytest.mark.parametrize("command", ["scan", "compare", "evaluate"])
@pytest.mark.parametrize("shared", [MeasureOptions, RestateOptions])
def test_what_measures_is_the_same_for_every_command_that_compares(
    command: str, shared: type
) -> None:
    output = CliRunner().invoke(app, [command, "--help"]).output

    for field in fields(shared):
        assert f"--{field.name.replace('_', '-')}" in output
