"""Hold what the stages of one run share: its settings, its engine, its threads and its clock."""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from time import process_time
from typing import TYPE_CHECKING, Final, TypeAlias, TypeVar

from dedup.config import Config
from dedup.kernels import load_engine

if TYPE_CHECKING:
    from concurrent.futures import Future

# From here on the compiled engine's start (0.1 s of CPU) is less than what it saves; and threads'.
_NUMBA_FROM_BYTES: Final = 400_000
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

    def __init__(self, config: Config, size_bytes: int, progress: Progress) -> None:
        name = config.run.engine
        if name == "auto":
            name = "numba" if size_bytes >= _NUMBA_FROM_BYTES else "numpy"
        self.config, self.engine, self.progress = config, load_engine(name), progress
        self.size_bytes = size_bytes
        self.jobs = config.run.jobs or _count_processors()
        self.seconds: list[tuple[str, float]] = []

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

    def map(self, function: Callable[[_In], _Out], values: Iterable[_In]) -> Iterator[_Out]:
        """Apply a function in threads; results come in order, few are waited for at a time."""
        if self.jobs == 1 or self.size_bytes < _NUMBA_FROM_BYTES:
            yield from map(function, values)
            return
        from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 -- 3 ms

        with ThreadPoolExecutor(self.jobs) as pool:
            waiting: deque[Future[_Out]] = deque()
            for value in values:
                waiting.append(pool.submit(function, value))
                if len(waiting) > 2 * self.jobs:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
