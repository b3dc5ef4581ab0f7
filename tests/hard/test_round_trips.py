"""What `clean` leaves alone, for any text, Markdown, JSON Lines and CSV that hypothesis thinks of.

Three laws: what repeats nothing comes out byte for byte; cleaning again changes nothing more; and a
diff against what repeats something shows the repeated paragraphs and blank lines, nothing else.
"""

import csv
import io
import json
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Final

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dedup.cleaning import Cleaned, clean_sources
from dedup.config import CleaningConfig, Config, EngineChoice, ParagraphsConfig, RunConfig
from dedup.outlets import Output

LINE_ENDS: Final = ("\n", "\r\n", "\r")
# Phrases that come again and what formats are made of, so that a cut has all kinds of neighbours.
PHRASES: Final = ("one two three four", "five six seven", "é ü 漢字 x", "one two three five")
BREAKS: Final = (
    "\n\n",
    "\n\n",
    "\n",
    "\r\n\r\n",
    "\n \t\n",
    "\r\r",
    "\n\n\n",
    "\n\n    ",
    "\n\n  ",
)
MARKS: Final = (
    *("# ", "- ", "  - ", "> ", "1. ", "```\n", "    ", "| a | b |\n|---|---|\n", "---\n", "===\n"),
    *(
        "<div>\n",
        "</div>\n",
        "<!-- ",
        " -->",
        "[a]: b\n",
        "[^1]: ",
        "[^1]",
        "* * *\n",
        "\ufeff",
        "\\\n",
    ),
    *(
        "\u2028",
        "\x0b",
        "\x0c",
        "\0",
        '"',
        '""',
        ",",
        "\\",
        "+++\n",
        "a: b\n",
        "\t",
        " ",
        "`",
        "***",
        "- > ",
    ),
)
PIECES: Final = st.one_of(*map(st.sampled_from, (PHRASES, BREAKS, PHRASES, BREAKS, MARKS)))
SOUPS: Final = st.lists(PIECES, max_size=30).map("".join)


def settings_for(min_words: int) -> tuple[Config, CleaningConfig]:
    paragraphs = ParagraphsConfig(min_words=min_words)
    engine: EngineChoice = "numpy"
    return Config(paragraphs=paragraphs, run=RunConfig(engine=engine, jobs=1)), CleaningConfig()


def clean(content: bytes, name: str, min_words: int = 8) -> tuple[bytes, Cleaned]:
    """Clean a file of some bytes; gives what is written and what was done."""
    with tempfile.TemporaryDirectory() as folder:
        source, out = Path(folder) / name, Path(folder) / "out"
        source.write_bytes(content)
        cleaned = clean_sources([source], Output(str(out)), settings_for(min_words))
        return out.read_bytes(), cleaned


@dataclass(frozen=True, slots=True)
class Plan:
    """Paragraphs by their words' numbers; one that comes again is to go, lightly edited or not."""

    numbers: tuple[int, ...]
    edited: tuple[bool, ...]

    def spell(self, place: int) -> str:
        """Give the text of a paragraph: 24 words that no other number has; an edit changes one."""
        number = self.numbers[place]
        words = [f"{letter}{'abcdefgh'[number]}{letter}o" for letter in "bcdfghjklmnpqrstvwxyzBCD"]
        if self.edited[place] and place in self.repeats():
            words[11] = f"edit{'abcdefghijklmnopqrstuvwxyz'[place]}"
        return " ".join(words)

    def texts(self) -> list[str]:
        return [self.spell(place) for place in range(len(self.numbers))]

    def repeats(self) -> set[int]:
        """Give the places of paragraphs whose number came before."""
        return {at for at, number in enumerate(self.numbers) if number in self.numbers[:at]}

    def kept(self) -> list[str]:
        gone = self.repeats()
        return [text for at, text in enumerate(self.texts()) if at not in gone]


def plans(most: int) -> st.SearchStrategy[Plan]:
    numbers = st.lists(st.integers(0, most), min_size=1, max_size=8).map(tuple)
    return numbers.flatmap(
        lambda chosen: st.builds(Plan, st.just(chosen), st.tuples(*(st.booleans() for _ in chosen)))
    )


DISTINCT: Final = st.permutations(range(8)).flatmap(
    lambda order: st.integers(1, 8).map(lambda n: Plan(tuple(order[:n]), (False,) * n))
)


