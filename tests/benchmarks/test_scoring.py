import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from dedup.config import BandsConfig, Config, ParagraphsConfig
from dedup.pipeline import find_duplicates
from tests.benchmarks.resemblance import ExactPairs, find_exact_pairs
from tests.benchmarks.scoring import read_clusters, score_clusters, score_report

SCRIPT = Path(__file__).resolve().parents[2].parent / "shared" / "bench" / "score_clusters.py"
# Components {0, 1, 2}, {3, 4}, {5}; three of the four exact edges stay inside the clusters below.
EXACT = ExactPairs(np.array([[0, 1], [0, 2], [1, 2], [3, 4]]), np.array([0, 0, 0, 3, 3, 5]))
CLUSTERS = np.array([0, 0, 1, 2, 2, 2])


def test_clusters_are_scored_by_pairs() -> None:
    score = score_clusters(CLUSTERS, EXACT)

    assert score.precision == 2 / 4  # 0-1 and 3-4 of 0-1, 3-4, 3-5, 4-5
    assert score.recall == 2 / 4
    assert score.f1 == 0.5
    assert score.edge_recall == 2 / 4
    assert score.adjusted_rand == pytest.approx((2 - 16 / 15) / (4 - 16 / 15))


def test_nothing_found_and_nothing_to_find_are_told_apart() -> None:
    alone = np.arange(6)

    assert score_clusters(alone, EXACT).recall == 0.0
    assert score_clusters(alone, ExactPairs(np.empty((0, 2), np.int64), alone)).f1 == 1.0


@pytest.mark.skipif(not SCRIPT.exists(), reason="../shared is absent")
def test_the_shared_script_scores_alike(tmp_path: Path) -> None:
    random = np.random.default_rng(1)
    clusters = CLUSTERS[random.integers(0, 6, 6)]
    lines = [json.dumps({"id": n, "cluster": int(c)}) for n, c in enumerate(clusters)]
    (tmp_path / "c.jsonl").write_text("\n".join(lines))
    np.savez(
        tmp_path / "e.npz", pairs=EXACT.pairs, label=EXACT.labels, jac=np.full(4, 0.8, np.float32)
    )

    told = subprocess.run(  # noqa: S603 - the shared script
        [sys.executable, SCRIPT, tmp_path / "c.jsonl", "-", tmp_path / "e.npz"],
        check=True,
        capture_output=True,
    )

    score, theirs = score_clusters(clusters, EXACT), json.loads(told.stdout)
    own = [score.precision, score.recall, score.f1, score.edge_recall]
    assert own == pytest.approx([theirs[k] for k in ("P", "R", "F1", "edge_recall")], abs=1e-4)


def test_paragraphs_without_a_group_are_alone(tmp_path: Path) -> None:
    rows = [{"id": 0, "group": "a"}, {"id": 1, "group": None}, {"id": 3, "group": "a"}]
    (tmp_path / "g.jsonl").write_text("\n".join(map(json.dumps, rows)))

    clusters = read_clusters(tmp_path / "g.jsonl")

    assert clusters[0] == clusters[3]
    assert len(set(clusters.tolist())) == 3


def test_a_report_is_scored_by_members_and_pairs() -> None:
    text = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
    texts = [text, text, text.replace("twelve", "dozen"), "other words " * 4 + "stand here"]
    config = Config(
        paragraphs=ParagraphsConfig(unit="record"), bands=BandsConfig(all_pairs_up_to=10)
    )
    report = find_duplicates([{"text": t, "id": n} for n, t in enumerate(texts)], config)
    exact = find_exact_pairs(texts, 3, 0.6)

    score = score_report(report, texts, exact)
    claimed = score_report(report, texts, ExactPairs(np.array([[0, 1], [0, 3]]), exact.labels))

    assert exact.pairs.tolist() == [[0, 1], [0, 2], [1, 2]]
    assert (score.n_members, score.precision, score.pair_recall) == (2, 1.0, 1.0)
    assert score.joined_f1 == 1.0
    assert (claimed.n_pairs, claimed.pair_recall, claimed.n_missed) == (2, 0.5, 0)
