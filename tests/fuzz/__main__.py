"""Spoil samples and feed them to the readers for as long as wished.

`python -m tests.fuzz [--seconds 60] [--reader NAME ...] [--seed N] [--save FOLDER]`

Each reader runs in a process of its own under a limit on memory and, for each input, on time: what
hangs or brings the process down is saved like every other failure. An input that failed lies in
`--save`, its name told with its seed; `--replay FILE --reader NAME` reads one again.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tests.fuzz.targets import TARGETS

_GRACE_SECONDS: Final = 120  # over the asked-for seconds: imports, and one slow input


def main(arguments: Sequence[str] | None = None) -> int:
    """Fuzz, say what failed, and give how many mistakes there are."""
    options = _parse(arguments)
    n_failures = 0
    for name in options.reader or TARGETS:
        n_failures += _fuzz(name, options)
    sys.stdout.write(f"{n_failures} different failures\n")
    return min(n_failures, 1)


def _fuzz(name: str, options: argparse.Namespace) -> int:
    """Run workers until the seconds are over; a worker that dies is a failure and is replaced."""
    end, seed, n_failures = time.monotonic() + options.seconds, options.seed, 0
    while n_failures == 0 or time.monotonic() < end:
        left = max(0.0, end - time.monotonic())
        with tempfile.TemporaryDirectory() as folder:
            words = [name, str(seed), f"{left:.1f}", folder, str(options.save)]
            if options.replay is not None:
                words.append(str(options.replay))
            status = _run_worker(words, left)
            if status == 0:
                return n_failures
            n_failures += 1
            if status != 1:
                _save_current(Path(folder), options.save, f"{name}-seed{seed}-status{status}")
        seed += 1000  # past what the dead one would have gone on with
        if status == 1 or options.replay is not None:
            return n_failures
    return n_failures


def _run_worker(words: list[str], seconds: float) -> int:
    command = [sys.executable, "-X", "faulthandler", "-m", "tests.fuzz.worker", *words]
    try:
        return subprocess.run(  # noqa: S603 -- this very module's worker
            command, check=False, timeout=seconds + _GRACE_SECONDS
        ).returncode
    except subprocess.TimeoutExpired:
        return 124


def _save_current(folder: Path, save: Path, name: str) -> None:
    save.mkdir(parents=True, exist_ok=True)
    for path in folder.glob("current.*"):
        kept = save / f"{name}{path.suffix}"
        kept.write_bytes(path.read_bytes())
        sys.stdout.write(f"{name}: the process died or hung; input: {kept}\n")


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.fuzz",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--seconds", type=float, default=60.0, help="for each reader")
    parser.add_argument(
        "--reader", action="append", choices=TARGETS, help="all where none is given"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--save", type=Path, default=Path(tempfile.gettempdir()) / "dedup-fuzz")
    parser.add_argument("--replay", type=Path, help="read this input alone")
    options = parser.parse_args(arguments)
    if options.replay is not None and len(options.reader or ()) != 1:
        parser.error("--replay needs one --reader")
    return options


if __name__ == "__main__":
    sys.exit(main())
