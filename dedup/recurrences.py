"""Count, for a report, in how many documents a text stands."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from dedup.findings import Recurrence
from dedup.model import Boilerplate, Corpus, IndexArray, OffsetArray, distinct

MOST_PLACES: Final = 3  # that are named of a text in hundreds of documents, beside the kept one


def list_recurrences(
    found: Boilerplate,
) -> Iterator[tuple[int, tuple[int, ...], Recurrence]]:
    """Give each text's kept paragraph, some of the others, and the counts."""
    order = np.argsort(found.texts, kind="stable")
    bounds = np.searchsorted(found.texts[order], np.arange(len(found) + 1))
    for row, number in enumerate(found.numbers.tolist()):
        places = order[bounds[row] : bounds[row + 1]]
        others = places[places != number][:MOST_PLACES]
        recurrence = Recurrence(
            n_documents=int(found.n_documents[row]),
            n_paragraphs=len(places),
            population=int(found.populations[row]),
            folder=found.folders[row],
        )
        yield number, tuple(others.tolist()), recurrence


def count_documents(corpus: Corpus, numbers: OffsetArray, canonicals: IndexArray) -> dict[int, int]:
    """Count, for each of some paragraphs, the documents that hold its text.

    Only those documents count in which it, or a text identical to it, is one of `numbers` or the
    canonical of one.
    """
    prints, documents = corpus.tokens.prints, corpus.document
    holders: dict[tuple[int, int], set[int]] = {}
    for number in distinct(np.concatenate([numbers, canonicals[numbers]])):
        key = (int(prints[2 * number]), int(prints[2 * number + 1]))
        holders.setdefault(key, set()).add(int(documents[number]))
    return {
        number: len(holders[int(prints[2 * number]), int(prints[2 * number + 1])])
        for number in numbers.tolist()
    }
