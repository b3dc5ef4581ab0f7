"""Make typer commands of option classes, without what makes typer slow to start.

Decision (2026-11-23): options stand in dataclasses, not in parameter lists: two commands can share
them, and a function of thirty parameters says nothing.

Decision (2026-11-23): strings, whole numbers and fractions are converted here. typer 0.29 converts
every value with pydantic, defaults too, which costs 0.08 s of CPU a run: a third of what a scan of
one article takes. Other types still go its way, and so does everything in a typer that knows
nothing of `get_runtime_param`.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol, TypeAlias, TypeVar

import typer
from typer.core import TyperArgument, TyperGroup, TyperOption
from typer.main import get_command

HELP_NAMES: Final = ["--help", "-h"]
_NUMBERS: Final[dict[object, tuple[Callable[[str], object], str]]] = {
    int: (int, "a whole number"),
    float: (float, "a number"),
}
_WORDS: Final = (str, list[str])
_Options = TypeVar("_Options")
_Param: TypeAlias = TyperArgument | TyperOption


def takes(
    kind: type[_Options],
) -> Callable[[Callable[[_Options], None]], Callable[..., None]]:
    """Let typer see the fields of a dataclass as the parameters of a function of it."""

    def decorate(run: Callable[[_Options], None]) -> Callable[..., None]:
        def command(**words: object) -> None:
            run(kind(**words))

        command.__name__, command.__doc__ = run.__name__, run.__doc__
        vars(command)["__signature__"] = inspect.signature(kind).replace(return_annotation=None)
        return command

    return decorate


def make_command(app: typer.Typer) -> Callable[..., object]:
    """Give the command of an app; what it converts plainly needs no pydantic."""
    command = get_command(app)
    subcommands = command.commands.values() if isinstance(command, TyperGroup) else ()
    for each in (command, *subcommands):
        context = typer.Context(each, help_option_names=HELP_NAMES)
        for param in (*each.params, each.get_help_option(context)):
            if isinstance(param, TyperArgument):  # help says PATHS, not PATHS <list[str]>
                vars(param)["display_type_rich"] = lambda ctx: ""  # noqa: ARG005 -- as typer calls
            if isinstance(param, _Param):
                _convert_plainly(param)
    return command


def _convert_plainly(param: _Param) -> None:
    """Give a parameter a converter of ours in the place of the one that typer would build."""
    annotation = getattr(getattr(param, "type_descriptor", None), "annotation", None)
    if annotation in _WORDS or annotation in _NUMBERS or param.default is None:
        converter = _PlainConverter(annotation, getattr(param, "get_runtime_param", None))
        vars(param)["get_runtime_param"] = lambda: converter


class _SlowConverter(Protocol):
    def coerce(self, value: object, param: _Param, ctx: typer.Context) -> object: ...


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class _PlainConverter:
    """Converts the values of one parameter; what is not plain by what typer has for it."""

    annotation: object
    load_slow: Callable[[], _SlowConverter] | None

    def coerce(self, value: object, param: _Param, ctx: typer.Context) -> object:
        """Give the value that a command gets for what was typed, or for the default."""
        if value is None:
            return () if param.nargs == -1 or getattr(param, "multiple", False) else None
        if self.annotation in _NUMBERS:
            convert, kind = _NUMBERS[self.annotation]
            try:
                return convert(str(value))
            except ValueError:
                problem = f"{value!r} is not {kind}."
                raise typer.BadParameter(problem, ctx=ctx, param=param) from None
        if self.annotation in _WORDS or self.load_slow is None:
            return value
        return self.load_slow().coerce(value, param=param, ctx=ctx)
