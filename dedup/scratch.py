"""Hold what a stage needs for itself where the columns of its run are."""

from pathlib import Path
from typing import Final

from dedup.storage import Storage

NO_LIMIT: Final = 1 << 60


class Scratch(Storage):
    """A storage beside another one, whose files go when it goes: no later run takes them over."""

    def __init__(self, parent: Storage) -> None:
        """Hold columns in memory, or in files where the other storage does so by now."""
        super().__init__(parent.limit_bytes)
        self.block_bytes, self.is_spilled = parent.block_bytes, parent.is_spilled
        self._parent = parent

    @property
    def folder(self) -> Path:
        """Give the folder that the other storage has."""
        return self._parent.folder

    def forget_pages(self) -> None:
        """Take the pages of both storages' files out of what this process holds."""
        self._parent.forget_pages()
        super().forget_pages()
