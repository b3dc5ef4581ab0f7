r"""Write text from outside as Markdown's code, in which it stays text on whatever page it lands.

Decision (2026-11-25): code alone, spans or fenced blocks. No link, picture, HTML, mention, number
of an issue or hash of a commit is made of what stands there. Escaping letter by letter does not
hold: GitHub makes mentions and links when the escapes are gone. A bar is written as `\x7c`, since
readers differ on how one is escaped in a table's cell.
"""

from collections.abc import Iterable
from html import escape
from re import findall

from dedup.findings import Reference
from dedup.reporters.escapes import escape_commands, escape_controls
from dedup.reporters.phrases import find_web_link, name_identity, name_place, name_title


def code(text: str) -> str:
    r"""Write a text as a span of code on one line, fit for a table's cell; '' for no text.

    >>> print(code("a|b"), code("`x`"))
    `a\x7cb` `` `x` ``
    """
    text = escape_commands(escape_controls(text)).replace("|", r"\x7c")
    if not text.strip():
        return ""
    ticks = "`" * (1 + _longest_run(text))
    pad = " " if text[0] in "` " or text[-1] in "` " else ""
    return f"{ticks}{pad}{text}{pad}{ticks}"


def fence(lines: Iterable[str]) -> str:
    """Write harmless lines as a block of code."""
    text = escape_commands("\n".join(lines))
    ticks = "`" * max(3, 1 + _longest_run(text))
    return f"{ticks}\n{text}\n{ticks}\n"


def _longest_run(text: str) -> int:
    """Count the most backticks that follow one another."""
    return max(map(len, findall("`+", text)), default=0)


def place(reference: Reference, number: str = "") -> str:
    """Name a paragraph's place, and its document where that says more: by title and link, or id.

    Args:
        reference: Where the paragraph stands.
        number: What tells it from others of its line, as ` [paragraph 2]`.
    """
    link = find_web_link(reference)
    if not link or not name_identity(reference):
        return code(f"{name_place(reference)}{name_identity(reference)}{number}")
    title = code(name_title(reference) or link)
    return f"{code(f'{name_place(reference)}{number}')} [{title}](<{escape(link)}>)"


def html_code(text: str) -> str:
    """Write a text as code between tags of HTML."""
    return f"<code>{escape(escape_commands(escape_controls(text)))}</code>"
