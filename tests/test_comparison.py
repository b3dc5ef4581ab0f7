"""Which way rows are compared, and that both ways measure the same."""

from typing import Final

import numpy as np
import pytest

from dedup import comparison
from dedup.comparison import verify_rows
from dedup.config import BandsConfig, Config, ParagraphsConfig, ReadersConfig, RunConfig, Within
from dedup.execution import Run
from dedup.kernels import load_engine
from dedup.model import Candidates, TokenLists, VerifiedPairs
from dedup.paragraphs import split_paragraphs
from dedup.readers.records import batches_from_records
from dedup.shingles import tokenize_paragraphs

TEXT: Final = (
    "the mill by the river was sold in spring to a family from the coast who had built boats "
    "there for more than a hundred years before the harbour silted up"
)
OTHER: Final = "nothing in these few words stands in any other paragraph of this small test"
TEXTS: Final = [TEXT, OTHER, TEXT.replace("hundred", "thousand"), TEXT.replace("boats", "ships")]


def verify(texts: list[str], **parts: object) -> tuple[VerifiedPairs, Candidates | None, Run]:
    run = Run(Config(**parts), 0, lambda _stage, _done: None)  # type: ignore[arg-type]
    (batch,) = batches_from_records([{"text": text} for text in texts], ReadersConfig())
    engine = load_engine("numpy")
    paragraphs = split_paragraphs(batch, ParagraphsConfig(), engine)
    tokens: TokenLists = tokenize_paragraphs(paragraphs, engine)
    documents = np.arange(len(texts), dtype=np.int32) // 2
    verified, candidates = verify_rows(tokens, tokens, documents, run)
    return verified, candidates, run


def couples(pairs: VerifiedPairs) -> list[tuple[int, int]]:
    return list(zip(pairs.lefts.tolist(), pairs.rights.tolist(), strict=True))


def test_few_rows_are_compared_all_with_all() -> None:
    verified, candidates, run = verify(TEXTS)

    assert couples(verified) == [(0, 2), (0, 3), (2, 3)]
    assert candidates is None
    assert [stage for stage, _ in run.seconds] == ["shingle", "verify"]


def test_many_rows_are_proposed_by_bands_and_measured_the_same() -> None:
    all_pairs, _, _ = verify(TEXTS)
    by_bands, candidates, run = verify(TEXTS, bands=BandsConfig(all_pairs_up_to=3))

    assert couples(by_bands) == couples(all_pairs)
    assert by_bands.resemblance.tolist() == all_pairs.resemblance.tolist()
    assert candidates is not None
    assert len(candidates.pairs) >= 3
    assert [stage for stage, _ in run.seconds] == ["shingle, sign", "pair", "verify"]


@pytest.mark.parametrize(
    ("within", "expected"), [("document", [(2, 3)]), ("both", [(0, 2), (0, 3), (2, 3)])]
)
def test_bands_propose_within_documents_where_that_is_asked(
    within: Within, expected: list[tuple[int, int]]
) -> None:
    # Rows 0 and 1 are one document, 2 and 3 another.
    bands, paragraphs = BandsConfig(all_pairs_up_to=0), ParagraphsConfig(within=within)

    verified, _, _ = verify(TEXTS, bands=bands, paragraphs=paragraphs)

    assert couples(verified) == expected


def test_few_rows_that_share_very_many_shingles_go_by_bands() -> None:
    # One word differs, twice: each pair shares more than one shingle, all three more than two.
    _, candidates, _ = verify(TEXTS, bands=BandsConfig(all_pairs_meetings=2))

    assert candidates is not None


@pytest.mark.parametrize(("engine", "expected"), [("auto", "numba"), ("numpy", "numpy")])
def test_many_rows_go_to_the_compiled_engine_unless_one_is_chosen(
    engine: str, expected: str
) -> None:
    config = {"bands": BandsConfig(all_pairs_up_to=0), "run": RunConfig(engine=engine)}  # type: ignore[arg-type]

    _, _, run = verify(TEXTS, **config)

    assert run.engine is load_engine(expected)


def test_few_rows_with_much_in_common_go_to_the_compiled_engine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(comparison, "_NUMBA_FROM_MEETINGS", 2)

    verified, candidates, run = verify(TEXTS)

    assert couples(verified) == [(0, 2), (0, 3), (2, 3)]
    assert candidates is None
    assert run.engine is load_engine("numba")


def test_few_rows_with_little_in_common_need_no_compiled_engine() -> None:
    _, _, run = verify(TEXTS)

    assert run.engine is load_engine("numpy")


@pytest.mark.parametrize("bands", [BandsConfig(), BandsConfig(all_pairs_up_to=0)])
def test_no_rows_give_no_pairs(bands: BandsConfig) -> None:
    verified, _, _ = verify([" "], bands=bands)

    assert couples(verified) == []
