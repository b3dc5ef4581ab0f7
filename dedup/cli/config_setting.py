"""Hold a value that somebody set, with who and where; only runs with a configuration load this."""

from dataclasses import dataclass
from enum import IntEnum


class Rank(IntEnum):
    """Where a value is from; the greater wins."""

    FILE = 1
    ENVIRONMENT = 2
    CONFIG = 3
    FLAG = 4


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Setting:
    """A value that is not the default.

    Attributes:
        value: Of the option's type; paths are relative to the current folder.
        rank: Where it is from.
        place: The same as a user reads it: `dedup.toml:3`, `DEDUP_JOBS`, `--config`, `--jobs`.
        folder: What patterns in the value are relative to; relative to the current folder.
    """

    value: object
    rank: Rank
    place: str
    folder: str = "."
