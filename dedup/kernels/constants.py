"""Hold the numbers that every hash is made with; both engines read them here.

Decision (2026-11-23): these are fixed for ever, since an index outlives a release; the test vectors
in `tests/kernels/test_constants.py` hold them. They are the odd constants of splitmix64 and
MurmurHash3 and the stream that splitmix64 gives from 1 (Steele, Lea and Flood, "Fast splittable
pseudorandom number generators", 2014, doi:10.1145/2660193.2660195).

A token is 32 bits: 29 bits of hash above 3 bits of class, so that everything behind the tokenizer
(shingles, slots, alignment) reads one array and never the text again.
"""

from typing import Final

MASK64: Final = (1 << 64) - 1
LENGTH_MULTIPLIER: Final = 0x9E3779B97F4A7C15
WORD_MULTIPLIER: Final = 0xBF58476D1CE4E5B9
FINAL_MULTIPLIER: Final = 0x94D049BB133111EB
FIRST_PRINT_MULTIPLIER: Final = 0xD6E8FEB86659FD93
SECOND_PRINT_MULTIPLIER: Final = 0xFF51AFD7ED558CCD
GAP_SALT: Final = 0xC4CEB9FE1A85EC53
FMIX_FIRST: Final = 0x85EBCA6B
FMIX_SECOND: Final = 0xC2B2AE35
SPREAD_MULTIPLIER: Final = 0x9E3779B1  # of hash tables alone: no number that is kept
EMPTY_MINIMUM: Final = 0xFFFFFFFF

SHARE_SCALE: Final = 1_000_000  # thresholds as whole numbers, so that the engines agree

WORD, NUMBER, NUMBER_PART, ORDINAL, MONTH, WEEKDAY, QUARTER = range(7)
CLASS_BITS: Final = 3
CLASS_MASK: Final = (1 << CLASS_BITS) - 1

# A content term is the upper 29 bits of a hash over this bit: it is a number.
TERM_NUMBER: Final = 1
TERM_PREFIX: Final = 6  # characters of a word that count; a number counts whole
TERM_REACH: Final = 4  # how far apart two terms of a sentence may stand that make a skip-bigram

# How `restatement` weighs; design section 6, and the reasons in `dedup.restatement`.
WEIGHT_UNIT: Final = 1 << 20  # weights are whole numbers of this, so that sums have no order
WEIGHT_FLOOR: Final = 0.35  # keeps some weight on a term that every paragraph holds
NUMBER_FACTOR: Final = 2  # a number says more than a word
LEAST_IN_SENTENCE: Final = 3  # distinct terms of a sentence that is looked for
UNJUDGED, JUDGED, QUOTED = range(3)  # a row is a source only; scored; with second sources too
LEAST_ADDED: Final = 0.12  # of a sentence, that a second source must hold beyond the first
ANCHOR_TERMS: Final = 16  # terms up to which a row keeps all its anchors; half of them up to 32...
MOST_NAMED: Final = 1000  # sentences that one term may name; past it others must name them

# What a record or a text turned out to be when a kernel looked at it.
FINE, ODD, INVALID = range(3)


def splitmix64(state: int) -> tuple[int, int]:
    """Give the next state and the next 64-bit number of the splitmix64 stream."""
    state = (state + LENGTH_MULTIPLIER) & MASK64
    mixed = ((state ^ (state >> 30)) * WORD_MULTIPLIER) & MASK64
    mixed = ((mixed ^ (mixed >> 27)) * FINAL_MULTIPLIER) & MASK64
    return state, mixed ^ (mixed >> 31)


def shingle_weights(size: int) -> list[int]:
    """Give the `size` odd 32-bit weights of the tokens of one shingle, first token first.

    32 bits, so that a product with a token is one instruction of every vector unit.
    """
    state, weights = 1, []
    for _ in range(size):
        state, number = splitmix64(state)
        weights.append(number >> 32 | 1)
    return weights
