"""Sources written again: what goes is what was decided, and everything else stays byte for byte."""

import base64
import bz2
import csv
import gzip
import io
import json
import lzma
import os
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import IO, Any, Final, TypeAlias
from unittest.mock import Mock

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from dedup.cleaning import Cleaned, clean_sources
from dedup.config import (
    RULE_OF_RELATION,
    CleaningConfig,
    Config,
    EngineChoice,
    ReadersConfig,
    RunConfig,
)
from dedup.cuts import DoneCut
from dedup.errors import InputError, OutputError, SettingError, WorkFolderError
from dedup.execution import Run
from dedup.model import Corpus, TokenLists
from dedup.outlets import Output
from dedup.readers.sources import Source
from dedup.removals import Decisions, decide_removals
from dedup.writers import text as text_writer
from dedup.writers.edits import Cut, Part

Files: TypeAlias = dict[str, bytes]
Numbers: TypeAlias = list[list[int]]

BASE: Final = Config(run=RunConfig(engine="numpy", jobs=1))
SKIPPING: Final = replace(BASE, readers=ReadersConfig(skip_errors=True))
DEFAULT: Final = CleaningConfig()


def paragraph(number: int) -> str:
    """Give a text of 14 words; from 10 on, number n is one of n - 10 with a word changed."""
    words = [f"{letter}{number % 10}" for letter in "abcdefghijklmn"]
    if number >= 10:
        words[6] = f"changed{number}"
    return " ".join(words)


def spell_text(rows: Numbers) -> bytes:
    return "\n\n\n".join(paragraph(each) for row in rows for each in row).encode()


def spell_markdown(rows: Numbers) -> bytes:
    parts = [f"# Part {at}\n\n" + "\n\n".join(map(paragraph, row)) for at, row in enumerate(rows)]
    return ("---\nkey: é\n---\r\n\r\n" + "\n\n***\n\n".join(parts) + "\n").encode()


def spell_jsonl(rows: Numbers) -> bytes:
    texts = ["\n\n".join(map(paragraph, row)) for row in rows]
    lines = [
        f'{{"n": {at}.0,  "text":{json.dumps(text)}, "é": [null]}}\n'
        for at, text in enumerate(texts)
    ]
    return "".join(lines).encode()


def spell_csv(rows: Numbers) -> bytes:
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    writer.writerow(["n", "text", "more"])
    for at, row in enumerate(rows):
        writer.writerow([at, "\n\n".join(map(paragraph, row)), 'with "quotes", and comma'])
    return table.getvalue().encode()


def spell_html(rows: Numbers) -> bytes:
    body = "\n".join(
        f"<div id=d{at}>"
        + "\n".join(f"<p class='x'>{paragraph(each)}</p>" for each in row)
        + "</div>"
        for at, row in enumerate(rows)
    )
    head = "<!doctype html>\n<html><head><title>x</title></head>"
    return f"{head}<body>\n{body}\n</body></html>\n".encode()


def spell_feed(rows: Numbers) -> bytes:
    items = "\n".join(
        f"<item><guid>g{at}</guid><description>"
        + escape("".join(f"<p>{paragraph(each)}</p>" for each in row))
        + "</description></item>"
        for at, row in enumerate(rows)
    )
    head = '<?xml version="1.0"?>\n<rss version="2.0"><channel><title>x</title>'
    return f"{head}\n{items}\n</channel></rss>\n".encode()


FORMATS: Final[dict[str, Callable[[Numbers], bytes]]] = {
    "a.txt": spell_text,
    "b/b.md": spell_markdown,
    "c.jsonl": spell_jsonl,
    "b/d.csv": spell_csv,
    "e.html": spell_html,
    "f.rss": spell_feed,
}
_ROWS: Final = st.lists(st.lists(st.integers(0, 13), min_size=1, max_size=3), max_size=4)
_FILES: Final = st.dictionaries(st.sampled_from(sorted(FORMATS)), _ROWS, min_size=1).map(
    lambda rows: {name: FORMATS[name](rows[name]) for name in sorted(rows)}
)


