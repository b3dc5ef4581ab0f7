"""Let `python -m dedup` be the command `dedup`."""

from dedup.cli.app import main

if __name__ == "__main__":
    main()
