"""Sources as streams: whole, counted, unpacked."""

import bz2
import gzip
import lzma
import os
import socket
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from dedup.config import ReadersConfig
from dedup.errors import InputError, MissingExtraError
from dedup.model import PADDING
from dedup.readers import streams
from dedup.readers.registry import find_compression
from dedup.readers.sources import Source
from dedup.readers.streams import SourceStream, read_head, read_whole


def file_source(path: Path) -> Source:
    return Source(str(path), "text", find_compression(path.name), str(path))


def read_bytes(source: Source, config: ReadersConfig = ReadersConfig()) -> bytes:  # noqa: B008 -- frozen
    piece = read_whole(source, config)
    assert piece.data[piece.size :].tolist() == [0] * PADDING
    return piece.data[: piece.size].tobytes()


@pytest.mark.parametrize("content", [b"", b"one", bytes(range(256)) * 20_000])
def test_a_plain_and_a_compressed_file_give_the_same_bytes(content: bytes, tmp_path: Path) -> None:
    plain, compressed = tmp_path / "a.txt", tmp_path / "a.txt.gz"
    plain.write_bytes(content)
    compressed.write_bytes(gzip.compress(content))

    assert read_bytes(file_source(plain)) == content
    assert read_bytes(file_source(compressed)) == content


@given(st.binary(), st.booleans())
def test_standard_input_gives_what_was_piped_in(content: bytes, is_compressed: bool) -> None:  # noqa: FBT001 -- drawn
    piped = gzip.compress(content) if is_compressed else content

    source = Source("<stdin>", "parquet", "gz" if is_compressed else "", None, piped)
    assert read_bytes(source) == content


def test_all_members_of_a_gzip_file_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.txt.gz"
    path.write_bytes(gzip.compress(b"one ") + gzip.compress(b"two") + bytes(512))

    assert read_bytes(file_source(path)) == b"one two"


@pytest.mark.parametrize("name", ["a.txt", "a.txt.gz"])
def test_a_stream_fills_every_buffer_until_the_end(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(gzip.compress(b"abcdefg") if name.endswith("gz") else b"abcdefg")

    with SourceStream(file_source(path), ReadersConfig()) as stream:
        buffer = bytearray(3)
        read = [bytes(buffer[: stream.readinto(buffer)]) for _ in range(4)]

    assert read == [b"abc", b"def", b"g", b""]
    assert stream.n_read == 7
    assert stream.size_bytes == (None if name.endswith("gz") else 7)


@pytest.mark.parametrize("n_kept", [0, 2, 9, 30, -9, -1])
def test_a_gzip_file_that_is_cut_short_is_refused(n_kept: int, tmp_path: Path) -> None:
    path = tmp_path / "a.txt.gz"
    path.write_bytes(gzip.compress(os.urandom(2000))[:n_kept])

    with pytest.raises(InputError, match=r"a\.txt\.gz: .*cut short.*--skip-errors"):
        read_bytes(file_source(path))


def test_a_damaged_gzip_file_is_refused(tmp_path: Path) -> None:
    damaged = bytearray(gzip.compress(b"one two three " * 500))
    damaged[20:24] = b"\xff\xff\xff\xff"
    path = tmp_path / "a.txt.gz"
    path.write_bytes(damaged)

    with pytest.raises(InputError, match="gzip"):
        read_bytes(file_source(path))


def test_a_wrong_checksum_is_refused(tmp_path: Path) -> None:
    damaged = bytearray(gzip.compress(b"one"))
    damaged[-8] ^= 1
    path = tmp_path / "a.txt.gz"
    path.write_bytes(damaged)

    with pytest.raises(InputError, match="no whole gzip file"):
        read_bytes(file_source(path))


def test_plain_text_under_a_compressed_name_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.txt.gz"
    path.write_bytes(b"plain text")

    with pytest.raises(InputError, match="no whole gzip file"):
        read_bytes(file_source(path))


def test_a_compression_bomb_is_stopped_at_the_limit(tmp_path: Path) -> None:
    path = tmp_path / "a.txt.gz"
    path.write_bytes(gzip.compress(bytes(50 << 20)))

    with SourceStream(file_source(path), ReadersConfig(max_bytes=1 << 20)) as stream:
        read = partial(stream.readinto, bytearray(1 << 16))
        with pytest.raises(InputError, match=r"more than 1,048,576 bytes.*--max-bytes"):
            sum(iter(read, 0))

    assert stream.n_read <= (1 << 20) + (1 << 16)


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress, zstandard.compress])
def test_a_bomb_is_stopped_by_how_much_it_expands(
    pack: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    endings = {gzip: "gz", bz2: "bz2", lzma: "xz"}
    ending = next((end for module, end in endings.items() if module.compress is pack), "zst")
    path = tmp_path / f"a.txt.{ending}"
    packed = pack(bytes(130 << 20))
    path.write_bytes(packed + packed)  # what is behind it must not count

    with SourceStream(file_source(path), ReadersConfig()) as stream:
        read = partial(stream.readinto, bytearray(1 << 16))
        with pytest.raises(InputError, match=r"more than 200 times its size.*--max-expansion"):
            sum(iter(read, 0))

    assert 64 << 20 <= stream.n_read <= 65 << 20


def test_what_expands_less_than_allowed_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.txt.gz"
    path.write_bytes(gzip.compress(bytes(70 << 20)))

    allowed = read_bytes(file_source(path), ReadersConfig(max_expansion=2000))

    assert len(allowed) == 70 << 20


def test_up_to_64_megabytes_anything_expands(tmp_path: Path) -> None:
    path = tmp_path / "a.txt.gz"
    path.write_bytes(gzip.compress(bytes(64 << 20)))

    assert len(read_bytes(file_source(path), ReadersConfig(max_expansion=2))) == 64 << 20


@pytest.mark.parametrize("ending", ["gz", "bz2", "xz", "zst"])
def test_an_empty_file_is_packed_in_no_way(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"a.txt.{ending}"
    path.touch()

    with pytest.raises(InputError, match=r"data are cut short: it is empty"):
        read_bytes(file_source(path))


def test_without_zstandard_the_extra_is_named_whatever_the_file_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.txt.zst"
    path.touch()
    monkeypatch.setitem(sys.modules, "zstandard", None)

    with pytest.raises(MissingExtraError, match=r"pip install 'dedup-paragraphs\[zst\]'"):
        SourceStream(file_source(path), ReadersConfig())


def test_a_text_that_is_something_else_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"%PDF-1.7\n" + bytes(1000))
    read_head(Source("a.pq", "parquet", "", str(path)), ReadersConfig())

    with pytest.raises(InputError, match="it holds a PDF, not text"):
        read_bytes(file_source(path))


def test_what_is_packed_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.txt.gz"
    path.write_bytes(gzip.compress(bz2.compress(b"one")))

    with pytest.raises(InputError, match=r"packed twice, then with bzip2\. Unpack it once, or"):
        read_bytes(file_source(path))


def test_the_head_is_unpacked_and_short(tmp_path: Path) -> None:
    path = tmp_path / "a.txt.gz"
    path.write_bytes(gzip.compress(b"0123456789" * 1000))

    assert read_head(file_source(path), ReadersConfig()) == (b"0123456789" * 410)[:4096]


def test_a_plain_file_over_the_limit_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(bytes(11))

    assert read_bytes(file_source(path), ReadersConfig(max_bytes=11)) == bytes(11)
    with pytest.raises(InputError, match="more than 10 bytes"):
        SourceStream(file_source(path), ReadersConfig(max_bytes=10))


def test_what_is_appended_while_a_file_is_read_is_left_for_later(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"abcdef")

    with SourceStream(file_source(path), ReadersConfig()) as stream:
        with path.open("ab") as file:
            file.write(b"ghi")
        buffer = bytearray(100)
        n_bytes = stream.readinto(buffer)

    assert buffer[:n_bytes] == b"abcdef"


def test_a_file_that_shrinks_while_it_is_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"abcdef")

    with SourceStream(file_source(path), ReadersConfig()) as stream:
        os.truncate(path, 2)
        with pytest.raises(InputError, match="changed while it was read: 4 bytes"):
            stream.readinto(bytearray(100))