def write_text(texts: Sequence[str], line_end: str) -> bytes:
    wrapped = (text.replace(" bd", f"{line_end}bd") for text in texts)
    return ((line_end * 2).join(wrapped) + line_end).encode()


def write_markdown(texts: Sequence[str], line_end: str) -> bytes:
    kinds = (
        "{}",
        "- {}",
        "> {}",
        "1. {}\n2. other",
        "# Head\n\n{}",
        "{}\n\n---",
        "```\ncode\n```\n\n{}",
    )
    blocks = (kinds[at % len(kinds)].format(text) for at, text in enumerate(texts))
    return ("---\ntitle: x\n---\n\n" + "\n\n".join(blocks) + "\n").replace("\n", line_end).encode()


def write_jsonl(texts: Sequence[str], line_end: str) -> bytes:
    """Write two paragraphs a record, beside columns of other types, spelled in no canonical way."""
    rows = []
    for at in range(0, len(texts), 2):
        text = json.dumps("\n\n".join(texts[at : at + 2]))
        rows.append(f'{{ "n":{at}.50, "text" : {text},"more": {{"é":[1, null,"\\u00e9"]}}  }}')
    return "".join(row + line_end for row in rows).encode()


def write_csv(texts: Sequence[str], line_end: str) -> bytes:
    table = io.StringIO()
    rows = csv.writer(table, lineterminator=line_end, quoting=csv.QUOTE_NONNUMERIC)
    rows.writerow(["n", "text", "more"])
    for at in range(0, len(texts), 2):
        rows.writerow([at, "\n\n".join(texts[at : at + 2]), f'a "quoted", {at}'])
    return table.getvalue().encode()


Write = Callable[[Sequence[str], str], bytes]
FORMATS: Final[dict[str, Write]] = {
    "a.txt": write_text,
    "a.md": write_markdown,
    "a.jsonl": write_jsonl,
    "a.csv": write_csv,
}
# JSON Lines are parted at LF; CR alone is a blank there.
of_every_format = pytest.mark.parametrize("name", FORMATS)


@of_every_format
@given(
    plan=DISTINCT,
    line_end=st.sampled_from(LINE_ENDS[:2]),
    tail=st.sampled_from(["", "\n", "\n\n\n"]),
)
def test_what_repeats_nothing_comes_out_byte_for_byte(
    name: str, plan: Plan, line_end: str, tail: str
) -> None:
    content = FORMATS[name](plan.texts(), line_end) + tail.encode()

    written, cleaned = clean(content, name)

    assert written == content
    assert cleaned.changed == []


@of_every_format
@given(plan=plans(5), line_end=st.sampled_from(LINE_ENDS[:2]))
def test_cleaning_again_changes_nothing_more(name: str, plan: Plan, line_end: str) -> None:
    once, _ = clean(FORMATS[name](plan.texts(), line_end), name)
    twice, cleaned = clean(once, name)

    assert twice == once
    assert sum(cleaned.n_removed.values()) == 0


@of_every_format
@given(plan=plans(4), line_end=st.sampled_from(LINE_ENDS[:2]))
def test_a_diff_shows_the_repeated_paragraphs_and_nothing_else(
    name: str, plan: Plan, line_end: str
) -> None:
    content = FORMATS[name](plan.texts(), line_end)

    written, cleaned = clean(content, name)

    gone = [plan.texts()[at] for at in sorted(plan.repeats())]
    assert sum(cleaned.n_removed.values()) + len(cleaned.kept_in) == len(gone)
    if not cleaned.kept_in:
        assert count_texts(written, plan.kept()) == [1] * len(plan.kept())
        assert count_texts(written, gone) == [int(text in plan.kept()) for text in gone]
    assert is_written_by_cutting(content, written)


def count_texts(written: bytes, texts: Iterable[str]) -> list[int]:
    """Count how often each text stands in what is written, wherever its lines are broken."""
    folded = " ".join(written.decode().split())
    return [folded.count(text) for text in texts]


def is_written_by_cutting(content: bytes, written: bytes) -> bool:
    """Say whether what is written is what was read with stretches cut out, nothing put in."""
    read = iter(content)
    return all(byte in read for byte in written)


