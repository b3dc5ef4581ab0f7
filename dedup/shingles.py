"""Turn each paragraph into its tokens and its set of shingle hashes.

Paragraphs come in as bytes, tokens and shingles go out as 32-bit numbers; behind this stage nothing
reads text again. `dedup.kernels.hashing` says how the numbers are made.
"""

from dedup.config import ShinglesConfig
from dedup.kernels import Engine, constants, hashing
from dedup.model import OffsetArray, ParagraphBatch, ShingleSets, TokenLists
from dedup.text import normalize, tokenize


def tokenize_paragraphs(paragraphs: ParagraphBatch, engine: Engine) -> TokenLists:
    """Tokenize the paragraphs of a batch."""
    return engine.tokenize(paragraphs.batch.buffer, paragraphs.starts, paragraphs.ends)


def spell_paragraphs(paragraphs: ParagraphBatch, engine: Engine) -> TokenLists:
    """Give the code points of each normalized paragraph, what parts its words as one blank.

    For the shingles of kind `char`; the rows' fingerprints are empty.
    """
    return engine.spell(paragraphs.batch.buffer, paragraphs.starts, paragraphs.ends)


def shingle_paragraphs(
    units: TokenLists, rows: OffsetArray, config: ShinglesConfig, engine: Engine
) -> ShingleSets:
    """Make the shingle sets of some paragraphs.

    Args:
        units: Tokens (kind `word`) or code points (kind `char`) of all paragraphs.
        rows: The paragraphs wanted, in the order of the sets.
        config: How many units make a shingle. A paragraph of fewer is one shingle, an empty
            one has none.
        engine: Where the loops run.
    """
    return engine.keep_distinct(list_shingles(units, rows, config, engine))


def list_shingles(
    units: TokenLists, rows: OffsetArray, config: ShinglesConfig, engine: Engine
) -> ShingleSets:
    """Make the shingles of some paragraphs, repeats and all, as signing takes them."""
    return engine.shingle(units.tokens, units.starts[rows], units.ends[rows], config.size)


def hash_shingle(shingle: bytes) -> int:
    r"""Hash one shingle, its words joined by blanks, to the 32 bits that signatures are made of.

    The `hashfunc` with which `datasketch.MinHash` gives the signatures of `dedup` for shingles of
    words. Bytes that are not UTF-8 are read as U+FFFD.

    >>> hash_shingle(b"the quick brown") == hash_shingle("The quick\tBROWN".encode())
    True
    """
    words = tokenize(normalize(shingle.decode(errors="replace")))
    tokens = [hashing.make_token(word.encode()) for word in words]
    return hashing.make_shingle(tokens, constants.shingle_weights(len(tokens)))
