"""Hold every command but `scan`, each with the examples that its help ends with."""

from collections.abc import Callable
from typing import Final

from dedup.cli.check_options import BaselineOptions, CheckOptions
from dedup.cli.clean_options import CleanOptions
from dedup.cli.commands import takes
from dedup.cli.compare_options import CompareOptions, ExplainOptions
from dedup.cli.evaluate_options import EvaluateOptions
from dedup.cli.report_options import ReportOptions
from dedup.cli.spark_options import SparkOptions

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
_CHECK_EXAMPLES: Final = """\b
Examples:
  dedup check docs/ feeds/news.xml
  dedup check docs/ --since origin/main --output-format github
  dedup check docs/ -f concise -f sarif=dedup.sarif -f junit=dedup.xml
"""
_BASELINE_EXAMPLES: Final = """\b
Examples:
  dedup baseline write docs/
  dedup baseline prune docs/
  dedup baseline show docs/
"""
_REPORT_EXAMPLES: Final = """\b
Examples:
  dedup report run.json --output-format concise
  dedup report run.json --threshold 0.8 -f sarif=dedup.sarif
  dedup scan docs/ -f json | dedup report - --select DUP005
"""
_SPARK_EXAMPLES: Final = """\b
Examples:
  dedup spark scan corpus/ --unit record --output found/ --work work/ --master 'local[4]'
  dedup spark scan s3a://news/2026/ --output s3a://found/2026 --work s3a://work/2026
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
    """Write files again without their redundant paragraphs.

    Each in its own format, never in place.
    """
    from dedup.cli.clean import clean_paths  # noqa: PLC0415 -- loads NumPy

    clean_paths(options)


@takes(CheckOptions)
def check(options: CheckOptions) -> None:
    """Fail when a scan finds what nobody has accepted.

    Everything that scan takes and reports; the exit status is 1 when something is found that no
    baseline, comment or allow file accepts.
    """
    from dedup.cli.check import check_paths  # noqa: PLC0415 -- loads NumPy

    check_paths(options)


@takes(BaselineOptions)
def baseline(options: BaselineOptions) -> None:
    """Accept today's findings, so that a check fails on new ones.

    write accepts what is found now, prune forgets what is gone, show says what is accepted.
    """
    from dedup.cli.baseline import run_baseline  # noqa: PLC0415 -- loads NumPy

    run_baseline(options)


@takes(EvaluateOptions)
def evaluate(options: EvaluateOptions) -> None:
    """Say how well the settings agree with LABELLED pairs or clusters."""
    from dedup.cli.evaluate import evaluate_file  # noqa: PLC0415 -- loads NumPy

    evaluate_file(options)


@takes(ReportOptions)
def report(options: ReportOptions) -> None:
    """Write a saved run again, in another format or stricter.

    Nothing is scanned: a stricter threshold takes out what scores less.
    """
    from dedup.cli.report import report_run  # noqa: PLC0415 -- loads NumPy

    report_run(options)


@takes(SparkOptions)
def spark(options: SparkOptions) -> None:
    """Scan on Apache Spark what is too much for one machine.

    The same verdicts as scan; what was found goes to a folder, as Parquet.
    """
    from dedup.cli.spark import run_spark  # noqa: PLC0415 -- loads NumPy

    run_spark(options)


COMMANDS: Final[tuple[tuple[Callable[..., None], str], ...]] = (
    (check, _CHECK_EXAMPLES),
    (baseline, _BASELINE_EXAMPLES),
    (clean, _CLEAN_EXAMPLES),
    (compare, _COMPARE_EXAMPLES),
    (evaluate, _EVALUATE_EXAMPLES),
    (explain, _EXPLAIN_EXAMPLES),
    (report, _REPORT_EXAMPLES),
    (spark, _SPARK_EXAMPLES),
)