def test_a_named_pipe_is_refused_without_waiting_for_a_writer(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    os.mkfifo(path)

    with pytest.raises(InputError, match=r"it is a named pipe, not a regular file.*'-'"):
        SourceStream(file_source(path), ReadersConfig())


def test_devices_sockets_and_folders_are_refused(tmp_path: Path) -> None:
    named = tmp_path / "s"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(named))
        kinds = {Path("/dev/zero"): "device", named: "socket", tmp_path: "folder"}
        for path, kind in kinds.items():
            with pytest.raises(InputError, match=f"it is a {kind}, not a regular file"):
                SourceStream(file_source(path), ReadersConfig())


def test_a_path_that_no_system_takes_is_refused() -> None:
    with pytest.raises(InputError, match="embedded null byte"):
        SourceStream(file_source(Path("a\0.txt")), ReadersConfig())


@pytest.mark.parametrize("name", ["a.txt", "a.txt.gz"])
def test_a_disk_that_fails_is_an_error(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / name
    path.write_bytes(gzip.compress(b"one"))
    source = file_source(path)

    def fail(_self: object, _buffer: object) -> int:
        raise OSError(5, "Input/output error")

    with SourceStream(source, ReadersConfig()) as stream:
        monkeypatch.setattr(streams._RegularFile, "readinto", fail)  # noqa: SLF001 -- no disk fails on demand
        with pytest.raises(InputError, match="input/output error"):
            stream.readinto(bytearray(9))


def test_a_pipe_put_in_place_of_a_file_is_refused_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.txt"
    path.write_text("one")
    regular = path.stat()
    path.unlink()
    os.mkfifo(path)
    monkeypatch.setattr(os, "stat", lambda _path: regular)

    with pytest.raises(InputError, match="it is a named pipe"):
        SourceStream(file_source(path), ReadersConfig())


def test_a_forbidden_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.txt"
    path.write_text("secret")

    def forbid(_path: str, _flags: int) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", forbid)
    with pytest.raises(InputError, match=r"a\.txt: permission denied.*permissions"):
        SourceStream(file_source(path), ReadersConfig())


def test_no_file_stays_open_behind_a_refusal(tmp_path: Path) -> None:
    for name in ("big.txt", "empty.txt.gz"):
        (tmp_path / name).write_bytes(b"abc" if name == "big.txt" else b"")
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208 -- names are enough

    for name in ("big.txt", "empty.txt.gz"):
        with pytest.raises(InputError):
            SourceStream(file_source(tmp_path / name), ReadersConfig(max_bytes=2))

    assert len(os.listdir("/proc/self/fd")) == before  # noqa: PTH208 -- likewise
