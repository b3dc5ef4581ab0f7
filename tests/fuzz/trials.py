"""Read one spoilt input and say what should not have happened.

Anything but a `DedupError` is a failure, and so is a place that is not where it is said to be.
"""

import html
import re
import traceback
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Final

import numpy as np

from dedup.config import ParagraphsConfig, ReadersConfig
from dedup.errors import DedupError, InputError
from dedup.kernels import Engine
from dedup.model import DocumentBatch, ParagraphBatch
from dedup.paragraphs import split_paragraphs
from dedup.readers.documents import parse_piece, read_pieces
from dedup.readers.sources import Piece, Source
from dedup.writers.edits import Part
from dedup.writers.registry import WRITERS
from tests.fuzz.spans import (
    Places,
    find_misplaced,
    find_misplaced_directives,
    find_out_of_bounds,
    list_blocks,
)
from tests.fuzz.targets import Target

_MAX_BYTES: Final = 64 << 20
_SLICES: Final = frozenset({"text", "markdown", "rst"})
_MARKUP: Final = frozenset({"html", "feed"})
_ROWLESS: Final = frozenset({"parquet", "warc"})  # their lines are rows or records
_DECLARED: Final = re.compile(rb"(?i)(?:charset|encoding)\s*=")
_WIDE: Final = (
    (b"\xff\xfe\0\0", "utf-32"),
    (b"\0\0\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)


@dataclass(frozen=True, slots=True)
class Failure:
    """What went wrong, and a short name under which the same mistake is counted once."""

    name: str
    account: str


@dataclass(frozen=True, slots=True)
class Trial:
    """One input, as a file under its name, and how it is read."""

    target: Target
    format: str
    path: Path
    content: bytes
    engine: Engine

    def run(self) -> Iterator[Failure]:
        """Read the input, strictly and with errors skipped, and check what was read."""
        is_read = False
        for skip_errors in (False, True):
            config = ReadersConfig(skip_errors=skip_errors, max_bytes=_MAX_BYTES, date_field="date")
            try:
                parts = list(self._read(config))
            except DedupError as error:
                if skip_errors and isinstance(error, InputError):
                    yield Failure(f"not skipped: {error.problem[:40]}", str(error))
                continue
            except Exception as error:  # noqa: BLE001 -- that is what is looked for
                yield describe(error)
                continue
            if not is_read:
                yield from self._check(parts)
            is_read = True
            if not skip_errors:
                yield from self._rewrite(parts, config)

    def _read(self, config: ReadersConfig) -> Iterator[tuple[Piece | None, bytes, ParagraphBatch]]:
        for piece in read_pieces([self._source()], config):
            is_piece = isinstance(piece, Piece)
            raw = piece.data[: piece.size].tobytes() if isinstance(piece, Piece) else b""
            batch = parse_piece(piece, config, self.engine)
            paragraphs = split_paragraphs(batch, ParagraphsConfig(), self.engine)
            yield piece if is_piece else None, raw, paragraphs  # type: ignore[misc]

    def _source(self) -> Source:
        is_small = len(self.content) % 2 == 0  # either way of handing it over
        path, content = (None, self.content) if is_small else (str(self.path), None)
        return Source(self.path.name, self.format, self.target.compression, path, content)

    def _check(
        self, parts: Sequence[tuple[Piece | None, bytes, ParagraphBatch]]
    ) -> Iterator[Failure]:
        batches = [paragraphs.batch for *_, paragraphs in parts]
        source = self._decode()
        n_lines = 1 << 60 if self.format in _ROWLESS else self._count_lines()
        for _, _, paragraphs in parts:
            problems = [
                *find_out_of_bounds(paragraphs.batch, n_lines),
                *_check_paragraphs(paragraphs),
            ]
            yield from (Failure(f"bounds: {_name(text)}", text) for text in problems)
        for batch in batches:
            list_blocks(batch)  # every text is UTF-8
        if source is None or len(batches) != 1 or batches[0].problems or batches[0].remarks:
            return
        if self.format in _SLICES | _MARKUP:
            problems = [
                *find_misplaced(source, batches[0]),
                *find_misplaced_directives(source, batches[0]),
            ]
            yield from (Failure(f"place: {_name(text)}", text) for text in problems[:1])
        if self.format in _MARKUP and not problems:
            yield from _check_cut_out(source, batches[0])

    def _decode(self) -> str | None:
        """Give the source as text where there is no doubt how it is encoded."""
        if self.target.compression or self.format in _ROWLESS:
            return None
        for mark, encoding in _WIDE:
            if self.content.startswith(mark):
                return _decode_as(self.content, encoding)
        if self.format in _MARKUP and _DECLARED.search(self.content):
            plain = re.sub(rb"(?i)(?:charset|encoding)\s*=\s*[\"']?utf-8\b", b"", self.content)
            if _DECLARED.search(plain):
                return None
        return _decode_as(self.content, "utf-8-sig")

    def _count_lines(self) -> int:
        """Give a bound of the lines that holds in every encoding; none for what is packed."""
        if self.target.compression:
            return 1 << 60
        return 1 + self.content.count(b"\n") + self.content.count(b"\r")

    def _rewrite(
        self, parts: Sequence[tuple[Piece | None, bytes, ParagraphBatch]], config: ReadersConfig
    ) -> Iterator[Failure]:
        """Write the source again: without cuts it is the same, with cuts it does not fail."""
        if self.format == "parquet" or any(piece is None for piece, *_ in parts):
            return
        for share in (0, 2):
            try:
                written = self._write(parts, config, share)
            except DedupError:
                continue
            except Exception as error:  # noqa: BLE001 -- that is what is looked for
                yield describe(error)
                continue
            if share == 0 and not self.target.compression and written != self.content:
                yield Failure(f"{self.format} is not written as it was", repr(written[:2000]))

    def _write(
        self,
        parts: Sequence[tuple[Piece | None, bytes, ParagraphBatch]],
        config: ReadersConfig,
        share: int,
    ) -> bytes:
        output = BytesIO()
        listed = (
            Part(
                piece,
                raw,
                paragraphs,
                np.arange(len(paragraphs.starts))[1 :: share or 1][: share * 999],
            )
            for piece, raw, paragraphs in parts
            if piece is not None
        )
        module = WRITERS[self.format].load()
        for _ in module.rewrite(self._source(), listed, output, config):
            pass
        return output.getvalue()


def describe(error: Exception) -> Failure:
    """Name an error by its kind and the line of `dedup` that it came through last."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if "/dedup/" in frame.filename] or frames
    place = f"{Path(own[-1].filename).name}:{own[-1].lineno}"
    return Failure(f"{type(error).__name__} in {place}", "".join(traceback.format_exception(error)))


def _name(problem: str) -> str:
    """Leave out what differs between two cases of one mistake."""
    return re.sub(r"\d+", "N", problem)[-60:]


def _decode_as(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return None


def _check_paragraphs(paragraphs: ParagraphBatch) -> Iterator[str]:
    """Say which paragraphs are not inside their block, in order."""
    batch, block = paragraphs.batch, paragraphs.block
    is_inside = (batch.starts[block] <= paragraphs.starts) & (paragraphs.ends <= batch.ends[block])
    if not is_inside.all():
        yield "a paragraph is not inside its block"
    if np.any(np.diff(block) < 0):
        yield "paragraphs are not in the order of their blocks"
    if np.any(paragraphs.start_lines > paragraphs.end_lines):
        yield "a paragraph ends before it begins"


def _check_cut_out(source: str, batch: DocumentBatch) -> Iterator[Failure]:
    """Say which texts do not stand in what is cut out, reference by reference and tag by tag.

    An independent parser of broken pages would be wrong itself, so the text's letters and digits
    must come in order in the cut with its references resolved, once or (in feeds) twice.
    """
    places = Places(source)
    for block in list_blocks(batch):
        cut = places.cut(block)
        once = html.unescape(cut)
        if not any(_is_within(block.text, text) for text in (once, html.unescape(once), cut)):
            account = f"{block}\nis not in its cut\n{cut!r}"
            yield Failure(f"cut: {block.kind.name}", account)
            return


def _is_within(text: str, source: str) -> bool:
    """Say whether the letters and digits of a text come in order in another."""
    found = iter(source)
    return all(character in found for character in text if character.isalnum())


def make_trial(target: Target, random: Random, folder: Path, engines: Sequence[Engine]) -> Trial:
    """Give the next trial; its input lies in the folder before anything reads it."""
    content = target.make_input(random)
    chosen = random.choice(target.formats)
    path = folder / f"current.{chosen}"
    path.write_bytes(content)
    return Trial(target, chosen, path, content, random.choice(engines))
