r"""Make text from outside harmless for a terminal and for a format of lines.

A path, an id or a paragraph may hold line ends that forge a finding, escape sequences that recolour
or rename a terminal, and marks that turn the order of what follows around (CVE-2021-42574).
"""

import re
from typing import Final

# C0, DEL, C1, line and paragraph separator, bidi embeddings, overrides and isolates, surrogates.
# Left and right marks and joiners stay: Arabic, Hebrew, Persian, Indic text is written with them.
# None of them is printable, so most texts need no search, nor the pattern its compiling.
_HARMFUL: Final = "[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
_WHITE_SPACE: Final = re.compile(r"\s+")
_COMMAND: Final = r"(?m)^([^\S\n]*)::"
_OLD_COMMAND: Final = r"(##\w*)\["
_LAST_OF_TWO_DIGITS: Final = 0xFF


def escape_controls(text: str) -> str:
    r"""Write every control character as its number; the result is one line.

    >>> print(escape_controls("a\x1b[2Jb\nc\u202e"))
    a\x1b[2Jb\x0ac\u202e
    """
    return text if text.isprintable() else re.sub(_HARMFUL, _escape, text)


def escape_json(text: str) -> str:
    r"""Write every control character left in JSON text as JSON does; the values stay the same.

    So is the bracket of a runner's command; a line of JSON begins with none.

    >>> print(escape_json('"\x9b2J ##[error]"'))
    "\u009b2J ##\u005berror]"
    """
    escaped = re.sub(_HARMFUL, lambda match: rf"\u{ord(match[0]):04x}", text)
    return escape_commands(escaped, bracket=r"\u005b")


def _escape(match: re.Match[str]) -> str:
    point = ord(match[0])
    return rf"\x{point:02x}" if point <= _LAST_OF_TWO_DIGITS else rf"\u{point:04x}"


def escape_commands(text: str, colon: str = r"\x3a", bracket: str = r"\x5b") -> str:
    r"""Break what a runner of continuous integration would take from its log for a command.

    GitHub obeys a line that begins with `::`, blanks before it or not, and `##[` anywhere; Azure
    Pipelines `##vso[` too, TeamCity `##teamcity[`. A paragraph or a path may hold any of them.

    Args:
        text: What is written to the log, of any number of lines.
        colon: What is written in the place of one, as the format has it.
        bracket: What is written in the place of one.

    >>> print(escape_commands("  ::stop-commands::x ##[error]y"))
      \x3a:stop-commands::x ##\x5berror]y
    """
    if "::" in text:
        text = re.sub(_COMMAND, lambda match: f"{match[1]}{colon}:", text)
    if "##" in text:
        text = re.sub(_OLD_COMMAND, lambda match: f"{match[1]}{bracket}", text)
    return text


def fold_lines(text: str) -> str:
    r"""Make one harmless line of a paragraph: white space folded, then controls escaped.

    >>> fold_lines("One\n  line\tonly.")
    'One line only.'
    """
    return escape_controls(_WHITE_SPACE.sub(" ", text))
