"""Name the columns in which the loops of `restatement` keep what they know of a document.

Each array is one row of columns after another; `_numba_terms` makes them, `loops.sources` says what
is in them. A module of its own, since importing the loops imports Numba.
"""

from typing import Final

# A term: paragraphs that hold it, its weight, where its postings begin and how far they are filled,
# the first and the last paragraph that held it, and marks of the sentence last visited.
TERM_COLUMNS: Final = 8
N_ROWS, WEIGHT, BEGIN, FILLED, FIRST_ROW, LAST_ROW, IN_SENTENCE, IN_SOURCE = range(TERM_COLUMNS)
# A skip-bigram: its two terms, paragraphs that hold it, the first and the last of them.
BIGRAM_COLUMNS: Final = 5
ONE, TWO, HOLDERS, FIRST, LAST = range(BIGRAM_COLUMNS)
# A sentence: first and last of its distinct terms, its weight, what it shares.
SENTENCE_COLUMNS: Final = 4
OPENS, CLOSES, HEAVY, SHARED = range(SENTENCE_COLUMNS)
ANCHOR_FACTS: Final = 4  # of a slot: rows, the last of them, where its postings begin and end
