"""Take the paragraphs of a run through the stages that look at their shingles.

Rows in canonical order come in, verified pairs go out: all pairs where the rows are few, else those
that bands propose.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt

from dedup.bands import choose_bands, find_candidates, make_band_keys, scatter_keys
from dedup.execution import Run
from dedup.measuring import measure_candidates
from dedup.model import (
    Candidates,
    IndexArray,
    OffsetArray,
    PairArray,
    ShingleSets,
    SignatureArray,
    Sketches,
    TokenLists,
    VerifiedPairs,
)
from dedup.shingles import list_shingles, shingle_paragraphs
from dedup.sifting import choose_width, make_sieve, sift_candidates, sketch_shingle_sets
from dedup.signatures import sign_shingle_sets
from dedup.verify import MakeSets, verify_all_pairs

# From here on the compiled engine's start (0.1 s of CPU) is less than what it saves.
_NUMBA_FROM_MEETINGS: Final = 100_000  # shingles that two rows share, over all pairs
_ROWS_AT_ONCE: Final = 2048  # signatures of so many rows, 1 MB, stay in the cache
_Pairing: TypeAlias = tuple[PairArray, IndexArray]
_BLOCKS_REMEMBERED: Final = 64  # of rows, whose pages may stay: some 60 MB


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
    with run.stage("shingle, sign"):
        signed = _sign(units, documents, run)
    with run.stage("pair"):
        candidates = _pair(*signed, run)
    with run.stage("verify"):
        return _verify(candidates.pairs, tokens, units, run), candidates


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


def _sign(units: TokenLists, documents: IndexArray, run: Run) -> tuple[SignatureArray, Sketches]:
    """Shingle and sign the rows block by block; only band keys and sketches are kept.

    Of a row these are 4 bytes a band and 32 to 128. Sketches stay in memory, where they are met in
    any order; a file has them for a run that is resumed.
    """
    config, storage = run.config, run.storage
    bands = choose_bands(config.signatures.num_perm, config.verify.min_resemblance, config.bands)
    shape, width = (bands.n_bands, len(units)), choose_width(int(units.sizes.sum()), len(units))
    if storage.load("sign") is not None:
        keys = storage.open_column("keys", np.uint32).reshape(shape)
        return keys, Sketches(storage.open_column("sketches", np.uint64), width)
    keys = storage.make_table("keys", np.uint32, shape)
    sketches = np.empty(width * len(units), np.uint64)

    def sign(begin: int) -> None:
        part = np.arange(begin, min(begin + _ROWS_AT_ONCE, len(units)))
        shingles = list_shingles(units, part, config.shingles, run.engine)
        signatures = sign_shingle_sets(shingles, config.signatures, run.engine)
        made = make_band_keys(signatures, bands, run.engine)
        if config.paragraphs.within == "document":
            made = scatter_keys(made, documents[part].astype(np.uint64))
        keys[:, begin : begin + len(part)] = made
        place = slice(width * begin, width * (begin + len(part)))
        sketches[place] = sketch_shingle_sets(shingles, width, run.engine)

    for done, _ in enumerate(run.map(sign, range(0, len(units), _ROWS_AT_ONCE)), 1):
        run.advance("shingle, sign", min(done * _ROWS_AT_ONCE, len(units)), len(units))
        if done % _BLOCKS_REMEMBERED == 0:
            storage.forget_pages()
    if storage.is_resumable:
        storage.keep("sketches", sketches)
    storage.commit("sign", {})
    storage.forget_pages()
    return keys, Sketches(sketches, width)


def _pair(keys: SignatureArray, sketches: Sketches, run: Run) -> Candidates:
    """Pair the rows whose signatures share a band, but for those that sketches rule out."""
    config, engine, storage = run.config, run.engine, run.storage
    known = storage.load("pair")
    if known is not None:
        return Candidates(storage.open_column("candidates", np.uint64), **known)
    sieve = make_sieve(config)

    def sift(pairs: PairArray) -> PairArray:
        storage.forget_pages()  # those of the band's keys
        return sift_candidates(pairs, sketches, sieve, engine)

    def map_bands(function: Callable[[int], _Pairing], bands: Iterable[int]) -> Iterator[_Pairing]:
        for done, pairing in enumerate(run.map(function, bands), 1):
            run.advance("pair", done, len(keys), "band")
            yield pairing

    found = find_candidates(keys, config.bands, engine, map_bands, sift)
    facts = {"n_beyond": found.n_beyond, "n_templates": found.n_templates}
    found = replace(found, pairs=storage.keep("candidates", found.pairs))
    storage.commit("pair", facts)
    storage.forget_pages()
    return found


def _verify(pairs: PairArray, tokens: TokenLists, units: TokenLists, run: Run) -> VerifiedPairs:
    storage = run.storage
    known = storage.load("verify")
    if known is not None:
        return _map_columns(storage.open_column, **known)

    def tell(n_done: int) -> None:
        run.advance("verify", n_done, len(pairs), "pair")

    found = measure_candidates(pairs, (tokens, units), run, tell)
    kept = _map_columns(lambda name, _: storage.keep(name, getattr(found, name)), found.n_unaligned)
    storage.commit("verify", {"n_unaligned": found.n_unaligned})
    return kept


def _map_columns(
    get: Callable[[str, npt.DTypeLike], "npt.NDArray[Any]"], n_unaligned: int
) -> VerifiedPairs:
    """Make verified pairs of columns that are asked for by name and type."""
    return VerifiedPairs(
        get("lefts", np.int32),
        get("rights", np.int32),
        get("resemblance", np.float64),
        get("left_containment", np.float64),
        get("right_containment", np.float64),
        get("conflicts", np.int32),
        get("relations", np.uint8),
        n_unaligned,
    )
