"""Kill `dedup clean` at random moments and see that no half of an output is left.

`python -m tests.fuzz.crash [--kills 50] [--seed 1]`

For each of three corpora (JSON Lines, a folder of pages, Parquet) one run is left to end: it gives
the right output and how long a run takes. Then as many runs as asked for are killed (SIGKILL), one
in each of so many equal stretches of that time. After each the output must be absent or right.
"""

import argparse
import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Final

ROOT: Final = Path(__file__).parents[2]
CORPORA: Final = ("jsonl", "html", "parquet")
_WORDS: Final = [
    "harbour",
    "ledger",
    "winter",
    "miller",
    "copper",
    "orchard",
    "signal",
    "margin",
    "lantern",
    "ferry",
    "granite",
    "weather",
    "station",
    "market",
    "timber",
    "canal",
    "bridge",
    "sailor",
    "archive",
    "quarry",
    "saddle",
    "cellar",
    "garden",
    "beacon",
]
_MOST_SECONDS: Final = 300


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was found after the kills of one corpus.

    Attributes:
        n_absent, n_whole: Outputs that were not there, and that were there and right.
        faults: What was there and wrong.
        n_leftovers: Runs that left other names beside the output.
    """

    corpus: str
    seconds: float
    n_absent: int
    n_whole: int
    faults: tuple[str, ...]
    n_leftovers: int


def make_corpus(kind: str, folder: Path, n_texts: int = 6000) -> Path:
    """Write a corpus in which every third text comes again; about 400 bytes each."""
    texts = list(_make_texts(n_texts, Random(7)))  # noqa: S311 -- a sample, no secret
    folder.mkdir(parents=True)
    if kind == "jsonl":
        lines = (json.dumps({"id": number, "text": text}) for number, text in enumerate(texts))
        path = folder / "corpus.jsonl"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path
    if kind == "parquet":
        import pyarrow as pa  # noqa: PLC0415 -- an extra
        import pyarrow.parquet as pq  # noqa: PLC0415 -- likewise

        path = folder / "corpus.parquet"
        table = pa.table({"id": list(range(len(texts))), "text": texts})
        pq.write_table(table, path, row_group_size=500)
        return path
    for start in range(0, len(texts), 20):
        body = "\n".join(f"<p>{text}</p>" for text in texts[start : start + 20])
        page = folder / f"part-{start // 1000}" / f"{start}.html"
        page.parent.mkdir(exist_ok=True)
        page.write_text(f"<html><body>\n{body}\n</body></html>\n", encoding="utf-8")
    return folder


def _make_texts(n_texts: int, random: Random) -> Iterator[str]:
    kept: list[str] = []
    for number in range(n_texts):
        if number % 3 == 2:
            yield random.choice(kept)
            continue
        words = (f"{random.choice(_WORDS)}{random.randrange(40)}" for _ in range(45))
        kept.append(" ".join(words))
        yield kept[-1]


def kill_runs(kind: str, n_kills: int, seed: int, folder: Path) -> Outcome:
    """Kill so many runs over one corpus and give what was found; a run that fails raises."""
    corpus = make_corpus(kind, folder / "in")
    out = folder / "out" / ("clean" if corpus.is_dir() else corpus.name)
    out.parent.mkdir()
    _run_to_end(corpus, out)
    begun = time.monotonic()
    _run_to_end(corpus, out)
    seconds = time.monotonic() - begun
    right, beside = _digest(out), {path.name for path in out.parent.iterdir()}
    random = Random(seed)  # noqa: S311 -- moments, no secret
    n_absent = n_whole = n_leftovers = 0
    faults = []
    for number in range(n_kills):
        _remove(out)
        moment = seconds * 1.1 * (number + random.random()) / n_kills
        _kill_after(corpus, out, moment)
        found = _digest(out)
        n_absent += found == ""
        n_whole += found == right
        names = {path.name for path in out.parent.iterdir()}
        n_leftovers += not beside.issuperset(names)
        beside |= names
        if found not in ("", right):
            faults.append(f"{kind}: killed after {moment:.3f} s, {out} is there and not whole")
    _run_to_end(corpus, out)
    if _digest(out) != right:
        faults.append(f"{kind}: a run after the kills gives something else")
    return Outcome(kind, seconds, n_absent, n_whole, tuple(faults), n_leftovers)


def _command(corpus: Path, out: Path) -> list[str]:
    return [sys.executable, "-m", "dedup", "clean", str(corpus), "-o", str(out)]


def _run_to_end(corpus: Path, out: Path) -> None:
    _remove(out)
    done = subprocess.run(  # noqa: S603 -- this project's own command
        _command(corpus, out),
        check=False,
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=_MOST_SECONDS,
    )
    if done.returncode or not out.exists():
        message = f"dedup clean ended with {done.returncode}, {out} is not made: {done.stderr}"
        raise RuntimeError(message)


def _kill_after(corpus: Path, out: Path, seconds: float) -> None:
    with subprocess.Popen(  # noqa: S603 -- as above
        _command(corpus, out), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT
    ) as process:
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()


def _remove(out: Path) -> None:
    if out.is_dir():
        shutil.rmtree(out)
    else:
        out.unlink(missing_ok=True)


def _digest(out: Path) -> str:
    """Give a digest of a file or of all names and bytes in a folder; '' where nothing is."""
    if not out.exists():
        return ""
    paths = sorted(out.rglob("*")) if out.is_dir() else [out]
    whole = hashlib.sha256()
    for path in paths:
        whole.update(repr((str(path.relative_to(out)), path.is_dir())).encode())
        whole.update(b"" if path.is_dir() else path.read_bytes())
    return whole.hexdigest()


def main(arguments: Sequence[str] | None = None) -> int:
    """Kill, print what was found, and give 1 where something was wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.crash", description=__doc__)
    parser.add_argument("--kills", type=int, default=50, help="over all corpora")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    shares = [len(range(start, options.kills, len(CORPORA))) for start in range(len(CORPORA))]
    n_faults = 0
    for kind, n_kills in zip(CORPORA, shares, strict=True):
        with tempfile.TemporaryDirectory(prefix="dedup-crash-") as folder:
            outcome = kill_runs(kind, n_kills, options.seed, Path(folder))
        n_faults += len(outcome.faults)
        told = (
            f"{kind}: {n_kills} kills in runs of {outcome.seconds:.2f} s: {outcome.n_absent} left "
            f"nothing, {outcome.n_whole} a whole output, {len(outcome.faults)} a wrong one; "
            f"{outcome.n_leftovers} left other names\n"
        )
        sys.stdout.write(told + "".join(f"  {fault}\n" for fault in outcome.faults))
    return min(n_faults, 1)


if __name__ == "__main__":
    sys.exit(main())
