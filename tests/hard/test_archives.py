"""Parquet and WARC that are huge, spoiled or meant to harm: bounds on memory, and no crash."""

import gzip
import io
import subprocess
import sys
from functools import cache
from pathlib import Path
from textwrap import dedent
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.config import ParagraphsConfig, ReadersConfig
from dedup.errors import InputError
from dedup.kernels import load_engine
from dedup.model import Problem
from dedup.paragraphs import split_paragraphs
from dedup.readers.documents import parse_piece, read_pieces
from dedup.readers.sources import Source, find_sources
from tests.readers.generated_warc import chunk, make_page, make_record, make_response

SKIPPING = ReadersConfig(skip_errors=True, max_bytes=1 << 24)
N_ROWS = 1_000_000
ROOT = Path(__file__).parents[2]


def run_apart(script: str, *arguments: object) -> dict[str, int]:
    """Run a script in a process of its own; gives the numbers that it prints by their names."""
    memory = """
        from pathlib import Path
        peak = Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0]
        print("peak", int(peak) >> 10)
    """
    command = [sys.executable, "-c", dedent(script) + dedent(memory), *map(str, arguments)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=ROOT)  # noqa: S603 -- own
    assert done.returncode == 0, done.stderr
    pairs = (line.split() for line in done.stdout.splitlines())
    return {name: int(number) for name, number in pairs}


needs_proc = pytest.mark.skipif(
    not Path("/proc/self/status").exists(), reason="the peak of memory is read in /proc"
)


