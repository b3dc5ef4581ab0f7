"""Parquet and WARC that are huge, spoiled or meant to harm: bounds on memory, and no crash."""

import gzip
import io
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from textwrap import dedent
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.config import ReadersConfig
from dedup.errors import InputError
from dedup.model import Problem
from dedup.paragraphs import split_paragraphs
from dedup.config import ParagraphsConfig
from dedup.kernels import load_engine
from dedup.readers.documents import parse_piece, read_pieces
from dedup.readers.sources import Piece, Source
from tests.readers.generated_warc import chunk, make_page, make_record, make_response
from tests.writers.rewritten import rewrite

SKIPPING = ReadersConfig(skip_errors=True, max_bytes=1 << 24)
N_ROWS = 1_000_000
MEBIBYTE = 1 << 20


def run_apart(script: str, *arguments: object) -> dict[str, int]:
    """Run a script in a process of its own; gives the numbers that it prints by their names."""
    memory = """
        import resource
        print("peak", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10)
    """
    command = [sys.executable, "-c", dedent(script) + dedent(memory), *map(str, arguments)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 -- own
    pairs = (line.split() for line in done.stdout.splitlines())
    return {name: int(number) for name, number in pairs}


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


def test_a_million_rows_in_one_group_are_read_in_little_memory(million: Path) -> None:
    found = run_apart(
        """
        import sys
        from dedup.config import ReadersConfig
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


def test_a_million_rows_are_written_in_little_memory(million: Path, tmp_path: Path) -> None:
    target = tmp_path / "b.parquet"
    found = run_apart(
        """
        import sys
        from pathlib import Path
        from dedup.readers.sources import Source
        from dedup.writers.parquet import rewrite
        from dedup.config import ReadersConfig
        from tests.writers.rewritten import read_parts
        source = Source("a", "parquet", "", sys.argv[1])
        parts = read_parts(source, lambda text: "7 says" in text)
        with Path(sys.argv[2]).open("wb") as file:
            print("cuts", sum(len(cuts) for _, cuts in rewrite(source, parts, file, ReadersConfig())))
        """,
        million,
        target,
    )

    assert found["cuts"] == N_ROWS // 10
    assert pq.read_metadata(target).num_rows == N_ROWS - N_ROWS // 10
    assert found["peak"] < 600  # MB


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
        from dedup.config import ReadersConfig
        from dedup.readers.documents import read_pieces
        from dedup.readers.sources import find_sources
        config = ReadersConfig(skip_errors=True, max_bytes=1 << 30)
        *pieces, last = read_pieces(find_sources([sys.argv[1]], config), config)
        assert "more than 1,073,741,824 bytes" in last.message, last
        """,
        path,
    )

    assert found["peak"] < 2000  # MB: the pieces of 1 GB are all held here
