"""gzip, bzip2, xz and zstd as streams."""

import bz2
import gzip
import io
import lzma
import sys
import tracemalloc
import zlib
from collections.abc import Callable
from typing import Final

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from dedup.errors import InputError, MissingExtraError
from dedup.readers.unpacking import as_input_errors, open_unpacked

PACK: Final[dict[str, Callable[[bytes], bytes]]] = {
    "gz": gzip.compress,
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "zst": zstandard.compress,
}
KINDS: Final = {"gz": "gzip", "bz2": "bzip2", "xz": "xz", "zst": "zstd"}
of_every_kind = pytest.mark.parametrize("compression", PACK)


def unpack(packed: bytes, compression: str, n_bytes: int = 1 << 16) -> bytes:
    with as_input_errors("a.txt", compression):
        stream = open_unpacked(io.BytesIO(packed), compression)
        buffer, content = bytearray(n_bytes), bytearray()
        while n_read := stream.readinto(memoryview(buffer)) or 0:
            content += buffer[:n_read]
    return bytes(content)


@of_every_kind
@given(st.lists(st.binary(), min_size=1), st.integers(1, 9), st.integers(0, 9))
def test_all_members_are_read_into_buffers_of_any_size(
    compression: str, parts: list[bytes], n_bytes: int, n_zeros: int
) -> None:
    packed = b"".join(map(PACK[compression], parts)) + bytes(4 * n_zeros)

    assert unpack(packed, compression, n_bytes) == b"".join(parts)


@of_every_kind
def test_members_of_many_sizes_are_read(compression: str) -> None:
    parts = [bytes([65 + n]) * 3**n for n in range(15)]
    packed = (
        bytes(8).join(map(PACK[compression], parts))
        if compression != "gz"
        else b"".join(map(PACK[compression], parts))
    )

    assert unpack(packed, compression) == b"".join(parts)


def test_frames_of_zstd_without_content_are_passed_over() -> None:
    skippable = b"\x5a\x2a\x4d\x18" + (5).to_bytes(4, "little") + b"12345"
    packed = skippable + zstandard.compress(b"one") + skippable + zstandard.compress(b" two")

    assert unpack(packed, "zst") == b"one two"


@of_every_kind
@given(st.data())
def test_data_cut_short_anywhere_are_refused(compression: str, data: st.DataObject) -> None:
    content = data.draw(st.binary(min_size=1, max_size=300))
    packed = PACK[compression](content)
    n_kept = data.draw(st.integers(2, len(packed) - 1))  # one byte tells nothing

    with pytest.raises(InputError, match=rf"a\.txt: its {KINDS[compression]} data are cut short"):
        unpack(packed[:n_kept], compression)


@of_every_kind
@given(st.data())
def test_data_spoilt_anywhere_are_refused_or_right(compression: str, data: st.DataObject) -> None:
    content = b"one two three " * 20
    packed = bytearray(
        zstandard.ZstdCompressor(write_checksum=True).compress(content)
        if compression == "zst"
        else PACK[compression](content)
    )
    place = data.draw(st.integers(0, len(packed) - 1))
    packed[place] ^= data.draw(st.integers(1, 255))

    try:
        unpacked = unpack(bytes(packed), compression)
    except InputError as error:
        assert f"{KINDS[compression]} " in str(error)  # noqa: PT017 -- it may be right
    else:
        assert unpacked == content


@of_every_kind
def test_what_follows_the_data_is_not_passed_over(compression: str) -> None:
    with pytest.raises(InputError, match=KINDS[compression]):
        unpack(PACK[compression](b"one") + b"and more, which is not packed", compression)


def test_a_window_over_the_bound_is_refused() -> None:
    wide = zstandard.ZstdCompressionParameters(window_log=28, compression_level=1)
    packer = zstandard.ZstdCompressor(compression_params=wide).compressobj()
    packed = packer.compress(b"one " * 1000) + packer.flush()

    with pytest.raises(InputError, match=r"zstd file .*too much memory"):
        unpack(packed, "zst")


def test_a_dictionary_of_xz_over_the_bound_is_refused() -> None:
    filters = [{"id": lzma.FILTER_LZMA2, "dict_size": 1 << 20}]
    packed = bytearray(lzma.compress(b"one " * 1000, lzma.FORMAT_XZ, filters=filters))
    # The size of the dictionary stands in the header's filter flags, the header's sum behind it.
    place = packed.index(b"\x21\x01") + 2
    packed[place] = 38  # 2 GB
    begin, size = 12, (packed[12] + 1) * 4
    check = zlib.crc32(packed[begin : begin + size - 4])
    packed[begin + size - 4 : begin + size] = check.to_bytes(4, "little")

    with pytest.raises(InputError, match=r"no whole xz file \(Memory usage limit exceeded\)"):
        unpack(bytes(packed), "xz")


@of_every_kind
def test_the_memory_that_unpacking_takes_has_a_bound(compression: str) -> None:
    packed = PACK[compression](bytes(100 << 20))
    stream = open_unpacked(io.BytesIO(packed), compression)
    buffer = memoryview(bytearray(1 << 16))
    tracemalloc.start()
    try:
        n_bytes = sum(iter(lambda: stream.readinto(buffer) or 0, 0))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert n_bytes == 100 << 20
    assert peak < 140 << 20  # of zstd at most 64 MB come at once, and are joined


def test_without_zstandard_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "zstandard", None)

    with pytest.raises(MissingExtraError, match=r"pip install 'dedup-paragraphs\[zst\]'"):
        open_unpacked(io.BytesIO(b""), "zst")
