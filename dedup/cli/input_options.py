"""Hold the options of how the input is read."""

from dataclasses import dataclass
from typing import Annotated, Final

import typer

from dedup.config import DEFAULTS

_MAX_BYTES: Final = f"{DEFAULTS.readers.max_bytes >> 30}G"


@dataclass(frozen=True, kw_only=True, eq=False, repr=False, init=False)
class InputOptions:
    """How the input is read."""

    unit: Annotated[
        str,
        typer.Option(
            metavar="paragraph|record", help="Compare paragraphs, or each text as a whole."
        ),
    ] = DEFAULTS.paragraphs.unit
    input_format: Annotated[
        str | None,
        typer.Option(
            metavar="FORMAT",
            show_default="by the file's ending",
            help="Read everything as text, markdown, rst, html, feed, jsonl, csv, tsv, parquet or "
            "warc.",
        ),
    ] = DEFAULTS.readers.input_format
    encoding: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            show_default="as the source says, else UTF-8, else guessed",
            help="Read text in this encoding, as latin-1.",
        ),
    ] = DEFAULTS.readers.encoding
    main_content: Annotated[
        str,
        typer.Option(
            metavar="auto|off|SELECTOR",
            help="Compare of HTML pages the main content as trafilatura sees it (auto), everything "
            "(off), or what a CSS selector names.",
        ),
    ] = DEFAULTS.readers.main_content
    text_field: Annotated[
        str, typer.Option(metavar="NAME", help="The field or column that holds the text.")
    ] = DEFAULTS.readers.text_field
    id_field: Annotated[
        str, typer.Option(metavar="NAME", help="The field or column that names the record.")
    ] = DEFAULTS.readers.id_field
    stdin_filename: Annotated[
        str,
        typer.Option(
            metavar="NAME", help="What to call standard input; its ending tells the format."
        ),
    ] = DEFAULTS.readers.stdin_filename
    max_bytes: Annotated[
        str,
        typer.Option(metavar="SIZE", help="Refuse a file that holds more, unpacked: 500M, 16G."),
    ] = _MAX_BYTES
    max_expansion: Annotated[
        int,
        typer.Option(
            metavar="N", help="Refuse a packed file that unpacks to over N times its size and 64M."
        ),
    ] = DEFAULTS.readers.max_expansion
