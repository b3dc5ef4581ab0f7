"""Which keys there are."""

from collections.abc import Callable

import pytest

from dedup.cli.configuration.keys import (
    find_nearest,
    is_setting,
    list_parameters,
    load_keys,
    load_option_classes,
    load_typed_only,
)

Status = Callable[..., tuple[int, str, str]]


def test_a_key_means_the_same_type_to_every_command() -> None:
    types: dict[str, set[type]] = {}
    for kind in load_option_classes():
        for name, plain, _, told in list_parameters(kind):
            if is_setting(name, told):
                types.setdefault(name, set()).add(plain)

    assert all(len(plains) == 1 for plains in types.values())
    assert types.keys() == load_keys().keys()


@pytest.mark.parametrize("command", ["scan", "check", "clean", "compare", "evaluate", "explain"])
def test_what_help_shows_is_a_key_or_can_only_be_typed(status: Status, command: str) -> None:
    words = {key.word for key in load_keys().values()}
    typed = {name.replace("_", "-") for name in load_typed_only()} | {"help"}

    shown = {
        word.rstrip(",").removeprefix("--")
        for line in status(command, "--help")[1].splitlines()
        for word in line.split()[:2]
        if line.startswith("  ") and word.startswith("--")
    }

    assert {"config", "isolated", "threshold"} <= shown
    assert shown <= words | typed


def test_types_are_those_of_the_options() -> None:
    keys = load_keys()

    assert {
        name: keys[name].type for name in ("threshold", "jobs", "keep", "strict", "select")
    } == {
        "threshold": float,
        "jobs": int,
        "keep": str,
        "strict": bool,
        "select": list,
    }
    assert (keys["threshold"].default, keys["min_words"].word) == (0.6, "min-words")
    assert keys["paths"].type is list


def test_an_argument_is_no_key() -> None:
    assert not {"left", "right", "labelled", "topic", "action"} & load_keys().keys()
    assert {"config", "isolated", "show_files", "dry_run", "schema"} <= load_typed_only()


@pytest.mark.parametrize(
    ("word", "nearest"),
    [("min_words", "min-words"), ("Jobs", "jobs"), ("levles", "levels"), ("zzz", None)],
)
def test_the_nearest_word_is_found_if_one_is_near(word: str, nearest: str | None) -> None:
    assert find_nearest(word, ["min-words", "jobs", "levels"]) == nearest
