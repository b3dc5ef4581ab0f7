"""List the files that a command would read; nothing is compared."""

import sys
from typing import TYPE_CHECKING, Final, TypeAlias, cast

import typer

from dedup.cli.configuration.options import WalkOptions
from dedup.cli.messages import say, start_logging
from dedup.cli.settings import make_corpus_readers
from dedup.model import Problem
from dedup.readers.sources import STDIN, find_sources
from dedup.reporters.escapes import escape_controls

if TYPE_CHECKING:  # whatever walks has PATHS and says how they are read
    from dedup.cli.check_options import BaselineOptions
    from dedup.cli.clean_options import CleanOptions
    from dedup.cli.options import ScanOptions

    _Walking: TypeAlias = ScanOptions | CleanOptions | BaselineOptions

_NOTHING_NAMED: Final = "no files to show: name files or folders, as --show-files docs/."


def show_files(options: WalkOptions) -> None:
    """Print the name of each file that the paths lead to, one a line, in the order of reading.

    Standard input is shown as `-`, first, and not read.

    Raises:
        DedupError: A setting or a path is not as it must be.
        TyperException: No path was named.
    """
    corpus = cast("_Walking", options)
    start_logging(quiet=corpus.quiet, verbose=corpus.verbose)
    if not corpus.paths:
        raise typer.TyperException(_NOTHING_NAMED)
    if STDIN in corpus.paths:
        typer.echo(STDIN)
    files = [path for path in corpus.paths if path != STDIN]
    for source in find_sources(files, make_corpus_readers(corpus)):
        if isinstance(source, Problem):
            say(f"Warning: {source.path}: {source.message}")
        else:
            sys.stdout.write(f"{escape_controls(source.name)}\n")
