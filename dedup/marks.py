"""Say of each document what its columns say: its group, and whether it is to be kept."""

import numpy as np

from dedup.model import BoolArray, Corpus
from dedup.removals import Decisions
from dedup.writers.edits import Mark

_UNCOMPARED = Mark(None, is_canonical=True, relation=None, score=None)


def mark_documents(corpus: Corpus, decisions: Decisions, at: int) -> tuple[Mark, ...]:
    """Give the mark of every document of a batch, each of which is one paragraph or none.

    A document that nothing was compared of, as one without a text or of a few words, is kept and
    has no group; of short texts only boilerplate has.

    Args:
        corpus: All paragraphs of the run.
        decisions: What would be removed.
        at: The batch's place in the corpus.
    """
    first, end = (int(bound) for bound in corpus.first_paragraphs[at : at + 2])
    marks = [_UNCOMPARED] * len(corpus.batches[at].ids)
    documents = corpus.document[first:end] - corpus.first_documents[at]
    groups = corpus.tokens.prints[2 * decisions.stays[first:end].astype(np.int64)].tolist()
    for place in np.flatnonzero(_are_compared(corpus, decisions, slice(first, end))).tolist():
        group = f"{groups[place]:016x}"
        marks[documents[place]] = Mark(group, is_canonical=True, relation=None, score=None)
    low, high = np.searchsorted(decisions.numbers, (first, end)).tolist()
    for number in decisions.numbers[low:high].tolist():
        removal, group = decisions.removals[number], f"{groups[number - first]:016x}"
        relation, score = removal.relation.label, removal.score
        mark = Mark(group, is_canonical=False, relation=relation, score=score)
        marks[documents[number - first]] = mark
    return tuple(marks)


def _are_compared(corpus: Corpus, decisions: Decisions, part: slice) -> BoolArray:
    """Tell which paragraphs are long enough to be compared, or are named by one that goes."""
    sizes = corpus.tokens.ends[part] - corpus.tokens.starts[part]
    is_long: BoolArray = sizes >= decisions.left.config.paragraphs.min_words
    return is_long | decisions.is_named[part]
