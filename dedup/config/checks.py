"""Declare a setting with its reason, and refuse values that cannot be."""

from dataclasses import field
from typing import Any, get_args

from dedup.errors import SettingError


def setting(default: Any, reason: str) -> Any:  # noqa: ANN401 -- as `dataclasses.field`
    """Declare a setting: its default and why it is that."""
    return field(default=default, metadata={"reason": reason})


def refuse(name: str, value: object, allowed: str) -> SettingError:
    """Give the error for a setting's value."""
    return SettingError(f"setting {name} is {value!r}: allowed is {allowed}. Choose another value.")


def check_choice(name: str, value: object, choices: object) -> None:
    """Refuse what is not among the literals of a type.

    Raises:
        SettingError: It is not.
    """
    if value not in get_args(choices):
        raise refuse(name, value, " or ".join(get_args(choices)))


def check_range(name: str, value: float, low: float, high: float) -> None:
    """Refuse what is outside a range.

    Raises:
        SettingError: It is.
    """
    if not low <= value <= high:
        raise refuse(name, value, f"{low} to {high}")
