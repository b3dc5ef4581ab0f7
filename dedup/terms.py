"""Cut a text into sentences and sentences into content terms; strings in, strings out, no state.

This says what the compiled kernels must do. A content term is a word that is no stop word of the
document's language and has two letters or a digit, cut to its first six characters (so that
`engineer` and `engineers` are one term, without a stemmer for each language); a number whole, its
thousands and decimals included and its unit left out (`8.5bn` is the 8.5 of `8.5 billion`); in a
script without spaces each two neighbouring characters.

Decision (2026-11-24): sentences are cut by sentencex (Wikimedia; about 300 languages, a wheel
without dependencies): 62 MB/s paragraph by paragraph, lossless on 38,000 real and 20,000 random
texts of up to 10,000 characters; of longer ones it drops blanks, so they are looked up. Its rules
are those of the guessed language, English where there is no guess.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final

from dedup.stop_words import LANGUAGES, STOP_WORDS
from dedup.text import normalize, normalize_with_origins, stands_alone, token_pattern

PREFIX_CHARACTERS: Final = 6  # `kernels.constants.TERM_PREFIX`, a layer above
DIGITS: Final = "0123456789"
NUMERALS: Final = frozenset("〇零一二三四五六七八九十百千万亿億兆两兩")
NO_LANGUAGE: Final = len(LANGUAGES)
Term = tuple[str, int, int]


@cache
def stop_words(language: int) -> frozenset[str]:
    """Give the stop words of a language by its place in LANGUAGES; none for NO_LANGUAGE."""
    return frozenset(STOP_WORDS[LANGUAGES[language]].split() if language != NO_LANGUAGE else ())


def split_sentences(text: str, language: int) -> list[str]:
    """Cut a text into sentences that, joined, are the text.

    >>> split_sentences("Dr. Oskald came at 3.5 knots. She left!", 0)
    ['Dr. Oskald came at 3.5 knots. ', 'She left!']
    """
    import sentencex  # noqa: PLC0415 -- 3 ms that only a scored text pays

    code = LANGUAGES[language] if language != NO_LANGUAGE else LANGUAGES[0]
    sentences: list[str] = sentencex.segment(code, text)
    if sum(map(len, sentences)) == len(text):
        return sentences
    return list(_anchor(text, sentences))


def _anchor(text: str, sentences: Sequence[str]) -> Iterator[str]:
    """Find sentences in their text again; what lies between two belongs to the first.

    Of a text of more than 10,000 characters sentencex (1.0.32) leaves out some blanks.
    """
    begun = at = 0
    for sentence in sentences:
        body = sentence.strip()
        found = text.find(body, at) if body else -1
        if found > begun and at:
            yield text[begun:found]
            begun = found
        at = found + len(body) if found >= 0 else at
    yield text[begun:]


def guess_language(counts: Sequence[int]) -> int:
    """Give the language most of whose stop words a document holds, the first of equals.

    >>> guess_language([3, 9, 0, 0, 0, 9, 0, 0]), guess_language([0] * 8)
    (1, 8)
    """
    most = max(counts)
    return counts.index(most) if most else NO_LANGUAGE


def find_terms(sentence: str, language: int) -> list[str]:
    """Give the content terms of a sentence in reading order, repeats and all.

    >>> find_terms("The engineers of Marnow paid 1,250.5 crowns \u6c34\u5e93\u88c2", 0)
    ['engine', 'marnow', 'paid', '1,250.5', 'crowns', '\u6c34\u5e93', '\u5e93\u88c2']
    >>> find_terms("8.5bn is 8.5 billion", 0)
    ['8.5', '8.5', 'billio']
    """
    return [term for term, _, _ in _make_terms(normalize(sentence), language)]


def find_terms_with_spans(sentence: str, language: int) -> list[Term]:
    """Give the content terms of a sentence with the characters of it that each comes from."""
    normalized, origins = normalize_with_origins(sentence)
    return [
        (term, origins[start][0], origins[end - 1][1])
        for term, start, end in _make_terms(normalized, language)
    ]


def _make_terms(normalized: str, language: int) -> Iterator[Term]:
    """Make terms of tokens; what stands between two of them decides whether they are joined."""
    stops = stop_words(language)
    found = token_pattern(normalized).finditer(normalized)
    tokens = [(match.group(), match.start(), match.end()) for match in found]
    place = 0
    while place < len(tokens):
        token, start, end = tokens[place]
        place += 1
        if token[0] in DIGITS:
            while place < len(tokens) and _goes_on(normalized, end, tokens[place - 1 : place + 1]):
                end = tokens[place][2]
                place += 1
            last = tokens[place - 1][0]
            end -= len(last.lstrip(DIGITS))  # a unit, or an ordinal's ending
            yield normalized[start:end], start, end
        elif stands_alone(token):
            if place < len(tokens) and tokens[place][1] == end and stands_alone(tokens[place][0]):
                yield token + tokens[place][0], start, tokens[place][2]
        elif len(token) > 1 and token not in stops:
            yield token[:PREFIX_CHARACTERS], start, end


def _goes_on(normalized: str, end: int, tokens: Sequence[Term]) -> bool:
    """Tell whether a number goes on in the second of two tokens, behind one point or comma."""
    (token, _, _), (following, start, _) = tokens
    has_unit = token.lstrip(DIGITS) != ""
    return not has_unit and start == end + 1 and normalized[end] in ".," and following[0] in DIGITS


def is_number_term(term: str) -> bool:
    """Tell whether a term is a number: of digits, or of two Chinese numerals."""
    return term[0] in DIGITS or set(term) <= NUMERALS
