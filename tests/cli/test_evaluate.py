"""What `dedup evaluate` says of labelled pairs and clusters, and how it refuses what is wrong."""

import gzip
import json
import subprocess
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final

import pytest

Run = Callable[..., "subprocess.CompletedProcess[str]"]
Status = Callable[..., tuple[int, str, str]]
Row = dict[str, Any]

MILL: Final = "the mill stands by the river and its wheel turns all night while the town sleeps"
EDITED: Final = MILL.replace("all night", "all day")
OTHER: Final = "a quite different sentence about something else that nobody has ever said before"
TOLD: Final = (
    "Engineers must lower the lake by three metres before the crack in the dam can be filled with "
    "concrete, the water board of Marnow said on Monday."
)
AGAIN: Final = (
    "Before concrete can fill the crack in the dam, the lake must be lowered three metres by "
    "engineers, said the Marnow water board."
)
PAIRS: Final[tuple[Row, ...]] = (
    {"id": 1, "a": MILL, "b": EDITED, "label": 1},
    {"id": 2, "a": TOLD, "b": AGAIN, "label": 1},
    {"id": 3, "a": MILL, "b": OTHER, "label": 0},
    {"id": 4, "a": OTHER, "b": TOLD, "label": 0},
)
DOCUMENTS: Final[tuple[Row, ...]] = (
    {"id": "m1", "text": MILL, "cluster": "mill"},
    {"id": "m2", "text": MILL.upper(), "cluster": "mill"},
    {"id": "m3", "text": EDITED, "cluster": "mill"},
    {"id": "d1", "text": TOLD, "cluster": "dam"},
    {"id": "d2", "text": AGAIN, "cluster": "dam"},
    {"id": "o", "text": OTHER, "cluster": 7},
)


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Give a function that writes rows as JSON Lines."""

    def write_rows(rows: Iterable[object], name: str = "rows.jsonl") -> Path:
        path = tmp_path / name
        lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
        content = "".join(f"{line}\n" for line in lines).encode()
        path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
        return path

    return write_rows


def relabel(*labels: object) -> list[Row]:
    return [{**row, "label": label} for row, label in zip(PAIRS, labels, strict=True)]


def read(out: str) -> Row:
    result: Row = json.loads(out)
    return result


def test_the_labelled_sample_is_evaluated(dedup: Run, data: Path) -> None:
    finished = dedup("evaluate", data / "quality" / "pairs.jsonl", "--by", "kind")

    assert (finished.returncode, finished.stderr) == (0, "")
    lines = finished.stdout.splitlines()
    assert lines[0].endswith("pairs.jsonl: 96 pairs of 96 documents")
    assert lines[1] == "labels: 48 positive, 48 negative"
    tables = {line.split()[0] for line in lines if line}
    assert {"precision", "recall", "F1", "AUC", "average", "rewritten", "heavy"} <= tables


def test_nothing_of_scikit_learn_is_loaded_by_other_commands(python: Run, data: Path) -> None:
    words = ("scan", data / "docs", "--output-format", "concise")

    finished = python("-X", "importtime", "-m", "dedup", *words)

    assert "dedup.pipeline" in finished.stderr
    assert "sklearn" not in finished.stderr


def test_figures_as_json_have_their_intervals(status: Status, write: Callable[..., Path]) -> None:
    code, out, err = status("evaluate", write(PAIRS), "-f", "json")

    result = read(out)
    assert (code, err) == (0, "")
    assert (result["format_version"], result["n_rows"], result["n_positive"]) == (1, 4, 2)
    assert result["verdicts"]["precision"] == {"value": 1.0, "low": 1.0, "high": 1.0}
    assert result["ranking"]["auc"]["value"] == 1.0
    assert result["ranking"]["spearman"] is None
    counts = {row["relation"]: row["n_rows"] for row in result["relations"]}
    assert (counts["near-duplicate"], counts["rewritten"], counts["none"]) == (1, 1, 2)
    assert [(row["kind"], row["n_found"]) for row in result["kinds"]] == [("0", 0), ("1", 2)]


def test_a_figure_that_the_rows_leave_open_is_null(
    status: Status, write: Callable[..., Path]
) -> None:
    out = status("evaluate", write(PAIRS), "-f", "json", "--min-words", "100")[1]

    precision = read(out)["verdicts"]["precision"]
    assert precision == {"value": 0.0, "low": None, "high": None}
    shown = status("evaluate", write(PAIRS), "--min-words", "100")[1]
    assert "precision 0.000 - recall" in " ".join(shown.split())


def test_compressed_rows_and_standard_input_are_read_too(
    dedup: Run, status: Status, write: Callable[..., Path]
) -> None:
    plain = status("evaluate", write(PAIRS), "-f", "json")[1]
    packed = status("evaluate", write(PAIRS, "rows.jsonl.gz"), "-f", "json")[1]
    with write(PAIRS).open() as rows:
        piped = dedup("evaluate", "-", "-f", "json", stdin=rows).stdout

    results = [{**read(out), "path": ""} for out in (plain, packed, piped)]
    assert results[0] == results[1] == results[2]


def test_the_same_call_gives_the_same_bytes(status: Status, data: Path) -> None:
    path = data / "quality" / "pairs.jsonl"

    first = status("evaluate", path, "--engine", "numpy", "--jobs", "1")
    second = status("evaluate", path, "--engine", "numba", "--jobs", "2")

    assert first == second


def test_numbers_are_labels_from_one_on(status: Status, write: Callable[..., Path]) -> None:
    path = write(relabel(4.5, 3, 1.5, 0))

    code, out, _ = status("evaluate", path, "--positive-from", "3", "-f", "json")

    result = read(out)
    assert (code, result["n_positive"]) == (0, 2)
    assert result["ranking"]["spearman"]["value"] > 0.7
    assert [row["kind"] for row in result["kinds"]] == ["0", "1.5", "3", "4.5"]
    assert "Spearman's correlation" in status("evaluate", path, "--positive-from", "3")[1]


def test_many_numbers_are_shown_by_whole_ones(status: Status, write: Callable[..., Path]) -> None:
    rows = [{**PAIRS[n % 4], "label": n / 10} for n in range(30)]

    out = status("evaluate", write(rows), "--positive-from", "1.5", "-f", "json")[1]

    kinds = [(row["kind"], row["n_rows"]) for row in read(out)["kinds"]]
    assert kinds == [("0 to under 1", 10), ("1 to under 2", 10), ("2 to under 3", 10)]


@pytest.mark.parametrize(
    "words",
    [
        ["--positive", "same,nearly"],
        ["--positive", "same", "--positive", "nearly", "--negative", "other,else"],
        ["--negative", "other, else"],
    ],
)
def test_words_are_labels(status: Status, write: Callable[..., Path], words: list[str]) -> None:
    out = status("evaluate", write(relabel("same", "nearly", "other", "else")), *words)[1]

    assert "labels: 2 positive, 2 negative" in out
    kinds = [line.split()[0] for line in out.split("label ")[1].splitlines()[1:5]]
    assert kinds == ["else", "nearly", "other", "same"]


def test_truth_values_are_labels(status: Status, write: Callable[..., Path]) -> None:
    path = write(relabel(True, True, False, False))  # noqa: FBT003 -- labels

    assert "labels: 2 positive, 2 negative" in status("evaluate", path)[1]


def test_thresholds_are_found_and_named_as_options(
    status: Status, write: Callable[..., Path]
) -> None:
    wishes = ("--want-precision", "0.9", "--want-recall", "1")

    combined = status("evaluate", write(PAIRS), *wishes)[1]
    words = ("--score", "resemblance", "--want-recall", "0.5")
    by_resemblance = status("evaluate", write(PAIRS), *words)[1]

    # Of the 13 and 12 content terms of what is told again 10 are the same: a Dice coefficient of
    # 20 / 25, which over its threshold of 0.36 is 2.2222; no option asks for more than 1.
    assert "precision of at least 0.9: combined from 2.2222 on" in combined
    assert "recall of at least 1: combined from 2.2222 on" in combined
    assert "as options: --threshold 1 " in combined
    assert "--restate-threshold" in combined
    # "all night" became "all day": 3 of 14 word triples of each side differ, so 11 / 17
    assert "resemblance from 0.6471 on, which finds 1 pair" in by_resemblance
    assert "as options: --threshold 0.647\n" in by_resemblance


def test_a_wish_out_of_reach_is_said_to_be(status: Status, write: Callable[..., Path]) -> None:
    rows = [{**PAIRS[0], "label": 0}, {**PAIRS[2], "label": 1}]

    out = status("evaluate", write(rows), "--want-precision", "0.9")[1]

    assert "precision of at least 0.9: no threshold of combined gives it; the most is 0.500" in out


def test_the_scores_of_each_pair_are_written(
    status: Status, write: Callable[..., Path], tmp_path: Path
) -> None:
    file = tmp_path / "scores.jsonl"

    assert status("evaluate", write(PAIRS), "--scores", file)[0] == 0

    rows = [json.loads(line) for line in file.read_text().splitlines()]
    assert [row["id"] for row in rows] == [1, 2, 3, 4]
    relations = [row["relation"] for row in rows]
    assert relations == ["near-duplicate", "rewritten", "none", "none"]
    assert rows[0]["resemblance"] == pytest.approx(11 / 17, abs=1e-6)
    names = ["id", "relation", "resemblance", "containment", "char_resemblance", "rewrite_score"]
    names += ["dice", "combined"]
    assert list(rows[0]) == names


def test_a_rule_that_is_ignored_finds_nothing(status: Status, write: Callable[..., Path]) -> None:
    out = status("evaluate", write(PAIRS), "--ignore", "DUP004", "-f", "json")[1]

    assert read(out)["verdicts"]["recall"]["value"] == 0.5


def test_rows_of_one_document_are_drawn_together(
    status: Status, write: Callable[..., Path]
) -> None:
    rows = [{**row, "article": f"article {n // 2}"} for n, row in enumerate(PAIRS * 2)]

    assert "rows.jsonl: 8 pairs of 4 documents" in status("evaluate", write(rows))[1]


def test_clusters_are_compared_with_the_groups(status: Status, write: Callable[..., Path]) -> None:
    code, out, err = status("evaluate", write(DOCUMENTS))
    without = status("evaluate", write(DOCUMENTS), "--ignore", "DUP004", "-f", "json")[1]

    assert (code, err) == (0, "")
    assert "6 rows of 6 documents\nclusters: 3 labelled, 3 found\n" in out
    assert "adjusted Rand index  1.000" in out
    assert "identical          1        1        0" in out
    assert "rewritten          1        1        0" in out
    result = read(without)
    assert (result["n_labelled"], result["n_predicted"]) == (3, 4)
    # labelled pairs: three of the mill, one of the dam, which is the one that is not found
    assert result["agreement"]["pairs"]["recall"]["value"] == 0.75
    assert result["agreement"]["pairs"]["precision"]["value"] == 1.0


def test_short_rows_are_each_alone_and_counted(status: Status, write: Callable[..., Path]) -> None:
    rows = [*DOCUMENTS, *({"text": text, "cluster": "s"} for text in ("So.", "So.", ""))]

    out = status("evaluate", write(rows))[1]

    assert "clusters: 4 labelled, 6 found\n3 rows too short to be compared, each alone" in out


FAULTS: Final = {
    "no row": ([], [], "rows.jsonl: it holds no labelled row. Give pairs as"),
    "blank": (["", "  "], [], "it holds no labelled row"),
    "no JSON": (["{"], [], "rows.jsonl:1: it is no JSON"),
    "no object": ([PAIRS[0], "[1]"], [], "rows.jsonl:2: expected a JSON object, found an array"),
    "neither": ([{"id": 1}], [], "rows.jsonl:1: it is no pair, no document"),
    "both": ([{**PAIRS[0], "text": "x"}], [], "rows.jsonl:1: it has fields of a pair and of a"),
    "no label": ([{"a": "x", "b": "y"}], [], "rows.jsonl:1: it has no field 'label'"),
    "no b": ([PAIRS[0], {"a": "x", "label": 0}], [], "rows.jsonl:2: it has no field 'b'"),
    "no cluster": ([{"text": "x"}], [], "rows.jsonl:1: it has no field 'cluster'"),
    "no text": ([{**PAIRS[0], "a": 5}], [], "its field 'a' is 5, expected a text"),
    "null": ([{**PAIRS[0], "label": None}], [], "its field 'label' is null"),
    "mixed": ([PAIRS[0], DOCUMENTS[0]], [], "rows.jsonl:2: the first row is a pair, this one a"),
    "word": (relabel(1, "yes", 0, 0), [], "rows.jsonl:2: its label is 'yes', no number"),
    "grade": (relabel(1, 0, 3.5, 0), [], "rows.jsonl:3: its label is 3.5, neither 0 nor 1"),
    "not a number": (['{"a": "x", "b": "y", "label": NaN}'], [], "its label is 'nan', no number"),
    "other word": (
        relabel("a", "b", "c", "a"),
        ["--positive", "a", "--negative", "b"],
        "rows.jsonl:3: its label 'c' is neither --positive nor --negative",
    ),
    "one kind": (PAIRS[:2], [], "all of its 2 pairs are labelled positive"),
    "the other": (PAIRS, ["--positive-from", "9"], "all of its 4 pairs are labelled negative"),
    "one cluster": (DOCUMENTS[:2], [], "its 2 rows are of one cluster"),
    "own clusters": (DOCUMENTS[2:4], [], "its 2 rows are each of a cluster of its own"),
    "scores": (DOCUMENTS, ["--scores", "s.jsonl"], "option --scores is 's.jsonl': allowed is what"),
    "words of documents": (DOCUMENTS, ["--negative", "x"], "option --negative is"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_faulty_rows_are_refused_with_their_place(
    status: Status, write: Callable[..., Path], name: str
) -> None:
    rows, words, told = FAULTS[name]

    code, out, err = status("evaluate", write(rows), *words)

    assert (code, out) == (2, "")
    assert told in err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--score", "cosine"], "option --score is 'cosine': allowed is combined or resemblance"),
        (["-f", "html"], "option --output-format is 'html': allowed is text or json"),
        (["--want-precision", "95"], "option --want-precision is"),
        (["--seed", "-1"], "option --seed is '-1'"),
        (["--positive", "a", "--negative", "a"], "option --negative is 'a'"),
        (["--positive", "a", "--positive-from", "1"], "option --positive-from is '1'"),
        (["--threshold", "2"], "option --threshold is 2.0"),
        (["--restate-threshold", "2"], "is 2.0: allowed is 0.01 to 1.0"),
        (["--ignore", "DUP77"], "option --ignore is 'DUP77'"),
        (["--scores", "none/s.jsonl"], "cannot write none/s.jsonl: there is no folder 'none'"),
        (["-o", "{rows}"], "allowed is a file that this run does not read"),
        (["-o", "{rows}.new", "--scores", "{rows}.new"], "another file than that of --output"),
    ],
)
def test_options_that_cannot_be_are_refused(
    status: Status, write: Callable[..., Path], words: list[str], told: str
) -> None:
    rows = write(PAIRS)

    code, out, err = status("evaluate", rows, *(word.format(rows=rows) for word in words))

    assert (code, out) == (2, "")
    assert told in err


def test_what_is_no_file_of_rows_is_refused(status: Status, tmp_path: Path) -> None:
    assert "no such file" in status("evaluate", tmp_path / "none.jsonl")[2]
    assert "it is a folder. Name one file" in status("evaluate", tmp_path)[2]


def test_figures_go_to_a_file_whole_or_not_at_all(
    status: Status, write: Callable[..., Path], tmp_path: Path
) -> None:
    file = tmp_path / "figures.txt"
    file.write_text("before")

    failed = status("evaluate", write(PAIRS[:2]), "-o", file)
    kept = file.read_text()
    code, out, _ = status("evaluate", write(PAIRS), "-o", file)

    assert (failed[0], kept) == (2, "before")
    assert (code, out) == (0, "")
    assert file.read_text().startswith(str(tmp_path / "rows.jsonl"))
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".dedup")] == []
