"""Turn files and standard input into documents: blocks of text that know where they stand."""

from dedup.readers.documents import parse_piece, read_documents, read_pieces
from dedup.readers.registry import READERS, Reader
from dedup.readers.sources import Piece, Source, find_sources, measure_sources

__all__ = [
    "READERS",
    "Piece",
    "Reader",
    "Source",
    "find_sources",
    "measure_sources",
    "parse_piece",
    "read_documents",
    "read_pieces",
]
