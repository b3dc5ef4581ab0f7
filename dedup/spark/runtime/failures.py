"""Turn what Spark raises into errors that say in a sentence what happened.

In: an exception of PySpark (classic or Connect) or of its bridge to Java. Out: the first sentence
that names a cause.

Decision (2026-11-26): a task's own `DedupError` does not travel as an object, since nothing from
outside is unpickled: what is wrong with the input is found by a stage whose rows say so
(`inputs`), and read there. What is left for an exception is what Spark cannot do.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from dedup.errors import DedupError

_JAVA_CAUSE: Final = re.compile(r"^(?:Caused by)?: (?:[\w$.]+: )?(.+)$", re.MULTILINE)
# Behind the indented lines of a traceback, whatever the class is called.
_PYTHON_CAUSE: Final = re.compile(
    r"Traceback \(most recent call last\):\n(?:[ \t].*\n)*([\w.]+)(?:: (.+))?$", re.MULTILINE
)
_RAISERS: Final = ("pyspark", "py4j")  # by name: a Connect client has no py4j
_LONGEST: Final = 300


@contextmanager
def worded(make: Callable[[str], DedupError]) -> Iterator[None]:
    """Turn what PySpark and its bridge to Java raise into an error of ours.

    Args:
        make: Gives the error for a sentence that says what went wrong.
    """
    try:
        yield
    except Exception as error:
        if not is_sparks(error):
            raise
        raise make(tell(error)) from error


def is_sparks(error: Exception) -> bool:
    """Say whether PySpark or its bridge to Java raised an error."""
    return type(error).__module__.partition(".")[0] in _RAISERS


def tell(error: BaseException) -> str:
    """Say in a sentence what Spark could not do: the innermost cause that it names."""
    text = str(error)
    raised = [what or kind for kind, what in _PYTHON_CAUSE.findall(text)]
    causes = raised or _JAVA_CAUSE.findall(text)
    told = causes[-1] if causes else next(iter(text.strip().splitlines()), type(error).__name__)
    sentence = " ".join(told.split()).rstrip(".")
    return sentence if len(sentence) <= _LONGEST else f"{sentence[:_LONGEST]}..."
