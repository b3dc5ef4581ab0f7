"""Lead places of a decoded text back to the bytes of the source, whatever its encoding.

In: a source's bytes and its text in UTF-8. Out: for places of the text, counted in characters or in
bytes of UTF-8, the bytes of the source.

Decision (2026-11-25): a place is found by encoding what stands before it again, so that one rule
holds for every encoding; before, all of the text is encoded and compared with the source. Where
that is another (Shift_JIS has several spellings of a few characters, ISO-2022 escapes that mean
nothing) the source cannot be cut byte for byte and is left alone, with an error that says so.
"""

import re
from collections.abc import Sequence
from typing import Final

import numpy as np

from dedup.errors import InputError
from dedup.model import PADDING, OffsetArray
from dedup.readers.encodings import UTF8, Utf8

_STATEFUL: Final = ("iso2022", "hz", "utf-7")  # what a byte means hangs on those before it
# These spell some letters with their mark as one, so that a text cannot be parted before a mark.
_JOINING: Final = ("big5hkscs", "euc_jis", "euc_jisx0213", "shift_jis_2004", "shift_jisx0213")
_JOINED: Final = re.compile("[\u0300-\u036f\u02e5\u02e9\u309a]")
_REMEDY: Final = "Convert it to UTF-8, e.g. with iconv, or leave it out."


class SourceBytes:
    """The bytes of a source and the way to them from its text.

    Places are given in any order and may repeat; the place behind the last character is one too.
    They lie between characters.

    >>> from dedup.readers.batches import pad
    >>> source = SourceBytes("né d".encode("cp1252"), Utf8(pad("né d".encode()), 1, "cp1252"), "a")
    >>> source.find_chars([2, 4]).tolist(), source.find_utf8([3, 5]).tolist()
    ([2, 4], [2, 4])
    """

    def __init__(self, raw: bytes, utf8: Utf8, path: str) -> None:
        """Take a source.

        Args:
            raw: Its bytes, a byte order mark among them where it has one.
            utf8: What `check_utf8` made of them.
            path: Its name, for the error.

        Raises:
            InputError: Its text, encoded again, does not give its bytes.
        """
        self.raw, self.encoding, self.mark = raw, utf8.encoding, utf8.mark
        self._utf8 = utf8
        self._text: str | None = None
        if self.encoding != UTF8 and not self._is_encoded_alike():
            problem = f"it cannot be written again byte for byte in {self.encoding}"
            raise InputError(path, None, problem, _REMEDY)

    def _is_encoded_alike(self) -> bool:
        if self.encoding.startswith(_STATEFUL):
            return False
        if self.encoding.startswith(_JOINING) and _JOINED.search(self.text):
            return False
        try:
            return self.mark + self.encode(self.text) == self.raw
        except UnicodeEncodeError:
            return False

    @property
    def text(self) -> str:
        """Give the decoded text, without the mark."""
        if self._text is None:
            self._text = self._utf8.decode()
        return self._text

    def encode(self, text: str) -> bytes:
        """Encode something to be put into the source.

        Raises:
            UnicodeEncodeError: The source's encoding cannot say it.
        """
        return text.encode(self.encoding)

    def find_chars(self, places: Sequence[int] | OffsetArray) -> OffsetArray:
        """Give the byte of `raw` at which each of these characters of the text begins."""
        wanted, order = np.unique(np.asarray(places, np.int64), return_inverse=True)
        parts = np.concatenate([np.zeros(1, np.int64), wanted])
        text = self.text
        sizes = [
            len(text[start:end].encode(self.encoding))
            for start, end in zip(parts[:-1].tolist(), parts[1:].tolist(), strict=True)
        ]
        found: OffsetArray = (len(self.mark) + np.cumsum(sizes, dtype=np.int64))[order]
        return found

    def find_utf8(self, places: Sequence[int] | OffsetArray) -> OffsetArray:
        """Give the byte of `raw` at which what begins at these bytes of the UTF-8 begins."""
        wanted = np.asarray(places, np.int64)
        if self.encoding == UTF8:
            return wanted + len(self.mark)
        content = self._utf8.buffer[:-PADDING]
        counts = np.zeros(len(content) + 1, np.int64)
        np.cumsum((content & 0xC0) != 0x80, out=counts[1:])  # noqa: PLR2004 -- UTF-8's 10xxxxxx
        return self.find_chars(counts[wanted])
