"""Run `dedup` once through its API and tell its quality and the seconds of its stages, as JSON.

`python -m tests.benchmarks.inspection CORPUS.jsonl EXACT.npz|- SIZE THRESHOLD`
"""

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np

from dedup.config import Config, RunConfig, ShinglesConfig, VerifyConfig
from dedup.model import Relation
from dedup.pipeline import find_duplicates
from tests.benchmarks.resemblance import find_exact_pairs, load_exact_pairs
from tests.benchmarks.scoring import score_report


def inspect(corpus: Path, exact: str, size: int, threshold: float) -> dict[str, object]:
    """Give the scores of one run, its stages and how many shingles it made."""
    config = Config(
        shingles=ShinglesConfig(size=size),
        verify=VerifyConfig(min_resemblance=threshold),
        run=RunConfig(keep_text=False),
    )
    report = find_duplicates([corpus], config)
    with corpus.open(encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line in lines]
    graph = (
        find_exact_pairs(texts, size, threshold) if exact == "-" else load_exact_pairs(Path(exact))
    )
    shingles = np.maximum(report.corpus.tokens.sizes - size + 1, 1)
    return {
        "score": asdict(score_report(report, texts, graph)),
        "stages": list(map(list, report.counts.seconds)),
        "n_shingles": int(shingles.sum()),
        "n_candidates": report.counts.n_candidates,
        "n_verified": len(report.pairs),
        "n_variants": int(np.count_nonzero(report.pairs.relations == Relation.VARIANT)),
    }


def main(words: Sequence[str]) -> None:
    """Inspect what the words on the command line name."""
    corpus, exact, size, threshold = words
    told = inspect(Path(corpus), exact, int(size), float(threshold))
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1:])
