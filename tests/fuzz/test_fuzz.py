"""Each reader on spoilt input for about a second; `python -m tests.fuzz` goes on longer.

The same inputs on every machine: made samples alone, and as many inputs of one seed as take about a
second. What Arrow itself dies of would take the tests with it, so Parquet has a process of its own.
"""

from pathlib import Path
from random import Random

import pytest

from tests.fuzz import __main__ as command
from tests.fuzz import samples
from tests.fuzz.mutations import mutate
from tests.fuzz.targets import TARGETS, samples_of
from tests.fuzz.worker import Limit, fuzz

SEED = 20261125
N_INPUTS = 150
IN_PROCESS = [name for name in TARGETS if name != "parquet"]


@pytest.fixture
def _made_samples(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(samples, "PLACES", (samples.ROOT / "data",))
    samples_of.cache_clear()


@pytest.mark.parametrize("name", IN_PROCESS)
@pytest.mark.usefixtures("_made_samples")
@pytest.mark.filterwarnings("ignore")  # of libraries, about input that is meant to be wrong
def test_no_spoilt_input_brings_a_reader_down(name: str, tmp_path: Path) -> None:
    findings = fuzz(TARGETS[name], SEED, Limit(n_inputs=N_INPUTS), tmp_path)

    told = [f"{failure.name}\n{failure.account}" for failure, _ in findings.first.values()]
    assert not told, "\n\n".join(told)


def test_the_command_says_what_it_did_and_ends_well(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    words = ["--reader", "parquet", "--seconds", "0", "--seed", "4", "--save", str(tmp_path)]

    status = command.main(words)

    assert (status, capfd.readouterr().out.splitlines()) == (
        0,
        ["parquet: 1 inputs, seed 4", "0 different failures"],
    )


def test_a_seed_repeats_its_inputs() -> None:
    samples, bits = [b"<p>one</p>", b"two\n\nthree"], [b"<b>"]

    randoms = Random(5), Random(5)  # noqa: S311 -- no secret hangs on it
    runs = [[mutate(samples, bits, random) for _ in range(50)] for random in randoms]

    assert runs[0] == runs[1]
