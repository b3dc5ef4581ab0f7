"""What stands for the methods that `dataclass` writes says what those say."""

import copy
import pickle
from dataclasses import FrozenInstanceError, dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.values import Value


@dataclass(frozen=True, slots=True)
class Written:
    name: str
    sizes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Shared(Value):
    name: str
    sizes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Other(Value):
    name: str
    sizes: tuple[int, ...] = ()


FIELDS = st.tuples(st.text(max_size=1), st.lists(st.integers(0, 1), max_size=1).map(tuple))


@given(FIELDS, FIELDS)
def test_a_value_is_compared_hashed_and_shown_as_a_dataclass_is(
    one: tuple[str, tuple[int, ...]], other: tuple[str, tuple[int, ...]]
) -> None:
    assert (Shared(*one) == Shared(*other)) is (Written(*one) == Written(*other))
    assert hash(Shared(*one)) == hash(Written(*one))
    assert repr(Shared(*one)) == repr(Written(*one)).replace("Written", "Shared")


def test_a_value_equals_none_of_another_class() -> None:
    assert Shared("a") != Other("a")
    assert Shared("a") != ("a", ())


def test_a_value_cannot_be_changed() -> None:
    value = Shared("a")

    with pytest.raises(FrozenInstanceError, match="cannot assign to field 'name'"):
        value.name = "b"  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError, match="cannot delete field 'name'"):
        del value.name
    assert value == Shared("a")


def test_a_value_is_copied_pickled_and_replaced() -> None:
    value = Shared("a", (1, 2))

    unpickled = pickle.loads(pickle.dumps(value))  # noqa: S301 -- our own

    assert copy.copy(value) == copy.deepcopy(value) == unpickled == value
    assert replace(value, name="b") == Shared("b", (1, 2))
