"""Read what a person saw on twenty pages: their paragraphs, with places and labels, without texts.

How it was made (2026-11-25): seven pages of the Python documentation, six of PostgreSQL's and seven
of the Debian handbook (four German, three English), drawn with `Random("20261125 <package>")` from
the pages of 6 to 24 kB. A script of its own (Python's `html.parser`) drafted the lines and words of
each stretch between block tags; every page's source was then read and the labels were given by eye.
A line of `truth.json` is `first-last label hash words`: lines of the first and last character of
the text itself, and the first 12 hex digits of SHA-256 of its casefolded words joined by one space.
Corrected once (2026-11-25): the footer of Python's pages was one paragraph in the draft, as it is
one element; it is three, which the rendered page parts by blank lines (two line breaks). The
reader's answer drew attention to it.

Labels: `content` is prose, footnotes, remarks such as "New in version" and the texts of definition
lists; `boilerplate` is a page's footer; `heading` is also the title of a box, a figure or a table
and the term of a definition; `list` is an item of a list of sentences; `table` is a paragraph of a
cell; `code` is preformatted; `navigation` is text of links only: menus, tables of contents, an
index, "see also" lists, a bare address. The title in a page's head is no paragraph of it, and
stretches without a word ("|", an arrow) are left out.
"""

import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.quality.pages.packages import find_docs

_TRUTH: Final = Path(__file__).with_name("truth.json")
_WORD: Final = re.compile(r"\w+")
LABELS: Final = ("content", "boilerplate", "list", "heading", "table", "code", "navigation")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph as a person sees it; lines from 1."""

    first_line: int
    last_line: int
    label: str
    digest: str
    n_words: int


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the truth: below which folder of documentation it lies, and what stands on it."""

    package: str
    path: str
    sha256: str
    paragraphs: tuple[Paragraph, ...]

    def find(self) -> Path | None:
        """Give the page's file where one of the very same bytes is here."""
        for path in find_docs(self.path):
            if hashlib.sha256(path.read_bytes()).hexdigest() == self.sha256:
                return path
        return None


def read_truth() -> tuple[dict[str, str], list[Page]]:
    """Read the versions of the packages and the pages."""
    found = json.loads(_TRUTH.read_text(encoding="utf-8"))
    pages = [
        Page(row["package"], row["path"], row["sha256"], tuple(map(_parse, row["paragraphs"])))
        for row in found["pages"]
    ]
    return found["packages"], pages


def _parse(line: str) -> Paragraph:
    lines, label, digest, n_words = line.split()
    first, last = map(int, lines.split("-"))
    return Paragraph(first, last, label, digest, int(n_words))


def hash_words(text: str) -> str:
    """Give the hash under which the truth knows a text."""
    return hashlib.sha256(" ".join(list_words(text)).encode()).hexdigest()[:12]


def list_words(text: str) -> list[str]:
    """Give the casefolded words of a text."""
    return _WORD.findall(text.casefold())
