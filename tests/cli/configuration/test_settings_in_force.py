"""What `dedup explain config` says of each setting."""

import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from dedup.cli.configuration.files import read_words
from dedup.cli.configuration.keys import load_keys
from dedup.config import DEFAULTS
from dedup.config.gate import GATE_DEFAULTS

Status = Callable[..., tuple[int, str, str]]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def explain(status: Status, *words: str) -> list[str]:
    code, out, err = status("explain", "config", *words)
    assert (code, err) == (0, "")
    return out.splitlines()


def test_each_setting_tells_its_value_its_origin_and_its_default(
    status: Status, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEDUP_MIN_WORDS", "5")
    (folder / "dedup.toml").write_text(
        '# ours\nkeep = "newest"\nmax-new = 0\nallow = ["a.md"]\nremove = "contained"\n'
        'memory = "3G"\nwork-dir = "../scratch"\n'
    )

    lines = explain(status, "--threshold", "0.75", "--config", "strict = true")

    assert "threshold = 0.75  (--threshold; default 0.6)" in lines
    assert "strict = true  (--config; default false)" in lines
    assert "min-words = 5  (DEDUP_MIN_WORDS; default 8)" in lines
    assert 'keep = "newest"  (dedup.toml:2; default "first")' in lines
    assert "max-new = 0  (dedup.toml:3)" in lines
    assert 'allow = ["a.md"]  (dedup.toml:4; default none)' in lines
    assert 'remove = ["contained"]  (dedup.toml:5; default none)' in lines
    assert "containment = 0.8  (default)" in lines
    assert 'memory = "3G"  (dedup.toml:6; default none)' in lines
    assert 'work-dir = "../scratch"  (dedup.toml:7; default none)' in lines
    assert not any(line.startswith(("run.memory", "run.resume")) for line in lines)


def test_every_key_and_every_reason_is_shown(status: Status) -> None:
    lines = explain(status)

    shown = {line.split(" = ")[0] for line in lines if not line.startswith(" ")}
    assert {key.word for key in load_keys().values()} <= shown
    for name, _, _, reason in DEFAULTS.settings():
        assert f"    {reason}" in lines or name in ("shingles.kind", "canonical.sources",
            "restatement.min_dice", "restatement.strict_score", "readers.exclude_folder",
            "run.keep_text", "run.resume")  # fmt: skip
    assert "bands.recall = 0.999  (fixed)" in lines
    assert not any(line.startswith("verify.min_resemblance") for line in lines)


def test_a_line_can_be_copied_into_a_file(status: Status) -> None:
    lines = [
        line for line in explain(status) if line.endswith("(default)") and "= none " not in line
    ]
    text = "\n".join(line.removesuffix("  (default)") for line in lines)

    assert len(tomllib.loads(text)) == len(lines)
    for name, setting in read_words(text).items():
        assert setting.value == load_keys()[name].default


def test_tables_are_shown_with_their_places(status: Status, folder: Path) -> None:
    (folder / "dedup.toml").write_text(
        '[levels]\nDUP005 = "off"\nDUP006 = "note"\n\n'
        '[[per-path]]\npaths = ["legal/**"]\nignore = ["DUP002"]\n'
        '[[per-path]]\npaths = ["news/**"]\nlevels = {DUP005 = "error"}\n'
    )

    lines = explain(status)

    assert 'levels.DUP005 = "off"  (dedup.toml:2; default "warning")' in lines
    assert 'levels.DUP006 = "note"  (dedup.toml:3)' in lines
    assert 'per-path ["legal/**"]: DUP002 off  (dedup.toml:5)' in lines
    assert 'per-path ["news/**"]: DUP005 error  (dedup.toml:8)' in lines


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("boilerplate = 1", "boilerplate of dedup.toml:1 is 1: allowed is 2 to"),
        ("restate-threshold = 0", "restate-threshold of dedup.toml:1 is 0.0: allowed is"),
        ("fail-on = 'never'", "fail-on of dedup.toml:1 is 'never': allowed is note or warning"),
        ("exit-code = 2", "exit-code of dedup.toml:1 is 2: allowed is"),
        ("remove = 'all'", "remove of dedup.toml:1 is 'all': allowed is"),
        ("input-format = 'doc'", "input-format of dedup.toml:1 is 'doc'"),
        ("output-format = 'jsn'", "output-format of dedup.toml:1 is 'jsn'"),
        ("keep = 'priority=none.txt'", "cannot read none.txt, which dedup.toml:1 names: no s"),
    ],
)
def test_what_any_command_would_refuse_is_refused(
    status: Status, folder: Path, text: str, told: str
) -> None:
    (folder / "dedup.toml").write_text(text)

    code, _, err = status("explain", "config")

    assert code == 2
    assert told in err


def test_the_defaults_of_the_gate_have_their_reasons(status: Status) -> None:
    lines = explain(status)

    where = lines.index(f'fail-on = "{GATE_DEFAULTS.fail_on}"  (default)')
    assert lines[where + 1].startswith("    notes say what may be meant so")
