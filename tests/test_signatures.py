"""Signatures against datasketch, bit for bit, in both engines."""

import re
from typing import Final

import numpy as np
import pytest
from datasketch import MinHash, MinHashLSH
from hypothesis import example, given, settings
from hypothesis import strategies as st

import dedup
from dedup.config import ShinglesConfig, SignaturesConfig
from dedup.errors import SignatureMismatchError
from dedup.kernels import ENGINES, Engine, load_engine
from dedup.model import Signatures
from dedup.readers.batches import pad
from dedup.shingles import shingle_paragraphs
from dedup.signatures import (
    draw_permutations,
    estimate_resemblance,
    sign_shingle_sets,
    to_datasketch,
)

# Alphabets that lower-casing and a plain pattern read right: what is expected is made with those.
_WORDS: Final = st.one_of(
    st.text("abcdeXYZ", min_size=1, max_size=12),
    st.text("0123456789", min_size=1, max_size=5),
    st.sampled_from(["the", "of", "and", "2nd", "March", "\u00e9t\u00e9", "\u043c\u0438\u0440"]),
)
_TEXTS: Final = st.lists(
    st.tuples(_WORDS, st.sampled_from([" ", ", ", ". ", ".", ",", "\n", "'"])), max_size=40
).map(lambda parts: "".join(word + gap for word, gap in parts))


def shingles_of(text: str, size: int) -> list[bytes]:
    """Cut a text into its shingles, words joined by blanks; a shorter text is one shingle."""
    words = re.findall(r"\w+", text.lower())
    if not words:
        return []
    return [
        " ".join(words[place : place + size]).encode()
        for place in range(max(1, len(words) - size + 1))
    ]


def sign(texts: list[str], engine: Engine, size: int, config: SignaturesConfig) -> Signatures:
    encoded = [text.encode() for text in texts]
    ends = np.cumsum([0, *map(len, encoded)], dtype=np.int64)
    lists = engine.tokenize(pad(b"".join(encoded)), ends[:-1].copy(), ends[1:].copy())
    rows = np.arange(len(texts))
    sets = shingle_paragraphs(lists, rows, ShinglesConfig(size=size), engine)
    return sign_shingle_sets(sets, config, engine)


def sign_with_datasketch(text: str, size: int, config: SignaturesConfig) -> list[int]:
    minhash = MinHash(
        num_perm=config.num_perm,
        seed=config.seed,
        scheme="affine32",
        hashfunc=dedup.hash_shingle,
    )
    for shingle in shingles_of(text, size):
        minhash.update(shingle)
    values: list[int] = minhash.hashvalues.tolist()
    return values


@settings(max_examples=60)
@given(
    st.lists(_TEXTS, min_size=1, max_size=3),
    st.sampled_from([16, 17, 64, 100, 128, 200, 256]) | st.integers(16, 256),
    st.integers(0, 2**32 - 1),
    st.integers(1, 6),
)
@example(["It cost 1,234.5 euros on the 2nd of March."], 128, 1, 3)
@example([""], 16, 0, 3)
def test_signatures_are_those_of_datasketch(
    texts: list[str], num_perm: int, seed: int, size: int
) -> None:
    config = SignaturesConfig(num_perm=num_perm, seed=seed)
    expected = [sign_with_datasketch(text, size, config) for text in texts]

    for name in ENGINES:
        signatures = sign(texts, load_engine(name), size, config)
        assert [signatures.row(row).tolist() for row in range(len(texts))] == expected


@given(st.integers(16, 256), st.integers(0, 2**32 - 1))
def test_permutations_are_those_of_datasketch(num_perm: int, seed: int) -> None:
    drawn = draw_permutations(SignaturesConfig(num_perm=num_perm, seed=seed))
    minhash = MinHash(num_perm=num_perm, seed=seed, scheme="affine32")

    assert [part.tolist() for part in drawn] == [part.tolist() for part in minhash.permutations]


def test_a_signature_ignores_the_order_of_shingles(engine: Engine) -> None:
    config = SignaturesConfig()
    one, two = "a b c. d e f", "d e f. a b c"
    signatures = sign([one, two], engine, 1, config)

    assert signatures.row(0).tolist() == signatures.row(1).tolist()


def test_an_empty_text_has_the_signature_of_no_shingle(engine: Engine) -> None:
    signatures = sign(["", "..."], engine, 3, SignaturesConfig(num_perm=16))

    assert signatures.minima.tolist() == [2**32 - 1] * 32


@given(_TEXTS, _TEXTS)
def test_a_lean_minhash_estimates_what_dedup_estimates(left: str, right: str) -> None:
    signatures = sign([left, right], load_engine("numpy"), 2, SignaturesConfig(seed=7))
    one, two = to_datasketch(signatures, 0), to_datasketch(signatures, 1)

    assert one.jaccard(two) == estimate_resemblance(signatures.row(0), signatures.row(1))
    assert (one.seed, one.hashvalues.tolist()) == (7, signatures.row(0).tolist())


def test_a_lean_minhash_is_found_among_those_that_datasketch_made() -> None:
    text = "The same words on both sides, in the same order."
    config = SignaturesConfig(num_perm=64, seed=3)
    ours = sign([text, "Something else altogether is said here."], load_engine("numpy"), 3, config)
    theirs = MinHash(num_perm=64, seed=3, scheme="affine32", hashfunc=dedup.hash_shingle)
    theirs.update_batch(shingles_of(text, 3))
    store = MinHashLSH(threshold=0.8, num_perm=64)
    store.insert("theirs", theirs)

    assert store.query(to_datasketch(ours, 0)) == ["theirs"]
    assert store.query(to_datasketch(ours, 1)) == []


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=64))
def test_the_estimate_is_the_share_of_equal_positions(pairs: list[tuple[int, int]]) -> None:
    left, right = np.array(pairs, np.uint32).T
    expected = sum(one == two for one, two in pairs) / len(pairs)

    assert estimate_resemblance(left, right) == pytest.approx(expected)
    assert estimate_resemblance(right, left) == estimate_resemblance(left, right)


def test_the_estimate_comes_close_to_the_resemblance() -> None:
    # Two texts of 200 and 200 words that share 150: J = 150 / 250; one error is 0.031.
    left = " ".join(f"w{n}" for n in range(200))
    right = " ".join(f"w{n}" for n in range(50, 250))
    signatures = sign([left, right], load_engine("numpy"), 1, SignaturesConfig(num_perm=256))

    assert estimate_resemblance(signatures.row(0), signatures.row(1)) == pytest.approx(0.6, abs=0.1)


def test_signatures_of_different_length_are_not_compared() -> None:
    with pytest.raises(SignatureMismatchError, match="cannot compare signatures of 3 and 2 perm"):
        estimate_resemblance(np.zeros(3, np.uint32), np.zeros(2, np.uint32))
