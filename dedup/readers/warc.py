"""Read WARC, the archive of a crawl: each page or text in it is a document.

In: a source. Out: a piece for each record that may hold one, which is the record's bytes, and of
each a batch of one document or none. Its id is the record's, its link what the crawler asked for,
its date the crawl's; lines and columns are those of the page. A piece's `first_line` is the
record's number.

Decision (2026-11-25): responses and resources of HTML and plain text are read, and conversions (the
texts of Common Crawl's WET files); what nobody says the type of, where it looks like HTML. A page
that cannot be decoded is left out with a remark: one of them must not stop a crawl of millions.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from dedup.config import ReadersConfig
from dedup.errors import InputError
from dedup.model import NO_HEAD, Document, DocumentBatch, Head, Problem
from dedup.readers import html
from dedup.readers.batches import batch_from_documents, batch_from_text, check_date, encode_id, pad
from dedup.readers.encodings import check_utf8, describe_guess
from dedup.readers.sources import Piece, Source
from dedup.readers.warc_page import WebPage, load_page
from dedup.readers.warc_records import ArchiveReader

if TYPE_CHECKING:
    from dedup.kernels import Engine


def cut(source: Source, config: ReadersConfig) -> Iterator[Piece]:
    """Cut a source into its records, those that can be no page left out.

    Raises:
        InputError: It is no WARC, cut off or damaged; after the pieces before that.
        MissingExtraError: FastWARC is not installed.
    """
    with ArchiveReader(source, config) as archive:
        for record in archive.read_records(wants_content=True):
            if record.content is not None:
                size = len(record.content)
                yield Piece(source.name, source.format, pad(record.content), size, record.number)


def parse(piece: Piece, config: ReadersConfig, engine: "Engine") -> DocumentBatch:  # noqa: ARG001 -- every reader's parameters
    """Turn a record into one document, or none where it turns out to be no page.

    Raises:
        SettingError: `main_content` is no selector.
        MissingExtraError: `main_content` is `auto` and trafilatura is not installed.
    """
    page = load_page(piece.data[: piece.size].tobytes(), config)
    if page is None:
        return batch_from_documents(piece.path, [])
    problem = page.problem
    try:
        batch = _read_payload(page, piece.path, config)
    except InputError as error:
        problem = problem or error.problem
    if problem:
        batch = batch_from_documents(piece.path, [Document("", piece.path, ())])
        batch = replace(batch, remarks=(Problem(piece.path, None, f"left out: {problem}"),))
    return _name(batch, page, piece)


def _read_payload(page: WebPage, path: str, config: ReadersConfig) -> DocumentBatch:
    payload = Piece(path, "html" if page.is_html else "text", pad(page.content), len(page.content))
    if page.is_html:
        return html.read_html(payload, config, page.charset)
    text = check_utf8(payload, config, page.charset)
    batch = batch_from_text(path, text.buffer, text.n_lines, None)
    return replace(batch, remarks=describe_guess(path, text))


def _name(batch: DocumentBatch, page: WebPage, piece: Piece) -> DocumentBatch:
    """Give the document the names that its record has, and say in remarks which one it is."""
    (head,) = batch.heads or (NO_HEAD,)
    try:
        date = check_date(page.date)
    except ValueError:
        date = ""
    place = f"record {piece.first_line} ({page.link or page.identity})"
    return replace(
        batch,
        ids=[encode_id(page.identity)],
        dates=[date],
        heads=(Head(page.link, head.title, head.language),),
        directives=(),  # whose page it is has no say in this check
        remarks=tuple(
            Problem(remark.path, None, f"{place}: {remark.message}") for remark in batch.remarks
        ),
    )
