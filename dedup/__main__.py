"""Let `python -m dedup` be the command `dedup`, and a broken installation no findings.

Decision (2026-11-26): looking for cycles costs a scan of one article 67 of 1,192 million
instructions, most of them at the process's end. Loading modules makes next to none, so it is
looked seldom; and what is there at the end is left to the system, as it is with a kill: what must
be written or removed is so by then, by `with` or by `atexit`.
"""

import gc
import sys
from typing import Final, NoReturn

_GARBAGE_AFTER: Final = 100_000  # objects


def main() -> NoReturn:
    """Run the command; where a part of the installation is missing, say so and exit with 2."""
    gc.set_threshold(_GARBAGE_AFTER, 20, 50)
    try:
        from dedup.cli.app import main as run  # noqa: PLC0415 -- it may not be there whole
    except ImportError as error:
        sys.stderr.write(f"dedup cannot start: {error}. Install it again.\n")
        sys.exit(2)
    try:
        run()
    finally:
        gc.freeze()


if __name__ == "__main__":
    main()
