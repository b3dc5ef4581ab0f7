"""The tables of the compiled tokenizer: folds and classes of code points, names of dates."""

from pathlib import Path

import numpy as np
import pytest

from dedup.kernels import compiled, constants, hashing, tables
from dedup.text import fold_code_point, normalize

SIMPLE_BITS, COMPLEX_BIT, CLASS_SHIFT = 0x1FFFFF, 1 << 24, 28


def test_a_table_of_folds_made_anew_is_the_one_that_was_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tables.load_folds()
    monkeypatch.setattr(compiled, "_cache_folders", lambda: iter([tmp_path]))

    made = tables.load_folds()

    assert np.array_equal(made, kept)
    assert len(list(tmp_path.glob("folds-*.bin"))) == 1


@pytest.mark.parametrize("letter", "aZ\u00e9\u00c9\u0130\u5343\u0e01\u3000\u2019\u0301\u00ad\0")
def test_a_fold_is_packed_with_its_class(letter: str) -> None:
    fold, kind = fold_code_point(ord(letter))
    packed = int(tables.load_folds()[ord(letter)])

    assert packed >> CLASS_SHIFT == kind
    assert bool(packed & COMPLEX_BIT) == (fold is None)
    assert fold is None or packed & SIMPLE_BITS == fold


def test_every_name_of_a_date_is_found_with_its_class() -> None:
    names = set(tables.make_names().tolist()) - {0}

    for word in ("january", "m\u00e4rz", "dezembro", "mi\u00e9rcoles", "tenth", "q4", "sun"):
        token = hashing.make_token(normalize(word).encode())
        assert token & constants.CLASS_MASK != constants.WORD
        assert token in names
    assert len(names) == len(hashing.SLOT_NAMES)
