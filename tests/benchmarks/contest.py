"""Run `dedup` and its rivals in turn on one corpus, and keep what each run took."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Final

from tests.benchmarks.processes import RunFailedError, Usage, run_measured
from tests.benchmarks.rivals import Rival
from tests.benchmarks.workload import Setting, Workload

STRICT: Final = Setting(5, 0.7)  # at which the rivals run, and their published figures
DEFAULT: Final = Setting(3, 0.6)
_FOUND_OR_NOT: Final = (0, 1)  # exit statuses of `dedup scan`


@dataclass(slots=True)
class Contestant:
    """A tool at one setting, its command and its runs; `failure` says why there are none."""

    name: str
    setting: Setting
    command: list[str | Path]
    clusters: Path
    expected: Sequence[int] = (0,)
    runs: list[Usage] = field(default_factory=list)
    failure: str = ""

    @property
    def cpu_seconds(self) -> float:
        """Give the median of the runs."""
        return median(run.cpu_seconds for run in self.runs)

    @property
    def wall_seconds(self) -> float:
        """Give the median of the runs."""
        return median(run.wall_seconds for run in self.runs)

    @property
    def peak_megabytes(self) -> float:
        """Give the highest of the runs."""
        return max(run.peak_megabytes for run in self.runs)


def scan_command(corpus: Path, groups: Path, setting: Setting) -> list[str | Path]:
    """Give the command line of `dedup`; at its defaults nothing is said."""
    command: list[str | Path] = [sys.executable, "-m", "dedup", "scan", corpus, "--quiet"]
    if setting != DEFAULT:
        command += ["--shingles", f"word:{setting.size}", "--threshold", f"{setting.threshold:g}"]
    return [*command, "--output-format", "groups", "-o", groups]


def enter(workload: Workload, rivals: Sequence[Rival], work: Path) -> list[Contestant]:
    """List who runs: `dedup` at both settings, then the rivals."""
    entered = []
    for setting in (STRICT, DEFAULT):
        groups = work / f"groups.k{setting.size}.jsonl"
        command = scan_command(workload.corpus, groups, setting)
        entered.append(Contestant("dedup", setting, command, groups, _FOUND_OR_NOT))
    for rival in rivals:
        clusters = work / f"clusters.{rival.name}.jsonl"
        command = [rival.python or "", rival.script, workload.corpus, clusters]
        contestant = Contestant(rival.name, STRICT, command, clusters, failure=rival.reason)
        entered.append(contestant)
    return entered


def hold(contestants: Sequence[Contestant], repeat: int, log: Path) -> Iterator[str]:
    """Run everybody in turn, `repeat` times; tells whose turn it is."""
    for turn in range(1, repeat + 1):
        for contestant in contestants:
            if contestant.failure:
                continue
            yield f"{turn}/{repeat} {contestant.name} {contestant.setting.label}"
            try:
                usage = run_measured(contestant.command, log, contestant.expected)
            except RunFailedError as failed:
                contestant.failure = str(failed)
            else:
                contestant.runs.append(usage)
