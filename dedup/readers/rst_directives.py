"""Find the directives of reStructuredText: comments `.. dedup: ...`."""

import re
from collections.abc import Iterator
from typing import Final

from dedup.model import BlockKind
from dedup.readers.batches import Spans
from dedup.readers.directives import Found, read_comment

_MARK: Final = re.compile(rb"\.\.(?=\s)")


def find_in_rst(text: str, spans: Spans) -> Iterator[Found]:
    """Find the directives among the comments of a text; `spans` are its blocks, as bytes."""
    source = text.encode()
    done = n_chars = 0
    for start, end, kind in zip(spans.starts, spans.ends, spans.kinds, strict=True):
        mark = _MARK.match(source, start, end) if kind == BlockKind.COMMENT else None
        said = read_comment(source[mark.end() : end].decode()) if mark else None
        if said is not None:
            begin = n_chars + len(source[done:start].decode())
            done, n_chars = end, begin + len(source[start:end].decode())
            yield Found(begin, n_chars, said)
