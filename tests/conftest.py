"""Profiles of hypothesis, and what several test modules share: engines and paths."""

import fcntl
import logging
import os
import signal
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, settings

from dedup.kernels import ENGINES, Engine, load_engine

# No deadline: the first call of a kernel may compile it. A generator of texts in many scripts is
# slow to start, which is no fault of a test.
settings.register_profile(
    "dedup", deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("ci", parent=settings.get_profile("dedup"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "dedup")

ROOT: Final = Path(__file__).parent.parent
# Their tests are of memory, time, damage and whole commands. Tracing takes them twice as long, a
# minute in eight, and what they reach others reach too: 98.8 % of branches without them.
_UNTRACED: Final = {"benchmarks", "ci", "fuzz", "hard", "quality"}
_FEW_BYTES: Final = 32


# What is ignored here, in the background or under nohup, would be ignored by every process that a
# test starts, and a test that interrupts one would wait for ever. A handler is not handed down.
for _number in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM):
    if signal.getsignal(_number) == signal.SIG_IGN:
        signal.signal(_number, lambda *_told: None)


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Measure no coverage where it costs much and shows nothing; one worker has all of Spark."""
    is_traced = not config.getoption("no_cov", default=True)
    has_workers = config.pluginmanager.hasplugin("xdist")
    for item in items:
        if is_traced and _UNTRACED.intersection(item.path.relative_to(ROOT).parts[1:2]):
            item.add_marker("no_cover")  # pytest-cov's own
        if has_workers and _needs_spark(item):
            item.add_marker(pytest.mark.xdist_group("spark"))


def _needs_spark(item: pytest.Item) -> bool:
    path = item.path.relative_to(ROOT)
    return "spark" in path.parts or path.stem == "test_spark"


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name no test by many bytes: archives hold the second of their making, workers must agree."""
    return argname if isinstance(val, bytes) and len(val) > _FEW_BYTES else None


@pytest.fixture(scope="session", autouse=True)
def _compiled_kernels(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Compile the kernels where they are not yet, which a command would announce on stderr.

    One worker compiles, the others wait and load what it left.
    """
    with (tmp_path_factory.getbasetemp().parent / "compiling").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        load_engine("numba")


@pytest.fixture(autouse=True)
def _logging_as_it_was() -> None:
    """Undo what a command that ran in this process set for its own messages."""
    logger = logging.getLogger("dedup")
    logger.setLevel(logging.NOTSET)
    logger.handlers = []
    for name, other in list(logging.root.manager.loggerDict.items()):
        if name.startswith("dedup") and isinstance(other, logging.Logger):
            other.disabled = False


@pytest.fixture(scope="session", params=sorted(ENGINES))
def engine(request: pytest.FixtureRequest) -> Engine:
    """Give each engine in turn."""
    return load_engine(request.param)


@pytest.fixture(scope="session")
def engines() -> tuple[Engine, Engine]:
    """Give the oracle and the compiled engine, to be compared."""
    return load_engine("numpy"), load_engine("numba")


@pytest.fixture(scope="session")
def data() -> Path:
    """Give the folder of example texts."""
    path = ROOT / "data"
    if not path.is_dir():
        pytest.skip("the example texts of data/ are not here (an installed package has none)")
    return path


@pytest.fixture(scope="session")
def shared() -> Path:
    """Give the folder that lies beside the repository where `dedup` is developed."""
    path = ROOT.parent / "shared"
    if not path.is_dir():
        pytest.skip("no ../shared here: its texts cannot be handed on with the repository")
    return path
