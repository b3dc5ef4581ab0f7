"""Hold what a search finds: a file by the name through which it was reached."""

from dataclasses import dataclass
from pathlib import PurePath

from dedup.values import Value


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class FoundFile(Value):
    """A file: its name as reached, its real path and how many links led there."""

    path: str
    real: str
    n_links: int

    @property
    def rank(self) -> tuple[int, tuple[str, ...]]:
        """Order names of the same file, best first."""
        return self.n_links, PurePath(self.path).parts
