"""Read sources into batches of documents, a piece at a time.

In: what `find_sources` gave. Out: a `DocumentBatch` for each piece, in the same order. A problem
travels through in place of what it stands for, so the report has it in input order.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from dedup.config import ReadersConfig
from dedup.errors import InputError
from dedup.model import DocumentBatch, Problem
from dedup.readers.batches import batch_from_problem
from dedup.readers.registry import READERS
from dedup.readers.sources import Piece, Source, find_sources, make_problem

if TYPE_CHECKING:
    from dedup.kernels import Engine


def read_documents(
    paths: Iterable[Path | str], config: ReadersConfig, engine: "Engine"
) -> Iterator[DocumentBatch]:
    """Read all that the paths name, one piece after the other, in this thread.

    Raises:
        InputError: A source cannot be read or holds what its format does not allow.
        UnreadableFormatError: No reader knows the ending of a file named by hand.
    """
    for piece in read_pieces(find_sources(paths, config), config):
        yield parse_piece(piece, config, engine)


def read_pieces(
    sources: Iterable[Source | Problem], config: ReadersConfig
) -> Iterator[Piece | Problem]:
    """Read sources and cut them into pieces, in order; for one thread.

    With `skip_errors` a source that fails gives a problem, after the pieces already read of it.

    Raises:
        InputError: A source cannot be read.
    """
    for source in sources:
        if isinstance(source, Problem):
            yield source
            continue
        try:
            yield from READERS[source.format].load().cut(source, config)
        except InputError as error:
            if not config.skip_errors:
                raise
            yield make_problem(error, source.name)


def parse_piece(piece: Piece | Problem, config: ReadersConfig, engine: "Engine") -> DocumentBatch:
    """Turn a piece into documents; for any thread. A problem gives a batch that only carries it.

    Raises:
        InputError: The piece holds what its format does not allow.
    """
    if isinstance(piece, Problem):
        return batch_from_problem(piece)
    try:
        return READERS[piece.format].load().parse(piece, config, engine)
    except InputError as error:
        if not config.skip_errors:
            raise
        return batch_from_problem(make_problem(error, piece.path))