def write_files(folder: Path, files: Files) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def read_files(folder: Path) -> Files:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def clean(
    files: Files, config: Config = BASE, wish: CleaningConfig = DEFAULT
) -> tuple[Files, list[dict[str, Any]], Cleaned]:
    """Clean files in a folder; gives what is written, what was removed, and what was done."""
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        folder = root / "in"
        folder.mkdir()
        write_files(folder, files)
        output = Output(str(root / "out"), str(root / "removed"))
        cleaned = clean_sources([folder], output, (config, wish))
        lines = [json.loads(line) for line in (root / "removed").read_bytes().splitlines()]
        for line in lines:
            line["path"] = str(Path(line["path"]).relative_to(folder))
        assert read_files(folder) == files
        return read_files(root / "out"), lines, cleaned


def put_back(written: Files, lines: Iterable[dict[str, Any]]) -> Files:
    """Undo a cleaning: put each content back at its offset, in order."""
    files = dict(written)
    for line in lines:
        if "content" in line:
            content = line["content"].encode()
        else:
            content = base64.b64decode(line["content_base64"])
        file = files[line["path"]]
        files[line["path"]] = file[: line["offset"]] + content + file[line["offset"] :]
    return files


@settings(max_examples=80, suppress_health_check=[HealthCheck.too_slow])
@given(_FILES)
@example({"a.txt": b"", "c.jsonl": b"", "e.html": b"", "b/b.md": b""})
def test_what_was_removed_put_back_at_its_offsets_gives_the_sources(files: Files) -> None:
    written, lines, cleaned = clean(files)

    assert put_back(written, lines) == files
    n_told = sum(len(line["paragraphs"]) for line in lines)
    assert n_told == sum(cleaned.n_removed.values())
    assert n_told + len(cleaned.kept_in) == len(cleaned.decisions.removals)


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(_FILES)
def test_cleaning_again_changes_nothing_more(files: Files) -> None:
    once, _, cleaned = clean(files)
    twice, lines, again = clean(once)

    if not cleaned.kept_in:
        assert again.decisions.removals == {}
    assert twice == once
    assert lines == []


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(_FILES)
def test_every_text_stays_once_and_only_once(files: Files) -> None:
    written, _, cleaned = clean(files)

    before, after = b"\n".join(files.values()), b"\n".join(written.values())
    for number in range(10):
        text = paragraph(number).encode()
        near = [paragraph(each).encode() for each in (number, number + 10)]
        if not cleaned.kept_in and any(each in before for each in near):
            assert sum(after.count(each) for each in near) == 1
        assert after.count(text) <= before.count(text)


@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(_FILES)
def test_engines_threads_and_a_second_run_give_the_same_bytes(files: Files) -> None:
    engines: list[tuple[EngineChoice, int]] = [("numpy", 1), ("numba", 1), ("numpy", 3)]

    results = []
    for engine, jobs in engines:
        written, lines, _ = clean(files, replace(BASE, run=RunConfig(engine=engine, jobs=jobs)))
        cuts = [(line["path"], line["offset"], line.get("content")) for line in lines]
        results.append((written, cuts))

    assert results[1] == results[0]
    assert results[2] == results[0]


