"""Ask the C library to keep the memory that it was given back, as a process of its own may.

The stages allocate and free the same few megabytes for each block. glibc hands such memory back to
the system at once and takes it again page by page: a tenth of the CPU of a large run. A library
must not decide that for its host, so only the command does.
"""

import contextlib
import ctypes
from typing import Final

_TRIM_THRESHOLD: Final = -1  # M_TRIM_THRESHOLD and M_MMAP_THRESHOLD of malloc.h
_MMAP_THRESHOLD: Final = -3
_KEPT_BYTES: Final = 1 << 28
_HEAP_UP_TO_BYTES: Final = 1 << 25  # the most that glibc takes


def keep_freed_memory() -> None:
    """Tell glibc's malloc to keep freed memory; elsewhere do nothing."""
    with contextlib.suppress(AttributeError, OSError, TypeError):
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(_TRIM_THRESHOLD, _KEPT_BYTES)
        mallopt(_MMAP_THRESHOLD, _HEAP_UP_TO_BYTES)
