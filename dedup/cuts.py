"""Describe what a cleaning cut out, so that it can be read and put back.

A cut comes in; a JSON line goes out: `path`, the `offset` of the first byte in the source (unpacked
where it is packed; the row's number from 0 in a Parquet file), the `content` that stood there (or
`content_base64` where it is no UTF-8, or null where the format has none of its own), and for each
paragraph in it the `relation` and the `score` to those in `of`, which stay or went for another.
Contents put back at their offsets, in order, give the source again.
"""

import base64
import json
from dataclasses import dataclass
from typing import Any

from dedup.model import Corpus
from dedup.readers.sources import Source
from dedup.removals import Decisions
from dedup.writers.edits import Cut


@dataclass(frozen=True, slots=True)
class DoneCut:
    """Something that was cut from a source, with the paragraphs of the run that it held."""

    source: Source
    numbers: tuple[int, ...]
    cut: Cut


def describe_cut(corpus: Corpus, decisions: Decisions, done: DoneCut) -> bytes:
    """Give the JSON line of a cut, with its line end."""
    line = {
        "path": done.source.name,
        "offset": done.cut.offset,
        **_spell_content(done.cut.content),
        "paragraphs": [_describe(corpus, decisions, number) for number in done.numbers],
    }
    return json.dumps(line, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n"


def _spell_content(content: bytes | None) -> dict[str, str | None]:
    if content is None:
        return {"content": None}
    try:
        return {"content": content.decode()}
    except UnicodeDecodeError:
        return {"content_base64": base64.b64encode(content).decode()}


def _describe(corpus: Corpus, decisions: Decisions, number: int) -> dict[str, Any]:
    removal = decisions.removals[number]
    return {
        **find_place(corpus, number),
        "relation": removal.relation.label,
        "score": removal.score,
        "of": [find_place(corpus, source) for source in removal.sources],
    }


def find_place(corpus: Corpus, number: int) -> dict[str, Any]:
    """Give where a paragraph begins: as a report's reference, as far as no text is needed."""
    document = int(corpus.document[number])
    link = corpus.head(document).link
    return {
        "document": corpus.identity(document),
        "path": corpus.batch_of(number).path,
        "paragraph": number - corpus.first_paragraph(document),
        "start_line": int(corpus.start_lines[number]),
        "start_column": int(corpus.columns[number]),
        **({"link": link} if link else {}),
    }
