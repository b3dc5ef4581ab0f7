"""Fork Spark's Python workers from a process that has loaded what they will need.

Sessions that this package starts on one machine name this module to Spark
(`spark.python.daemon.module`), which runs it in place of `pyspark.daemon`.

Decision (2026-11-26): of a run over a thousand paragraphs two thirds went into starting tasks.
Before each task PySpark lets Python forget what folders and archives hold, and up to Python 3.11 an
archive is then read again at once, though nobody asks for it (python/cpython#103200): 0.11 s of CPU
a task for the three archives that Spark puts on the path. Two hold what the PySpark that is
installed has in folders, the third no Python at all. And a worker that finds its modules loaded
starts in 0.1 s, not in 1.5.
"""

import sys
from importlib.machinery import PathFinder
from typing import Final
from zipimport import zipimporter

_ARCHIVES: Final = (".zip", ".jar")
_NEEDED: Final = ("pyspark", "py4j")


def leave_archives() -> None:
    """Take archives off the path of modules where PySpark is found without them."""
    before = list(sys.path)
    _set_path([place for place in before if not place.endswith(_ARCHIVES)])
    if not all(map(PathFinder.find_spec, _NEEDED)):
        _set_path(before)


def _set_path(places: list[str]) -> None:
    sys.path[:] = places
    _forget_archives()


def _forget_archives() -> None:
    """Drop what Python keeps of archives; it opens those on the path again when it needs them."""
    for place, finder in list(sys.path_importer_cache.items()):
        if isinstance(finder, zipimporter):
            del sys.path_importer_cache[place]


def main() -> None:
    """Wait for Spark to ask for workers, and fork them."""
    leave_archives()
    import pyspark.sql.pandas.serializers  # noqa: F401, PLC0415 -- the modules of a worker
    from pyspark.daemon import manager  # noqa: PLC0415 -- not out of the archive

    import dedup.kernels.compiled  # noqa: PLC0415 -- likewise
    import dedup.spark.plan  # noqa: F401, PLC0415 -- likewise

    _forget_archives()  # those that the modules above were sought in
    manager()  # type: ignore[no-untyped-call]  # of PySpark, which has no types there


if __name__ == "__main__":
    main()
