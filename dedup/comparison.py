"""Take the paragraphs of a run through the stages that look at their shingles.

Rows in canonical order come in, verified pairs go out: all pairs where the rows are few, else those
that bands propose.
"""

from typing import Final

import numpy as np

from dedup.bands import choose_bands, find_candidates, make_band_keys, scatter_keys
from dedup.execution import Run
from dedup.model import Candidates, IndexArray, OffsetArray, ShingleSets, TokenLists, VerifiedPairs
from dedup.shingles import list_shingles, shingle_paragraphs
from dedup.signatures import sign_shingle_sets
from dedup.verify import MakeSets, verify_all_pairs, verify_candidates

# From here on the compiled engine's start (0.1 s of CPU) is less than what it saves.
_NUMBA_FROM_MEETINGS: Final = 100_000  # shingles that two rows share, over all pairs
_ROWS_AT_ONCE: Final = 2048  # signatures of so many rows, 1 MB, stay in the cache


def verify_rows(
    tokens: TokenLists, units: TokenLists, documents: IndexArray, run: Run
) -> tuple[VerifiedPairs, Candidates | None]:
    """Measure all pairs where the rows are few, else those that bands propose."""
    config = run.config

    def make_sets(rows: OffsetArray) -> ShingleSets:
        return shingle_paragraphs(units, rows, config.shingles, run.engine)

    sets = _make_few_sets(make_sets, len(units), run)
    if sets is not None:
        with run.stage("verify"):
            return verify_all_pairs(tokens, sets, config.verify, run.engine), None
    candidates = _propose(units, documents, run)
    with run.stage("verify"):
        pairs = candidates.pairs
        verified = verify_candidates(pairs, tokens, make_sets, config.verify, run.engine)
        return verified, candidates


def _make_few_sets(make_sets: MakeSets, n_rows: int, run: Run) -> ShingleSets | None:
    """Make the shingle sets of all rows where so few can be compared all with all.

    What that costs is the meetings: how often two rows hold one shingle. Few rows can have very
    many of them (versions of one long text); then bands propose the pairs as for a corpus.
    """
    bands = run.config.bands
    if n_rows > bands.all_pairs_up_to:
        run.prefer_compiled()
        return None
    with run.stage("shingle"):
        sets = make_sets(np.arange(n_rows))
        _, counts = np.unique(sets.shingles, return_counts=True)
        n_meetings = int((counts * (counts - 1) // 2).sum())
    if n_meetings > _NUMBA_FROM_MEETINGS:
        run.prefer_compiled()
    return sets if n_meetings <= bands.all_pairs_meetings else None


def _propose(units: TokenLists, documents: IndexArray, run: Run) -> Candidates:
    """Shingle and sign the rows block by block, and pair those whose signatures share a band.

    Only the band keys are kept: 4 bytes a band and row.
    """
    config, engine = run.config, run.engine
    bands = choose_bands(config.signatures.num_perm, config.verify.min_resemblance, config.bands)
    keys = np.empty((bands.n_bands, len(units)), np.uint32)

    def sign(begin: int) -> None:
        part = np.arange(begin, min(begin + _ROWS_AT_ONCE, len(units)))
        shingles = list_shingles(units, part, config.shingles, engine)
        signatures = sign_shingle_sets(shingles, config.signatures, engine)
        keys[:, begin : begin + len(part)] = make_band_keys(signatures, bands, engine)

    with run.stage("shingle, sign"):
        for done, _ in enumerate(run.map(sign, range(0, len(units), _ROWS_AT_ONCE)), 1):
            run.progress("shingle, sign", min(done * _ROWS_AT_ONCE, len(units)))
        if config.paragraphs.within == "document":
            keys = scatter_keys(keys, documents.astype(np.uint64))
    with run.stage("pair"):
        return find_candidates(keys, config.bands, engine, run.map)
