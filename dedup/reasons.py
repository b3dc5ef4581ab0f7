"""Say why a paragraph is the one of its group that is kept."""

from typing import Final

from dedup.config import Config
from dedup.model import Corpus

REASON_OF: Final = {
    "first": "first in input order",
    "longest": "most words",
    "newest": "newest date",
    "oldest": "oldest date",
    "priority": "best source in the list",
}


def explain_canonical(corpus: Corpus, number: int, config: Config) -> str:
    """Say why a canonical is kept: by the policy, or by input order where that says nothing.

    Args:
        corpus: All paragraphs.
        number: The canonical.
        config: Every setting.
    """
    canonical = config.canonical
    document = int(corpus.document[number])
    batch, row = corpus.document_batch(document)
    unknown = {
        "newest": not (batch.dates and batch.dates[row]),
        "oldest": not (batch.dates and batch.dates[row]),
        "priority": canonical.rank(batch.path, corpus.identity(document)) == len(canonical.sources),
    }
    policy = "first" if unknown.get(canonical.policy) else canonical.policy
    return REASON_OF[policy]
