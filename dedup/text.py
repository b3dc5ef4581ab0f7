r"""Normalize and tokenize; strings in, strings out, no state.

This says what the compiled tokenizer must do. Normalizing is NFKC with case folding (Unicode
Standard, section 3.13, toNFKC_Casefold) after typographic quotes and dashes have become ASCII,
soft hyphens are gone and words broken at a line's end are joined; white space is folded last.

Decision (2026-11-23): a token is a run of letters, marks, digits and underscores, as `\\\w+` has it
and every rival and the exact reference count it; a script without spaces gives one token a
character. Keeping apostrophes inside words and numbers whole, as first designed, moves 1.5 % of the
pairs at 0.7 across the threshold against that reference. Numbers stay whole for the slot guard:
a number joined by `.` or `,` to the one before is marked as its part.
"""

import re
import unicodedata
from functools import cache, lru_cache
from typing import Final

_TYPOGRAPHY: Final = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u02bc", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb", '"'),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
    }
)
_SOFT_HYPHEN: Final = "\u00ad"
# Thai, Lao, Myanmar, Khmer, Hiragana, Katakana, Bopomofo, Han with its extensions.
_ALONE: Final = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u19e0-\u19ff\u3005-\u3007\u3040-\u312f\u31a0-\u31bf"
    "\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua9e0-\ua9ff\uaa60-\uaa7f\uf900-\ufaff"
    "\U0001b000-\U0001b16f\U00020000-\U0003ffff"
)
_BROKEN_WORD: Final = re.compile(r"(?<=\w)-\r?\n(?=\w)")
_ASCII_BLANK: Final = re.compile(r"[\t-\r\x1c-\x1f]")
_ASCII_TOKEN: Final = re.compile(r"\w+", re.ASCII)


def normalize(text: str) -> str:
    r"""Give the form in which texts are compared; of any string, lone surrogates included.

    >>> normalize("  \u201cDon\u2019t\u201d\u00a0PANIC \u2014 it is harm-\nless ")
    '"don\'t" panic - it is harmless'
    """
    folded = _typeset(text).replace(_SOFT_HYPHEN, "")
    if "\n" in folded:
        folded = _BROKEN_WORD.sub("", folded)
    if not folded.isascii():
        folded = _fold_characters(folded)
    return " ".join(folded.lower().split()) if folded.isascii() else " ".join(folded.split())


def _typeset(text: str) -> str:
    """Make quotes and dashes ASCII, a character for a character."""
    if text.isascii() or not _find_typeset().search(text):
        return text
    return text.translate(_TYPOGRAPHY)


@cache  # a text of ASCII does without: this and the next pattern took a scan of one article 2 %
def _find_typeset() -> re.Pattern[str]:
    return re.compile(f"[{''.join(map(chr, _TYPOGRAPHY))}]")


def _fold_characters(text: str) -> str:
    """Fold case and compatibility until nothing changes, which takes two rounds at most in use."""
    while True:
        folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
        folded = _typeset(folded)
        if folded == text:
            return folded
        text = folded


def tokenize(normalized: str) -> list[str]:
    r"""Cut a normalized text into its tokens.

    >>> tokenize("don't panic: 1,234.5 \u5343\u91cc")
    ['don', 't', 'panic', '1', '234', '5', '\u5343', '\u91cc']
    """
    return token_pattern(normalized).findall(normalized)


def token_pattern(normalized: str) -> re.Pattern[str]:
    r"""Give the pattern of a token for a text; marks count as letters, which `\w` leaves out."""
    if normalized.isascii():
        return _ASCII_TOKEN
    marks = {letter for letter in normalized if unicodedata.category(letter)[0] == "M"}
    return _compile_pattern("".join(sorted(marks)))


@lru_cache(maxsize=256)
def _compile_pattern(marks: str) -> re.Pattern[str]:
    letter = rf"[\w{re.escape(marks)}]"
    return re.compile(f"(?={letter})[{_ALONE}]|(?:(?![{_ALONE}]){letter})+")


def stands_alone(token: str) -> bool:
    """Tell whether a token is one character of a script without spaces."""
    if len(token) != 1 or token.isascii():
        return False
    return _find_alone().match(token) is not None


@cache
def _find_alone() -> re.Pattern[str]:
    return re.compile(f"[{_ALONE}]")


def tokenize_with_spans(text: str) -> list[tuple[str, int, int]]:
    """Cut a text as it stands into tokens, with the characters each comes from.

    A token that `normalize` makes of several pieces (a word broken at a line's end) spans them all.
    """
    if text.isascii() and not _breaks_word(text):
        return [(match.group().lower(), *match.span()) for match in _ASCII_TOKEN.finditer(text)]
    normalized, origins = normalize_with_origins(text)
    return [
        (match.group(), origins[match.start()][0], origins[match.end() - 1][1])
        for match in token_pattern(normalized).finditer(normalized)
    ]


def _breaks_word(text: str) -> bool:
    """Tell whether a word is broken at a line's end; most sentences have none."""
    return "\n" in text and _BROKEN_WORD.search(text) is not None


def normalize_with_origins(text: str) -> tuple[str, list[tuple[int, int]]]:
    """Normalize cluster by cluster, noting for each character the span it comes from.

    Blanks stay as many as they are, each a space.
    """
    if text.isascii() and not _breaks_word(text):  # a character for a character
        plain = _ASCII_BLANK.sub(" ", text).lower()
        return plain, [(place, place + 1) for place in range(len(text))]
    pieces: list[str] = []
    origins: list[tuple[int, int]] = []
    for match in _clusters(text):
        piece = "" if match.lastgroup else match.group()
        folded = " " if piece.isspace() else _fold_characters(piece.replace(_SOFT_HYPHEN, ""))
        pieces.append(folded)
        origins += [match.span()] * len(folded)
    return "".join(pieces), origins


def _clusters(text: str) -> list[re.Match[str]]:
    """Cut at every place across which normalizing never reaches."""
    text = _typeset(text)
    joining = sorted(letter for letter in set(text) if _may_join(letter))
    follow = f"[{re.escape(''.join(joining))}]*" if joining else ""
    cluster = rf"(?P<broken>{_BROKEN_WORD.pattern})|.{follow}"
    return list(re.finditer(cluster, text, re.DOTALL))


def _may_join(letter: str) -> bool:
    """Tell whether a character may change what stands before it: marks, Hangul finals."""
    is_mark = unicodedata.category(letter)[0] == "M"
    return is_mark or "\u1160" <= letter <= "\u11ff" or letter == _SOFT_HYPHEN


def fold_code_point(point: int) -> tuple[int | None, int]:
    """Give the fold of a code point (None where neighbours matter or it is not one) and its class.

    Classes, of the code point as it stands in a normalized text: 0 separator, 1 part of a word, 3 a
    token of its own.
    """
    letter = chr(point)
    folded = " " if letter.isspace() else _fold_characters(_typeset(letter))
    joins = any(map(_may_join, letter + folded)) or (folded == "-" != _typeset(letter))
    if len(folded) == 1 and not joins:
        return ord(folded), _classify(folded)
    return None, _classify(letter)


def _classify(letter: str) -> int:
    is_mark = unicodedata.category(letter)[0] == "M"  # a pattern for each of 2,000 takes 5 s
    if not is_mark and not token_pattern(letter).fullmatch(letter):
        return 0
    return 3 if stands_alone(letter) else 1
