"""Keep the finished stages of a run in a named folder, so that a killed run can go on.

The folder holds the columns that stages finished, a file each, and a manifest: which inputs and
settings they belong to, and which stages are whole. A stage counts only once the manifest names it,
and the manifest is replaced as a whole, so a kill at any moment leaves what was whole before. What
is written is left to the system to put on the disk: after a power cut sizes are checked, not bytes.

Decision (2026-11-26): no link in the folder is followed, nothing but a run's own files is removed,
and nobody else may read what a run writes: the folder may stand where others write, as in `/tmp`,
and holds the texts that are compared.
"""

import contextlib
import json
import os
from collections.abc import Iterable
from pathlib import Path, PurePath
from typing import IO, Any, Final

from dedup.errors import SettingError, WorkFolderError, give_reason

_FORMAT: Final = 1
_MANIFEST: Final = "dedup-run.json"
_LOCK: Final = "dedup-run.lock"
SUFFIX: Final = ".column"
_NO_LINKS: Final = getattr(os, "O_NOFOLLOW", 0)  # Windows has none
_STDOUT: Final = "-"
_ANOTHER: Final = "Name a folder of its own with --work-dir."


class WorkFolder:
    """A folder that one run at a time works in.

    Attributes:
        path: The folder.
        stages: What is known of each stage that is whole.
    """

    def __init__(self, path: str, run: dict[str, Any], *, resume: bool) -> None:
        """Take a folder for a run.

        Args:
            path: It is made where it does not exist.
            run: What the stages belong to, as JSON holds it: `inputs`, `settings` and `version`.
            resume: Whether stages of the same run are taken over.

        Raises:
            WorkFolderError: It cannot be used, another run works in it, or it holds stages that
                are not to be taken over, or of another run.
        """
        self.path = Path(path)
        self._run: dict[str, Any] = json.loads(json.dumps(run))
        self.stages: dict[str, dict[str, Any]] = {}
        self._columns: dict[str, int] = {}
        try:
            self._is_made = not self.path.exists()
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._refuse_strange()
            self._lock: int | None = self._take_lock()
        except OSError as error:
            raise self._refuse(give_reason(error), _ANOTHER) from error
        try:
            held = self._read_manifest()
            if held is not None:
                self._is_made = held["is_made"]
                if held["stages"]:
                    self._take_over(held, resume=resume)
            self._begin()
        except OSError as error:
            self.release()
            raise self._refuse(give_reason(error), _ANOTHER) from error
        except BaseException:
            self.release()
            raise

    def _refuse(self, problem: str, remedy: str) -> WorkFolderError:
        return WorkFolderError(str(self.path), problem, remedy)

    def _refuse_strange(self) -> None:
        """See that everything in the folder is a run's: all of it is removed in the end."""
        with os.scandir(self.path) as found:
            entries = sorted(found, key=lambda entry: entry.name)
        is_of_run = any(entry.name in {_MANIFEST, _LOCK} for entry in entries)
        for entry in entries:
            is_named = entry.name in {_MANIFEST, _LOCK} or entry.name.endswith(SUFFIX)
            if not (is_of_run and is_named and entry.is_file(follow_symlinks=False)):
                raise self._refuse(f"'{entry.name}' in it is no file of a run", _ANOTHER)

    def _take_lock(self) -> int:
        file = os.open(self.path / _LOCK, os.O_WRONLY | os.O_CREAT | _NO_LINKS, 0o666)
        try:
            import fcntl  # noqa: PLC0415 -- Windows has none

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except ImportError:
            pass
        except OSError as error:
            os.close(file)
            raise self._refuse("another run works in it", f"Wait for it. {_ANOTHER}") from error
        if not self._is_lock(file):
            os.close(file)
            raise self._refuse("another run works in it", f"Wait for it. {_ANOTHER}")
        return file

    def _is_lock(self, file: int) -> bool:
        """Say whether an open file still is the lock: a run that has just ended removed its own."""
        with contextlib.suppress(FileNotFoundError):
            return os.path.samestat(os.fstat(file), (self.path / _LOCK).stat())
        return False

    def _read_manifest(self) -> dict[str, Any] | None:
        path = self.path / _MANIFEST
        if not path.exists():
            return None
        try:
            held: dict[str, Any] = json.loads(path.read_bytes())
            is_known = held["format"] == _FORMAT
            is_whole = not is_known or _is_whole(held)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise self._refuse(f"its {_MANIFEST} is none", f"Remove it. {_ANOTHER}") from error
        if not is_known:
            problem = f"it has format {held['format']}, this version reads {_FORMAT}"
            raise self._refuse(problem, f"Remove it. {_ANOTHER}")
        if not is_whole:
            raise self._refuse(f"its {_MANIFEST} is none", f"Remove it. {_ANOTHER}")
        return held

    def _take_over(self, held: dict[str, Any], *, resume: bool) -> None:
        if not resume:
            problem = "it holds stages of a run that did not end"
            raise self._refuse(problem, "Go on with --resume, or remove it to begin again.")
        differing = _name_differences(self._run, held["run"])
        if differing:
            problem = f"its stages are of another run: {differing}"
            raise self._refuse(problem, f"Run as it was begun. {_ANOTHER}")
        self.stages, self._columns = held["stages"], held["columns"]
        self._forget_from_missing()

    def _forget_from_missing(self) -> None:
        """Forget the stages from the first on of which a file is not as it was."""
        is_whole = True
        for name, stage in list(self.stages.items()):
            sizes = {each: self._columns.get(each) for each in stage["columns"]}
            is_whole = is_whole and all(self._measure(each) == sizes[each] for each in sizes)
            if not is_whole:
                del self.stages[name]

    def _begin(self) -> None:
        """Write the manifest: after a kill it says who made the folder."""
        try:
            self._write_manifest()
        except OSError as error:
            if not self.stages:
                self.discard()
            raise self._refuse(give_reason(error), _ANOTHER) from error

    def _measure(self, name: str) -> int | None:
        try:
            return self.place(name).stat().st_size
        except OSError:
            return None

    def place(self, name: str) -> Path:
        """Give the file of a column."""
        return self.path / f"{name}{SUFFIX}"

    def open_new(self, name: str, buffering: int = -1) -> IO[bytes]:
        """Open a new file for a column, in the place of the one that is there.

        Raises:
            OSError: The folder does not take it.
        """
        path = self.place(name)
        path.unlink(missing_ok=True)
        file: IO[bytes] = open(path, "x+b", buffering, opener=_open_private)  # noqa: SIM115 -- who asked closes it
        return file

    def commit(self, stage: str, facts: dict[str, Any], columns: list[str]) -> None:
        """Note that a stage is whole: what is known of it, and the columns that it finished.

        Raises:
            OSError: The folder does not take it.
        """
        self.stages[stage] = {"facts": facts, "columns": columns}
        self._columns.update((name, self._measure(name) or 0) for name in columns)
        self._write_manifest()

    def _write_manifest(self) -> None:
        content = {
            "format": _FORMAT,
            "is_made": self._is_made,
            "run": self._run,
            "stages": self.stages,
            "columns": self._columns,
        }
        with self.open_new("manifest") as file:
            file.write(json.dumps(content).encode())
        self.place("manifest").replace(self.path / _MANIFEST)

    def discard(self) -> None:
        """Remove the run's files, and the folder where the run made it.

        What others know it by goes last: what is left of a removal that is killed is a run's.
        """
        with contextlib.suppress(OSError):
            columns = [entry for entry in self.path.iterdir() if entry.name.endswith(SUFFIX)]
            for path in (*columns, self.path / _MANIFEST, self.path / _LOCK):
                path.unlink(missing_ok=True)
            if self._is_made:
                self.path.rmdir()
        self.release()

    def release(self) -> None:
        """Let another run have the folder, with what is in it."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def _open_private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _is_whole(held: dict[str, Any]) -> bool:
    """Say whether a manifest holds what one of this format does; what it lacks is a KeyError."""
    run, stages = held["run"], held["stages"].values()
    facts = [stage["facts"] for stage in stages]
    mappings = [held["columns"], *run["settings"].values(), *facts]
    lists = [run["inputs"], *run["inputs"], *(stage["columns"] for stage in stages)]
    is_told = isinstance(held["is_made"], bool) and isinstance(run["version"], str)
    are_mappings = all(isinstance(each, dict) for each in mappings)
    return is_told and are_mappings and all(isinstance(each, list) for each in lists)


def _name_differences(wanted: dict[str, Any], held: dict[str, Any]) -> str:
    """Say in what two runs differ; '' where they do not."""
    if wanted["version"] != held["version"]:
        return f"version {held['version']}, this is {wanted['version']}"
    for name, values in wanted["settings"].items():
        theirs = held["settings"].get(name)
        differing = [key for key in values if theirs is None or theirs.get(key) != values[key]]
        if differing:
            key = differing[0]
            other = None if theirs is None else theirs.get(key)
            return f"setting {key} of {name} was {other!r} and is {values[key]!r}"
    if wanted["inputs"] != held["inputs"]:
        return _name_input(wanted["inputs"], held["inputs"])
    return ""


def _name_input(wanted: list[Any], held: list[Any]) -> str:
    if len(wanted) != len(held):
        return f"it read {len(held):,} inputs, now there are {len(wanted):,}"
    ours, theirs = next(pair for pair in zip(wanted, held, strict=True) if pair[0] != pair[1])
    if ours[0] != theirs[0]:
        return f"it read '{theirs[0]}' where now there is '{ours[0]}'"
    return f"'{ours[0]}' has been changed since"


def holds_stages(path: str) -> bool:
    """Say whether a folder holds finished stages of a run."""
    try:
        return bool(json.loads((Path(path) / _MANIFEST).read_bytes())["stages"])
    except (OSError, ValueError, KeyError, TypeError):
        return False


def refuse_in_work_folder(written: Iterable[tuple[str, str | None]], folder: str | None) -> None:
    """See that nothing is written where the working folder is: that one is emptied in the end.

    Args:
        written: Options and the files or folders that they name, if they do.
        folder: The working folder, where one is named.

    Raises:
        SettingError: One is inside the other, or both are the same.
    """
    if folder is None:
        return
    work = PurePath(os.path.realpath(folder))  # resolve() fails on loops of links
    for option, file in written:
        if file is None or file == _STDOUT:
            continue
        path = PurePath(os.path.realpath(file))
        if path.is_relative_to(work) or work.is_relative_to(path):
            allowed = f"what is neither in the working folder '{folder}' nor around it"
            advice = "Write it elsewhere, or name another --work-dir."
            raise SettingError(f"setting {option} is {file!r}: allowed is {allowed}. {advice}")
