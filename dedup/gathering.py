"""Read sources or records into one corpus: the part of a run that looks at one block at a time.

Reading, splitting and tokenizing stream through blocks of about 2 MB, in threads where there are
several; the tokens are kept (4 bytes each), the text only where a later stage or a report needs it.

Decision (2026-11-26): sources of under 1 MB on the average are read in one thread. What Python does
for each outweighs the compiled loops, and threads only wait for one another: 1,000 pages of
Markdown took 2.0 s so and 2.4 to 3.2 s in two threads, 2,500 texts 1.1 and 1.5 s, 530 web pages 6.2
and 6.7 s, by the clock and in CPU alike.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from dedup.content import list_terms
from dedup.corpus import CorpusBuilder, PreparedBatch, restore_corpus
from dedup.errors import InputError
from dedup.execution import Run
from dedup.model import Corpus, DocumentBatch, Problem, TokenLists
from dedup.paragraphs import split_paragraphs
from dedup.readers.documents import parse_piece, read_pieces
from dedup.readers.records import batches_from_records
from dedup.readers.sources import Piece, Source
from dedup.repeated_ids import IdCheck
from dedup.rewording import BY_TERMS
from dedup.shingles import spell_paragraphs, tokenize_paragraphs

_STAGE: Final = "read, split, tokenize"
_SPREAD_FROM_BYTES: Final = 1 << 20


def gather_sources(
    sources: Iterable[Source | Problem], run: Run
) -> tuple[Corpus, TokenLists | None]:
    """Read sources; gives the corpus, and what shingles are made of where that is not its tokens.

    Raises:
        InputError: A source cannot be read, or a file holds two documents of one id.
    """
    restored = restore_corpus(run.storage)
    if restored is not None:
        return restored
    listed = tuple(sources)
    pieces = read_pieces(listed, run.config.readers)
    is_spread = run.size_bytes >= _SPREAD_FROM_BYTES * len(listed)
    prepare = _Preparer(run).prepare_piece
    return _gather((run.map if is_spread else map)(prepare, pieces), run)


def gather_records(
    records: Iterable[Mapping[str, Any]], run: Run
) -> tuple[Corpus, TokenLists | None]:
    """Take records from memory; gives what `gather_sources` gives.

    Raises:
        InputError: A record has no text.
    """
    batches = batches_from_records(records, run.config.readers)
    return _gather(run.map(_Preparer(run).prepare, batches), run)


class _Preparer:
    """Takes one piece of input through the stages that look at one block at a time."""

    def __init__(self, run: Run) -> None:
        self._config, self._engine = run.config, run.engine
        self._wants_terms = not BY_TERMS.isdisjoint(run.config.run.rules)

    def prepare_piece(self, piece: Piece | Problem) -> PreparedBatch:
        """Parse a piece of a source, then prepare its batch."""
        size_bytes = 0 if isinstance(piece, Problem) else piece.size
        batch = parse_piece(piece, self._config.readers, self._engine)
        return self._prepare(batch, size_bytes)

    def prepare(self, batch: DocumentBatch) -> PreparedBatch:
        """Split a batch into paragraphs and tokenize them."""
        return self._prepare(batch, len(batch.buffer))

    def _prepare(self, batch: DocumentBatch, size_bytes: int) -> PreparedBatch:
        paragraphs = split_paragraphs(batch, self._config.paragraphs, self._engine)
        tokens = tokenize_paragraphs(paragraphs, self._engine)
        is_spelled = self._config.shingles.kind == "char"
        units = spell_paragraphs(paragraphs, self._engine) if is_spelled else None
        terms = list_terms(paragraphs, tokens, self._engine) if self._wants_terms else None
        return PreparedBatch(paragraphs, tokens, units, terms, size_bytes)


def _gather(prepared: Iterator[PreparedBatch], run: Run) -> tuple[Corpus, TokenLists | None]:
    """Gather the batches; a document whose id its file has had before is refused or left out."""
    wants_terms = not BY_TERMS.isdisjoint(run.config.run.rules)
    keep_text = run.config.run.keep_text or wants_terms  # sentences are cut late
    builder = CorpusBuilder(run.storage, keep_text=keep_text, size_bytes=run.size_bytes)
    ids = IdCheck()
    with run.stage(_STAGE):
        read_bytes = 0
        for part in prepared:
            repeated = ids.find_repeated(part.paragraphs.batch, builder.list_batches)
            if repeated and not run.config.readers.skip_errors:
                first = next(iter(repeated.values()))
                remedy = "Give each record its own id, or choose the field with --id-field."
                raise InputError(first.path, first.line, first.message, remedy)
            builder.add(part.without(repeated) if repeated else part, repeated.values())
            read_bytes += part.size_bytes
            total = builder.n_paragraphs * run.size_bytes / max(read_bytes, 1)
            run.advance(_STAGE, builder.n_paragraphs, total)
        return builder.finish()
