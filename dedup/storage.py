"""Hold the columns of a run in memory, or in files once they pass a limit.

A column grows at its end and is an array in the end; whoever reads the array cannot tell where it
lies. Files are mapped: their pages belong to the system's cache, and `forget_pages` takes those
that a stage has read out of what this process is said to hold.

Decision (2026-11-26): tokens go to files, not texts that are tokenized again: 4 bytes a token are
0.6 of the text's bytes, a second reading would cost what the first did (a third of the run, and
standard input has none), and 100,000 rows that a block of pairs needs are copied out of the mapped
file in 0.1 s. Files of a run without a named folder have no name: they are unlinked while they are
open, so that nothing is left behind, whatever ends the process.
"""

import contextlib
import mmap
import os
from pathlib import Path
from typing import IO, Any, Final
from weakref import ReferenceType, ref

import numpy as np
import numpy.typing as npt

from dedup.errors import WorkFolderError, give_reason
from dedup.work_folder import SUFFIX, WorkFolder

_MOST_EXPECTED: Final = 1 << 29
_WRITE_BYTES: Final = 1 << 20
SPILLED_SHARE: Final = 4  # of the limit, that columns may take before they go to files
_BLOCK_SHARE: Final = 12  # of the limit, that one block of work may take
_LEAST_BLOCK: Final = 16 << 20
_MOST_BLOCK: Final = 512 << 20
_Array = npt.NDArray[Any]


class Column:
    """An array that grows at its end, with room for what is expected from the beginning.

    Room that is not used is never touched, so it costs addresses but no memory; joining parts at
    the end instead costs a second touch of every page, 0.8 s for 1,000,000 paragraphs.
    """

    def __init__(self, storage: "Storage", name: str, dtype: npt.DTypeLike, expected: int) -> None:
        self._storage, self.name, self._dtype = storage, name, np.dtype(dtype)
        self._expected = min(expected, _MOST_EXPECTED) + 16
        self._array: _Array = np.empty(0 if storage.is_spilled else self._expected, dtype)
        self._file: IO[bytes] | None = None
        self.size = 0

    def append(self, values: _Array) -> None:
        """Put values behind those held.

        Raises:
            WorkFolderError: The folder cannot take them.
        """
        if self._storage.is_spilled:
            self._write(values)
        else:
            self._hold(values)
        self.size += len(values)

    def _hold(self, values: _Array) -> None:
        end = self.size + len(values)
        if end > len(self._array):
            grown = np.empty(2 * end, self._dtype)
            grown[: self.size] = self._array[: self.size]
            self._array = grown
        self._array[self.size : end] = values
        self._storage.count(len(values) * self._dtype.itemsize)

    def _write(self, values: _Array) -> None:
        if self._file is None:
            self._file = self._storage.open_file(self.name)
            held, self._array = self._array[: self.size], np.empty(0, self._dtype)
            self._put(held)
        self._put(values)

    def _put(self, values: _Array) -> None:
        written = np.ascontiguousarray(values, self._dtype)
        try:
            if len(written) and self._file is not None:
                self._file.write(written.data)
        except OSError as error:
            raise self._storage.cannot_write(error) from error

    def read_back(self) -> _Array:
        """Give what was appended so far; more may follow."""
        if self._file is None:
            return self._array[: self.size]
        try:
            self._file.flush()
            return self._storage.map_open(self._file, self._dtype)
        except OSError as error:
            raise self._storage.cannot_write(error) from error

    def finish(self) -> _Array:
        """Give the values; nothing may be appended after it."""
        if not self._storage.is_spilled:
            return self._array[: self.size]
        self._write(self._array[:0])
        file, self._file = self._file, None
        if file is None:
            return np.empty(0, self._dtype)
        return self._storage.map_file(file, self._dtype)


