"""Read a page into blocks, each with the stretch of markup that it is.

In: a whole page of HTML or XHTML. Out: a batch of one document, its blocks in order, with the
page's title, language and canonical address. Its text is what a reader sees; where it begins and
ends in the source is counted in the markup.

Decision (2026-11-25): blocks outside the main content stay blocks, as METADATA, which is compared
by nobody: a block has one number whatever `main_content` is.
"""

import re
from bisect import bisect_right
from typing import TYPE_CHECKING, Final

from dedup.config import ReadersConfig
from dedup.model import Block, BlockKind, Document, DocumentBatch, Head, Problem, Span
from dedup.readers.batches import batch_from_documents, may_direct
from dedup.readers.directives import direct
from dedup.readers.encodings import Utf8, check_utf8, describe_guess
from dedup.readers.html_blocks import HtmlBlock, read_page
from dedup.readers.html_directives import find_in_page
from dedup.readers.html_elements import find_line_starts
from dedup.readers.main_content import find_main_content
from dedup.readers.sources import Piece
from dedup.readers.streams import cut_whole

if TYPE_CHECKING:
    from dedup.kernels import Engine

_DECLARED_BYTES: Final = 1024  # in which the HTML standard looks for a declaration
_COMMENT: Final = re.compile(rb"<!--.*?(?:-->|\Z)", re.DOTALL)
_DECLARATION: Final = re.compile(
    rb"<meta\s[^>]*?\bcharset\s*=\s*[\"']?\s*([\w.:-]+)"
    rb"|<\?xml\s[^>]*?\bencoding\s*=\s*[\"']([\w.:-]+)",
    re.IGNORECASE,
)


cut = cut_whole


def parse(piece: Piece, config: ReadersConfig, engine: "Engine") -> DocumentBatch:  # noqa: ARG001 -- every reader's parameters
    """Turn a page into one document, its blocks in the order of the source.

    Raises:
        InputError: The bytes are not text in the encoding that the user or a byte order mark says.
        SettingError: `main_content` is no selector.
        MissingExtraError: `main_content` is `auto` and trafilatura is not installed.
    """
    return read_html(piece, config)


def read_html(piece: Piece, config: ReadersConfig, charset: str | None = None) -> DocumentBatch:
    """Turn a page into one document; `charset` is what came with it, as from a server."""
    text = decode_page(piece, config, charset)
    page = read_page(text.decode())
    blocks, remarks = page.blocks, describe_guess(piece.path, text)
    is_main = find_main_content(page, config.main_content)
    if is_main is not None:
        blocks = [
            block if keeps else block._replace(kind=BlockKind.METADATA)
            for block, keeps in zip(blocks, is_main, strict=True)
        ]
        if not any(is_main):
            remarks += (_describe_nothing(piece.path, config),)
    document = Document(
        identity=piece.path,
        path=piece.path,
        blocks=_place_blocks(page.markup, blocks),
        date=None if config.date_field is None else "",
        head=Head(page.canonical, page.title, page.language),
    )
    batch = batch_from_documents(piece.path, [document], has_ends=True, remarks=remarks)
    if not may_direct(text.buffer):
        return batch
    return direct(batch, page.markup, find_in_page(page.markup))


def decode_page(piece: Piece, config: ReadersConfig, charset: str | None = None) -> Utf8:
    """Decode a page: as the user says, its byte order mark, `charset`, or its first 1,024 bytes.

    Raises:
        InputError: The bytes are not text in the encoding that the user or a byte order mark says.
    """
    head = piece.data[: min(_DECLARED_BYTES, piece.size)].tobytes()
    found = _DECLARATION.search(_COMMENT.sub(b"", head))
    declared = (found[1] or found[2]).decode("ascii", "replace") if found else None
    return check_utf8(piece, config, charset or declared)


def _describe_nothing(path: str, config: ReadersConfig) -> Problem:
    found = "found no main content"
    if config.main_content != "auto":
        found = f"'{config.main_content}' matches no text"
    return Problem(path, None, f"{found}: none of its paragraphs is compared")


def _place_blocks(markup: str, blocks: list[HtmlBlock]) -> tuple[Block, ...]:
    """Give blocks their lines and columns."""
    lines = find_line_starts(markup)

    def place(block: HtmlBlock) -> Block:
        first, last = bisect_right(lines, block.start), bisect_right(lines, block.end - 1)
        span = Span(
            start_line=first,
            start_column=block.start - lines[first - 1] + 1,
            end_line=last,
            end_column=block.end - lines[last - 1],
            start_char=block.start,
            end_char=block.end,
        )
        return Block(block.kind, block.text, span)

    return tuple(place(block) for block in blocks)
