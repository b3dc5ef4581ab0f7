"""Option classes as commands, and values converted without pydantic."""

from dataclasses import dataclass
from enum import Enum
from typing import Annotated

import pytest
import typer

from dedup.cli.commands import make_command, takes


class Colour(Enum):
    RED = "red"


@dataclass(frozen=True, kw_only=True)
class Options:
    names: Annotated[list[str] | None, typer.Argument()] = None
    size: Annotated[int, typer.Option()] = 3
    share: Annotated[float | None, typer.Option()] = None
    word: Annotated[str, typer.Option()] = "one"
    words: Annotated[list[str] | None, typer.Option()] = None
    loud: Annotated[bool, typer.Option("--loud")] = False
    colour: Annotated[Colour, typer.Option()] = Colour.RED


def run(*words: str) -> Options:
    """Run a command of these options and give what it got."""
    app, seen = typer.Typer(), list[Options]()

    @app.callback()
    def group() -> None:
        pass

    @app.command()
    @takes(Options)
    def command(options: Options) -> None:
        seen.append(options)

    make_command(app)(args=["command", *words], prog_name="test", standalone_mode=False)
    return seen[0]


def test_without_words_every_option_has_its_default() -> None:
    assert run() == Options()


def test_words_become_values_of_the_declared_types() -> None:
    options = run(
        *("a", "b", "--size", "7", "--share", "0.5", "--word", "", "--words", "x"),
        *("--words", "y", "--loud", "--colour", "red"),
    )

    assert options == Options(
        names=["a", "b"], size=7, share=0.5, word="", words=["x", "y"], loud=True
    )


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--size", "1.5"], "'1.5' is not a whole number"),
        (["--share", "half"], "'half' is not a number"),
        (["--colour", "blue"], "red"),
    ],
)
def test_a_word_of_another_type_is_refused(words: list[str], told: str) -> None:
    with pytest.raises(typer.BadParameter, match=told):
        run(*words)


def test_a_command_is_called_and_described_as_its_function() -> None:
    @takes(Options)
    def count_sheep(options: Options) -> None:
        """Count them."""

    assert (count_sheep.__name__, count_sheep.__doc__) == ("count_sheep", "Count them.")
