"""What a run is made of, and what is said of two that differ."""

from dataclasses import replace

import pytest

from dedup.config import DEFAULTS, Config
from dedup.spark.runtime.job import InputFile
from dedup.spark.runtime.manifest import load_manifest, make_manifest, tell_differences

FILES = tuple(
    InputFile(number, f"{name}.jsonl", f"file:/{name}.jsonl", f"file:/{name}", "jsonl", 100, 5)
    for number, name in enumerate("abcdef")
)
STRICTER = replace(DEFAULTS, verify=replace(DEFAULTS.verify, min_resemblance=0.7))


def differ(config: Config = DEFAULTS, files: tuple[InputFile, ...] = FILES) -> list[str]:
    """Say how a run differs from the usual one."""
    return tell_differences(make_manifest(DEFAULTS, FILES), make_manifest(config, files))


def test_the_same_run_has_the_same_manifest_whatever_computes_it() -> None:
    run = replace(DEFAULTS.run, engine="numpy", jobs=3, keep_text=False)
    other = make_manifest(replace(DEFAULTS, run=run), FILES)

    assert other.text == make_manifest(DEFAULTS, FILES).text
    assert other.key == make_manifest(DEFAULTS, FILES).key
    assert differ(replace(DEFAULTS, run=run)) == []


def test_a_setting_that_changes_verdicts_is_named_with_both_values() -> None:
    assert differ(STRICTER) == ["verify.min_resemblance was 0.6, now 0.7"]
    assert make_manifest(STRICTER, FILES).key != make_manifest(DEFAULTS, FILES).key


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (FILES[1:], ["file:/a.jsonl is gone"]),
        ((replace(FILES[0], size_bytes=101), *FILES[1:]), ["file:/a.jsonl has changed"]),
        ((replace(FILES[0], modified=6), *FILES[1:]), ["file:/a.jsonl has changed"]),
        ((*FILES, replace(FILES[0], uri="file:/z.jsonl")), ["file:/z.jsonl is new"]),
        (FILES[::-1], ["the files stand in another order"]),
        ((), [*(f"file:/{name}.jsonl is gone" for name in "abc"), "3 more such files"]),
    ],
)
def test_files_that_differ_are_named(files: tuple[InputFile, ...], expected: list[str]) -> None:
    assert differ(files=files) == expected


def test_a_frame_is_not_called_by_its_number() -> None:
    frames = [
        make_manifest(DEFAULTS, (InputFile(0, None, uri, "", "parquet", 3, 0),))
        for uri in ("-17", "4")
    ]

    assert tell_differences(*frames) == ["the rows of the frame are others"]
    assert tell_differences(frames[0], frames[0]) == []


def test_another_version_of_the_program_is_named() -> None:
    new = make_manifest(DEFAULTS, FILES)
    old = replace(new, program={"format": 0, "version": "0.1"})

    (said,) = tell_differences(old, new)

    assert said.startswith("it is of dedup 0.1 (format 0), this is ")


def test_a_manifest_is_read_back() -> None:
    manifest = make_manifest(STRICTER, FILES)

    assert load_manifest(manifest.text) == manifest


@pytest.mark.parametrize("text", ["{}", "[]", "{", '{"program": {}, "files": []}'])
def test_another_text_is_no_manifest(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 -- of JSON's or ours
        load_manifest(text)
