"""Say which keys a configuration has: an option of a command each, with its type and its help.

The option classes are the one list: what `--help` shows is what a file may set. Arguments are no
settings, but for PATHS; nor is an option marked TYPED_ONLY, as one that the same word means
something else for in another command (`--output` of `clean` is no report).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import MISSING, dataclass, fields
from difflib import get_close_matches
from functools import cache
from typing import Annotated, Any, Final, get_args, get_origin

from typer.models import ArgumentInfo, ParameterInfo

from dedup.cli.configuration.options import TYPED_ONLY
from dedup.config.gate import Level

TABLES: Final = ("levels", "per-path")
PER_PATH_KEYS: Final = ("paths", "ignore", "levels")
EXTEND: Final = "extend"
LEVELS: Final[tuple[Level, ...]] = get_args(Level)
_PATHS: Final = "paths"
_NEARLY: Final = 0.6  # of the letters, for "did you mean"


@dataclass(frozen=True, slots=True)
class Key:
    """An option that a file and a variable can set.

    Attributes:
        name: The field of the option classes: `min_words`.
        type: What its values are: str, int, float, bool or list, of str.
        default: What it is when nothing sets it.
        help: What `--help` says of it.
        metavar: What `--help` calls its value.
    """

    name: str
    type: type
    default: object
    help: str
    metavar: str

    @property
    def word(self) -> str:
        """Give it as a file spells it: `min-words`."""
        return spell(self.name)


def spell(name: str) -> str:
    """Give the name of a field as it is typed."""
    return name.replace("_", "-")


def list_parameters(kind: type) -> Iterator[tuple[str, type, Any, tuple[Any, ...]]]:
    """Give the parameters of an option class: field, type, default, and what typer is told."""
    for field in fields(kind):
        annotation: Any = field.type
        if get_origin(annotation) is Annotated:
            kinds, *told = get_args(annotation)
            default = None if field.default is MISSING else field.default
            yield field.name, _simplify(kinds), default, tuple(told)


def _simplify(annotation: Any) -> type:  # noqa: ANN401 -- any annotation
    """Give the plain type of `list[str] | None` and the like."""
    first = next((part for part in get_args(annotation) if part is not type(None)), annotation)
    if get_origin(annotation) is list or get_origin(first) is list:
        return list
    return first if isinstance(first, type) else str


def is_setting(name: str, told: tuple[Any, ...]) -> bool:
    """Say whether a file and a variable can set a parameter."""
    is_argument = any(isinstance(each, ArgumentInfo) for each in told)
    return name == _PATHS if is_argument else TYPED_ONLY not in told


@cache
def load_option_classes() -> tuple[type, ...]:
    """Give the option classes of all commands; loads each, some 5 ms together."""
    from dedup.cli.commands import find_options  # noqa: PLC0415 -- which loads this
    from dedup.cli.further import COMMANDS  # noqa: PLC0415 -- those 5 ms
    from dedup.cli.options import ScanOptions  # noqa: PLC0415 -- likewise

    return ScanOptions, *(find_options(command) for command, _ in COMMANDS)


@cache
def load_keys() -> Mapping[str, Key]:
    """Give all keys by their fields, in the order of the help, those of `scan` first."""
    keys: dict[str, Key] = {}
    for kind in load_option_classes():
        for name, plain, default, told in list_parameters(kind):
            if is_setting(name, told) and name not in keys:
                info = next(each for each in told if isinstance(each, ParameterInfo))
                keys[name] = Key(name, plain, default, info.help or "", info.metavar or "")
    return keys


@cache
def load_typed_only() -> frozenset[str]:
    """Give the fields of options that only the command line sets, whatever the command."""
    names = {
        name
        for kind in load_option_classes()
        for name, _, _, told in list_parameters(kind)
        if TYPED_ONLY in told
    }
    return frozenset(names - load_keys().keys())


def find_nearest(word: str, known: Iterable[str], share: float = _NEARLY) -> str | None:
    """Give the known word that a mistyped one comes nearest to, if any comes near.

    Args:
        word: As it was typed.
        known: What may be meant.
        share: Of the letters that must agree; a fraction in [0, 1].
    """
    wanted = {each.lower(): each for each in known}
    near = get_close_matches(word.lower().replace("_", "-"), wanted, 1, share)
    return wanted[near[0]] if near else None
