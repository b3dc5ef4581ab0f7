"""Measure how well `dedup` finds what says something again, over all labelled sets, in one table.

`python -m tests.quality [SECTION or SET ...] [--shared ../shared] [--large] [--write-floors]`

Shares are given with 95 % intervals over articles (documents, chapters), by resampling. What was
looked at while the method was tuned: padding_onestop, onestop_paragraphs and technical_prose, all
of their rows here, so also the half called `report`: the halves show how much a figure hangs on
the articles, not how the method does on unseen ones. Not looked at: bible_versions, ja_jsts,
ko_korsts, wikisplit, and doc_versions and licence_texts, which have no row. The articles and pairs
of `data/quality` are the project's own, of one hand; see its README.

- padding: is a paragraph flagged (restated, or redundant within its document)? `best source` is the
  share of the rightly flagged whose best source is a true one: that of most shares, summed over the
  sentences. `clean` articles restate nothing; `half` paragraphs restate by half and count nowhere
  else.
- false alarms: paragraphs flagged as restated in reference prose; `judged` are those neither too
  short nor lists, tables and the like.
- pairs: a pair is found where it stands in any relation; the AUC is against the `other` pairs.
- scored pairs: Spearman's correlation with the scores that people gave.
- candidates: what anchors propose; see `tests/quality/candidates.py`.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.quality.checks import CHECKS, choose_checks
from tests.quality.figures import Row, render_table
from tests.quality.floors import write_floors
from tests.quality.shared_texts import SHARED


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    options = _parse(arguments)
    rows: list[Row] = []
    for check in choose_checks(options.names, large=options.large):
        missing = check.find_missing(options.shared)
        if missing:
            sys.stderr.write(f"{check.set_name}: left out, no {', '.join(missing)}\n")
        else:
            rows += check.run(options.shared)
    sys.stdout.writelines(render_table(rows))
    if options.write_floors:
        write_floors(rows)


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    names = {name for check in CHECKS for name in (check.section, check.set_name)}
    parser = argparse.ArgumentParser(
        prog="python -m tests.quality",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "names", nargs="*", metavar="SECTION or SET", help="all where none is given"
    )
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("--large", action="store_true", help="anchors of 100,000 paragraphs too")
    parser.add_argument(
        "--write-floors", action="store_true", help="a lower floor needs a reason in the commit"
    )
    options = parser.parse_args(arguments)
    unknown = set(options.names) - names
    if unknown:
        parser.error(
            f"no section or set {', '.join(unknown)}; there are {', '.join(sorted(names))}"
        )
    if options.large and options.write_floors:
        parser.error("--write-floors holds what the test runs, which --large is not")
    return options


if __name__ == "__main__":
    main()
