"""Each reader on spoilt input for about a second; `python -m tests.fuzz` goes on longer."""

from pathlib import Path
from random import Random

import pytest

from tests.fuzz.mutations import mutate
from tests.fuzz.targets import TARGETS
from tests.fuzz.worker import fuzz

SECONDS = 1.0


@pytest.mark.parametrize("name", TARGETS)
@pytest.mark.filterwarnings("ignore")  # of libraries, about input that is meant to be wrong
def test_no_spoilt_input_brings_a_reader_down(name: str, tmp_path: Path) -> None:
    findings = fuzz(TARGETS[name], seed=20261125, seconds=SECONDS, folder=tmp_path)

    told = [f"{failure.name}\n{failure.account}" for failure, _ in findings.first.values()]
    assert not told, "\n\n".join(told)


def test_a_seed_repeats_its_inputs() -> None:
    samples, bits = [b"<p>one</p>", b"two\n\nthree"], [b"<b>"]

    randoms = Random(5), Random(5)  # noqa: S311 -- no secret hangs on it
    runs = [[mutate(samples, bits, random) for _ in range(50)] for random in randoms]

    assert runs[0] == runs[1]