@pytest.mark.parametrize("name", FORMATS)
def test_in_each_format_the_repeat_goes_and_the_rest_is_as_it_was(name: str) -> None:
    rows = [[0, 1], [2], [1, 3], [12]]
    content = FORMATS[name](rows)

    written, lines, cleaned = clean({name: content})

    assert cleaned.n_removed == Counter({"identical": 1, "near-duplicate": 1})
    assert cleaned.changed == [source.name for source in cleaned.sources]
    kept = b"".join(written.values())
    assert [kept.count(paragraph(each).encode()) for each in (0, 1, 2, 3, 12)] == [1, 1, 1, 1, 0]
    relations = [each["relation"] for line in lines for each in line["paragraphs"]]
    assert relations == ["identical", "near-duplicate"]


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("pack", [gzip.compress, lzma.compress, bz2.compress])
def test_a_packed_source_is_packed_again_and_copied_where_nothing_goes(
    name: str, pack: Callable[[bytes], bytes]
) -> None:
    ending = {gzip.compress: ".gz", lzma.compress: ".xz", bz2.compress: ".bz2"}[pack]
    unpack = {
        gzip.compress: gzip.decompress,
        lzma.compress: lzma.decompress,
        bz2.compress: bz2.decompress,
    }[pack]
    repeated, single = FORMATS[name]([[0, 1], [1, 2]]), FORMATS[name]([[5], [6]])
    files = {f"{name}{ending}": pack(repeated), f"z/{name}{ending}": pack(single)}

    written, lines, _ = clean(files)

    assert written[f"z/{name}{ending}"] == files[f"z/{name}{ending}"]
    unpacked = {key: unpack(content) for key, content in written.items()}
    assert put_back(unpacked, lines) == {key: unpack(content) for key, content in files.items()}
    assert len(lines) == 1
    assert written == clean(files)[0]


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_text_that_is_no_utf8_is_put_back_too(line_end: str) -> None:
    text = f"{paragraph(0)} café".encode("cp1252")
    content = (line_end * 2).encode().join([text, paragraph(1).encode(), text])

    written, lines, cleaned = clean(
        {"a.txt": content}, replace(BASE, readers=ReadersConfig(encoding="cp1252"))
    )

    assert "content_base64" in lines[0]
    assert put_back(written, lines) == {"a.txt": content}
    assert sum(cleaned.n_removed.values()) == 1


def test_each_removal_says_what_it_repeats_and_where() -> None:
    _, lines, _ = clean({"a.txt": spell_text([[0, 1]]), "b.txt": spell_text([[11]])})

    (line,) = lines
    (told,) = line["paragraphs"]
    assert (line["path"], line["offset"], line["content"]) == ("b.txt", 0, paragraph(11))
    assert (told["relation"], told["start_line"], told["paragraph"]) == ("near-duplicate", 1, 0)
    assert told["score"] == pytest.approx(9 / 15)  # of the 12 word triples of each, 3 differ
    (source,) = told["of"]
    assert (source["start_line"], source["start_column"], source["paragraph"]) == (4, 1, 1)
    assert source["path"].endswith("a.txt")


def test_marks_say_of_each_row_what_would_become_of_it() -> None:
    rows = [[0], [1], [0], [11]]
    files = {"a.jsonl": spell_jsonl(rows) + b'{"text": "too short"}\n{"text": ""}\n'}

    written, lines, cleaned = clean(files, wish=CleaningConfig(mark=True))

    marked = [json.loads(line) for line in written["a.jsonl"].splitlines()]
    columns = [
        (row["dedup_canonical"], row["dedup_relation"], row["dedup_score"]) for row in marked
    ]
    none = (True, None, None)
    near = (False, "near-duplicate", pytest.approx(9 / 15))
    assert columns == [none, none, (False, "identical", 1.0), near, none, none]
    groups = [row["dedup_group"] for row in marked]
    assert groups[0] == groups[2] != groups[1] == groups[3]
    assert groups[4:] == [None, None]
    assert len(groups[0]) == 16
    assert lines == []
    assert cleaned.kept_in == sorted(cleaned.decisions.removals)


def test_marks_change_nothing_else_in_json_lines_and_csv() -> None:
    files = {"c.jsonl": spell_jsonl([[0], [0], [2]]), "d.csv": spell_csv([[3], [0]])}

    written, _, _ = clean(files, wish=CleaningConfig(mark=True))

    before = [json.loads(line) for line in files["c.jsonl"].splitlines()]
    after = [json.loads(line) for line in written["c.jsonl"].splitlines()]
    assert [{key: row[key] for key in row if key not in MARKS} for row in after] == before
    old = list(csv.DictReader(io.StringIO(files["d.csv"].decode(), newline="")))
    new = list(csv.DictReader(io.StringIO(written["d.csv"].decode(), newline="")))
    assert [{key: row[key] for key in row if key not in MARKS} for row in new] == old
    assert [row["dedup_canonical"] for row in new] == ["true", "false"]


