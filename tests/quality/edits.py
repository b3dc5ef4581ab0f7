"""Edit paragraphs as people, typists and scanners do, the same way in every run."""

import re
from collections.abc import Sequence
from typing import Final

import numpy as np

_NUMBER: Final = re.compile(r"(?<!\w)[0-9]+(?:[.,][0-9]+)*(?!\w)")
# What a scanner reads in place of a character: pairs that OCR confuses, digits among digits too.
_CONFUSED: Final = {
    "0": "O6", "1": "l7", "2": "Z7", "3": "8", "4": "A", "5": "S6", "6": "b5", "7": "1",
    "8": "3B", "9": "g", "a": "o", "b": "h6", "c": "eo", "e": "co", "f": "t", "g": "q9",
    "h": "b", "i": "l1", "l": "1I", "m": "n", "n": "u", "o": "c0", "r": "n", "s": "5",
    "t": "f", "u": "n", "v": "y", "y": "v", "B": "8", "I": "l1", "O": "0", "S": "5", ",": ".",
    ".": ",",
}  # fmt: skip
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
_DROPPED, _PARTED = 0.1, 0.2  # of the misread characters: lost, or with a blank behind


def count_numbers(text: str) -> int:
    """Count the numbers of a text that stand alone, `1,234.5` as one."""
    return sum(1 for _ in _NUMBER.finditer(text))


class Editor:
    """Edits texts with one stream of random numbers."""

    def __init__(self, seed: int, vocabulary: Sequence[str]) -> None:
        """Take the words that are put in from `vocabulary`."""
        self._random = np.random.default_rng(seed)
        self._vocabulary = vocabulary

    def change_all_numbers(self, text: str) -> str:
        """Put another number of the same form in place of every number."""
        return _NUMBER.sub(lambda match: self._another_number(match.group()), text)

    def change_one_number(self, text: str) -> str:
        """Put another number of the same form in place of one number."""
        matches = list(_NUMBER.finditer(text))
        match = matches[int(self._random.integers(len(matches)))]
        changed = self._another_number(match.group())
        return text[: match.start()] + changed + text[match.end() :]

    def _another_number(self, number: str) -> str:
        """Draw other digits; a digit in front that is not 0 stays so."""
        while True:
            digits = iter(map(str, self._random.integers(0, 10, len(number))))
            changed = "".join(next(digits) if old.isdigit() else old for old in number)
            if changed != number and (number[0] == "0") == (changed[0] == "0"):
                return changed
            if number == "0":
                return str(self._random.integers(1, 10))

    def edit_words(self, text: str, share: float) -> str:
        """Substitute, delete or insert (6 : 2 : 2) a share of the words, as `make_workload.py`."""
        words = text.split(" ")
        n_edits = max(1, round(share * len(words)))
        places = self._random.choice(len(words), n_edits, replace=False)
        for place in sorted(map(int, places), reverse=True):
            kind = self._random.random()
            word = self._vocabulary[int(self._random.integers(len(self._vocabulary)))]
            words[place : place + (kind < 0.8)] = [] if 0.6 <= kind < 0.8 else [word]
        return " ".join(words)

    def add_ocr_noise(self, text: str, share: float) -> str:
        """Misread a share of the characters: confuse, drop, or put a blank behind."""
        letters = list(text)
        draws = self._random.random((2, len(letters)))
        for place in np.flatnonzero(draws[0] < share):
            if not letters[place].isspace():
                letters[place] = self._misread(letters[place], float(draws[1, place]))
        return "".join(letters)

    def _misread(self, letter: str, kind: float) -> str:
        if kind < _DROPPED:
            return ""
        if kind < _PARTED:
            return f"{letter} "
        choices = _CONFUSED.get(letter, _LETTERS)
        return choices[int(self._random.integers(len(choices)))]
