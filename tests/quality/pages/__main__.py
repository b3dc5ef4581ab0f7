"""Measure how real pages are read, in one table: `python -m tests.quality.pages [--no-time]`.

Needs the HTML documentation of Debian's packages python3.11-doc, postgresql-doc-15 and
debian-handbook, installed or unpacked; what is absent is left out and said so.
"""

import argparse
import sys
from collections.abc import Sequence

from tests.quality.figures import Figure, Row, render_table
from tests.quality.pages.packages import sample_pages
from tests.quality.pages.reading import ReadPage, read_page
from tests.quality.pages.recurring import measure_boilerplate
from tests.quality.pages.scoring import confuse_labels, score_pages
from tests.quality.pages.timing import time_scan
from tests.quality.pages.truth import read_truth

N_SAMPLED = 180


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.quality.pages", description=__doc__)
    parser.add_argument("--no-time", action="store_true", help="do not scan 10,000 pages")
    parser.add_argument("--problems", action="store_true", help="print each wrong place or text")
    options = parser.parse_args(arguments)
    versions, truth = read_truth()
    found = [(page, path) for page in truth if (path := page.find()) is not None]
    for page in truth:
        if page not in [kept for kept, _ in found]:
            sys.stderr.write(f"left out: {page.path} is not that of {versions[page.package]}\n")
    pairs = [(page, read_page(path)) for page, path in found]
    sampled = list(map(read_page, sample_pages(N_SAMPLED, [path for _, path in found])))
    rows = [*_count_spans([read for _, read in pairs], sampled)]
    rows += [*score_pages(pairs), *confuse_labels(pairs), *measure_boilerplate()]
    sys.stdout.writelines(render_table(rows + ([] if options.no_time else time_scan())))
    if options.problems:
        for read in [*(read for _, read in pairs), *sampled]:
            sys.stdout.writelines(f"{read.path}: {problem}\n" for problem in read.problems)


def _count_spans(by_hand: list[ReadPage], sampled: list[ReadPage]) -> list[Row]:
    return [
        Row(
            "spans cut out of the source",
            name,
            f"{len(pages)} pages",
            {
                "blocks": Figure(sum(len(page.blocks) for page in pages)),
                "wrong": Figure(sum(len(page.problems) for page in pages)),
            },
        )
        for name, pages in (("by hand", by_hand), ("sampled", sampled))
    ]


if __name__ == "__main__":
    main()
