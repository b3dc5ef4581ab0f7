"""What the variables set, and which of them are warned of."""

import pytest

from dedup.cli.configuration.environment import read_variables, warn_of_variables
from dedup.cli.configuration.keys import load_keys
from dedup.cli.configuration.source import Rank
from dedup.errors import SettingError


@pytest.mark.parametrize(
    ("variable", "text", "value"),
    [
        ("DEDUP_THRESHOLD", "0.7", 0.7),
        ("DEDUP_MIN_WORDS", " 5", 5),
        ("DEDUP_KEEP", "newest", "newest"),
        ("DEDUP_SELECT", "DUP001, DUP002,", ["DUP001", "DUP002"]),
        ("DEDUP_OUTPUT_FORMAT", "concise,json=out.json", ["concise", "json=out.json"]),
        ("DEDUP_STRICT", "1", True),
        ("DEDUP_STRICT", "True", True),
        ("DEDUP_STRICT", "0", False),
        ("DEDUP_STRICT", "false", False),
    ],
)
def test_a_variable_sets_its_option(variable: str, text: str, value: object) -> None:
    (setting,) = read_variables({variable: text}).values()

    assert (setting.value, setting.rank, setting.place) == (value, Rank.ENVIRONMENT, variable)


def test_every_key_has_a_variable() -> None:
    texts = {str: "x", int: "1", float: "1.5", bool: "true", list: "a,b"}
    variables = {f"DEDUP_{name.upper()}": texts[key.type] for name, key in load_keys().items()}

    assert read_variables(variables).keys() == load_keys().keys()
    assert not list(warn_of_variables(variables))


@pytest.mark.parametrize(
    ("variable", "text", "allowed"),
    [
        ("DEDUP_THRESHOLD", "high", "a number"),
        ("DEDUP_JOBS", "1.5", "a whole number"),
        ("DEDUP_STRICT", "yes", "1, true, 0 or false"),
    ],
)
def test_a_value_of_another_type_is_refused(variable: str, text: str, allowed: str) -> None:
    told = f"variable {variable} is '{text}': allowed is {allowed}. Change it, or leave it empty"
    with pytest.raises(SettingError, match=told):
        read_variables({variable: text})


def test_a_long_value_is_cut_short_in_a_message() -> None:
    with pytest.raises(SettingError) as caught:
        read_variables({"DEDUP_JOBS": "9" * 5000})

    assert len(str(caught.value)) < 200


@pytest.mark.parametrize(
    ("variable", "told"),
    [
        ("DEDUP_TRESHOLD", "DEDUP_TRESHOLD has no effect. Did you mean DEDUP_THRESHOLD?"),
        ("DEDUP_MINWORDS", "DEDUP_MINWORDS has no effect. Did you mean DEDUP_MIN_WORDS?"),
        ("DEDUP_jobs", "DEDUP_jobs has no effect. Did you mean DEDUP_JOBS?"),
        ("DEDUP_CONFIG", "DEDUP_CONFIG has no effect: --config can only be typed."),
        ("DEDUP_DRY_RUN", "DEDUP_DRY_RUN has no effect: --dry-run can only be typed."),
        ("DEDUP_LEVELS", "DEDUP_LEVELS has no effect: levels stands in a configuration file."),
        ("DEDUP_EXTEND", "DEDUP_EXTEND has no effect: extend stands in a configuration file."),
    ],
)
def test_a_name_that_comes_near_sets_nothing_and_is_told(variable: str, told: str) -> None:
    assert list(warn_of_variables({variable: "1"})) == [told]
    assert not read_variables({variable: "1"})


def test_names_of_others_are_left_in_peace() -> None:
    others = ("DEDUP_WRITE_GOLDEN", "DEDUP_TEST_LINE_MEGABYTES", "DEDUP_HOME", "DEDUP_", "DEDUP_X")

    assert not list(warn_of_variables(dict.fromkeys(others, "1")))
