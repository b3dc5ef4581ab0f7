"""Make typer commands of option classes, without what makes typer slow to start.

Decision (2026-11-23): options stand in dataclasses, not in parameter lists: two commands can share
them, and a function of thirty parameters says nothing.

Options that a configuration can set are filled in here, before a command runs; where there is none
(no file, no variable, no `--config`) the modules that read it are not even loaded.

Decision (2026-11-23): strings, whole numbers and fractions are converted here. typer 0.29 converts
every value with pydantic, defaults too, which costs 0.08 s of CPU a run: a third of what a scan of
one article takes. Other types still go its way, and so does everything in a typer that knows
nothing of `get_runtime_param`.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Protocol, TypeAlias, TypeVar

import typer
from typer.core import TyperArgument, TyperGroup, TyperOption
from typer.main import get_command

from dedup.cli.configuration.options import ConfigOptions, Resolved, WalkOptions
from dedup.cli.configuration.search import find_file, find_variables
from dedup.errors import SettingError

HELP_NAMES: Final = ["--help", "-h"]
_NUMBERS: Final[dict[object, tuple[Callable[[str], object], str]]] = {
    int: (int, "a whole number"),
    float: (float, "a number"),
}
_WORDS: Final = (str, list[str])
_OPTIONS: Final = "option class"
_BY_NAME: Final = inspect.Parameter.KEYWORD_ONLY
_Options = TypeVar("_Options")
_Param: TypeAlias = TyperArgument | TyperOption


def takes(
    kind: type[_Options],
) -> Callable[[Callable[[_Options], None]], Callable[..., None]]:
    """Let typer see the fields of a dataclass as the parameters of a function of it.

    What a configuration sets is filled in where the class has `ConfigOptions`.
    """

    def decorate(run: Callable[[_Options], None]) -> Callable[..., None]:
        def command(context: typer.Context, **words: object) -> None:
            if not issubclass(kind, ConfigOptions):
                run(kind(**words))
            else:
                _run_settled(run, kind(**_settle(kind, words, context)))

        command.__name__, command.__doc__ = run.__name__, run.__doc__
        vars(command)["__signature__"] = _make_signature(kind)
        vars(command)[_OPTIONS] = kind
        return command

    return decorate


def _make_signature(kind: type) -> inspect.Signature:
    """Give typer the fields that are told to it, and ask it for the context."""
    whole = inspect.signature(kind)
    told = [each for each in whole.parameters.values() if hasattr(each.annotation, "__metadata__")]
    context = inspect.Parameter("context", _BY_NAME, annotation=typer.Context)
    return whole.replace(parameters=[context, *told], return_annotation=None)


def find_options(command: Callable[..., None]) -> type:
    """Give the option class of a command that `takes` made."""
    kind: type = vars(command)[_OPTIONS]
    return kind


def _settle(
    kind: type[ConfigOptions], words: dict[str, Any], context: typer.Context
) -> dict[str, Any]:
    """Fill in what was not typed but is set."""
    typed = frozenset(name for name, value in words.items() if _is_typed(context, name, value))
    isolated, texts = bool(words["isolated"]), words["config"] or ()
    if not kind.needs_configuration(words) or not (
        texts or (not isolated and (find_variables() or find_file()))
    ):
        return {**words, "resolved": Resolved(typed)}
    from dedup.cli.configuration.resolution import fill_options, read_layers  # noqa: PLC0415 -- see above

    layers = read_layers(texts, isolated=isolated)
    filled = fill_options(kind, words, typed, layers)
    if layers.warnings and not filled.get("quiet"):
        from dedup.cli.messages import say  # noqa: PLC0415 -- loads logging

        for warning in layers.warnings:
            say(f"Warning: {warning}")
    return filled


def _is_typed(context: typer.Context, name: str, value: object) -> bool:
    """Say whether a parameter was typed; no PATHS are none."""
    source = context.get_parameter_source(name)
    return source is not None and source.name == "COMMANDLINE" and value not in ([], ())


def _run_settled(run: Callable[[Any], None], options: ConfigOptions) -> None:
    """Run a command, or list its files; an error of a setting names where it was set."""
    try:
        if isinstance(options, WalkOptions) and options.show_files:
            from dedup.cli.shown_files import show_files  # noqa: PLC0415 -- seldom asked for

            show_files(options)
        else:
            run(options)
    except SettingError as error:
        from dedup.cli.failures import name_setting  # noqa: PLC0415 -- only a failure pays

        raise name_setting(error, options.resolved) from error


def make_command(app: typer.Typer) -> Callable[..., object]:
    """Give the command of an app; what it converts plainly needs no pydantic."""
    command = get_command(app)
    subcommands = command.commands.values() if isinstance(command, TyperGroup) else ()
    for each in (command, *subcommands):
        context = typer.Context(each, help_option_names=HELP_NAMES)
        for param in (*each.params, each.get_help_option(context)):
            if isinstance(param, TyperArgument):
                _show_plainly(param)
            if isinstance(param, _Param):
                _convert_plainly(param)
    return command


def _show_plainly(argument: TyperArgument) -> None:
    """Let help say PATHS, not PATHS <list[str]>, and RUN.json, not {RUN.json}."""
    vars(argument)["display_type_rich"] = lambda ctx: ""  # noqa: ARG005 -- as typer calls
    if argument.required and argument.metavar and argument.nargs == 1:
        pieces = [argument.metavar]
        vars(argument)["get_usage_pieces"] = lambda ctx: pieces  # noqa: ARG005 -- likewise


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
