"""Tell which documents of one paragraph each a run takes for one another.

A report goes in; for each document the one that stands for it goes out. Unlike `clean`, which
removes nothing that only says the same, this joins rewritten paragraphs too where their rule is in
force.
"""

import numpy as np

from dedup.model import ByteArray, OffsetArray, Relation
from dedup.report import Report
from dedup.sources import list_sources, rank_sources


def join_documents(report: Report) -> tuple[OffsetArray, ByteArray]:
    """Give each document's canonical document, and its relation to it.

    Args:
        report: Of a run with the unit `record`, in which each document is one paragraph or none.

    Returns:
        For each document the number of its canonical, which is its own where it is kept, alone or
        without a word; and the `Relation` that joined it, NONE for those.
    """
    corpus, grouping, found = report.corpus, report.grouping, report.restatements
    sources = np.arange(len(corpus))
    relations = grouping.relations.copy()
    for row in np.flatnonzero(found.relations == Relation.REWRITTEN).tolist():
        ranked = rank_sources(list_sources(found, row))
        if ranked:
            sources[found.numbers[row]] = ranked[0]
            relations[found.numbers[row]] = Relation.REWRITTEN
    documents = np.arange(corpus.n_documents)
    joined = np.zeros(corpus.n_documents, np.uint8)
    documents[corpus.document] = corpus.document[sources[grouping.canonicals]]
    joined[corpus.document] = relations
    return documents, joined
