"""Hold what the stages of one run share: settings, engine, threads, clock and storage."""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from time import process_time
from typing import TYPE_CHECKING, Any, Final, TypeAlias, TypeVar

from dedup.config import CleaningConfig, Config, RunConfig
from dedup.kernels import load_engine
from dedup.model import Problem
from dedup.readers.sources import Source, measure_sources
from dedup.storage import Storage
from dedup.work_folder import WorkFolder

if TYPE_CHECKING:
    from concurrent.futures import Future

# From here on the compiled engine's start (0.1 s of CPU) is less than what it saves; and threads'.
_NUMBA_FROM_BYTES: Final = 400_000
_SURELY_FITS_BYTES: Final = 8 << 20
_WITHOUT_EFFECT: Final = ("engine", "jobs", "memory_bytes", "work_dir", "resume")
_NO_LIMIT: Final = 1 << 60
_In = TypeVar("_In")
_Out = TypeVar("_Out")
Progress: TypeAlias = Callable[[str, int], None]


def _count_processors() -> int:
    """Count the processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Run:
    """One run; `engine` may change to the compiled one when there proves to be much to do."""

    def __init__(
        self, config: Config, size_bytes: int, progress: Progress, storage: Storage | None = None
    ) -> None:
        name = config.run.engine
        if name == "auto":
            name = "numba" if size_bytes >= _NUMBA_FROM_BYTES else "numpy"
        self.config, self.engine, self.progress = config, load_engine(name), progress
        self.size_bytes = size_bytes
        self.jobs = config.run.jobs or _count_processors()
        self.seconds: list[tuple[str, float]] = []
        self.storage = storage or make_storage(config.run, size_bytes)
        self._expect = getattr(progress, "expect", _expect_nothing)

    def prefer_compiled(self) -> None:
        """Change to the compiled engine, where none is chosen by hand: there is much to do."""
        if self.config.run.engine == "auto":
            self.engine = load_engine("numba")

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time a stage in CPU seconds of the process, and tell that it began."""
        self.progress(name, 0)
        begun = process_time()
        yield
        self.seconds.append((name, process_time() - begun))

    def advance(
        self, stage: str, done: int, total: float | None = None, unit: str = "paragraph"
    ) -> None:
        """Tell how far a stage is, and how much it has to do where that is known.

        Args:
            stage: Its name, as `stage` was given it.
            done: How many of `unit` it has done.
            total: How many it will have done at its end, about.
            unit: What is counted, in the singular.
        """
        self.progress(stage, done)
        if total is not None:
            self._expect(total, unit)

    def map(self, function: Callable[[_In], _Out], values: Iterable[_In]) -> Iterator[_Out]:
        """Apply a function in threads; results come in order, few are waited for at a time.

        After an error nothing more is begun.
        """
        if self.jobs == 1 or self.size_bytes < _NUMBA_FROM_BYTES:
            yield from map(function, values)
            return
        from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 -- 3 ms

        with ThreadPoolExecutor(self.jobs) as pool:
            waiting: deque[Future[_Out]] = deque()
            try:
                for value in values:
                    waiting.append(pool.submit(function, value))
                    if len(waiting) > 2 * self.jobs:
                        yield waiting.popleft().result()
                while waiting:
                    yield waiting.popleft().result()
            finally:
                pool.shutdown(wait=False, cancel_futures=True)  # leaving waits for what runs


def _expect_nothing(_total: float, _unit: str) -> None:
    """Take no notice of a total: what shows the progress is a plain function."""


def make_storage(config: RunConfig, size_bytes: int, work: WorkFolder | None = None) -> Storage:
    """Make what decides where the columns of a run are.

    Args:
        config: What it may take.
        size_bytes: How much there is to read, about; a small run does not ask the machine.
        work: The named folder, where there is one.
    """
    limit = config.memory_bytes
    if limit is None and size_bytes < _SURELY_FITS_BYTES:
        limit = _NO_LIMIT
    if limit is None:
        from dedup.machine import default_memory  # noqa: PLC0415 -- reads files of the system

        limit = default_memory()
    return Storage(limit, work)


@contextmanager
def hold_storage(
    sources: Sequence[Source | Problem], config: Config, cleaning: CleaningConfig | None = None
) -> Iterator[Storage]:
    """Give what decides where the columns of a run over sources are, until its report is written.

    A named working folder is emptied when the block ends well, else left to be resumed.

    Args:
        sources: What is read.
        config: How it is compared.
        cleaning: What is removed between one judgement and the next, where something is.

    Raises:
        WorkFolderError: The folder cannot be used, or holds stages of another run.
    """
    work = None
    if config.run.work_dir is not None:
        described = _describe_run(sources, config, cleaning)
        work = WorkFolder(config.run.work_dir, described, resume=config.run.resume)
    storage = make_storage(config.run, measure_sources(sources), work)
    is_done = False
    try:
        yield storage
        is_done = True
    finally:
        storage.close(is_done=is_done)


def _describe_run(
    sources: Sequence[Source | Problem], config: Config, cleaning: CleaningConfig | None
) -> dict[str, Any]:
    """Give what the stages of a run hang on, as JSON can hold it."""
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415 -- 15 ms

    try:
        release = version("dedup-paragraphs")
    except PackageNotFoundError:  # run from a folder of sources
        release = "0+unknown"
    settings = asdict(config)
    for name in _WITHOUT_EFFECT:
        del settings["run"][name]
    if cleaning is not None:
        settings["cleaning"] = asdict(cleaning)
    inputs = [_describe_input(source) for source in sources]
    return {"version": release, "settings": settings, "inputs": inputs}


def _describe_input(source: Source | Problem) -> list[str | int | None]:
    """Give what tells whether a source is what it was."""
    if isinstance(source, Problem):
        return [source.path, source.message]
    if source.path is None:
        from hashlib import blake2b  # noqa: PLC0415 -- OpenSSL's 4 ms

        return [source.name, blake2b(source.content or b"").hexdigest()]
    try:
        found = os.stat(source.path)  # noqa: PTH116 -- a name that is no valid path is told later
    except OSError as error:
        return [source.name, error.errno]
    return [source.name, found.st_size, found.st_mtime_ns, found.st_ino]
