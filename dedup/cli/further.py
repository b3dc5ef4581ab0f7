"""Hold every command but `scan`, each with the examples that its help ends with."""

from collections.abc import Callable
from typing import Final

from dedup.cli.clean_options import CleanOptions
from dedup.cli.commands import takes
from dedup.cli.compare_options import CompareOptions, ExplainOptions
from dedup.cli.evaluate_options import EvaluateOptions

_COMPARE_EXAMPLES: Final = """\b
Examples:
  dedup compare old.md new.md
  dedup compare --text "One sentence, or two." "Two sentences, or one."
"""
_EVALUATE_EXAMPLES: Final = """\b
Examples:
  dedup evaluate pairs.jsonl --want-precision 0.95
  dedup evaluate graded.jsonl.gz --positive-from 3 --scores scores.jsonl
  dedup evaluate clusters.jsonl --ignore DUP004 --output-format json
"""
_CLEAN_EXAMPLES: Final = """\b
Examples:
  dedup clean docs/ -o clean-docs/ --removed removed.jsonl
  dedup clean corpus.jsonl.gz -o clean.jsonl.gz --remove identical,near-duplicate,rewritten
  dedup clean table.csv -o marked.csv --mark
"""
_EXPLAIN_EXAMPLES: Final = """\b
Examples:
  dedup explain DUP003
  dedup explain bands --threshold 0.7
  dedup explain config
"""


@takes(CompareOptions)
def compare(options: CompareOptions) -> None:
    """Say how two paragraphs or files stand to each other, and why."""
    from dedup.cli.compare import compare_sides  # noqa: PLC0415 -- loads NumPy

    compare_sides(options)


@takes(ExplainOptions)
def explain(options: ExplainOptions) -> None:
    """Explain a rule, the bands of a threshold, or every setting."""
    from dedup.cli.explain import explain_topic  # noqa: PLC0415 -- bands load NumPy

    explain_topic(options)


@takes(CleanOptions)
def clean(options: CleanOptions) -> None:
    """Write PATHS without their redundant paragraphs, in their own formats; never in place."""
    from dedup.cli.clean import clean_paths  # noqa: PLC0415 -- loads NumPy

    clean_paths(options)


@takes(EvaluateOptions)
def evaluate(options: EvaluateOptions) -> None:
    """Say how well the settings agree with LABELLED pairs or clusters."""
    from dedup.cli.evaluate import evaluate_file  # noqa: PLC0415 -- loads NumPy

    evaluate_file(options)


COMMANDS: Final[tuple[tuple[Callable[..., None], str], ...]] = (
    (clean, _CLEAN_EXAMPLES),
    (compare, _COMPARE_EXAMPLES),
    (evaluate, _EVALUATE_EXAMPLES),
    (explain, _EXPLAIN_EXAMPLES),
)
