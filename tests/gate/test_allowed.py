"""Which texts are allowed, and where they stand."""

from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dedup import find_duplicates
from dedup.gate.allowed import Allowed

NOTICE = "All rights reserved by the harbour board; ask before you copy."


def test_the_paragraphs_of_a_file_are_allowed_with_their_lines(tmp_path: Path) -> None:
    path = tmp_path / "allow.md"
    path.write_text(f"# Notices\n\n{NOTICE}\n\n***\n\nShare.\n")

    allowed = Allowed.from_corpus(find_duplicates([path]).corpus)

    assert allowed.places == ((str(path), 3), (str(path), 7))
    assert len(allowed) == 2


def test_a_notice_is_known_however_it_is_wrapped_and_wherever_it_stands(tmp_path: Path) -> None:
    (tmp_path / "allow.md").write_text(f"Share.\n\n{NOTICE}\n")
    wrapped = NOTICE.upper().replace(" ", "\n")
    (tmp_path / "a.txt").write_text(f"Something else.\n\n{wrapped}\n\n{NOTICE} Or not.\n")
    allowed = Allowed.from_corpus(find_duplicates([tmp_path / "allow.md"]).corpus)
    corpus = find_duplicates([tmp_path / "a.txt"]).corpus

    assert allowed.find_rows(corpus.tokens.prints).tolist() == [-1, 1, -1]


# Few values, so that texts are often equal in one of their two words alone.
_PRINTS = st.lists(st.tuples(st.integers(0, 3), st.integers(2**64 - 3, 2**64 - 1)), max_size=12)


@given(_PRINTS, _PRINTS)
def test_texts_are_found_as_in_a_list_of_pairs(
    texts: list[tuple[int, int]], paragraphs: list[tuple[int, int]]
) -> None:
    prints = [np.array(pairs, np.uint64).reshape(-1, 2) for pairs in (texts, paragraphs)]
    allowed = Allowed(prints[0], tuple(("allow.md", line) for line in range(1, len(texts) + 1)))

    rows = allowed.find_rows(prints[1].reshape(-1))

    assert rows.tolist() == [texts.index(p) if p in texts else -1 for p in paragraphs]
    unused = allowed.list_unused(set(rows[rows >= 0].tolist()))
    assert [problem.line for problem in unused] == [
        line for line, text in enumerate(texts, 1) if text not in paragraphs
    ]
    assert all("may repeat" in problem.message for problem in unused)
