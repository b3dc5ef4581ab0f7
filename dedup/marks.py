"""Say of each document what its columns say: its group, and whether it is to be kept."""

from dedup.model import Corpus
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
    for number, document in enumerate(documents.tolist(), first):
        marks[document] = _mark(corpus, decisions, number)
    return tuple(marks)


def _mark(corpus: Corpus, decisions: Decisions, number: int) -> Mark:
    removal = decisions.removals.get(number)
    is_short = corpus.tokens.sizes[number] < decisions.left.config.paragraphs.min_words
    if is_short and removal is None and number not in decisions.named:
        return _UNCOMPARED
    group = f"{int(corpus.tokens.prints[2 * decisions.kept_for(number)]):016x}"
    if removal is None:
        return Mark(group, is_canonical=True, relation=None, score=None)
    return Mark(group, is_canonical=False, relation=removal.relation.label, score=removal.score)
