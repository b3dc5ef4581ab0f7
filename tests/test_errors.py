"""Every error raised on purpose: its own code, and a message of four parts."""

import re
from pathlib import Path

import pytest

from dedup import errors
from dedup.errors import (
    DedupError,
    GitError,
    InputError,
    MissingExtraError,
    OutputError,
    SettingError,
    SignatureMismatchError,
    UnreadableFormatError,
)

ERRORS = [
    SettingError("setting jobs is 0: allowed is 1 to 1024. Choose another value."),
    UnreadableFormatError(Path("a/b.docx"), [".md", ".txt"]),
    InputError("a.jsonl", 3, "it is no JSON", "Mend the line."),
    OutputError("out.json", "no space left on device"),
    SignatureMismatchError(128, 64),
    GitError("main", "no commit has that name here", "Fetch it first."),
    MissingExtraError("reading Parquet", "pyarrow", "parquet"),
]


def test_no_two_errors_share_a_code() -> None:
    kinds = [
        kind
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, DedupError)
    ]
    codes = [kind.code for kind in kinds]

    assert len(set(codes)) == len(codes)
    assert all(re.fullmatch("DD[0-9]{3}", code) for code in codes)


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_a_message_says_what_failed_and_what_to_do(error: DedupError) -> None:
    parts = re.split(r"[:;.] ", str(error))

    assert isinstance(error, DedupError)
    assert len(parts) >= 3


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (ERRORS[1], "cannot read 'a/b.docx': no reader for '.docx'. Readable: .md, .txt."),
        (ERRORS[2], "cannot read a.jsonl:3: it is no JSON. Mend the line."),
        (InputError("a.txt", None, "it is gone", "Check it."), "cannot read a.txt: it is gone."),
        (UnreadableFormatError(Path("Makefile"), [".md"]), "cannot read 'Makefile': no reader for"),
    ],
)
def test_a_message_names_the_place(error: DedupError, expected: str) -> None:
    assert str(error).startswith(expected)


def test_an_input_error_tells_its_parts_to_programs() -> None:
    error = InputError("a.jsonl", 3, "it is no JSON", "Mend the line.")

    assert (error.path, error.line, error.problem) == ("a.jsonl", 3, "it is no JSON")


def test_a_missing_extra_is_named_with_its_install_line() -> None:
    assert "pip install 'dedup-paragraphs[parquet]'" in str(ERRORS[-1])
