"""Typed options as settings."""

from pathlib import Path
from typing import Any

import pytest

from dedup.cli.compare_options import CompareOptions, ExplainOptions
from dedup.cli.options import ScanOptions
from dedup.cli.settings import make_compare_config, make_explain_config, make_scan_config
from dedup.config import Config
from dedup.errors import InputError, SettingError


def config(**options: Any) -> Config:  # noqa: ANN401 -- of every option's own type
    return make_scan_config(ScanOptions(**options), keep_text=True)


def test_options_reach_the_settings_they_name() -> None:
    made = config(
        threshold=0.7, containment=0.9, shingles="char:5", min_words=4, no_slot_guard=True,
        unit="record", text_field="body", id_field="key", date_field="day", within="corpus",
        input_format="jsonl", stdin_filename="x.md", keep="newest", engine="numpy", jobs=2,
        num_perm=64, seed=9, skip_errors=True, restate_threshold=0.5, sensitive=True,
        memory="3G", work_dir="work", resume=True,
    )  # fmt: skip

    verify, readers, run = made.verify, made.readers, made.run
    assert (verify.min_resemblance, verify.min_containment, verify.slot_guard) == (0.7, 0.9, False)
    assert (made.shingles.kind, made.shingles.size) == ("char", 5)
    paragraphs = made.paragraphs
    assert (paragraphs.unit, paragraphs.min_words, paragraphs.within) == ("record", 4, "corpus")
    assert (readers.text_field, readers.id_field, readers.date_field) == ("body", "key", "day")
    assert (readers.input_format, readers.stdin_filename) == ("jsonl", "x.md")
    assert readers.skip_errors
    assert (made.canonical.policy, run.engine, run.jobs) == ("newest", "numpy", 2)
    assert (made.signatures.num_perm, made.signatures.seed) == (64, 9)
    assert (run.memory_bytes, run.work_dir, run.resume) == (3 << 30, "work", True)
    restatement = made.restatement
    assert (restatement.min_score, restatement.strict, restatement.sensitive) == (0.5, False, True)


@pytest.mark.parametrize(
    ("text", "n_bytes"),
    [("1", 1), ("2k", 2048), ("500M", 500 << 20), ("16GiB", 16 << 30), ("1TB", 1 << 40)],
)
def test_sizes_may_have_a_unit(text: str, n_bytes: int) -> None:
    assert config(max_bytes=text).readers.max_bytes == n_bytes


@pytest.mark.parametrize(
    ("text", "n_bytes"),
    [("268435456", 1 << 28), ("256M", 1 << 28), ("512mb", 1 << 29), ("3GiB", 3 << 30)],
)
def test_memory_is_a_size_too(text: str, n_bytes: int) -> None:
    assert config(memory=text).run.memory_bytes == n_bytes


def test_where_nobody_says_it_the_run_decides_where_it_works() -> None:
    run = config().run

    assert (run.memory_bytes, run.work_dir, run.resume) == (None, None, False)


@pytest.mark.parametrize(
    ("select", "ignore", "rules"),
    [
        (["DUP002"], None, ("DUP002",)),
        (["dup006,DUP001"], None, ("DUP001", "DUP006")),
        (["DUP001", "DUP002"], ["DUP001"], ("DUP002",)),
        (
            None,
            ["DUP001, DUP900"],
            ("DUP002", "DUP003", "DUP004", "DUP005", "DUP006", "DUP007"),
        ),
    ],
)
def test_rules_are_those_selected_without_those_ignored(
    select: list[str] | None, ignore: list[str] | None, rules: tuple[str, ...]
) -> None:
    assert config(select=select, ignore=ignore).run.rules == rules


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"select": ["DUP9"]}, r"setting select is 'DUP9': allowed is DUP001, DUP002"),
        ({"ignore": ["x"]}, r"setting ignore is 'X'"),
        ({"select": ["DUP001"], "ignore": ["DUP001"]}, r"setting ignore is 'DUP001'"),
        ({"shingles": "word"}, r"as word:3 or char:5"),
        ({"shingles": "word:x"}, r"as word:3 or char:5"),
        ({"shingles": "line:3"}, r"allowed is word or char"),
        ({"shingles": "word:99"}, r"allowed is 1 to 32"),
        ({"max_bytes": "lots"}, r"as 500M or 16G"),
        ({"max_bytes": "0"}, r"max_bytes is 0"),
        ({"memory": "much"}, r"memory is 'much': .* as 3G or 512M"),
        ({"memory": "255M"}, r"memory is '255M': allowed is 256M and more"),
        ({"work_dir": ""}, r"work-dir is '': allowed is the name of a folder"),
        ({"resume": True}, r"resume is 'true': allowed is that beside --work-dir DIR"),
        ({"keep": "best"}, r"keep is 'best'"),
        ({"keep": "first=x"}, r"as priority=FILE"),
        ({"keep": "priority"}, r"priority=FILE"),
        ({"threshold": float("nan")}, r"allowed is 0.01 to 1.0"),
        ({"restate_threshold": 0.0}, r"setting \w+ is 0.0: allowed is 0.01 to 1.0"),
        ({"strict": True, "sensitive": True}, r"allowed is one of strict and sensitive"),
        ({"engine": "gpu"}, r"engine is 'gpu'"),
        ({"within": "page"}, r"within is 'page'"),
        ({"unit": "line"}, r"unit is 'line'"),
    ],
)
def test_a_wrong_value_is_refused_before_anything_is_read(
    options: dict[str, Any], told: str
) -> None:
    with pytest.raises(SettingError, match=told):
        config(**options)


def test_priority_reads_its_sources_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "best.txt").write_text("docs/new\n\n  docs/old  \n")

    canonical = config(keep=f"priority={tmp_path / 'best.txt'}").canonical

    assert canonical.policy == "priority"
    assert canonical.sources == ("docs/new", "docs/old")


@pytest.mark.parametrize(
    ("content", "told"),
    [(None, "no such file"), (b"\n \n", "it names no source"), (b"\xff", "it is not valid UTF-8")],
)
def test_a_list_of_sources_that_cannot_be_used_is_named(
    tmp_path: Path, content: bytes | None, told: str
) -> None:
    file = tmp_path / "best.txt"
    if content is not None:
        file.write_bytes(content)

    with pytest.raises(InputError, match=f"best.txt: {told}"):
        config(keep=f"priority={file}")


def test_compare_and_explain_use_their_thresholds() -> None:
    compared = make_compare_config(CompareOptions(left="a", right="b", threshold=0.9))
    explained = make_explain_config(ExplainOptions(threshold=0.8, num_perm=64))

    assert compared.verify.min_resemblance == 0.9
    assert (explained.verify.min_resemblance, explained.signatures.num_perm) == (0.8, 64)
