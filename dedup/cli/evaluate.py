"""Evaluate: say how well the settings in force agree with labelled pairs or clusters."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from math import isnan
from pathlib import Path
from typing import Any, Final

from dedup.cli.evaluate_options import FORMATS, SCORES, STDOUT, EvaluateOptions, name_shared
from dedup.cli.evaluate_results import Result, evaluate_clusters, evaluate_pairs
from dedup.cli.evaluate_tables import lay_out
from dedup.cli.labels import LabelRule
from dedup.cli.messages import start_logging
from dedup.cli.options import ScanOptions
from dedup.cli.settings import make_scan_config, refuse
from dedup.cli.targets import Target, check_file, refuse_overwriting
from dedup.config import Config
from dedup.readers.labelled import LabelledPairs, read_labelled
from dedup.reporters.escapes import escape_json
from dedup.reporters.registry import write_pieces

FORMAT_VERSION: Final = 1


def evaluate_file(options: EvaluateOptions) -> None:
    """Measure the labelled rows of a file and write the figures.

    Raises:
        DedupError: A setting, the input or the output is not as it must be.
    """
    start_logging(quiet=options.quiet, verbose=options.verbose)
    _check_values(options)
    _check_files(options)
    config = make_evaluate_config(options)
    rule = LabelRule(options, options.labelled)
    labelled = read_labelled(options.labelled, config.readers, options.by)
    result: Result
    if isinstance(labelled, LabelledPairs):
        result = evaluate_pairs(labelled, rule.apply(labelled), options, config)
    else:
        result = evaluate_clusters(labelled, options, config)
    write_pieces(_render(result, options, config), options.output)


def make_evaluate_config(options: EvaluateOptions) -> Config:
    """Give the settings that are evaluated.

    Raises:
        SettingError: An option has a value that is not allowed.
    """
    shared: dict[str, Any] = name_shared(options)
    return make_scan_config(ScanOptions(unit="record", **shared), keep_text=False)


def _check_values(options: EvaluateOptions) -> None:
    """Refuse what can be refused before anything is read."""
    if options.score not in SCORES:
        raise refuse("score", options.score, " or ".join(SCORES))
    if options.output_format not in FORMATS:
        raise refuse("output-format", options.output_format, " or ".join(FORMATS))
    for name in ("want_precision", "want_recall"):
        share = getattr(options, name)
        if share is not None and not 0.0 < share <= 1.0:
            raise refuse(name.replace("_", "-"), share, "a share over 0, up to 1")
    if options.seed < 0:
        raise refuse("seed", str(options.seed), "a whole number from 0 on")


def _check_files(options: EvaluateOptions) -> None:
    """See that both files can be written, that they are two, and not the input."""
    files = [file for file in (options.output, options.scores) if file and file != STDOUT]
    if len(files) > len({Path(file).resolve() for file in files}):
        raise refuse("scores", files[-1], "another file than that of --output")
    for file in files:
        check_file(file)
    if options.labelled != STDOUT:
        refuse_overwriting([Target("", file, "output") for file in files], [options.labelled])


def _render(result: Result, options: EvaluateOptions, config: Config) -> Iterator[str]:
    """Give the figures in the format asked for."""
    if options.output_format == "json":
        content = {"format_version": FORMAT_VERSION, **_plain(asdict(result))}
        for line in json.dumps(content, ensure_ascii=False, indent=2).split("\n"):
            yield f"{escape_json(line)}\n"
        return
    for line in lay_out(result, config):
        yield f"{line}\n"


def _plain(value: Any) -> Any:  # noqa: ANN401 -- any value that `asdict` gives
    """Give what JSON can hold: null for a figure that the rows do not determine."""
    if isinstance(value, dict):
        return {name: _plain(own) for name, own in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(own) for own in value]
    return None if isinstance(value, float) and isnan(value) else value