MARKS: Final = ("dedup_group", "dedup_canonical", "dedup_relation", "dedup_score")


def test_marks_come_to_a_parquet_file_and_all_its_rows_stay(tmp_path: Path) -> None:
    pyarrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    rows = [{"text": paragraph(number), "n": [number]} for number in (0, 1, 0)]
    parquet.write_table(pyarrow.Table.from_pylist(rows), tmp_path / "in.parquet")
    output = Output(str(tmp_path / "out.parquet"))

    clean_sources([tmp_path / "in.parquet"], output, (BASE, CleaningConfig(mark=True)))

    marked = parquet.read_table(tmp_path / "out.parquet").to_pylist()
    assert [{key: row[key] for key in ("text", "n")} for row in marked] == rows
    assert [row["dedup_canonical"] for row in marked] == [True, True, False]
    assert [row["dedup_relation"] for row in marked] == [None, None, "identical"]


def test_what_has_no_rows_cannot_be_marked(tmp_path: Path) -> None:
    write_files(tmp_path, {"a.jsonl": b'{"text": "x"}\n', "b.md": b"x\n"})

    with pytest.raises(SettingError, match=r"setting mark is True.*b\.md' has none"):
        clean_sources([tmp_path], Output(None), (BASE, CleaningConfig(mark=True)))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder of three texts, the first of which repeats nothing."""
    files = {"a.txt": [[0, 1]], "b.txt": [[1, 2]], "c.txt": [[3, 0]]}
    return write_files(tmp_path / "in", {name: spell_text(rows) for name, rows in files.items()})


def make_output(folder: Path) -> Output:
    return Output(str(folder.parent / "out"), str(folder.parent / "removed"))


def assert_nothing_was_written(folder: Path) -> None:
    assert [path.name for path in folder.parent.iterdir()] == ["in"]


def test_a_run_without_an_output_writes_nothing_and_tells_of_each_cut(folder: Path) -> None:
    told: list[tuple[str, tuple[int, ...]]] = []

    def note(_cleaned: Cleaned, done: DoneCut) -> None:
        told.append((Path(done.source.name).name, done.numbers))

    cleaned = clean_sources([folder], Output(None), (BASE, DEFAULT), note)

    assert told == [("b.txt", (2,)), ("c.txt", (5,))]
    assert cleaned.destinations is None
    assert cleaned.n_removed == Counter({"identical": 2})
    assert_nothing_was_written(folder)


@pytest.mark.parametrize("error", [ValueError("a bug"), KeyboardInterrupt(), MemoryError()])
def test_a_writer_that_fails_in_the_middle_leaves_nothing(
    error: BaseException, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = text_writer.rewrite

    def fail(
        source: Source, parts: Iterable[Part], output: IO[bytes], config: ReadersConfig
    ) -> Iterator[tuple[Part, list[Cut]]]:
        yield from real(source, parts, output, config)
        if source.name.endswith("c.txt"):
            raise error

    monkeypatch.setattr(text_writer, "rewrite", fail)

    with pytest.raises(type(error)):
        clean_sources([folder], make_output(folder), (BASE, DEFAULT))

    assert_nothing_was_written(folder)


def test_a_disk_that_fills_up_is_said_to_be_the_outputs_fault(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full(io.BytesIO):
        def write(self, _data: object) -> int:
            raise OSError(28, "No space left on device")

    def open_full(_folder: Path, _name: str) -> Full:
        return Full()

    monkeypatch.setattr("dedup.outlets._open_inside", open_full)

    with pytest.raises(OutputError, match=r"cannot write .*out: No space left"):
        clean_sources([folder], make_output(folder), (BASE, DEFAULT))

    assert_nothing_was_written(folder)


def _append(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"\n\nmore")


def _overwrite(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"a", b"A"))
    os.utime(path, ns=(1, 1))


def _replace(path: Path) -> None:
    other = path.with_name("new")
    other.write_bytes(path.read_bytes())
    other.replace(path)


@pytest.mark.parametrize("name", ["a.txt", "b.txt", "c.txt"])
@pytest.mark.parametrize(
    "change", [_append, _overwrite, _replace, Path.unlink, lambda p: p.write_bytes(b"")]
)
def test_a_source_that_changes_between_two_readings_is_refused(
    name: str, change: Callable[[Path], None], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = decide_removals

    def change_and_decide(
        corpus: Corpus, spelled: TokenLists | None, relations: tuple[str, ...], run: Run
    ) -> Decisions:
        change(folder / name)
        return real(corpus, spelled, relations, run)

    monkeypatch.setattr("dedup.cleaning.decide_removals", change_and_decide)

    with pytest.raises(InputError, match=f"{name}.*(two readings differ|no such file)"):
        clean_sources([folder], make_output(folder), (BASE, DEFAULT))

    assert_nothing_was_written(folder)


def test_records_that_were_skipped_stay_where_they_were() -> None:
    rows = spell_jsonl([[0], [1], [0], [2]]).splitlines(keepends=True)
    rows[1:1] = [b'{"text": 5}\n', b"{broken\n", b"\n"]

    written, lines, cleaned = clean({"a.jsonl": b"".join(rows)}, SKIPPING)

    del rows[5]
    assert written == {"a.jsonl": b"".join(rows)}
    assert len(lines) == 1
    assert len(cleaned.corpus.problems) == 2


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("b.txt.gz", gzip.compress(spell_text([[0], [1], [2]]), mtime=0)[:-9]),
        ("b.txt.gz", b"no gzip at all"),
        ("b.jsonl", b"{\n{\n"),
        ("b.jsonl.xz", lzma.compress(spell_jsonl([[0], [0]]))[:-20]),
    ],
)
def test_a_source_that_cannot_be_read_to_its_end_is_copied_as_it_is(
    name: str, content: bytes
) -> None:
    files = {"a.txt": spell_text([[0, 1]]), name: content, "c.txt": spell_text([[1, 2]])}

    written, lines, _ = clean(files, SKIPPING)

    assert written[name] == content
    assert written["a.txt"] == files["a.txt"]
    assert [line["path"] for line in lines] == ["c.txt"]


def test_without_being_asked_to_skip_them_an_unreadable_source_stops_the_run(folder: Path) -> None:
    (folder / "d.jsonl").write_bytes(b"{\n")

    with pytest.raises(InputError, match=r"d\.jsonl:1"):
        clean_sources([folder], make_output(folder), (BASE, DEFAULT))

    assert_nothing_was_written(folder)


@pytest.mark.skipif(os.name == "nt", reason="named pipes are of POSIX")
def test_a_skipped_pipe_is_not_waited_for(folder: Path) -> None:
    os.mkfifo(folder.parent / "pipe.txt")
    paths = [folder / "a.txt", folder.parent / "pipe.txt", folder.parent / "gone.txt"]

    cleaned = clean_sources(paths, Output(str(folder.parent / "out")), (SKIPPING, DEFAULT))

    assert list(read_files(folder.parent / "out")) == ["a.txt"]
    assert len(cleaned.corpus.problems) == 2


ODD_NAMES: Final = [
    *(b"a b.txt", b"'q\"uote'.txt", b"new\nline.txt", b"caf\xe9.txt", "ü漢.md".encode()),
    *(b"-dash.txt", b"100%.txt", b"$HOME.txt", b"back\\slash.txt", b"[glob]*.txt"),
]


@pytest.mark.skipif(os.name == "nt", reason="Windows refuses such names")
def test_odd_names_are_kept(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for number, name in enumerate(ODD_NAMES):
        (tmp_path / "in" / os.fsdecode(name)).write_bytes(spell_text([[number % 10, 0]]))

    clean_sources([tmp_path / "in"], make_output(tmp_path / "in"), (BASE, DEFAULT))

    names = [os.fsencode(path.name) for path in (tmp_path / "out").iterdir()]
    assert sorted(names) == sorted(ODD_NAMES)
    lines = (tmp_path / "removed").read_bytes().splitlines()
    assert len(lines) == len(ODD_NAMES) - 1 + 1  # the first repeats itself
    assert all(json.loads(line)["content"] for line in lines)


def test_several_paths_and_nested_folders_keep_their_names(tmp_path: Path) -> None:
    files = {
        "x/one.txt": [[0]],
        "x/y/z/two.md": [[1, 0]],
        "w/one.txt": [[0, 2]],
        "single.jsonl": [[1]],
    }
    write_files(tmp_path / "in", {n: FORMATS[_format_of(n)](rows) for n, rows in files.items()})
    paths = [tmp_path / "in" / name for name in ("x", "w", "single.jsonl")]

    clean_sources(paths, Output(str(tmp_path / "out")), (BASE, DEFAULT))

    written = read_files(tmp_path / "out")
    assert sorted(written) == sorted(files)
    assert sum(content.count(paragraph(0).encode()) for content in written.values()) == 1
    assert written["single.jsonl"].count(paragraph(1).encode()) == 1  # it sorts before x/


def _format_of(name: str) -> str:
    return next(each for each in FORMATS if Path(each).suffix == Path(name).suffix)


def test_files_of_other_kinds_are_not_written(folder: Path) -> None:
    (folder / "picture.png").write_bytes(b"\x89PNG")

    clean_sources([folder], make_output(folder), (BASE, DEFAULT))

    assert sorted(read_files(folder.parent / "out")) == ["a.txt", "b.txt", "c.txt"]


def test_a_large_source_is_cut_in_all_its_pieces(tmp_path: Path) -> None:
    """Pieces are about 2 MB; each repeats the paragraph before it."""
    texts = [f"{paragraph(0)} {'x' * 20_000} {at // 2}" for at in range(300)]
    rows = [json.dumps({"id": at, "text": text}) + "\n" for at, text in enumerate(texts)]
    write_files(tmp_path / "in", {"a.jsonl": "".join(rows).encode()})

    cleaned = clean_sources(
        [tmp_path / "in"], make_output(tmp_path / "in"), (BASE, CleaningConfig(("identical",)))
    )

    assert len(cleaned.corpus.batches) > 2
    assert (tmp_path / "out" / "a.jsonl").read_bytes() == "".join(rows[::2]).encode()
    offsets = [
        json.loads(line)["offset"] for line in (tmp_path / "removed").read_bytes().splitlines()
    ]
    sizes = [0]
    for row in rows:
        sizes.append(sizes[-1] + len(row.encode()))
    assert offsets == sizes[1:-1:2]


@pytest.mark.parametrize("name", ["a.jsonl", "a.csv", "a.txt", "a.md", "a.html"])
def test_an_empty_source_before_others_does_not_keep_them_from_being_cut(name: str) -> None:
    written, lines, _ = clean({name: b"", "b.txt": spell_text([[0, 0]])})

    assert written == {name: b"", "b.txt": f"{paragraph(0)}\n".encode()}
    assert len(lines) == 1


def test_a_relation_that_is_none_is_refused() -> None:
    with pytest.raises(SettingError, match="setting remove is 'variant'"):
        CleaningConfig(("variant",))


def test_the_steps_are_told(folder: Path) -> None:
    stages: list[str] = []

    clean_sources(
        [folder], Output(None), (BASE, DEFAULT), progress=lambda stage, _done: stages.append(stage)
    )

    assert stages[0] == "read, split, tokenize"
    assert stages[-1] == "write"


@pytest.mark.parametrize("wish", [DEFAULT, CleaningConfig(tuple(RULE_OF_RELATION))])
def test_columns_in_files_change_nothing_that_is_written(
    wish: CleaningConfig, tmp_path: Path
) -> None:
    rows = [[0, 1], [1, 2], [10], [2], [3, 13], [5, 3]]
    folder = write_files(tmp_path / "in", {name: spell(rows) for name, spell in FORMATS.items()})
    work = str(tmp_path / "work")
    configs = {"memory": BASE, "files": replace(BASE, run=replace(BASE.run, work_dir=work))}

    for name, config in configs.items():
        output = Output(str(tmp_path / name), str(tmp_path / f"{name}.jsonl"))
        clean_sources([folder], output, (config, wish))

    assert read_files(tmp_path / "files") == read_files(tmp_path / "memory")
    removed = [(tmp_path / f"{name}.jsonl").read_bytes() for name in configs]
    assert removed[0] == removed[1] != b""
    assert not Path(work).exists()


def test_a_cleaning_that_ended_while_it_wrote_goes_on(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = str(tmp_path / "work")
    begun = replace(BASE, run=replace(BASE.run, work_dir=work))
    with monkeypatch.context() as patch:
        patch.setattr("dedup.cleaning._Rewriter.rewrite", _end)
        with pytest.raises(KeyboardInterrupt):
            clean_sources([folder], Output(str(tmp_path / "out")), (begun, DEFAULT))
    assert not (tmp_path / "out").exists()
    read = Mock(side_effect=AssertionError("it was read"))
    monkeypatch.setattr("dedup.gathering.split_paragraphs", read)

    again = replace(begun, run=replace(begun.run, resume=True))
    clean_sources([folder], Output(str(tmp_path / "out")), (again, DEFAULT))
    monkeypatch.undo()
    clean_sources([folder], Output(str(tmp_path / "expected")), (BASE, DEFAULT))

    assert read_files(tmp_path / "out") == read_files(tmp_path / "expected")
    assert not Path(work).exists()


def _end(*_arguments: object) -> None:
    raise KeyboardInterrupt


def test_a_cleaning_of_other_relations_is_not_taken_over(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = replace(BASE, run=replace(BASE.run, work_dir=str(tmp_path / "work")))
    again = replace(begun, run=replace(begun.run, resume=True))
    one, other = CleaningConfig(("identical",)), CleaningConfig(("identical", "boilerplate"))
    with monkeypatch.context() as patch:
        patch.setattr("dedup.cleaning._Rewriter.rewrite", _end)
        with pytest.raises(KeyboardInterrupt):
            clean_sources([folder], Output(str(tmp_path / "out")), (begun, one))

    with pytest.raises(WorkFolderError, match="setting relations of cleaning was"):
        clean_sources([folder], Output(str(tmp_path / "out")), (again, other))

    clean_sources([folder], Output(str(tmp_path / "out")), (again, one))
    assert (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("written", "work"),
    [
        (("out", None), "out"),
        (("work/out", None), "work"),
        (("out", None), "out/work"),
        (("out", "work/removed.jsonl"), "work"),
    ],
)
def test_nothing_is_read_where_the_output_is_in_the_working_folder(
    folder: Path, tmp_path: Path, written: tuple[str, str | None], work: str
) -> None:
    (tmp_path / "work").mkdir()
    config = replace(BASE, run=replace(BASE.run, work_dir=str(tmp_path / work)))
    output = Output(*(name and str(tmp_path / name) for name in written))
    before = sorted(tmp_path.rglob("*"))

    with pytest.raises(SettingError, match="working folder"):
        clean_sources([folder], output, (config, DEFAULT))

    assert sorted(tmp_path.rglob("*")) == before


def test_a_file_in_a_folder_may_be_beside_the_working_folder(tmp_path: Path) -> None:
    (tmp_path / "in.txt").write_text(paragraph(1))
    (tmp_path / "out").mkdir()
    work = str(tmp_path / "out" / "work")
    config = replace(BASE, run=replace(BASE.run, work_dir=work))

    clean_sources([tmp_path / "in.txt"], Output(str(tmp_path / "out")), (config, DEFAULT))

    assert [path.name for path in (tmp_path / "out").iterdir()] == ["in.txt"]
