"""The file of what is accepted: what is written is read, and what is not as it must be is said."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.errors import InputError, OutputError
from dedup.gate.baseline import Baseline, prune_baseline, read_baseline, write_baseline

KEY = "0123456789abcdef0123456789abcdef"
OTHER = "f" * 32
KEYS = st.builds(
    lambda prefix, number: f"{prefix}{number:032x}",
    st.sampled_from(["", "restated:"]),
    st.integers(0, (1 << 128) - 1),
)
COUNTS = st.dictionaries(KEYS, st.integers(1, 1 << 70), max_size=8)


@given(COUNTS)
def test_what_is_written_is_read(
    tmp_path_factory: pytest.TempPathFactory, counts: dict[str, int]
) -> None:
    path = tmp_path_factory.getbasetemp() / "baseline.json"

    write_baseline(path, Baseline(str(path), counts))

    assert read_baseline(path) == Baseline(str(path), counts)
    assert json.loads(path.read_text("ascii")) == {"version": 1, "fingerprints": counts}


@given(COUNTS)
def test_each_entry_has_a_line_of_its_own_in_the_order_of_keys(
    tmp_path_factory: pytest.TempPathFactory, counts: dict[str, int]
) -> None:
    path = tmp_path_factory.getbasetemp() / "lines.json"

    write_baseline(path, Baseline(str(path), dict(reversed(counts.items()))))

    rows = path.read_text().splitlines()
    entries = [row.strip().rstrip(",") for row in rows if row.startswith("    ")]
    assert entries == [f'"{key}": {counts[key]}' for key in sorted(counts)]
    assert all(f'"{key}"' in rows[line - 1] for key, line in read_baseline(path).lines.items())


def test_the_file_is_the_same_byte_for_byte(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"

    write_baseline(path, Baseline(str(path), {f"restated:{KEY}": 1, OTHER: 2, KEY: 10}))

    assert path.read_bytes() == (
        b'{\n  "version": 1,\n  "fingerprints": {\n'
        b'    "0123456789abcdef0123456789abcdef": 10,\n'
        b'    "ffffffffffffffffffffffffffffffff": 2,\n'
        b'    "restated:0123456789abcdef0123456789abcdef": 1\n  }\n}\n'
    )


@given(COUNTS, COUNTS, st.data())
def test_pruning_adds_nothing_and_once_is_enough(
    accepted: dict[str, int], found: dict[str, int], data: st.DataObject
) -> None:
    found |= {key: data.draw(st.integers(0, 1 << 70)) for key in list(accepted)[::2]}
    baseline = Baseline("b.json", accepted, dict.fromkeys(accepted, 1))

    pruned = prune_baseline(baseline, found)

    assert prune_baseline(pruned, found) == pruned
    assert pruned.counts.keys() <= accepted.keys()
    for key, count in accepted.items():
        assert pruned.counts.get(key, 0) == min(count, found.get(key, 0))
    assert pruned.list_stale(found) == ()


def test_an_entry_that_accepts_more_than_there_is_names_its_line(tmp_path: Path) -> None:
    path = tmp_path / "b.json"
    write_baseline(path, Baseline(str(path), {KEY: 3, OTHER: 1, f"restated:{KEY}": 1}))

    stale = read_baseline(path).list_stale({KEY: 2, OTHER: 5})

    assert [(problem.path, problem.line) for problem in stale] == [(str(path), 4), (str(path), 6)]
    assert stale[0].message.startswith("accepts 3 paragraphs of a text that 2 have; ")
    assert stale[1].message.startswith("accepts a text that is no longer repeated; ")


def test_lines_are_found_however_the_file_is_laid_out(tmp_path: Path) -> None:
    path = tmp_path / "b.json"
    path.write_bytes(
        b'\xef\xbb\xbf{"fingerprints":\r\n{"%s":1,"%s"\r\n:2,\r\n\r\n"restated:%s":3},"version":1}'
        % (KEY.encode(), OTHER.encode(), KEY.encode())
    )

    baseline = read_baseline(path)

    assert baseline.counts == {KEY: 1, OTHER: 2, f"restated:{KEY}": 3}
    assert baseline.lines == {KEY: 2, OTHER: 2, f"restated:{KEY}": 5}


def test_of_a_key_that_a_merge_left_twice_the_greater_count_holds(tmp_path: Path) -> None:
    path = tmp_path / "b.json"
    for rows in ([(KEY, 2), (KEY, 3), (OTHER, 1)], [(KEY, 3), (KEY, 2), (OTHER, 1)]):
        entries = ",\n".join(f'"{key}": {count}' for key, count in rows)
        path.write_text(f'{{"version": 1, "fingerprints": {{\n{entries}}}}}')

        baseline = read_baseline(path)

        assert baseline.counts == {KEY: 3, OTHER: 1}
        assert baseline.lines == {KEY: 2, OTHER: 4}


def entries(text: str) -> str:
    return f'{{\n"version": 1,\n"fingerprints": {{\n{text}\n}}}}'


@pytest.mark.parametrize(
    ("content", "line", "problem"),
    [
        ("", 1, r"it is no JSON \(expecting value in column 1\)"),
        (entries(f'"{KEY}": 1,'), 5, "it is no JSON"),
        (entries(f'"{KEY}": 1\n"{OTHER}": 1'), 5, "it is no JSON"),
        (entries(f'<<<<<<< HEAD\n"{KEY}": 1\n=======\n"{OTHER}": 1\n>>>>>>> x'), 4, "a merge left"),
        (entries(f'"{KEY}": 1,\n||||||| base\r\n"{OTHER}": 1'), 5, "a merge left its conflict"),
        (entries(f'"{KEY}": 0'), 4, "the count is no whole number from 1"),
        (entries(f'"{KEY}": 1,\n"{OTHER}": -1'), 5, "the count is no whole number"),
        (entries(f'"{KEY}": 1.0'), 4, "the count is no whole number"),
        (entries(f'"{KEY}": true'), 4, "the count is no whole number"),
        (entries(f'"{KEY}": "1"'), 4, "the count is no whole number"),
        (entries(f'"{KEY}": null'), 4, "the count is no whole number"),
        (entries(f'"{KEY}": {{}}'), 4, "the count is no whole number"),
        (entries('"ABCDEF6789abcdef0123456789abcdef": 1'), 4, "'ABCDEF6.*' is no key of a text"),
        (entries(f'"{KEY}": 1,\n"{KEY}0": 1'), 5, "is no key"),
        (entries(f'"{KEY}\\n": 1'), 4, "is no key"),
        (entries(f'"rewritten:{KEY}": 1'), 4, "is no key"),
        ('{"version": 2, "fingerprints": {}}', None, "its version is 2, and this dedup reads"),
        ('{"version": true, "fingerprints": {}}', None, "its version is True"),
        ('{"fingerprints": {}}', None, "it is no baseline"),
        ('{"version": 1}', None, "it is no baseline"),
        ('{"version": 1, "fingerprints": []}', None, "its fingerprints are no counts"),
        ('{"version": 1, "fingerprints": {}, "version": 1}', None, "it is no baseline"),
        ('{"version": 1, "fingerprints": {}, "more": 1}', None, "it is no baseline"),
        ("[]", None, "it is no baseline"),
        ("1" * 5000, None, "it is no baseline"),
        ("[" * 100_000, None, "it is no baseline"),
    ],
)
def test_what_is_no_baseline_is_refused_with_its_line(
    tmp_path: Path, content: str, line: int | None, problem: str
) -> None:
    path = tmp_path / "b.json"
    path.write_text(content)

    with pytest.raises(InputError, match=problem) as refusal:
        read_baseline(path)

    assert (refusal.value.path, refusal.value.line) == (str(path), line)
    assert "dedup baseline write PATHS" in str(refusal.value)


def test_what_is_no_utf_8_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "b.json"
    path.write_bytes(b'{\n"version": 1\xff}')

    with pytest.raises(InputError, match="it is no UTF-8") as refusal:
        read_baseline(path)

    assert refusal.value.line == 2


def test_a_missing_baseline_says_which_command_writes_it(tmp_path: Path) -> None:
    path = tmp_path / "b.json"

    with pytest.raises(InputError, match=f"Write it with: dedup baseline write .*{path.name}"):
        read_baseline(path)


def test_a_folder_is_no_baseline(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is a directory"):
        read_baseline(tmp_path)


def test_what_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot write"):
        write_baseline(tmp_path / "none" / "b.json", Baseline("b.json", {KEY: 1}))

    assert list(tmp_path.iterdir()) == []


def test_the_files_that_had_a_text_are_kept_an_entry_a_line(tmp_path: Path) -> None:
    path = tmp_path / "b.json"
    files = {OTHER: ("docs/b.md", "docs/a.md"), KEY: ()}
    write_baseline(path, Baseline(str(path), {OTHER: 2, KEY: 1}, files=files))

    baseline = read_baseline(path)

    assert path.read_text().splitlines()[-4:-1] == [
        '  "files": {',
        f'    "{OTHER}": ["docs/a.md", "docs/b.md"]',
        "  }",
    ]
    assert baseline.names(OTHER, str(tmp_path / "docs" / "a.md"))
    assert not baseline.names(OTHER, str(tmp_path / "a.md"))
    assert not baseline.names(KEY, str(tmp_path / "docs" / "a.md"))
    assert not baseline.names(OTHER, None)


@pytest.mark.parametrize("files", ["[]", '{"a": "b.md"}', '{"a": [1]}', "7"])
def test_files_that_are_no_lists_of_names_are_refused(tmp_path: Path, files: str) -> None:
    path = tmp_path / "b.json"
    path.write_text(f'{{"version": 1, "fingerprints": {{}}, "files": {files}}}')

    with pytest.raises(InputError, match="its files are no lists of names"):
        read_baseline(path)


def test_what_was_sought_is_kept_and_an_older_file_has_none(tmp_path: Path) -> None:
    path = tmp_path / "b.json"
    write_baseline(path, Baseline(str(path), {KEY: 1}, rules=("DUP002", "DUP001"), within="corpus"))

    baseline = read_baseline(path)

    assert path.read_text().splitlines()[2] == (
        '  "settings": {"rules": ["DUP001", "DUP002"], "within": "corpus"},'
    )
    assert baseline.was_sought(("DUP001", "DUP002", "DUP003"), "both")
    assert baseline.was_sought(("DUP001", "DUP002"), "corpus")
    assert not baseline.was_sought(("DUP001",), "both")
    assert not baseline.was_sought(("DUP001", "DUP002"), "document")
    assert Baseline("b.json", {KEY: 1}).was_sought((), "both")


@pytest.mark.parametrize("settings", ["[]", '{"rules": "DUP001"}', '{"within": "both"}', "7"])
def test_settings_that_are_none_are_refused(tmp_path: Path, settings: str) -> None:
    path = tmp_path / "b.json"
    path.write_text(f'{{"version": 1, "settings": {settings}, "fingerprints": {{}}}}')

    with pytest.raises(InputError, match="its settings are no rules"):
        read_baseline(path)


def test_what_a_run_cannot_decide_is_neither_stale_nor_pruned() -> None:
    baseline = Baseline("b.json", {KEY: 2, OTHER: 2}, {KEY: 4, OTHER: 5})

    assert [p.line for p in baseline.list_stale({}, lambda key: key == OTHER)] == [5]
    assert prune_baseline(baseline, {}, lambda key: key == OTHER).counts == {KEY: 2}


def test_on_how_many_pages_boilerplate_stands_makes_no_entry_stale() -> None:
    baseline = Baseline("b.json", {KEY: 12, f"boilerplate:{KEY}": 1})

    assert baseline.list_stale({KEY: 11, f"boilerplate:{KEY}": 1}) == ()
    assert len(baseline.list_stale({})) == 2
