"""Load a saved run from a file; whatever is not as it must be is an `InputError` that says so.

Decision (2026-11-26): a file is read whole and may have 512 MB: in memory it takes 4.4 times that
(115 MB with 40,000 findings: 505 MB, 3.1 s of CPU). The rows are one a line, but whoever reformats
the file must not break it, so it is not read by lines. Bytes may be UTF-16 too, which is what
PowerShell makes of a redirected output.
"""

import json
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NoReturn

from dedup.config import UNREADABLE_RULE
from dedup.errors import InputError, give_reason
from dedup.outcome import Judgement, Outcome
from dedup.quotations import Evidence
from dedup.report import FORMAT_VERSION
from dedup.saved.fields import REMEDY, Fields, Json
from dedup.saved.parts import (
    FoundRow,
    Paragraph,
    PartReader,
    read_counts,
    read_document,
    read_judgement,
    read_mention,
    read_paragraph,
    read_problem,
    read_suppression,
)
from dedup.saved.runs import Quoted, SavedRun, key_evidence
from dedup.saved.settings import read_config

MOST_BYTES: Final = 1 << 29
_STDIN: Final = "-"
_STDIN_NAME: Final = "<stdin>"
_PIECE_BYTES: Final = 1 << 20
_NEWER: Final = "Install a newer dedup, or scan again with this one."


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Saved:
    """A saved run, and what a check made of it; None where it was a scan."""

    run: SavedRun
    judgement: Judgement | None

    @property
    def outcome(self) -> Outcome:
        """Give all of it to reporters."""
        return Outcome(self.run, None, self.judgement)


def load_saved(file: str) -> Saved:
    """Load a saved run.

    Args:
        file: A report in JSON, or `-` for standard input.

    Raises:
        InputError: It cannot be read, or is no report that can be written again.
    """
    name = _STDIN_NAME if file == _STDIN else file
    return read_saved(_load_json(_read_bytes(file, name), name), name)


def _read_bytes(file: str, name: str) -> bytearray:
    try:
        if file == _STDIN:
            return _join(iter(lambda: sys.stdin.buffer.read(_PIECE_BYTES), b""), name)
        path = Path(file)
        if path.stat().st_size > MOST_BYTES:
            _refuse_size(name)
        with path.open("rb") as stream:
            return _join(iter(lambda: stream.read(_PIECE_BYTES), b""), name)
    except (OSError, ValueError) as error:
        raise InputError(name, None, give_reason(error), REMEDY) from error


def _join(pieces: Iterable[bytes], name: str) -> bytearray:
    content = bytearray()
    for piece in pieces:
        content += piece
        if len(content) > MOST_BYTES:
            _refuse_size(name)
    return content


def _refuse_size(name: str) -> NoReturn:
    problem = f"it has over {MOST_BYTES >> 20} MB, which is what a saved run may have"
    remedy = "Scan again with the format that is wanted, or fewer files at a time."
    raise InputError(name, None, problem, remedy)


def _load_json(content: bytearray, name: str) -> Json:
    try:
        return json.loads(content, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        problem = f"it is no JSON: {error.msg.lower()} (column {error.colno})"
        raise InputError(name, error.lineno, problem, REMEDY) from error
    except RecursionError as error:
        raise InputError(name, None, "its brackets are nested too deep", REMEDY) from error
    except UnicodeDecodeError as error:
        problem = f"byte {error.start + 1:,} is not UTF-8"
        raise InputError(name, None, problem, REMEDY) from error
    except ValueError as error:  # a number of thousands of digits, or none at all
        raise InputError(name, None, f"it is no JSON: {error}", REMEDY) from error


def _refuse_constant(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number there")


def read_saved(content: Json, name: str) -> Saved:
    """Read what JSON gave.

    Raises:
        InputError: It is no report, of a newer version, or something in it is not as it must be.
    """
    top = Fields(content, "", name)
    _check_version(top)
    summary = top.part("summary")
    paragraphs = _read_paragraphs(top, summary.integer("paragraphs"))
    reader = PartReader(paragraphs)
    rows = [row for row in top.parts("findings") if row.text("rule") != UNREADABLE_RULE]
    found = list(map(reader.read_finding, rows))
    judgement, suppressed = _read_check(top, reader)
    run = SavedRun(
        config=read_config(top.part("settings")),
        counts=read_counts(summary),
        n_documents=summary.integer("documents"),
        n_paragraphs=summary.integer("paragraphs"),
        n_all_words=summary.integer("words"),
        problems=tuple(map(read_problem, top.parts("problems"))),
        remarks=tuple(map(read_problem, top.parts("remarks"))),
        groups=tuple(map(reader.read_group, top.parts("groups"))),
        findings=tuple(each.finding for each in found),
        evidence=_join_evidence([*found, *suppressed]),
        documents=tuple(map(read_document, top.parts("documents"))),
        paragraphs=paragraphs,
    )
    _check_words(run, top)
    return Saved(run, judgement)


def _check_version(top: Fields) -> None:
    """See that this is a report, and one that holds enough.

    Raises:
        InputError: It is not.
    """
    if not top.has("format_version") or not top.has("tool"):
        raise top.refuse("it is no report of dedup")
    version = top.integer("format_version")
    if version > FORMAT_VERSION:
        problem = f"its format_version is {version}, and this dedup reads {FORMAT_VERSION}"
        raise top.refuse(problem, _NEWER)
    if not top.has("paragraphs"):
        raise top.refuse(
            "it has no 'paragraphs': an older dedup wrote it, or something took them out",
            "Scan again with --output-format json.",
        )


def _read_paragraphs(top: Fields, n_paragraphs: int) -> dict[int, Paragraph]:
    found: dict[int, Paragraph] = {}
    for row in top.parts("paragraphs"):
        number = row.integer("number")
        if number >= n_paragraphs or number in found:
            raise row.refuse(f"paragraph {number} is there twice, or over the run's {n_paragraphs}")
        found[number] = read_paragraph(row)
    return found


def _read_check(top: Fields, reader: PartReader) -> tuple[Judgement | None, list[FoundRow]]:
    """Read what a check made of the findings, and those that it suppressed."""
    if not top.has("check"):
        return None, []
    check, rows = top.part("check"), top.parts("suppressed")
    found = list(map(reader.read_finding, rows)) if check.flag("shows_suppressed") else []
    findings = [each.finding for each in found] or list(map(read_mention, rows))
    reasons = [read_suppression(row.part("suppression")) for row in rows]
    return read_judgement(check, tuple(zip(findings, reasons, strict=True))), found


def _join_evidence(found: Iterable[FoundRow]) -> dict[Quoted, Evidence]:
    return {
        key_evidence(each.finding): each.evidence for each in found if each.evidence is not None
    }


def _check_words(run: SavedRun, top: Fields) -> None:
    """See that the documents hold the paragraphs, and have at least their words.

    Raises:
        InputError: They do not; shares of them would make no sense.
    """
    if sum(document.n_paragraphs for document in run.documents) != run.n_paragraphs:
        raise top.refuse("its documents do not hold as many paragraphs as its summary says")
    for number, paragraph in run.paragraphs.items():
        if not paragraph.n_words <= run.n_document_words(number) <= run.n_all_words:
            raise top.refuse(f"paragraph {number} has more words than its document")
