"""Make the corpus that all tools run on, its exact pairs, and a small one to warm up with."""

import gzip
import json
import shutil
import sys
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from tests.benchmarks.generated_text import write_generated_workload
from tests.benchmarks.processes import run_measured

_WARM_UP_LINES: Final = 3000


@dataclass(frozen=True, slots=True)
class Setting:
    """Words a shingle, and the least resemblance."""

    size: int
    threshold: float

    @property
    def label(self) -> str:
        """Give it as `word:5, 0.7`."""
        return f"word:{self.size}, {self.threshold:g}"


@dataclass(frozen=True, slots=True)
class Workload:
    """Files of one size; `bench` is the shared folder, or None where it is absent."""

    n_paragraphs: int
    corpus: Path
    truth: Path
    bench: Path | None


def make_workload(n_paragraphs: int, bench: Path, work: Path) -> Workload:
    """Make the corpus, once; from the shared natural text where that is at hand."""
    maker = bench / "make_workload.py"
    has_shared = maker.exists()
    prefix = work / f"{'w' if has_shared else 'generated'}{n_paragraphs}"
    made = Workload(
        n_paragraphs,
        prefix.with_suffix(".jsonl"),
        prefix.with_suffix(".truth.jsonl"),
        bench if has_shared else None,
    )
    if made.corpus.exists() and made.truth.exists():
        return made
    if has_shared:
        natural = _unpack(bench / "natural.jsonl.gz", work)
        command: list[str | Path] = [sys.executable, maker, natural, str(n_paragraphs), prefix]
        run_measured(command, work / "make.log")
    else:
        write_generated_workload(n_paragraphs, prefix)
    return made


def _unpack(packed: Path, work: Path) -> Path:
    natural = work / packed.stem
    if not natural.exists():
        part = natural.with_suffix(".part")
        with gzip.open(packed) as source, part.open("wb") as target:
            shutil.copyfileobj(source, target)
        part.rename(natural)
    return natural


def find_exact(workload: Workload, setting: Setting, work: Path) -> str:
    """Give the file of exact pairs, made once; `-` where `inspection` must find them itself."""
    if workload.bench is None:
        return "-"
    name = f"exact{workload.n_paragraphs}.k{setting.size}.t{setting.threshold:g}.npz"
    exact = work / name
    if not exact.exists():
        script = workload.bench / "exact_pairs.py"
        values = ["--k", str(setting.size), "--t", str(setting.threshold)]
        run_measured([sys.executable, script, workload.corpus, exact, *values], work / "exact.log")
    return str(exact)


def cut_warm_up(workload: Workload, work: Path) -> Path:
    """Write the first lines of a corpus: what compiles once must not be timed."""
    warm_up = work / "warm-up.jsonl"
    with workload.corpus.open(encoding="utf-8") as lines:
        warm_up.write_text("".join(islice(lines, _WARM_UP_LINES)), encoding="utf-8")
    return warm_up


def read_texts(corpus: Path) -> list[str]:
    """Read the texts of a corpus, in the order of their ids."""
    with corpus.open(encoding="utf-8") as lines:
        return [json.loads(line)["text"] for line in lines]