class Storage:
    """Decides where columns are, and knows the files of a run.

    Attributes:
        limit_bytes: What the run may take.
        block_bytes: What one block of work may take, beside the columns.
        is_spilled: Whether columns are in files.
    """

    def __init__(self, limit_bytes: int, work: WorkFolder | None = None) -> None:
        """Hold columns in memory up to a quarter of a limit, or at once in a named folder."""
        self.limit_bytes, self._work = limit_bytes, work
        self.block_bytes = min(_MOST_BLOCK, max(_LEAST_BLOCK, limit_bytes // _BLOCK_SHARE))
        self.is_spilled = work is not None
        self._held = 0
        self._maps: list[ReferenceType[mmap.mmap]] = []
        self._finished: list[str] = []
        self._round = ""

    def begin_round(self, number: int) -> None:
        """Tell the stages and columns from here on apart from those of rounds before.

        Args:
            number: From 0; what is read once belongs to the first.
        """
        self._round = f"{number}." if number else ""

    @property
    def is_resumable(self) -> bool:
        """Say whether a named folder keeps finished stages."""
        return self._work is not None

    def load(self, stage: str) -> dict[str, Any] | None:
        """Give what is known of a stage that an earlier run has finished; else None."""
        stages = {} if self._work is None else self._work.stages
        if self._round + stage not in stages:
            return None
        facts: dict[str, Any] = stages[self._round + stage]["facts"]
        return facts

    def commit(self, stage: str, facts: dict[str, Any]) -> None:
        """Note that a stage is whole, where a named folder keeps such; `facts` go through JSON.

        Raises:
            WorkFolderError: The folder does not take it.
        """
        finished, self._finished = self._finished, []
        if self._work is None:
            return
        try:
            self._work.commit(self._round + stage, facts, finished)
        except OSError as error:
            raise self.cannot_write(error) from error

    def keep(self, name: str, values: _Array) -> _Array:
        """Put a finished array where columns are."""
        if not self.is_spilled:
            return values
        column = self.make_column(name, values.dtype)
        column.append(values)
        return column.finish()

    def close(self, *, is_done: bool) -> None:
        """Remove the files of a run that is done, or leave whole stages to be resumed."""
        if self._work is None:
            return
        if is_done or not self._work.stages:
            self._work.discard()
        else:
            self._work.release()

    def count(self, size_bytes: int) -> None:
        """Note what columns hold more; past the limit all of them go to files from here on."""
        self._held += size_bytes
        self.is_spilled |= self._held * SPILLED_SHARE > self.limit_bytes

    def make_column(self, name: str, dtype: npt.DTypeLike, expected: int = 0) -> Column:
        """Make a column.

        Args:
            name: Names its file; no two of a round have the same.
            dtype: Of its values.
            expected: How many there may be, about.
        """
        return Column(self, name, dtype, expected)

    def open_file(self, name: str) -> IO[bytes]:
        """Open a new file of the folder, or one without a name where no folder is named.

        Raises:
            WorkFolderError: The folder does not take it.
        """
        try:
            if self._work is None:
                return _open_nameless(self.folder)
            self._finished.append(self._round + name)
            return self._work.open_new(self._round + name, _WRITE_BYTES)
        except OSError as error:
            raise self.cannot_write(error) from error

    def map_file(self, file: IO[bytes], dtype: npt.DTypeLike) -> _Array:
        """Give what was written to a file as an array, and close it.

        Raises:
            WorkFolderError: The folder did not take all of it.
        """
        try:
            with file:
                file.flush()
                return self._map(file.fileno(), dtype, mmap.ACCESS_READ)
        except OSError as error:
            raise self.cannot_write(error) from error

    def map_open(self, file: IO[bytes], dtype: npt.DTypeLike) -> _Array:
        """Give what is in an open file as an array."""
        return self._map(file.fileno(), dtype, mmap.ACCESS_READ)

    def _map(self, number: int, dtype: npt.DTypeLike, access: int) -> _Array:
        """Map a file for as long as its array is in use: a map keeps the file open."""
        if not os.fstat(number).st_size:
            return np.empty(0, dtype)
        mapped = mmap.mmap(number, 0, access=access)
        self._maps = [*(each for each in self._maps if each() is not None), ref(mapped)]
        return np.frombuffer(mapped, dtype)

    def make_table(self, name: str, dtype: npt.DTypeLike, shape: tuple[int, int]) -> _Array:
        """Make a table to be filled in any order: in memory, or a mapped file of its size.

        Raises:
            WorkFolderError: The folder has no room for it.
        """
        size = int(np.prod(shape)) * np.dtype(dtype).itemsize
        if not self.is_spilled and size * SPILLED_SHARE <= self.limit_bytes:
            return np.empty(shape, dtype)
        if not size:
            return np.empty(shape, dtype)
        with self.open_file(name) as file:
            try:
                _reserve(file.fileno(), size)
                table = self._map(file.fileno(), dtype, mmap.ACCESS_WRITE)
            except OSError as error:
                raise self.cannot_write(error) from error
        return table.reshape(shape)

    def open_column(self, name: str, dtype: npt.DTypeLike) -> _Array:
        """Give a column that a stage of an earlier run has finished; empty where it has none."""
        if self._work is None or not self._work.place(self._round + name).exists():
            return np.empty(0, dtype)
        with self._work.place(self._round + name).open("r+b") as file:
            return self._map(file.fileno(), dtype, mmap.ACCESS_READ)

    @property
    def folder(self) -> Path:
        """Give the folder that files are in, or would be."""
        if self._work is not None:
            return self._work.path
        from dedup.machine import find_temporary_folder  # noqa: PLC0415 -- of large runs alone

        return Path(find_temporary_folder())

    def cannot_write(self, error: OSError) -> WorkFolderError:
        """Say what the system said of the folder."""
        remedy = "Make room or choose another folder with --work-dir."
        return WorkFolderError(str(self.folder), give_reason(error), remedy)

    def forget_pages(self) -> None:
        """Take the pages of mapped files out of what this process holds; they are read again."""
        if not hasattr(mmap, "MADV_DONTNEED"):
            return
        for mapped in filter(None, (each() for each in self._maps)):
            with contextlib.suppress(ValueError, OSError):  # closed, or no such advice here
                mapped.madvise(mmap.MADV_DONTNEED)


def _open_nameless(folder: Path) -> IO[bytes]:
    """Open a new file of a folder that is gone as soon as nobody has it open.

    Where a system cannot make it without a name it has one for a moment, of a run's file.
    """
    from tempfile import TemporaryFile  # noqa: PLC0415 -- 10 ms that only large runs pay

    return TemporaryFile(buffering=_WRITE_BYTES, suffix=SUFFIX, dir=folder)


def _reserve(number: int, size: int) -> None:
    """Give a file its size; writing to a map that finds no room on the disk ends the process."""
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(number, 0, size)
    else:
        os.truncate(number, size)
