"""Bytes packed as their source was."""

import bz2
import gzip
import io
import lzma
import sys
import time
from collections.abc import Callable
from typing import Final

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from dedup.errors import MissingExtraError
from dedup.writers.packing import open_packed

UNPACK: Final[dict[str, Callable[[bytes], bytes]]] = {
    "": bytes,
    "gz": gzip.decompress,
    "bz2": bz2.decompress,
    "xz": lzma.decompress,
    "zst": lambda data: zstandard.ZstdDecompressor().decompressobj().decompress(data),
}


def pack(parts: list[bytes], compression: str) -> bytes:
    file = io.BytesIO()
    with open_packed(file, compression) as stream:
        for part in parts:
            stream.write(part)
    assert not file.closed
    return file.getvalue()


@pytest.mark.parametrize("compression", UNPACK)
@given(st.lists(st.binary()))
def test_the_tool_of_the_packing_unpacks_what_was_written(
    compression: str, parts: list[bytes]
) -> None:
    assert UNPACK[compression](pack(parts, compression)) == b"".join(parts)


@pytest.mark.parametrize("compression", UNPACK)
def test_equal_bytes_give_equal_files_at_any_time(
    compression: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = pack([b"one " * 1000], compression)
    monkeypatch.setattr(time, "time", lambda: 9e8)

    assert pack([b"one " * 1000], compression) == first


def test_without_zstandard_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "zstandard", None)

    with pytest.raises(MissingExtraError, match=r"pip install 'dedup-paragraphs\[zst\]'"):
        pack([b"one"], "zst")
