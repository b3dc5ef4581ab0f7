"""Time `dedup scan` on ten thousand pages: what there is, copied until it is enough."""

import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Final

from tests.benchmarks.processes import run_measured
from tests.quality.figures import Figure, Row
from tests.quality.pages.packages import list_every_page

_N_PAGES: Final = 10_000
_N_CORES: Final = 2


def time_scan(n_pages: int = _N_PAGES) -> list[Row]:
    """Scan so many pages on two cores; no row where no package is here."""
    pages = list_every_page()
    if not pages:
        return []
    with tempfile.TemporaryDirectory(prefix="dedup-pages-") as folder:
        size_bytes = _copy_pages(pages, n_pages, Path(folder) / "pages")
        words = [
            "-m",
            "dedup",
            "scan",
            folder,
            "--main-content",
            "off",
            "--output-format",
            "groups",
        ]
        usage = run_measured([sys.executable, *words], Path(folder) / "log")
    figures = {
        "pages": Figure(n_pages),
        "megabytes": Figure(round(size_bytes / 1e6)),
        "cores": Figure(min(_N_CORES, os.cpu_count() or 1)),
        "seconds": Figure(usage.wall_seconds),
        "CPU seconds": Figure(usage.cpu_seconds),
        "pages a second": Figure(n_pages / usage.wall_seconds),
        "peak megabytes": Figure(round(usage.peak_megabytes)),
    }
    return [Row("time", "dedup scan", "main-content off", figures)]


def _copy_pages(pages: list[Path], n_pages: int, folder: Path) -> int:
    size_bytes = 0
    for number in range(n_pages):
        page = pages[number % len(pages)]
        kept = folder / f"round-{number // len(pages)}" / page.parent.name / f"{number}.html"
        kept.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(page, kept)
        size_bytes += kept.stat().st_size
    return size_bytes
