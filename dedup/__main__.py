"""Let `python -m dedup` be the command `dedup`, and a broken installation no findings."""

import sys
from typing import NoReturn


def main() -> NoReturn:
    """Run the command; where a part of the installation is missing, say so and exit with 2."""
    try:
        from dedup.cli.app import main as run  # noqa: PLC0415 -- it may not be there whole
    except ImportError as error:
        sys.stderr.write(f"dedup cannot start: {error}. Install it again.\n")
        sys.exit(2)
    run()


if __name__ == "__main__":
    main()
