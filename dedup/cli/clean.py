"""Clean: write sources again without what they repeat, and say what went and what stayed."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import typer

from dedup.cleaning import Cleaned, CutLog, clean_sources
from dedup.cli.allocator import keep_freed_memory
from dedup.cli.messages import say, start_logging
from dedup.cli.progress import show_progress
from dedup.cli.room import measure_named, watch_room
from dedup.cli.scan import NAMED_PROBLEMS, name_problems
from dedup.cli.settings import make_clean_config, refuse
from dedup.cli.targets import check_file
from dedup.config import RULE_OF_RELATION, CleaningConfig
from dedup.cuts import DoneCut, find_place
from dedup.destinations import STDOUT
from dedup.model import Relation
from dedup.outlets import Output
from dedup.reporters.escapes import escape_controls
from dedup.reporters.phrases import count, join_words, name_problem_place, name_relation

if TYPE_CHECKING:  # declaring the options costs 5 ms; whoever calls this has them already
    from dedup.cli.clean_options import CleanOptions

_NAMED_UNCUT = 5
_NOTHING_NAMED = (
    "nothing to clean: name files or folders, as dedup clean docs/ -o clean/, or - for standard "
    "input. dedup clean --help shows more."
)
_EQUAL = (Relation.IDENTICAL, Relation.BOILERPLATE)  # a score would say nothing
_NO_OUTPUT = "no output named: say where it goes with -o OUT, or look first with --dry-run."


def clean_paths(options: "CleanOptions") -> None:
    """Clean what the paths name and sum up what was done.

    Raises:
        DedupError: A setting, an input or an output is not as it must be.
        TyperException: No path or no output was named.
    """
    start_logging(quiet=options.quiet, verbose=options.verbose)
    if not options.paths:
        raise typer.TyperException(_NOTHING_NAMED)
    if options.output is None and not options.dry_run:
        raise typer.TyperException(_NO_OUTPUT)
    _refuse_policy_file(options)
    settings = make_clean_config(options)
    output = _make_output(options)
    keep_freed_memory()
    log = _tell_once() if options.dry_run else _say_nothing
    with (
        watch_room(settings[0], quiet=options.quiet) as advise,
        show_progress(options) as progress,
    ):
        advise(measure_named(options.paths))
        cleaned = clean_sources(options.paths, output, settings, log, progress)
    if options.quiet:
        return
    name_problems(cleaned.corpus.problems)
    for remark in cleaned.corpus.remarks[:NAMED_PROBLEMS]:
        say(f"Remark: {name_problem_place(remark)}: {remark.message}")
    tell = say if options.output == STDOUT else _print
    for label, sentence in summarize(cleaned, settings[1]):
        tell(f"{label:<9} {sentence}")


def _refuse_policy_file(options: "CleanOptions") -> None:
    """See that nothing is written over the list of sources that `--keep` names."""
    _, is_file, policy_file = options.keep.partition("=")
    for name, written in (("output", options.output), ("removed", options.removed)):
        if is_file and written and Path(written).resolve() == Path(policy_file).resolve():
            raise refuse(name, written, "a file that this run does not read")


def _make_output(options: "CleanOptions") -> Output:
    """Give where it goes; nowhere in a dry run."""
    removed = options.removed
    if options.dry_run:
        if removed is not None:
            raise refuse("removed", removed, "no file in a dry run", "It writes nothing.")
        return Output(None)
    if removed is not None:
        check_file(removed)
    return Output(options.output, removed)


def _print(line: str) -> None:
    print(escape_controls(line))


def _say_nothing(_cleaned: Cleaned, _done: DoneCut) -> None:
    """Say nothing of a cut: the file of what was removed holds it."""


def _tell_once() -> CutLog:
    """Give what says of each paragraph once that it would go, in however many cuts."""
    told = set[int]()

    def tell(cleaned: Cleaned, done: DoneCut) -> None:
        _say_cut(cleaned, [number for number in done.numbers if number not in told])
        told.update(done.numbers)

    return tell


def _say_cut(cleaned: Cleaned, numbers: Iterable[int]) -> None:
    """Say of each paragraph of a cut where it stands and what it repeats."""
    for number in numbers:
        removal = cleaned.decisions.removals[number]
        place, *sources = (find_place(cleaned.corpus, each) for each in (number, *removal.sources))
        others = ", ".join(f"{each['path']}:{each['start_line']}{_link(each)}" for each in sources)
        head = f"{place['path']}:{place['start_line']}:{place['start_column']}:{_link(place)}"
        line = f"{head} {name_relation(removal.relation)} {others}"
        score = "" if removal.relation in _EQUAL else f" ({removal.score:.2f})"
        _print(f"{line}{score}")


def _link(place: dict[str, Any]) -> str:
    """Give a document's own address where it has one: records of an archive share a line."""
    return f" <{place['link']}>" if "link" in place else ""


