"""WARC written again: records gone with their packing, all others byte for byte."""

import bz2
import gzip
import io
import random
from collections.abc import Callable

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from dedup.config import DEFAULTS
from dedup.errors import InputError
from dedup.readers.sources import Source
from dedup.writers.warc import rewrite as rewrite_warc
from tests.readers.generated_warc import make_page, make_record, make_response, pack
from tests.writers.rewritten_archives import read_parts, rewrite

PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "": bytes,
    "gz": lambda raw: gzip.compress(raw, mtime=0),
    "zst": zstandard.compress,
    "bz2": bz2.compress,
}
UNPACKERS: dict[str, Callable[[bytes], bytes]] = {
    "": bytes,
    "gz": gzip.decompress,
    "zst": lambda raw: (
        zstandard.ZstdDecompressor().stream_reader(io.BytesIO(raw), read_across_frames=True).read()
    ),
    "bz2": bz2.decompress,
}
INFO = make_record("warcinfo", b"software: test\r\n", b"application/warc-fields")
REQUEST = make_record("request", b"GET / HTTP/1.1\r\n\r\n", b"application/http; msgtype=request")
IMAGE = make_response(b"\x89PNG\r\n\x1a\n" * 9, b"image/png")
GONE = make_response(make_page("is gone", "is gone too"))
HALF = make_response(make_page("is gone", "stays"))
STAYS = make_response(make_page("stays"))
EMPTY = make_response(b"<title>is gone</title>")
PLAIN = make_record("resource", b"is gone\n\nis gone\n", b"text/plain")
RECORDS = [INFO, REQUEST, GONE, IMAGE, HALF, EMPTY, STAYS, PLAIN]
KEPT = [record for record in RECORDS if record not in (GONE, PLAIN)]


def goes(text: str) -> bool:
    return "gone" in text


def source_of(content: bytes, compression: str) -> Source:
    return Source("a.warc", "warc", compression, None, content)


@pytest.mark.parametrize("compression", ["", "gz", "zst"])
def test_records_go_with_their_packing_and_all_others_keep_their_bytes(compression: str) -> None:
    content, cuts = rewrite(source_of(pack(RECORDS, compression), compression), goes)

    assert content == pack(KEPT, compression)
    places = [b"".join(RECORDS).index(record) for record in (GONE, PLAIN)]
    assert [(cut.offset, cut.content) for _, cut in cuts] == list(
        zip(places, (GONE, PLAIN), strict=True)
    )
    assert [said for said, _ in cuts] == [["is gone", "is gone too"], ["is gone", "is gone"]]


@pytest.mark.parametrize("compression", ["gz", "zst", "bz2"])
def test_a_file_packed_as_a_whole_is_packed_as_a_whole_again(compression: str) -> None:
    packed = PACKERS[compression](b"".join(RECORDS))

    content, cuts = rewrite(source_of(packed, compression), goes)

    assert UNPACKERS[compression](content) == b"".join(KEPT)
    assert [cut.content for _, cut in cuts] == [GONE, PLAIN]
    assert content == PACKERS[compression](b"".join(KEPT)) or compression != "bz2"


@pytest.mark.parametrize("compression", ["gz", "zst"])
def test_a_large_file_packed_as_a_whole_is_cut_too(compression: str) -> None:
    filler = random.Random(1).randbytes(30_000).hex()  # noqa: S311 -- more than a buffer of FastWARC
    large = [make_response(make_page(f"stays {number} {filler}")) for number in range(6)]
    records = [GONE, *large[:3], GONE, *large[3:], GONE]

    content, cuts = rewrite(source_of(PACKERS[compression](b"".join(records)), compression), goes)

    assert UNPACKERS[compression](content) == b"".join(large)
    assert len(cuts) == 3


def test_a_record_that_shares_its_packing_stays() -> None:
    packed = pack([INFO, GONE], "gz") + gzip.compress(GONE + STAYS + GONE) + pack([PLAIN], "gz")

    content, cuts = rewrite(source_of(packed, "gz"), goes)

    assert [cut.content for _, cut in cuts] == [GONE, PLAIN]
    assert gzip.decompress(content) == INFO + GONE + STAYS + GONE


@pytest.mark.parametrize("compression", ["", "gz", "zst"])
def test_what_is_left_of_a_file_that_goes_as_a_whole_is_one_without_records(
    compression: str,
) -> None:
    content, _ = rewrite(source_of(pack([GONE, PLAIN], compression), compression), goes)

    assert UNPACKERS[compression](content) == b""
    assert bool(content) == bool(compression)
    assert rewrite(source_of(content, compression), goes) == (content, [])


def test_a_member_that_holds_a_part_of_the_next_record_stays() -> None:
    both = GONE + STAYS
    packed = pack([INFO], "gz") + pack([both[: len(GONE) + 20], both[len(GONE) + 20 :]], "gz")

    content, cuts = rewrite(source_of(packed, "gz"), goes)

    assert (content, cuts) == (packed, [])


def test_a_paragraph_that_stays_keeps_the_whole_record() -> None:
    content = INFO + HALF + STAYS

    found, cuts = rewrite(source_of(content, ""), goes)

    assert found == content
    assert not any(cuts)


def test_what_stands_before_and_between_records_stays() -> None:
    content = b"\r\n" + INFO + b"\r\n" + STAYS + GONE + b"\r\n\r\n"

    found, _ = rewrite(source_of(content, ""), goes)

    assert found == b"\r\n" + INFO + b"\r\n" + STAYS


def test_fewer_pages_than_the_file_has_are_an_error() -> None:
    source = source_of(STAYS + GONE, "")
    parts = list(read_parts(source, goes))[:1]

    with pytest.raises(InputError, match="it was changed while it was read"):
        list(rewrite_warc(source, parts, io.BytesIO(), DEFAULTS.readers))


@given(st.lists(st.sampled_from(RECORDS), min_size=1, max_size=12), st.sampled_from(["", "gz"]))
def test_cuts_put_back_give_the_source(records: list[bytes], compression: str) -> None:
    content, cuts = rewrite(source_of(pack(records, compression), compression), goes)

    plain = UNPACKERS[compression](content)
    assert plain == b"".join(record for record in records if record not in (GONE, PLAIN))
    for _, cut in cuts:
        assert cut.content is not None
        plain = plain[: cut.offset] + cut.content + plain[cut.offset :]
    assert plain == b"".join(records)
    assert rewrite(source_of(content, compression), goes)[0] == content
