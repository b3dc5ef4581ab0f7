"""Which format goes where, and what a report must not replace."""

from pathlib import Path
from typing import Any

import pytest

from dedup.cli.options import ScanOptions
from dedup.cli.targets import Target, is_terminal, parse_targets, refuse_overwriting
from dedup.errors import OutputError, SettingError


def parse(**options: Any) -> tuple[Target, ...]:  # noqa: ANN401 -- of every option's own type
    return parse_targets(ScanOptions(**options))


def test_without_options_the_full_format_goes_to_standard_output() -> None:
    assert parse() == (Target("full", "-"),)


def test_each_format_may_have_its_file(tmp_path: Path) -> None:
    words = [f"json={tmp_path}/a=b.json", "concise"]

    assert parse(output_format=words) == (
        Target("json", f"{tmp_path}/a=b.json"),
        Target("concise", "-"),
    )


def test_output_is_the_file_of_the_one_format(tmp_path: Path) -> None:
    assert parse(output_format=["json"], output=str(tmp_path / "x")) == (
        Target("json", str(tmp_path / "x"), "output"),
    )


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"output_format": ["xml"]}, "output-format is 'xml'"),
        ({"output_format": ["json="]}, "json=FILE"),
        ({"output_format": ["json", "concise"]}, "one format a file"),
        ({"output_format": ["json=x", "full=x"]}, "one format a file"),
        ({"output_format": ["json=x", "full=./x"]}, "one format a file"),
        ({"output_format": ["json", "full=y"], "output": "x"}, "output is 'x'"),
        ({"output_format": ["json=y"], "output": "x"}, "output is 'x'"),
    ],
)
def test_formats_that_make_no_sense_are_refused(options: dict[str, Any], told: str) -> None:
    with pytest.raises(SettingError, match=told):
        parse(**options)


def test_a_file_that_cannot_be_written_is_known_before_the_run(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="there is no folder"):
        parse(output=str(tmp_path / "none" / "x"))
    with pytest.raises(OutputError, match="it is a folder"):
        parse(output=str(tmp_path))


def test_a_report_never_replaces_what_it_reports_on(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("A text.")
    (tmp_path / "link.txt").symlink_to(tmp_path / "a.txt")
    target = Target("full", str(tmp_path / "link.txt"))

    refuse_overwriting([target, Target("json", "-")], [str(tmp_path / "b.txt")])
    with pytest.raises(SettingError, match="it would be lost"):
        refuse_overwriting([target], [str(tmp_path / "b.txt"), str(tmp_path / "a.txt")])


def test_a_file_is_no_terminal() -> None:
    assert not is_terminal([Target("full", "x")])
