"""Hold the command `dedup`: its verbs, and the one way out of it.

Decision (2026-11-23): nothing but typer and `dedup.config` is imported before a verb is known, and
what a verb needs when it runs. OpenBLAS, which NumPy brings, is told to start no threads: nothing
here multiplies matrices, and a waiting thread costs 0.05 s of CPU. Measured, CPU
seconds: --help 0.07, a scan of one article 0.18, `import typer, numpy` alone 0.13.
"""

import os
import sys
from collections.abc import Sequence
from errno import EPIPE
from functools import cache
from io import TextIOWrapper
from typing import Annotated, Final, NoReturn

import typer

from dedup.cli.commands import HELP_NAMES, make_command, takes
from dedup.cli.exit_codes import ExitCode
from dedup.cli.options import ScanOptions
from dedup.cli.signals import end_on_signals

_AT_HAND: Final = ("scan",)  # needs no other command's options
_SCAN_EXAMPLES: Final = """\b
Examples:
  dedup scan article.txt
  dedup scan docs/ --output-format concise
  dedup scan corpus.jsonl --unit record --output-format groups=groups.jsonl
"""

_app = typer.Typer(
    name="dedup",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": HELP_NAMES},
)


def _show_version(wanted: bool) -> None:  # noqa: FBT001 -- typer's way to call it
    if not wanted:
        return
    from importlib.metadata import (  # noqa: PLC0415 -- 15 ms that only --version pays
        PackageNotFoundError,
        version,
    )

    try:
        found = version("dedup-paragraphs")
    except PackageNotFoundError:  # run from a folder of sources
        found = "0+unknown"
    typer.echo(f"dedup {found}")
    raise typer.Exit


@_app.callback()
def dedup(
    version: Annotated[  # noqa: FBT002 -- typer's way to declare it; its callback does it all
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """Find paragraphs that say the same thing again, show the evidence, keep one of each."""


@_app.command(epilog=_SCAN_EXAMPLES)
@takes(ScanOptions)
def scan(options: ScanOptions) -> None:
    """Report paragraphs that repeat, rewrite or restate others.

    Identical, near-duplicate, contained, rewritten and restated ones, variants and boilerplate; the
    exit status is 0 whatever is found.
    """
    from dedup.cli.scan import scan_paths  # noqa: PLC0415 -- loads NumPy

    scan_paths(options)


@cache
def load_app() -> typer.Typer:
    """Give the app with every command; each but `scan` costs up to 5 ms to declare."""
    from dedup.cli.further import COMMANDS  # noqa: PLC0415 -- those 5 ms each

    for run, examples in COMMANDS:
        _app.command(epilog=examples)(run)
    return _app


def __getattr__(name: str) -> typer.Typer:
    """Load `app`, the whole command line, when it is asked for (PEP 562)."""
    if name != "app":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return load_app()


def main(words: Sequence[str] | None = None) -> NoReturn:
    """Run the command that the words name (default: those behind `dedup`), and exit.

    The exit status is 1 only where `check` finds something: no failure may look like that.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by who started us: writing fails, as to a full disk
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_RDONLY), "w", encoding="utf-8"))
    if isinstance(sys.stdout, TextIOWrapper):  # its encoding may not know every letter
        sys.stdout.reconfigure(errors="backslashreplace")
    sys.exit(_run(None if words is None else list(words)))


def _run(words: list[str] | None) -> int:
    """Run a command; whatever happens is an exit status here."""
    try:
        named = (sys.argv[1:] if words is None else words)[:1]
        app = _app if named and named[0] in _AT_HAND else load_app()
        with end_on_signals():
            status = make_command(app)(args=words, prog_name="dedup", standalone_mode=False)
            sys.stdout.flush()
    except SystemExit as stop:
        if isinstance(stop.__context__, OSError) and stop.__context__.errno == EPIPE:
            return ExitCode.FINE  # typer's way out of a pipe that was closed: it made that harmless
        return _fail(stop)
    except BaseException as error:  # noqa: BLE001 -- a panic of Rust code is no Exception
        return _fail(error)
    return status if isinstance(status, int) else ExitCode.FINE


def _fail(error: BaseException) -> int:
    from dedup.cli.failures import report_failure  # noqa: PLC0415 -- only a failure pays

    return report_failure(error)
