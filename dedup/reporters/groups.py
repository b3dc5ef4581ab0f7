"""Write one JSON line a paragraph, for corpora: which group it is in and whether it is to be kept.

`{"id":..,"paragraph":i,"group":"16 hex digits","canonical":true,"relation":null}`: `canonical` is
false for exactly the redundant paragraphs, so `select(.canonical)` keeps all the others, those too
short to be compared included (`group` null, `relation` "short" or "empty"). A kept paragraph that
is rewritten or restated says so in `relation`. Where there are several files, `"path"` follows the
id, since shards of a corpus often count their ids from the same number.

Decision (2026-11-23): no object a paragraph. What follows `"group":` has one of a few shapes, so
they are the rows of a byte array, the groups' digits are copied into their columns, and NumPy makes
the list of bytes (its type `S` drops the zeros behind a shorter shape). A million rows take 0.19 s
of CPU, joined 4,096 at a time so that a block stays in the cache (0.28 s with 65,536); a bytes
`%`-format a row took 0.28 s.
"""

from collections.abc import Iterator
from json import dumps
from typing import Final, TextIO

import numpy as np

from dedup.errors import SettingError
from dedup.model import ByteArray, DocumentBatch, IndexArray, Relation
from dedup.outcome import Outcome
from dedup.report import Report
from dedup.reporters.escapes import escape_json

_BLOCK_ROWS: Final = 4096
_HEAD: Final = b'{"id":'
_DIGITS: Final = 16
_KEPT: Final = (Relation.REWRITTEN, Relation.RESTATED)
_SHORT: Final = len(Relation)
_EMPTY: Final = _SHORT + 1


def render(outcome: Outcome, terminal: TextIO | None) -> Iterator[bytes]:
    """Give the lines in input order, some thousands a piece; of the whole run, whatever is shown.

    Raises:
        SettingError: The run is a saved one, which holds no line for each paragraph.
    """
    del terminal  # the same line everywhere
    report = outcome.run.report
    if report is None:
        raise SettingError(
            "setting output-format is 'groups': a saved run does not hold every paragraph. "
            "Scan again with --output-format groups, or choose another format."
        )
    corpus, shapes = report.corpus, _lay_out_shapes()
    several = len({batch.path for batch in corpus.batches}) > 1
    for row, batch in enumerate(corpus.batches):
        first, end = map(int, corpus.first_paragraphs[row : row + 2])
        documents = corpus.document[first:end] - corpus.first_documents[row]
        numbers = _number_within(documents)
        path = b',"path":%b' % dumps(batch.path, ensure_ascii=False).encode() if several else b""
        for start in range(0, end - first, _BLOCK_ROWS):
            block = slice(start, start + _BLOCK_ROWS)
            heads = _list_heads(batch, documents[block], numbers[block], path)
            place = slice(first + start, min(first + start + _BLOCK_ROWS, end))
            yield _make_harmless(_join_lines(heads, _list_tails(report, place, shapes)))


def _make_harmless(block: bytes) -> bytes:
    """Escape what JSON lets stand and a terminal or a runner obeys; most blocks hold no such."""
    if block.isascii() and b"\x7f" not in block and b"##" not in block:
        return block
    lines = block.decode(errors="surrogatepass").split("\n")
    return "\n".join(map(escape_json, lines)).encode()


def _lay_out_shapes() -> ByteArray:
    """Give what may follow `"group":`, one a row: by relation, then the shorts and the empties."""
    digits = b'"%b",' % (b"0" * _DIGITS)
    shapes = [digits + b'"canonical":true,"relation":null}\n' + _HEAD]
    for relation in list(Relation)[1:]:
        label, is_kept = relation.label.encode(), relation in _KEPT
        kept = b"true" if is_kept else b"false"
        shapes.append(digits + b'"canonical":%b,"relation":"%b"}\n' % (kept, label) + _HEAD)
    shapes += [
        b'null,"canonical":true,"relation":"%b"}\n' % label + _HEAD
        for label in (b"short", b"empty")
    ]
    width = max(map(len, shapes))
    joined = b"".join(shape.ljust(width, b"\0") for shape in shapes)
    return np.frombuffer(joined, np.uint8).reshape(-1, width)


def _number_within(documents: IndexArray) -> IndexArray:
    """Number the paragraphs of each document from 0; those of a document are neighbours."""
    places = np.arange(len(documents), dtype=np.int32)
    is_first = np.diff(documents, prepend=-1) != 0
    return places - np.maximum.accumulate(np.where(is_first, places, 0))


def _list_heads(
    batch: DocumentBatch, documents: IndexArray, numbers: IndexArray, path: bytes
) -> tuple[list[bytes], list[bytes]]:
    """Give the id of each row, and what stands between it and the group: path and number."""
    ids = list(map(batch.ids.__getitem__, documents.tolist()))
    kinds, which = np.unique(numbers, return_inverse=True)
    links = [b'%b,"paragraph":%d,"group":' % (path, number) for number in kinds.tolist()]
    return ids, list(map(links.__getitem__, which.tolist()))


def _list_tails(report: Report, place: slice, shapes: ByteArray) -> list[bytes]:
    """Give what follows `"group":` in each row, up to the next row's id."""
    corpus = report.corpus
    sizes = corpus.tokens.ends[place] - corpus.tokens.starts[place]
    kinds = report.relations[place].astype(np.intp)
    is_skipped = (sizes < report.config.paragraphs.min_words) & (kinds == Relation.NONE)
    if len(report.boilerplate):
        is_skipped &= report.boilerplate.texts[place] < 0
    kinds[is_skipped] = _SHORT
    kinds[is_skipped & (sizes == 0)] = _EMPTY
    rows = shapes[kinds]
    keys = report.group_keys[place]
    digits = np.frombuffer(keys.astype(">u8").tobytes().hex().encode(), np.uint8)
    grouped = np.flatnonzero(~is_skipped)
    rows[grouped, 1 : 1 + _DIGITS] = digits.reshape(-1, _DIGITS)[grouped]
    tails: list[bytes] = rows.view(f"S{rows.shape[1]}").ravel().tolist()
    return tails


def _join_lines(heads: tuple[list[bytes], list[bytes]], tails: list[bytes]) -> bytes:
    """Join the three columns; each tail opens the next line, so the first and last are mended."""
    pieces = [b""] * (3 * len(tails))
    pieces[0::3], pieces[1::3] = heads
    pieces[2::3] = tails
    pieces[0] = _HEAD + pieces[0]
    pieces[-1] = pieces[-1][: -len(_HEAD)]
    return b"".join(pieces)
