"""Spoil samples: by bytes, and by the pieces that a format is made of.

Every choice comes from the `random.Random` that is handed in, so a seed repeats a whole run.
"""

import re
from collections.abc import Callable, Sequence
from random import Random
from typing import Final

_LARGEST: Final = 1 << 17  # a sample grows by repeating; more only makes a round slow
_PIECES: Final = re.compile(
    rb"<[^<>]{0,200}>|&#?\w{1,10};|[\r\n]+|[\"',;|\t:{}\[\]=]|[^<&\r\n\"',;|\t:{}\[\]=]+|."
)
_SHARED_BITS: Final = (
    *(b"\x00", b"\r", b"\n", b"\r\n", b"\n\n", b"\r\r", b"\t", b" ", b"\x0b", b"\x0c", b"\x1a"),
    *(b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\xff\xfe\x00\x00", b"\xc3", b"\xe2\x80\xa8"),
    *(b"\xed\xa0\x80", b"\xf0\x9f\x98\x80", b"\xc2\xad", b"\xc2\x85", b"\xcc\x81", b"\xe6\xbc\xa2"),
    *(
        b"\xe9",
        b"\x80",
        b"\xfe",
        b"99999999999999999999",
        b"-1",
        b"\\",
        b'"',
        b"'",
        b"<",
        b">",
        b"&",
    ),
)


def mutate(samples: Sequence[bytes], bits: Sequence[bytes], random: Random) -> bytes:
    """Give a sample with one to six things done to it.

    Args:
        samples: What to begin with, and to splice from.
        bits: What the format is easily led astray by, beside what all formats are.
        random: Where every choice comes from.
    """
    content = random.choice(samples)
    every_bit = (*bits, *bits, *_SHARED_BITS)
    for _ in range(random.choice((1, 1, 2, 3, 6))):
        change = random.choice(_CHANGES)
        content = change(content, samples, every_bit, random)[:_LARGEST]
    return content


Change = Callable[[bytes, Sequence[bytes], Sequence[bytes], Random], bytes]


def _cut_out(content: bytes, random: Random, most: int) -> tuple[int, int]:
    """Choose a stretch of at most so many bytes; short ones are as likely as long ones."""
    start = random.randint(0, len(content))
    size = int(most ** random.random())
    return start, min(len(content), start + size)


def _truncate(content: bytes, _samples: object, _bits: object, random: Random) -> bytes:
    return content[: random.randint(0, len(content))]


def _behead(content: bytes, _samples: object, _bits: object, random: Random) -> bytes:
    return content[random.randint(0, len(content)) :]


def _splice(content: bytes, samples: Sequence[bytes], _bits: object, random: Random) -> bytes:
    other = random.choice(samples)
    start, end = _cut_out(other, random, 4000)
    place = random.randint(0, len(content))
    return content[:place] + other[start:end] + content[place:]


def _repeat(content: bytes, _samples: object, _bits: object, random: Random) -> bytes:
    start, end = _cut_out(content, random, 500)
    times = int(300 ** random.random())
    return content[:end] + content[start:end] * times + content[end:]


def _flip(content: bytes, _samples: object, _bits: object, random: Random) -> bytes:
    spoilt = bytearray(content)
    for _ in range(random.choice((1, 1, 4, 30)) if spoilt else 0):
        spoilt[random.randrange(len(spoilt))] ^= 1 << random.randrange(8)
    return bytes(spoilt)


def _insert(content: bytes, _samples: object, bits: Sequence[bytes], random: Random) -> bytes:
    for _ in range(random.choice((1, 1, 3, 10))):
        place = random.randint(0, len(content))
        content = content[:place] + random.choice(bits) + content[place:]
    return content


def _delete(content: bytes, _samples: object, _bits: object, random: Random) -> bytes:
    start, end = _cut_out(content, random, 1000)
    return content[:start] + content[end:]


def _shuffle_pieces(
    content: bytes, _samples: object, bits: Sequence[bytes], random: Random
) -> bytes:
    """Drop, double, swap and replace the tags, quotes, separators and words of a stretch."""
    start, end = _cut_out(content, random, 8000)
    pieces = _PIECES.findall(content[start:end])
    for _ in range(random.choice((1, 3, 10)) if pieces else 0):
        place, other = random.randrange(len(pieces)), random.randrange(len(pieces))
        done = random.choice(("drop", "double", "swap", "replace"))
        if done == "swap":
            pieces[place], pieces[other] = pieces[other], pieces[place]
        else:
            pieces[place] = {"drop": b"", "double": pieces[place] * 2}.get(
                done, random.choice(bits)
            )
    return content[:start] + b"".join(pieces) + content[end:]


def _nest(content: bytes, _samples: object, bits: Sequence[bytes], random: Random) -> bytes:
    """Wrap a stretch in many of one bit and its mirror, as deeply nested formats are."""
    start, end = _cut_out(content, random, 2000)
    bit = random.choice(bits)
    times = int(3000 ** random.random())
    closing = bit.replace(b"<", b"</") if bit.startswith(b"<") else bit
    middle = bit * times + content[start:end] + closing * times
    return content[:start] + middle + content[end:]


_CHANGES: Final[tuple[Change, ...]] = (
    *(_truncate, _behead, _splice, _repeat, _flip, _insert, _delete, _shuffle_pieces, _nest),
    *(_insert, _shuffle_pieces, _shuffle_pieces),
)
