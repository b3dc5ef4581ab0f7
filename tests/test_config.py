"""Every setting has a default, a reason and a range."""

from collections.abc import Callable
from dataclasses import FrozenInstanceError, fields, is_dataclass

import pytest

from dedup.config import (
    DEFAULTS,
    BandsConfig,
    CanonicalConfig,
    Config,
    ParagraphsConfig,
    ReadersConfig,
    RunConfig,
    ShinglesConfig,
    SignaturesConfig,
    VerifyConfig,
)
from dedup.errors import SettingError


@pytest.mark.parametrize(
    ("kind", "values", "message"),
    [
        (ReadersConfig, {"text_field": ""}, "setting text_field is '': allowed is a field's name"),
        (ReadersConfig, {"max_bytes": 0}, "setting max_bytes is 0: allowed is 1 to"),
        (ParagraphsConfig, {"unit": "line"}, "setting unit is 'line': allowed is paragraph or rec"),
        (ParagraphsConfig, {"within": "folder"}, "allowed is document or corpus or both"),
        (ParagraphsConfig, {"min_words": 0}, "setting min_words is 0: allowed is 1 to 10000"),
        (ShinglesConfig, {"kind": "byte"}, "setting shingles is 'byte': allowed is word or char"),
        (ShinglesConfig, {"size": 0}, "setting shingles is 0: allowed is 1 to 32"),
        (ShinglesConfig, {"size": 33}, "setting shingles is 33"),
        (SignaturesConfig, {"num_perm": 15}, "setting num_perm is 15: allowed is 16 to 256"),
        (SignaturesConfig, {"num_perm": 257}, "setting num_perm is 257"),
        (SignaturesConfig, {"seed": -1}, "setting seed is -1: allowed is 0 to 4294967295"),
        (SignaturesConfig, {"seed": 2**32}, "setting seed is 4294967296"),
        (BandsConfig, {"recall": 1.0}, r"setting band recall is 1.0: allowed is 0.5 to 0.999999"),
        (BandsConfig, {"all_pairs_up_to": -1}, "setting all_pairs_up_to is -1"),
        (BandsConfig, {"full_bucket": 1}, "setting full_bucket is 1: allowed is 2 to"),
        (BandsConfig, {"full_bucket": 8, "few_in_bucket": 9}, "few_in_bucket is 9: allowed is 1"),
        (VerifyConfig, {"min_resemblance": 0.0}, "setting min_resemblance is 0.0"),
        (VerifyConfig, {"min_resemblance": 1.1}, "setting min_resemblance is 1.1"),
        (VerifyConfig, {"min_containment": -0.5}, "setting min_containment is -0.5"),
        (VerifyConfig, {"max_length_ratio": 2}, "setting max_length_ratio is 2"),
        (VerifyConfig, {"alike_share": 0}, "setting alike_share is 0"),
        (VerifyConfig, {"max_edits": 0}, "setting max_edits is 0: allowed is 1 to 4096"),
        (
            CanonicalConfig,
            {"policy": "best"},
            "setting keep is 'best': allowed is first or longest",
        ),
        (
            CanonicalConfig,
            {"policy": "priority"},
            "setting keep is 'priority': allowed is priority=",
        ),
        (
            RunConfig,
            {"engine": "rust"},
            "setting engine is 'rust': allowed is auto or numpy or num",
        ),
        (RunConfig, {"jobs": 0}, "setting jobs is 0: allowed is 1 to 1024"),
        (RunConfig, {"rules": ("DUP001", "DUP777")}, "setting select is 'DUP777': allowed is DUP0"),
    ],
)
def test_a_value_outside_its_range_is_refused(
    kind: Callable[..., object], values: dict[str, object], message: str
) -> None:
    with pytest.raises(SettingError, match=message):
        kind(**values)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_threshold_that_is_no_fraction_is_refused(value: float) -> None:
    with pytest.raises(SettingError, match="setting min_resemblance is"):
        VerifyConfig(min_resemblance=value)


def test_the_defaults_are_those_of_the_design() -> None:
    values = {name: value for name, value, _, _ in DEFAULTS.settings()}

    assert values["verify.min_resemblance"] == 0.60
    assert values["verify.min_containment"] == 0.80
    assert values["verify.max_length_ratio"] == 0.80
    assert (values["shingles.kind"], values["shingles.size"]) == ("word", 3)
    assert (values["signatures.num_perm"], values["bands.recall"]) == (128, 0.999)
    assert (values["bands.full_bucket"], values["bands.few_in_bucket"]) == (64, 8)
    assert values["paragraphs.min_words"] == 8
    assert values["canonical.policy"] == "first"


def test_every_setting_is_listed_with_a_reason() -> None:
    listed = list(DEFAULTS.settings())
    stages = [getattr(DEFAULTS, stage.name) for stage in fields(Config)]

    assert len(listed) == sum(len(fields(stage)) for stage in stages)
    assert all(value == default for _, value, default, _ in listed)
    assert all(len(reason) > 10 for *_, reason in listed)


def test_a_changed_setting_is_listed_beside_its_default() -> None:
    config = Config(shingles=ShinglesConfig(size=5))

    assert [entry[1:3] for entry in config.settings() if entry[0] == "shingles.size"] == [(5, 3)]


def test_settings_are_never_changed_in_place() -> None:
    for stage in (DEFAULTS, *(getattr(DEFAULTS, field.name) for field in fields(Config))):
        assert is_dataclass(stage)
        with pytest.raises(FrozenInstanceError):
            setattr(stage, fields(stage)[0].name, None)


def test_equal_settings_are_equal_and_hash_alike() -> None:
    assert Config() == DEFAULTS
    assert hash(Config()) == hash(DEFAULTS)
