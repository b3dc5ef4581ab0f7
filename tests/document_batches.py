"""Batches of documents as readers hand them over, made of ids and texts."""

from dedup.model import Block, BlockKind, Document, DocumentBatch, Span
from dedup.readers.batches import batch_from_documents

Texts = list[tuple[str | int, list[str]]]  # id and paragraphs of each document


def make_batch(path: str | None, documents: Texts, first_line: int = 1) -> DocumentBatch:
    """Make the batch of some documents, one a line from the first."""
    made = []
    for line, (identity, texts) in enumerate(documents, first_line):
        span = Span(line, 1, line, 1, 0, 1)
        blocks = tuple(Block(BlockKind.PARAGRAPH, text, span) for text in texts)
        made.append(Document(identity, path, blocks))
    return batch_from_documents(path, made)
