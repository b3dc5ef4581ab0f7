"""Say what the shape of a paragraph is: counts that tell prose from lists, tables and code.

Bytes of its UTF-8 come in, a row of counts goes out; which of them makes a list is decided in
`dedup.paragraph_kinds`. A tab counts as one blank, a byte that begins a character beyond ASCII as a
letter: the counts are shares of a whole paragraph, and cheap.
"""

import re
from functools import cache
from typing import Final

SHAPE_COLUMNS: Final = 13
(LINES, ITEM_LINES, PIPED_LINES, CODE_LINES, SHORT_LINES, INDENTED_LINES, FIRST_IS_ITEM,
 INK, LETTERS, SYMBOLS, LINKED, IS_FENCED, SIZE) = range(SHAPE_COLUMNS)  # fmt: skip
INKED_BIT, LETTER_BIT, SYMBOL_BIT, BLANK_BIT, LINK_BIT = range(5)  # of the class of a byte
DEEP_INDENT: Final = 4
FEW_WORDS: Final = 5
MOST_DIGITS: Final = 3

_BLANKS: Final = b" \t\n\v\f\r"
_BULLET: Final = re.compile(
    rb"[|#]|[-*+](?=[ \t\n\v\f\r]|\Z)|\.\.(?=[ \t\n\v\f\r]|\Z)"
    rb"|\xe2(?:\x80[\xa2\xa3]|\x81\x83|\x96\xaa|\x97\xa6)"
)
_NUMBERED: Final = re.compile(rb"\(?(?:[0-9]{1,3}|[A-Za-z])[.)][ \t\n\v\f\r]")
_LINK: Final = re.compile(rb"(?:https?:/|www\.)[^ \t\n\v\f\r]*")
_LETTER: Final = re.compile(rb"[A-Za-z\xc0-\xff]")
_SYMBOL: Final = re.compile(rb"[#$*+;-=>@\[-`{-~]")
_INK: Final = re.compile(rb"[^ \t\n\v\f\r\x80-\xbf]")


@cache
def list_classes() -> tuple[int, ...]:
    """Give the class of each byte, a bit for each thing it is; LINK_BIT: may begin an address.

    Kept: made anew for each of 1,000 files it took a fifth of the time of reading them.
    """
    bits = ((INKED_BIT, _INK), (LETTER_BIT, _LETTER), (SYMBOL_BIT, _SYMBOL))
    classes = [
        sum(1 << bit for bit, pattern in bits if pattern.match(bytes([byte])))
        for byte in range(256)
    ]
    for byte in _BLANKS:
        classes[byte] |= 1 << BLANK_BIT
    for byte in b"hw":
        classes[byte] |= 1 << LINK_BIT
    return tuple(classes)


def measure_shape(text: bytes, indent: int) -> list[int]:
    """Count lines, letters and signs of one paragraph.

    Args:
        text: The paragraph's bytes; blanks at its ends are as those of any line.
        indent: Blanks before its first byte, on the same line.
    """
    counts = [0] * SHAPE_COLUMNS
    counts[IS_FENCED] = int(text.startswith((b"```", b"~~~")))
    counts[SIZE] = len(text)
    for number, raw in enumerate(text.split(b"\n")):
        line = raw.strip(_BLANKS)
        if not line:
            continue
        deep = len(raw) - len(raw.lstrip(_BLANKS)) + (0 if number else indent)
        is_item = bool(_BULLET.match(line) or _NUMBERED.match(line))
        if not counts[LINES]:
            counts[FIRST_IS_ITEM] = int(is_item)
        counts[LINES] += 1
        counts[ITEM_LINES] += is_item
        counts[PIPED_LINES] += line.count(b"|") > 1
        counts[CODE_LINES] += line[-1:] in b";{},:)"
        counts[SHORT_LINES] += len(line.split()) <= FEW_WORDS
        counts[INDENTED_LINES] += deep >= DEEP_INDENT
    bare = _LINK.sub(b"", text)
    counts[LINKED] = len(text) - len(bare)
    counts[INK] = len(_INK.findall(text))
    counts[LETTERS] = len(_LETTER.findall(bare))
    counts[SYMBOLS] = len(_SYMBOL.findall(bare))
    return counts
