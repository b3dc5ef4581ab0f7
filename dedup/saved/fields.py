"""Read the fields of an object of JSON, each with its type, and say what is wrong where.

No `dict[str, Any]` gets past this module.
"""

from collections.abc import Iterable
from math import isfinite
from typing import Any, Final, TypeAlias

from dedup.errors import InputError
from dedup.quotations import CharacterSpan

Json: TypeAlias = Any
REMEDY: Final = "Give a report that dedup scan or check wrote with --output-format json."
_MOST: Final = 1 << 53  # a whole number that every reader of JSON keeps
_KINDS: Final = {
    dict: "an object",
    list: "a list",
    str: "a string",
    bool: "true or false",
    type(None): "null",
}
_ROUNDING: Final = 1e-9  # by which a sum of shares may be over 1


class Fields:
    """An object of a saved run, which knows its own name there, as `findings[3].paragraph`."""

    __slots__ = ("_content", "_file", "_name")

    def __init__(self, content: Json, name: str, file: str) -> None:
        """Read the fields of an object.

        Raises:
            InputError: It is no object.
        """
        self._content, self._name, self._file = content, name, file
        if not isinstance(content, dict):
            raise self.refuse(f"{name or 'all of it'} is {_name_kind(content)}, expected an object")

    def refuse(self, problem: str, remedy: str = REMEDY) -> InputError:
        """Give the error for something in this file."""
        return InputError(self._file, None, problem, remedy)

    def has(self, name: str) -> bool:
        """Tell whether there is a field of that name."""
        return name in self._content

    def take(self, name: str) -> Json:
        """Give a field of any type; every other method of this class gives one checked.

        Raises:
            InputError: There is none of that name.
        """
        if name not in self._content:
            raise self.refuse(f"it has no '{self.name_field(name)}'")
        return self._content[name]

    def name_field(self, name: str) -> str:
        """Give the name of a field as all of the file knows it."""
        return f"{self._name}.{name}" if self._name else name

    def _expect(self, name: str, expected: str, found: str = "") -> InputError:
        found = found or _name_kind(self._content[name])
        return self.refuse(f"{self.name_field(name)} is {found}, expected {expected}")

    def text(self, name: str) -> str:
        """Give a string."""
        value = self.take(name)
        if not isinstance(value, str):
            raise self._expect(name, "a string")
        return value

    def text_or_none(self, name: str) -> str | None:
        """Give a string or None."""
        return None if self.take(name) is None else self.text(name)

    def choice(self, name: str, allowed: Iterable[str]) -> str:
        """Give one of some strings."""
        value, choices = self.text(name), list(allowed)
        if value not in choices:
            raise self._expect(name, " or ".join(choices), f"{value[:40]!r}")
        return value

    def flag(self, name: str) -> bool:
        """Give true or false."""
        value = self.take(name)
        if not isinstance(value, bool):
            raise self._expect(name, "true or false")
        return value

    def integer(self, name: str) -> int:
        """Give a whole number from 0."""
        value = self.take(name)
        if not _is_count(value):
            raise self._expect(name, "a whole number from 0")
        return int(value)

    def integer_or_none(self, name: str) -> int | None:
        """Give a whole number from 0, or None."""
        return None if self.take(name) is None else self.integer(name)

    def share(self, name: str) -> float:
        """Give a number in [0, 1]."""
        value = self.take(name)
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not (is_number and isfinite(value) and 0 <= value <= 1 + _ROUNDING):
            raise self._expect(name, "a number from 0 to 1")
        return float(value)

    def share_or_none(self, name: str) -> float | None:
        """Give a number in [0, 1], or None."""
        return None if self.take(name) is None else self.share(name)

    def part(self, name: str) -> "Fields":
        """Give an object."""
        return Fields(self.take(name), self.name_field(name), self._file)

    def parts(self, name: str) -> list["Fields"]:
        """Give a list of objects."""
        own = self.name_field(name)
        rows = enumerate(self._list(name))
        return [Fields(row, f"{own}[{place}]", self._file) for place, row in rows]

    def _list(self, name: str) -> list[Json]:
        value = self.take(name)
        if not isinstance(value, list):
            raise self._expect(name, "a list")
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """Give a list of strings."""
        values = self._list(name)
        if not all(isinstance(value, str) for value in values):
            raise self.refuse(f"{self.name_field(name)} holds more than strings")
        return tuple(values)

    def integers(self, name: str) -> tuple[int, ...]:
        """Give a list of whole numbers from 0."""
        values = self._list(name)
        if not all(map(_is_count, values)):
            raise self.refuse(f"{self.name_field(name)} holds more than whole numbers from 0")
        return tuple(values)

    def span(self, name: str, size: int) -> CharacterSpan:
        """Give a span within a text of so many characters."""
        return self._check_span(name, self._list(name), size)

    def spans(self, name: str, size: int) -> tuple[CharacterSpan, ...]:
        """Give a list of spans within a text of so many characters."""
        return tuple(self._check_span(name, value, size) for value in self._list(name))

    def _check_span(self, name: str, value: Json, size: int) -> CharacterSpan:
        match value:
            case [start, end] if _is_count(start) and _is_count(end) and start <= end <= size:
                return start, end
        raise self.refuse(
            f"{self.name_field(name)} holds no span [start, end] within its text's {size}"
        )


def _name_kind(value: Json) -> str:
    return _KINDS.get(type(value)) or f"the number {value}"[:60]


def _is_count(value: Json) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MOST
