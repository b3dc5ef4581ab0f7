"""Give classes of values the methods that `dataclass` would compile for each of them.

Decision (2026-11-26): `dataclass` writes the methods of a class as text, which Python compiles at
every start: half a million instructions each, a fifth of a scan of one article, which loads ninety
such classes. What they say of equality, hash and `repr` is the same for all, so `Value` says it
once, at 1 us a call.
"""

from typing import ClassVar


class Value:
    """A frozen, slotted dataclass that is what its fields are: the methods that `dataclass` makes.

    >>> from dataclasses import dataclass
    >>> @dataclass(frozen=True, slots=True, eq=False, repr=False)
    ... class Place(Value):
    ...     line: int
    ...     column: int
    >>> Place(1, 2), Place(1, 2) == Place(1, 2), Place(1, 2) == (1, 2)
    (Place(line=1, column=2), True, False)
    """

    __slots__ = ()
    __match_args__: ClassVar[tuple[str, ...]] = ()  # the fields, as `dataclass` lists them

    def __eq__(self, other: object) -> bool:
        """Say whether another one of the same class holds the same."""
        if not isinstance(other, Value) or other.__class__ is not self.__class__:
            return NotImplemented
        return _list_fields(self) == _list_fields(other)

    def __hash__(self) -> int:
        """Give the hash of what is held."""
        return hash(_list_fields(self))

    def __repr__(self) -> str:
        """Give the call that makes it."""
        held = zip(self.__match_args__, _list_fields(self), strict=True)
        named = ", ".join(f"{name}={value!r}" for name, value in held)
        return f"{self.__class__.__qualname__}({named})"


def _list_fields(value: Value) -> tuple[object, ...]:
    return tuple([getattr(value, name) for name in value.__match_args__])
