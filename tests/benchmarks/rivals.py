"""Find the rivals of `../shared/bench/peers` and an interpreter that can run each."""

import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_PINNED: Final = re.compile(r"`(([a-z-]+)(?:\[[a-z]+\])?==[0-9.]+)`")
_ALSO: Final = ("numpy", "pyarrow")  # what the runners import besides
_EXTRAS: Final = {
    "datatrove": ("spacy", "orjson")
}  # its tokenizer and reader; its extra lacks them
_NEEDS_PYTHON: Final = {"text-dedup": (3, 12)}
_MINUTES_TO_INSTALL: Final = 15


@dataclass(frozen=True, slots=True)
class Rival:
    """A tool to compare with; `reason` says why it cannot be run, where it cannot."""

    name: str
    package: str
    script: Path
    python: Path | None
    reason: str = ""


def list_rivals(bench: Path) -> list[Rival]:
    """Read the packages that the README of the shared bench pins; none without it."""
    readme = bench / "README.md"
    if not readme.exists():
        return []
    found = _PINNED.findall(readme.read_text(encoding="utf-8"))
    return [
        Rival(name, package, bench / "peers" / f"peer_{name.replace('-', '')}.py", None)
        for package, name in found
    ]


def prepare_rival(rival: Rival, given: Mapping[str, Path], work: Path) -> Rival:
    """Give a rival with its interpreter, the one given or one of an environment made here."""
    if rival.name in given:
        return Rival(rival.name, rival.package, rival.script, given[rival.name])
    needed = _NEEDS_PYTHON.get(rival.name, (3, 0))
    if sys.version_info < needed:
        reason = f"needs Python {needed[0]}.{needed[1]}; give one with --peer-python"
        return Rival(rival.name, rival.package, rival.script, None, reason)
    home = work / "peers" / rival.name
    try:
        extras = _EXTRAS.get(rival.name, ())
        python = _make_environment(home, [*_ALSO, *extras, rival.package])
    except (subprocess.SubprocessError, OSError) as error:
        return Rival(rival.name, rival.package, rival.script, None, f"not installed: {error}")
    return Rival(rival.name, rival.package, rival.script, python)


def _make_environment(home: Path, packages: Sequence[str]) -> Path:
    """Make a virtual environment with some packages, once; the mark says which are there."""
    python, mark = home / "bin" / "python", home / "installed"
    wanted = "\n".join(packages)
    if not mark.exists() or mark.read_text(encoding="utf-8") != wanted:
        for command in (
            [sys.executable, "-m", "venv", "--clear", str(home)],
            [str(python), "-m", "pip", "install", "--quiet", *packages],
        ):
            subprocess.run(  # noqa: S603 - pinned packages of the shared bench
                command, check=True, capture_output=True, timeout=60 * _MINUTES_TO_INSTALL
            )
        mark.write_text(wanted, encoding="utf-8")
    return python
