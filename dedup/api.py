"""Offer the run to Python programs that hold records: what goes in comes out, without repeats."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

import numpy as np

from dedup.config import DEFAULTS, Config
from dedup.pipeline import find_duplicates

_Record = TypeVar("_Record", bound=str | Mapping[str, Any])


def deduplicate(
    records: Iterable[_Record], text: str = "text", config: Config = DEFAULTS
) -> list[_Record]:
    """Give the records that are kept: of each group of identical or near-duplicate texts one.

    Each record's text is compared as a whole (unit `record`); short texts are always kept.

    Args:
        records: Strings, or mappings with a text.
        text: The field that holds the text of a mapping.
        config: Every other setting.

    Raises:
        InputError: A record has no string under `text`.

    >>> deduplicate(["One and the same sentence, said in eight words."] * 2 + ["Another."])
    ['One and the same sentence, said in eight words.', 'Another.']
    """
    held = list(records)
    rows = [{text: record} if isinstance(record, str) else record for record in held]
    config = replace(
        config,
        readers=replace(config.readers, text_field=text),
        paragraphs=replace(config.paragraphs, unit="record"),
        run=replace(config.run, keep_text=False),
    )
    report = find_duplicates(rows, config)
    numbers = np.arange(len(report.corpus))
    dropped = set(report.corpus.document[report.grouping.canonicals != numbers].tolist())
    return [record for number, record in enumerate(held) if number not in dropped]