@pytest.fixture(scope="module")
def million(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a table of a million rows in one row group."""
    path = tmp_path_factory.mktemp("million") / "a.parquet"
    numbers = pa.array(range(N_ROWS))
    text = pa.compute.binary_join_element_wise(
        "Row number",
        numbers.cast(pa.string()),
        "says again what all the others said before it",
        " ",
    )
    table = pa.table({"id": numbers, "text": text, "pair": pa.array([[1, 2]] * N_ROWS)})
    pq.write_table(table, path, row_group_size=N_ROWS, compression="zstd")
    return path


@needs_proc
def test_a_million_rows_in_one_group_are_read_in_little_memory(million: Path) -> None:
    found = run_apart(
        """
        import sys
        from dedup.config import ParagraphsConfig, ReadersConfig
        from dedup.readers.documents import read_documents
        n_rows = n_blocks = 0
        for batch in read_documents([sys.argv[1]], ReadersConfig(), None):
            n_rows, n_blocks = n_rows + len(batch.ids), n_blocks + len(batch.starts)
        print("rows", n_rows)
        print("blocks", n_blocks)
        """,
        million,
    )

    assert (found["rows"], found["blocks"]) == (N_ROWS, N_ROWS)
    assert found["peak"] < 300  # MB; the texts alone are 65, Python with pyarrow 90


@needs_proc
def test_a_million_rows_are_written_in_little_memory(million: Path, tmp_path: Path) -> None:
    target = tmp_path / "b.parquet"
    found = run_apart(
        """
        import sys
        from pathlib import Path
        from dedup.readers.sources import Source
        from dedup.writers.parquet import rewrite
        from dedup.config import ParagraphsConfig, ReadersConfig
        from tests.writers.rewritten_archives import read_parts
        source = Source("a", "parquet", "", sys.argv[1])
        parts = read_parts(source, lambda text: "7 says" in text)
        with Path(sys.argv[2]).open("wb") as file:
            done = rewrite(source, parts, file, ReadersConfig())
            print("cuts", sum(len(cuts) for _, cuts in done))
        """,
        million,
        target,
    )

    assert found["cuts"] == N_ROWS // 10
    assert pq.read_metadata(target).num_rows == N_ROWS - N_ROWS // 10
    assert found["peak"] < 600  # MB


@needs_proc
def test_a_dictionary_that_unfolds_is_stopped_in_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    indices = pa.array([0] * 1_000_000, pa.int32())
    values = pa.DictionaryArray.from_arrays(indices, pa.array(["w" * 500_000]))
    table = pa.table({"text": values})  # 500 GB
    pq.write_table(table, path, compression="zstd")
    assert path.stat().st_size < 100_000

    found = run_apart(
        """
        import sys
        from dedup.config import ParagraphsConfig, ReadersConfig
        from dedup.readers.documents import read_pieces
        from dedup.readers.sources import find_sources
        config = ReadersConfig(skip_errors=True, max_bytes=1 << 29)
        for piece in read_pieces(find_sources([sys.argv[1]], config), config):
            last = getattr(piece, "message", "")
        assert "more than 536,870,912 bytes" in last, last
        """,
        path,
    )

    assert found["peak"] < 600  # MB


def read(content: bytes, format_name: str, config: ReadersConfig, compression: str = "") -> None:
    """Read and split all of a source; what it holds must be spans of the buffers."""
    engine = load_engine("numpy")
    source = Source("a", format_name, compression, None, content)
    for piece in read_pieces([source], config):
        batch = parse_piece(piece, config, engine)
        paragraphs = split_paragraphs(batch, ParagraphsConfig(), engine)
        assert all(batch.document < len(batch.ids))
        for start, end in zip(paragraphs.starts, paragraphs.ends, strict=True):
            assert batch.buffer[start:end].tobytes().decode().strip()


@cache
def make_tables() -> list[bytes]:
    """Make small files of all encodings."""
    rows = range(30)
    table = pa.table(
        {
            "id": rows,
            "text": [f"word {row} is said" * (row % 4) if row % 7 else None for row in rows],
            "list": [[str(row)] for row in rows],
        }
    )
    options: list[dict[str, Any]] = [
        {},
        {"row_group_size": 10, "compression": "gzip", "data_page_version": "2.0"},
        {"use_dictionary": False, "compression": "none", "store_schema": False},
        {
            "use_dictionary": False,
            "column_encoding": {"text": "DELTA_BYTE_ARRAY", "id": "DELTA_BINARY_PACKED"},
        },
    ]
    contents = []
    for each in options:
        sink = io.BytesIO()
        pq.write_table(table, sink, **each)
        contents.append(sink.getvalue())
    return contents


@cache
def make_archives() -> list[bytes]:
    """Make small WARC files of all kinds of records."""
    page = make_page("A paragraph of a page.", "Another one.")
    return [
        make_record("warcinfo", b"a: b", b"application/warc-fields") + make_response(page) * 2,
        make_response(chunk(page), headers=b"Transfer-Encoding: chunked\r\n"),
        make_response(gzip.compress(page), headers=b"Content-Encoding: gzip\r\n"),
        make_record("resource", page, b"text/html")
        + make_record("conversion", page, b"text/plain"),
    ]


EDITS = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 6), st.binary(max_size=6)), max_size=6)


def spoil(content: bytes, edits: list[tuple[float, int, bytes]]) -> bytes:
    """Put bytes in the place of others, anywhere."""
    for where, n_bytes, replacement in edits:
        place = int(where * len(content))
        content = content[:place] + replacement + content[place + n_bytes :]
    return content


@given(st.integers(0, 3), EDITS, st.booleans())
@settings(max_examples=300)
def test_no_spoiled_parquet_does_more_than_raise_an_input_error(
    number: int,
    edits: list[tuple[float, int, bytes]],
    has_ends: bool,  # noqa: FBT001 -- hypothesis gives no keyword
) -> None:
    content = spoil(make_tables()[number], edits)
    if has_ends:
        content = b"PAR1" + content[4:-4] + b"PAR1"

    read(content, "parquet", SKIPPING)


@given(st.integers(0, 3), EDITS, st.booleans())
@settings(max_examples=300)
def test_no_spoiled_warc_does_more_than_raise_an_input_error(
    number: int,
    edits: list[tuple[float, int, bytes]],
    is_packed: bool,  # noqa: FBT001 -- hypothesis gives no keyword
) -> None:
    content = make_archives()[number]

    if is_packed:
        read(spoil(gzip.compress(content), edits), "warc", SKIPPING, "gz")
    read(spoil(content, edits), "warc", SKIPPING)


@given(st.binary(max_size=300), st.sampled_from(["parquet", "warc"]))
def test_no_other_bytes_do_more_than_raise_an_input_error(content: bytes, name: str) -> None:
    read(content, name, SKIPPING)


INFO = make_record("warcinfo", b"a: b", b"application/warc-fields")
ZEROS = bytes(1 << 20)


def make_bomb(n_megabytes: int) -> bytes:
    """Pack zeros, which go 1,000-fold into gzip."""
    sink = io.BytesIO()
    with gzip.GzipFile("", "wb", 6, sink, mtime=0) as packer:
        for _ in range(n_megabytes):
            packer.write(ZEROS)
    return sink.getvalue()


def test_a_record_that_unpacks_for_ever_is_stopped() -> None:
    head = make_response(b"<p>words</p>").replace(b"Content-Length: ", b"Content-Length: 9")
    longer = gzip.compress(head.replace(b"Length: 9", b"Length: 999999999"))

    for begin in (longer, gzip.compress(INFO)):  # within a record, and where one should begin
        source = Source("a.warc", "warc", "gz", None, begin + make_bomb(400))
        with pytest.raises(InputError, match=r"unpacks to more than 200 times|Invalid WARC header"):
            list(read_pieces([source], ReadersConfig()))


def test_a_payload_that_unpacks_for_ever_is_left_out_with_a_remark() -> None:
    record = make_response(make_bomb(400), headers=b"Content-Encoding: gzip\r\n")
    source = Source("a.warc", "warc", "", None, record + make_response(make_page("words")))

    pieces = read_pieces([source], ReadersConfig())
    bomb, page = (parse_piece(piece, ReadersConfig(), load_engine("numpy")) for piece in pieces)

    assert (len(bomb.starts), len(bomb.ids)) == (0, 1)
    assert "its payload unpacks to more than" in bomb.remarks[0].message
    assert len(page.starts) > 0


@pytest.mark.parametrize(
    "content", [b"", b"Some text.\n", b"<p>A page</p>", b"PAR1 or WARC/1.1 text"]
)
@pytest.mark.parametrize("name", ["a.parquet", "a.warc"])
def test_a_file_of_another_format_is_named(content: bytes, name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    config = ReadersConfig(skip_errors=True)

    found = list(read_pieces(find_sources([path], config), config))

    if content or name != "a.warc":
        (problem,) = found
        assert isinstance(problem, Problem)
        assert problem.path == str(path)
