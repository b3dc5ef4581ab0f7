"""Report: write a saved run again, in another format or at a stricter threshold."""

from collections.abc import Iterable
from typing import Final

from dedup.cli.messages import start_logging
from dedup.cli.report_options import ReportOptions
from dedup.cli.settings import choose_rules, refuse
from dedup.cli.targets import Target, parse_targets, refuse_overwriting, write_targets
from dedup.config import Config
from dedup.saved import Stricter, load_saved, narrow

_OF_ALL_PARAGRAPHS: Final = "groups"


def report_run(options: ReportOptions) -> None:
    """Load a saved run, narrow it to what is asked, and write each wanted format.

    Raises:
        DedupError: A setting, the saved run or an output is not as it must be.
    """
    start_logging(quiet=options.quiet, verbose=options.verbose)
    targets = parse_targets(options)
    _refuse_groups(targets)
    refuse_overwriting(targets, [options.run])
    saved = load_saved(options.run)
    asked = Stricter(
        threshold=options.threshold,
        containment=options.containment,
        restate_threshold=options.restate_threshold,
        strict=options.strict,
        rules=_choose_saved(options, saved.run.config),
    )
    write_targets(narrow(saved, asked).outcome, targets)


def _refuse_groups(targets: Iterable[Target]) -> None:
    """Refuse at once what its reporter would refuse when others have written."""
    if any(target.format_name == _OF_ALL_PARAGRAPHS for target in targets):
        allowed = "another one: a saved run does not hold every paragraph"
        advice = "Scan again with --output-format groups, or choose another format."
        raise refuse("output-format", _OF_ALL_PARAGRAPHS, allowed, advice)


def _choose_saved(options: ReportOptions, config: Config) -> tuple[str, ...] | None:
    """Give the rules that are asked for; without --select, of those that the run has."""
    if not options.select and not options.ignore:
        return None
    rules = choose_rules(options)
    return rules if options.select else tuple(r for r in rules if r in config.run.rules)
