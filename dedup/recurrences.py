"""Count, for a report, where each boilerplate text stands."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from dedup.findings import Recurrence
from dedup.model import Boilerplate

_MOST_PLACES: Final = 3  # that are named of a text in hundreds of documents, beside the kept one


def list_recurrences(
    found: Boilerplate,
) -> Iterator[tuple[int, tuple[int, ...], Recurrence]]:
    """Give each text's kept paragraph, some of the others, and the counts."""
    order = np.argsort(found.texts, kind="stable")
    bounds = np.searchsorted(found.texts[order], np.arange(len(found) + 1))
    for row, number in enumerate(found.numbers.tolist()):
        places = order[bounds[row] : bounds[row + 1]]
        others = places[places != number][:_MOST_PLACES]
        recurrence = Recurrence(
            n_documents=int(found.n_documents[row]),
            n_paragraphs=len(places),
            population=int(found.populations[row]),
            folder=found.folders[row],
        )
        yield number, tuple(others.tolist()), recurrence
