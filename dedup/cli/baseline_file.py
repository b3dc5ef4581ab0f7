"""Find the file that holds what is accepted."""

import os
from pathlib import Path
from typing import Final

from dedup.cli.check_options import AcceptOptions
from dedup.gate.baseline import Baseline, read_baseline
from dedup.readers.ignores import REPOSITORY

BASELINE_FILE: Final = ".dedup-baseline.json"


def find_baseline(options: AcceptOptions) -> Path:
    """Give the file that holds what is accepted, whether it is there or not.

    Unless one is named it is sought from the current folder up to the top of its repository, as
    settings are.
    """
    if options.baseline is not None:
        return Path(options.baseline)
    here = Path.cwd()
    for n_up, folder in enumerate((here, *here.parents)):
        if (folder / BASELINE_FILE).is_file():
            return Path(*[os.pardir] * n_up, BASELINE_FILE)
        if (folder / REPOSITORY).exists():
            break
    return Path(BASELINE_FILE)


def load_baseline(options: AcceptOptions) -> Baseline | None:
    """Read the baseline that is named, or the usual one where there is one.

    Raises:
        InputError: The one that is named is not there, or it is not as it must be.
    """
    path = find_baseline(options)
    if options.baseline is None and not path.is_file():
        return None
    return read_baseline(path)