@pytest.mark.parametrize("name", ["a.jsonl", "a.csv"])
@given(plan=plans(4), line_end=st.sampled_from(LINE_ENDS[:2]))
def test_rows_keep_their_columns_and_those_without_a_paragraph_go(
    name: str, plan: Plan, line_end: str
) -> None:
    content = FORMATS[name](plan.texts(), line_end)

    written, cleaned = clean(content, name)

    if cleaned.kept_in:
        return
    gone, texts = plan.repeats(), plan.texts()
    expected = [
        (at, [texts[one] for one in (at, at + 1) if one < len(texts) and one not in gone])
        for at in range(0, len(texts), 2)
    ]
    assert read_rows(written, name) == [(at, kept) for at, kept in expected if kept]
    untouched = {at for at in range(0, len(texts), 2) if not {at, at + 1} & gone}
    lines = set(content.split(line_end.encode())) if name == "a.jsonl" else set()
    kept_lines = [line for line in written.split(line_end.encode()) if line in lines and line]
    assert name == "a.csv" or len(kept_lines) >= len(untouched)


def read_rows(written: bytes, name: str) -> list[tuple[int, list[str]]]:
    """Read rows by the standard library: what names them, and their paragraphs."""
    if name == "a.jsonl":
        rows = [json.loads(line) for line in written.splitlines()]
        assert all(row["more"] == {"é": [1, None, "é"]} for row in rows)
        return [(int(row["n"]), row["text"].split("\n\n")) for row in rows]
    rows = list(csv.DictReader(io.StringIO(written.decode(), newline="")))
    assert all(row["more"] == f'a "quoted", {row["n"]}' for row in rows)
    return [(int(row["n"]), row["text"].split("\n\n")) for row in rows]


@given(plan=plans(4), line_end=st.sampled_from(LINE_ENDS))
def test_only_whole_lines_go_from_plain_text(plan: Plan, line_end: str) -> None:
    content = write_text(plan.texts(), line_end)

    written, _ = clean(content, "a.txt")

    before, after = (text.decode().split(line_end) for text in (content, written))
    changes = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    assert {kind for kind, *_ in changes} <= {"equal", "delete"}
    n_lines = len(write_text(plan.texts()[:1], line_end).decode().rstrip().split(line_end))
    n_gone = sum(bool(line) for line in before) - sum(bool(line) for line in after)
    assert n_gone == n_lines * len(plan.repeats())


@pytest.mark.parametrize("name", ["a.txt", "a.md"])
@given(soup=SOUPS)
@example("one two three four\n\none two three four")
@example("- one two three four\n\n- one two three four\n\n      five six seven")
@example("one two three four\n\none two three four\n===\n")
def test_the_laws_hold_for_any_text(name: str, soup: str) -> None:
    content = soup.encode()

    once, cleaned = clean(content, name, min_words=1)
    twice, again = clean(once, name, min_words=1)

    assert is_written_by_cutting(content, once)
    if not cleaned.changed:
        assert once == content
    assert twice == once
    assert again.n_removed.total() == 0


@given(soups=st.lists(SOUPS, min_size=1, max_size=5), line_end=st.sampled_from(LINE_ENDS[:2]))
def test_the_laws_hold_for_any_text_in_json(soups: list[str], line_end: str) -> None:
    rows = (json.dumps({"text": soup, "n": at}) + line_end for at, soup in enumerate(soups))
    content = "".join(rows).encode()

    once, cleaned = clean(content, "a.jsonl", min_words=1)
    twice, _ = clean(once, "a.jsonl", min_words=1)

    assert is_written_by_cutting(content, once)
    assert once == content or cleaned.changed
    assert twice == once


@given(
    soups=st.lists(SOUPS, min_size=1, max_size=5),
    quoting=st.sampled_from(["minimal", "all"]),
)
def test_the_laws_hold_for_any_text_in_csv(soups: list[str], quoting: str) -> None:
    table = io.StringIO()
    rows = csv.writer(table, quoting=csv.QUOTE_ALL if quoting == "all" else csv.QUOTE_MINIMAL)
    rows.writerow(["n", "text"])
    rows.writerows(enumerate(soup.replace("\0", "") for soup in soups))
    content = table.getvalue().encode()

    once, cleaned = clean(content, "a.csv", min_words=1)
    twice, _ = clean(once, "a.csv", min_words=1)

    assert is_written_by_cutting(content, once)
    assert once == content or cleaned.changed
    assert twice == once
