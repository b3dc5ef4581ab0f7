"""What `dedup explain` tells of rules, bands and settings."""

from collections.abc import Callable
from pathlib import Path

import pytest

from dedup.config import RULES

Status = Callable[..., tuple[int, str, str]]


@pytest.mark.parametrize("code", RULES)
def test_every_rule_is_explained_and_can_be_switched(status: Status, code: str) -> None:
    exit_code, out, err = status("explain", code.lower())

    assert (exit_code, err) == (0, "")
    assert out.startswith(code)
    labels = [line[2:14].strip() for line in out.splitlines()[1:]]
    for label in ("means", "measured by", "default", "level", "example", "switch"):
        assert label in labels
    assert f"--ignore {code}" in out


def test_without_a_topic_the_topics_are_listed(status: Status) -> None:
    code, out, _ = status("explain")

    assert code == 0
    for topic in (*RULES, "bands", "config"):
        assert f"  {topic} " in out


def test_the_bands_of_a_threshold_are_shown_with_what_they_find(status: Status) -> None:
    code, out, _ = status("explain", "bands", "--threshold", "0.7")

    # 1 - (1 - 0.7^4)^32 = 0.99985; 1 - (1 - 0.1^4)^32 = 0.0031951
    assert code == 0
    assert "32 bands of 4 rows (128 permutations used)" in out
    assert "0.70      0.99985  <- threshold" in out
    assert "0.60      " in out
    assert "1.00      1.00000" in out
    assert "0.10        3,195" in out


def test_bands_that_do_not_exist_are_an_error(status: Status) -> None:
    code, _, err = status("explain", "bands", "--threshold", "0.02")

    assert code == 2
    assert "option --threshold is 0.02" in err


@pytest.mark.parametrize(
    ("topic", "told"),
    [("band", "Did you mean bands?"), ("DUP01", "Did you mean DUP0"), ("zzz", "Type one of them")],
)
def test_an_unknown_topic_gets_a_suggestion(status: Status, topic: str, told: str) -> None:
    code, out, err = status("explain", topic)

    assert (code, out) == (2, "")
    assert told in err


@pytest.mark.parametrize(
    "words", [(), ("DUP001",), ("config", "--schema"), ("config", "--isolated")]
)
def test_what_helps_to_mend_a_configuration_does_not_read_it(
    status: Status, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    (tmp_path / "dedup.toml").write_text("threzhld = 1\n")
    monkeypatch.chdir(tmp_path)

    code, out, err = status("explain", *words)

    assert (code, err) == (0, "")
    assert out
    code, out, err = status("explain", "config")
    assert (code, out) == (2, "")
    assert "dedup explain config --isolated lists every setting" in err


def test_bands_are_those_of_the_configuration(
    status: Status, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "dedup.toml").write_text("threshold = 0.7\n")
    monkeypatch.chdir(tmp_path)

    assert status("explain", "BANDS")[1].startswith("threshold 0.70,")
