"""Explain: what a rule means, what a threshold's bands find, which settings there are."""

import json
from collections.abc import Callable, Iterator
from typing import Final

import typer

from dedup.cli.compare_options import BANDS, CONFIG, ExplainOptions
from dedup.cli.settings import make_explain_config
from dedup.reporters.escapes import escape_controls
from dedup.rules import RULE_TEXTS

_NEARLY: Final = 0.55  # of the letters, for "did you mean"
_SCHEMA_OF_CONFIG: Final = "--schema goes with config: dedup explain config --schema."
_LOW: Final = (0.05, 0.1, 0.2, 0.3)
_MILLION: Final = 1_000_000


def explain_topic(options: ExplainOptions) -> None:
    """Print what is known of a topic; without one, the topics.

    Raises:
        DedupError: A setting is not as it must be.
        TyperException: No such topic.
    """
    topic = options.topic
    if options.schema and (topic or "").lower() != CONFIG:
        raise typer.TyperException(_SCHEMA_OF_CONFIG)
    if topic is None:
        lines = _list_topics()
    elif topic.upper() in RULE_TEXTS:
        lines = _explain_rule(topic.upper())
    elif topic.lower() in _TABLES:
        lines = _TABLES[topic.lower()](options)
    else:
        raise typer.TyperException(_refuse(topic))
    for line in lines:
        typer.echo(escape_controls(line))


def _refuse(topic: str) -> str:
    from dedup.cli.configuration.keys import find_nearest  # noqa: PLC0415 -- only a failure pays

    known = [*RULE_TEXTS, *_TABLES]
    near = find_nearest(topic, known, _NEARLY)
    advice = f"Did you mean {near}?" if near else "Type one of them."
    return f"nothing is known of '{topic}': topics are {', '.join(known)}. {advice}"


def _list_topics() -> Iterator[str]:
    yield "Topics of dedup explain:"
    for code, rule in RULE_TEXTS.items():
        yield f"  {code}  {rule.relation}: {rule.meaning}"
    yield "  bands   what the bands of a threshold find, and what they propose in vain"
    yield "  config  every setting with its value, who set it, its default and the reason"


def _explain_rule(code: str) -> Iterator[str]:
    rule = RULE_TEXTS[code]
    rows = (
        ("means", rule.meaning),
        ("measured by", rule.measure),
        ("default", rule.default),
        ("level", rule.level),
        ("example", rule.example),
        ("switch", rule.switch),
    )
    yield f"{code} {rule.relation}"
    for label, text in rows:
        first, *others = text.splitlines()
        yield f"  {label:<12} {first}"
        yield from (f"  {'':<12} {line}" for line in others)


def _explain_bands(options: ExplainOptions) -> Iterator[str]:
    """Give the bands chosen for a threshold, what they find and what they propose in vain."""
    from dedup.bands import choose_bands  # noqa: PLC0415 -- loads NumPy, which rules do not need

    config = make_explain_config(options)
    threshold, num_perm = config.verify.min_resemblance, config.signatures.num_perm
    bands = choose_bands(num_perm, threshold, config.bands)
    used = bands.n_bands * bands.rows_per_band
    yield f"threshold {threshold:.2f}, {num_perm} permutations:"
    yield f"  {bands.n_bands} bands of {bands.rows_per_band} rows ({used} permutations used)"
    yield f"  wanted: at least {config.bands.recall:.1%} of the pairs at the threshold,"
    yield "  then as few candidates as possible"
    yield ""
    yield "resemblance  share found"
    for resemblance in _steps_around(threshold):
        mark = "  <- threshold" if resemblance == threshold else ""
        yield f"{resemblance:>11.2f}  {bands.recall(resemblance):>11.5f}{mark}"
    yield ""
    yield "resemblance  false candidates in a million such pairs"
    for resemblance in (low for low in _LOW if low < threshold):
        yield f"{resemblance:>11.2f}  {round(bands.recall(resemblance) * _MILLION):>11,}"
    yield ""
    yield "False candidates cost time only: every candidate is measured exactly."
    most = config.bands.all_pairs_up_to
    yield f"Up to {most:,} paragraphs all pairs are compared, without bands."


def _steps_around(threshold: float) -> list[float]:
    """Give resemblances from a tenth under the threshold up to 1.0, the threshold among them."""
    steps = {threshold, 1.0, *(threshold + step / 20 for step in range(-2, 20))}
    return sorted({round(step, 4) for step in steps if 0.0 < step <= 1.0})


def _explain_config(options: ExplainOptions) -> Iterator[str]:
    """Give every setting with its origin, or the schema of a file of them."""
    if options.schema:
        from dedup.cli.configuration.schema import make_schema  # noqa: PLC0415 -- loads every command

        yield from json.dumps(make_schema(), indent=2, ensure_ascii=False).splitlines()
        return
    from dedup.cli.configuration.settings_in_force import describe_settings  # noqa: PLC0415 -- likewise

    yield from describe_settings(options)


_TABLES: Final[dict[str, Callable[[ExplainOptions], Iterator[str]]]] = {
    BANDS: _explain_bands,
    CONFIG: _explain_config,
}
