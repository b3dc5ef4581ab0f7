"""zstd, packed and unpacked."""

import io

import pytest
import zstandard

from dedup.readers.zstd import FEED_BYTES, ZstdFrames, open_zstd


def test_a_frame_says_where_it_ends_and_what_follows() -> None:
    frame = ZstdFrames()()
    packed = zstandard.compress(b"one")

    assert frame.decompress(packed + b"rest", 0) == b"one"
    assert (frame.eof, frame.unused_data) == (True, b"rest")


def test_damage_is_an_error_without_a_number() -> None:
    with pytest.raises(OSError, match=r"\AUnknown frame descriptor") as caught:
        ZstdFrames()().decompress(b"plain text", 0)

    assert caught.value.errno is None


def test_what_is_handed_over_at_once_unpacks_to_64_megabytes_at_most() -> None:
    packed = zstandard.ZstdCompressor(19).compress(bytes(300 << 20))
    frame = ZstdFrames()()

    sizes = [
        len(frame.decompress(packed[at : at + FEED_BYTES], 0))
        for at in range(0, len(packed), FEED_BYTES)
    ]

    assert sum(sizes) == 300 << 20
    assert max(sizes) <= 64 << 20


def test_what_is_packed_has_a_checksum_and_the_file_stays_open() -> None:
    file = io.BytesIO()
    stream = open_zstd(file)
    stream.write(b"one")
    stream.close()

    assert zstandard.get_frame_parameters(file.getvalue()).has_checksum