def summarize(cleaned: Cleaned, cleaning: CleaningConfig) -> Iterator[tuple[str, str]]:
    """Give the label and the sentence of each line of the summary."""
    corpus = cleaned.corpus
    words = count(int(corpus.tokens.sizes.sum()), "word")
    read = f"{count(len(corpus), 'paragraph')} ({words}) of {count(corpus.n_documents, 'document')}"
    yield "Read", f"{read} in {count(len(cleaned.sources), 'file')}"
    if cleaning.mark:
        redundant = count(len(cleaned.decisions.removals), "redundant document")
        yield "Marked", f"{redundant}; all are still there"
    else:
        is_dry = cleaned.destinations is None
        yield "Would go" if is_dry else "Removed", _name_removed(cleaned)
    left = ", ".join(_name_left(cleaned))
    if left:
        yield "Left in", left
    unsought = [name for name in RULE_OF_RELATION if name not in cleaning.relations]
    unsought = [name for name in unsought if name != "boilerplate"]
    if unsought:
        yield "Not asked", f"what is {join_words(unsought, 'or')} (--remove)"
    if cleaned.kept_in and not cleaning.mark:
        kept = count(len(cleaned.kept_in), "redundant paragraph")
        why = "around them something else would change, or their file could not be read to its end"
        yield "Uncut", f"{kept} that stay: {why}"
        places = [find_place(corpus, number) for number in sorted(cleaned.kept_in)[:_NAMED_UNCUT]]
        named = ", ".join(f"{place['path']}:{place['start_line']}" for place in places)
        more = ", ..." if len(cleaned.kept_in) > _NAMED_UNCUT else ""
        yield "Uncut", f"at {named}{more}"
    yield "Written", _name_output(cleaned)


def _name_removed(cleaned: Cleaned) -> str:
    gone = cleaned.n_removed
    if not gone:
        return "nothing"
    parts = ", ".join(f"{number:,} {relation}" for relation, number in sorted(gone.items()))
    removed = np.setdiff1d(cleaned.decisions.numbers, cleaned.kept_in)
    words = count(int(cleaned.corpus.tokens.sizes[removed].sum()), "word")
    files = count(len(cleaned.changed), "file")
    return f"{count(sum(gone.values()), 'paragraph')} ({parts}; {words}) from {files}"


def _name_left(cleaned: Cleaned) -> Iterator[str]:
    """Name what was found too and stays, since nobody asked for it or it says something else."""
    left = cleaned.decisions.left
    variants = int(np.count_nonzero(left.pairs.relations == Relation.VARIANT))
    if variants:
        yield f"{count(variants, 'variant pair')} with other numbers or dates"
    recurring = int(np.count_nonzero(left.grouping.relations == Relation.BOILERPLATE))
    if recurring:
        texts = count(len(left.boilerplate), "boilerplate text")
        yield f"{texts} in {recurring:,} more places (--remove boilerplate)"


def _name_output(cleaned: Cleaned) -> str:
    place = cleaned.destinations
    if place is None:
        return "nothing: this was a dry run"
    if place.file == STDOUT:
        return "standard output"
    if place.folder is None:
        return str(place.file)
    return f"{place.folder} ({count(len(place.names), 'file')})"
