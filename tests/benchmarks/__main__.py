"""Compare `dedup` with its rivals: CPU, memory, precision and recall on one corpus.

`python -m tests.benchmarks [--sizes 10000,100000] [--peers daft,rensa,datasketch]
[--shared ../shared] [--work DIR] [--peer-python NAME=PATH ...] [--repeat N]`
"""

import argparse
import json
import platform
import sys
from collections.abc import Iterator, Sequence
from os import sched_getaffinity
from pathlib import Path
from typing import Final

from tests.benchmarks.contest import DEFAULT, STRICT, Contestant, enter, hold, scan_command
from tests.benchmarks.processes import run_measured
from tests.benchmarks.resemblance import ExactPairs, find_exact_pairs, load_exact_pairs
from tests.benchmarks.rivals import Rival, list_rivals, prepare_rival
from tests.benchmarks.scoring import read_clusters, score_clusters
from tests.benchmarks.tables import Inspection, tabulate_contest, tabulate_stages
from tests.benchmarks.workload import (
    Setting,
    Workload,
    cut_warm_up,
    find_exact,
    make_workload,
    read_texts,
)

_ROOT: Final = Path(__file__).resolve().parents[2]


def parse(words: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--sizes", default="10000,100000", help="paragraphs; commas between")
    parser.add_argument("--peers", default="daft,rensa,datasketch", help="names, all or none")
    parser.add_argument("--shared", type=Path, default=_ROOT.parent / "shared")
    parser.add_argument("--work", type=Path, default=Path("/tmp/dedup-bench"))  # noqa: S108
    parser.add_argument("--peer-python", action="append", default=[], metavar="NAME=PATH")
    parser.add_argument("--repeat", type=int, default=3)
    return parser.parse_args(words)


def choose_rivals(options: argparse.Namespace) -> list[Rival]:
    """Give the rivals asked for, ready to run or with the reason why not."""
    bench = options.shared / "bench"
    pythons = dict(given.split("=", 1) for given in options.peer_python)
    given = {name: Path(path) for name, path in pythons.items()}
    known = {rival.name: rival for rival in list_rivals(bench)}
    wanted = list(known) if options.peers == "all" else options.peers.split(",")
    rivals = []
    for name in wanted if options.peers != "none" else ():
        if name in known:
            rivals.append(prepare_rival(known[name], given, options.work))
        else:
            reason = f"no runner in {bench / 'peers'}"
            rivals.append(Rival(name, "", Path(), None, reason))
    return rivals


def load_graph(workload: Workload, setting: Setting, work: Path) -> ExactPairs:
    """Give the exact pairs of a corpus."""
    exact = find_exact(workload, setting, work)
    if exact != "-":
        return load_exact_pairs(Path(exact))
    return find_exact_pairs(read_texts(workload.corpus), setting.size, setting.threshold)


def inspect(workload: Workload, setting: Setting, work: Path) -> Inspection:
    """Measure the quality and the stages of `dedup` in a process of its own."""
    exact = find_exact(workload, setting, work)
    told = work / "inspection.log"
    numbers = [str(setting.size), str(setting.threshold)]
    module = "tests.benchmarks.inspection"
    run_measured([sys.executable, "-m", module, workload.corpus, exact, *numbers], told)
    inspection: Inspection = json.loads(told.read_text().splitlines()[-1])
    return inspection


def report_size(
    n_paragraphs: int, rivals: list[Rival], options: argparse.Namespace
) -> Iterator[str]:
    """Run and score everybody on one corpus; gives the tables."""
    work = options.work
    workload = make_workload(n_paragraphs, options.shared / "bench", work)
    warm_up = scan_command(cut_warm_up(workload, work), work / "warm-up.groups", STRICT)
    run_measured(warm_up, work / "run.log", (0, 1))
    contestants = enter(workload, rivals, work)
    for turn in hold(contestants, options.repeat, work / "run.log"):
        sys.stderr.write(f"{turn}\n")
    graphs = {setting: load_graph(workload, setting, work) for setting in (STRICT, DEFAULT)}
    scores = {
        place: score_clusters(read_clusters(one.clusters), graphs[one.setting])
        for place, one in enumerate(contestants)
        if not one.failure
    }
    own = {place: one for place, one in enumerate(contestants) if _is_own(one)}
    inspections = {place: inspect(workload, one.setting, work) for place, one in own.items()}
    source = "shared natural text" if workload.bench else "generated text"
    yield f"\n## {n_paragraphs} paragraphs of {source}, median of {options.repeat}\n\n"
    yield from tabulate_contest(contestants, scores, inspections)
    for place, inspection in inspections.items():
        yield f"\n### Stages at {contestants[place].setting.label}\n"
        yield from tabulate_stages(inspection)


def _is_own(contestant: Contestant) -> bool:
    return contestant.name == "dedup" and not contestant.failure


def main(words: Sequence[str] | None = None) -> None:
    """Run the benchmark and print its tables."""
    options = parse(words)
    options.work.mkdir(parents=True, exist_ok=True)
    rivals = choose_rivals(options)
    machine = f"{platform.machine()}, {len(sched_getaffinity(0))} processors"
    sys.stdout.write(f"# Benchmark: Python {platform.python_version()}, {machine}\n")
    for size in options.sizes.split(","):
        sys.stdout.writelines(report_size(int(size), rivals, options))
        sys.stdout.flush()


if __name__ == "__main__":
    main()
