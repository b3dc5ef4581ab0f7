"""A working folder is taken over by the run that it belongs to, and by no other."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from dedup.errors import SettingError, WorkFolderError
from dedup.work_folder import WorkFolder, holds_stages, refuse_in_work_folder

_RUN: dict[str, Any] = {
    "version": "1.0",
    "settings": {"verify": {"min_resemblance": 0.6}, "paragraphs": {"unit": "record"}},
    "inputs": [["a.jsonl", 10, 1], ["b.jsonl", 20, 2]],
}


def write_stage(folder: WorkFolder, stage: str, column: str) -> None:
    folder.place(column).write_bytes(b"12345678")
    folder.commit(stage, {"of": stage}, [column])


def leave_run(path: Path) -> None:
    folder = WorkFolder(str(path), _RUN, resume=False)
    write_stage(folder, "read", "words")
    write_stage(folder, "sign", "keys")
    folder.release()


def test_a_killed_run_is_taken_over(tmp_path: Path) -> None:
    leave_run(tmp_path)

    folder = WorkFolder(str(tmp_path), _RUN, resume=True)

    assert list(folder.stages) == ["read", "sign"]
    assert folder.stages["read"]["facts"] == {"of": "read"}


def test_a_folder_without_stages_begins_at_the_beginning(tmp_path: Path) -> None:
    assert WorkFolder(str(tmp_path), _RUN, resume=True).stages == {}


@pytest.mark.parametrize("is_gone", [True, False])
def test_what_hangs_on_a_damaged_file_is_done_again(tmp_path: Path, *, is_gone: bool) -> None:
    leave_run(tmp_path)
    if is_gone:
        (tmp_path / "keys.column").unlink()
    else:
        (tmp_path / "keys.column").write_bytes(b"1234")

    assert list(WorkFolder(str(tmp_path), _RUN, resume=True).stages) == ["read"]


def test_no_stage_counts_behind_one_that_is_damaged(tmp_path: Path) -> None:
    leave_run(tmp_path)
    (tmp_path / "words.column").unlink()

    assert WorkFolder(str(tmp_path), _RUN, resume=True).stages == {}


def test_stages_are_not_taken_unasked(tmp_path: Path) -> None:
    leave_run(tmp_path)

    with pytest.raises(WorkFolderError, match=r"did not end\. Go on with --resume, or remove it"):
        WorkFolder(str(tmp_path), _RUN, resume=False)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"version": "2.0"}, "version 1.0, this is 2.0"),
        (
            {"settings": {"verify": {"min_resemblance": 0.7}}},
            "setting min_resemblance of verify was 0.6 and is 0.7",
        ),
        ({"settings": {"new": {"x": 1}}}, "setting x of new was None and is 1"),
        ({"inputs": [["a.jsonl", 10, 1]]}, "it read 2 inputs, now there are 1"),
        ({"inputs": [["a.jsonl", 11, 1], ["b.jsonl", 20, 2]]}, "'a.jsonl' has been changed since"),
        (
            {"inputs": [["a.jsonl", 10, 1], ["c.jsonl", 20, 2]]},
            "it read 'b.jsonl' where now there is 'c.jsonl'",
        ),
    ],
)
def test_another_run_is_refused_with_what_differs(
    tmp_path: Path, change: dict[str, Any], told: str
) -> None:
    leave_run(tmp_path)
    kept = (tmp_path / "dedup-run.json").read_bytes()

    with pytest.raises(WorkFolderError, match=f"of another run: {told}"):
        WorkFolder(str(tmp_path), {**_RUN, **change}, resume=True)

    assert (tmp_path / "dedup-run.json").read_bytes() == kept


def test_a_folder_of_somebody_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("Years of work.")

    with pytest.raises(WorkFolderError, match=r"'thesis.txt' in it is no file of a run"):
        WorkFolder(str(tmp_path), _RUN, resume=False)


def test_two_runs_do_not_work_in_one_folder(tmp_path: Path) -> None:
    first = WorkFolder(str(tmp_path), _RUN, resume=False)

    with pytest.raises(WorkFolderError, match="another run works in it"):
        WorkFolder(str(tmp_path), _RUN, resume=True)

    first.release()
    first.release()
    WorkFolder(str(tmp_path), _RUN, resume=True).release()


def leave_manifest(**parts: object) -> str:
    whole = {"format": 1, "is_made": True, "run": _RUN, "stages": {}, "columns": {}}
    return json.dumps({**whole, **parts})


@pytest.mark.parametrize(
    "content",
    [
        *("", "[]", "{}", '{"format": ', '{"format": 1}'),
        leave_manifest(run={}),
        leave_manifest(run={**_RUN, "settings": {"verify": 0.6}}),
        leave_manifest(run={**_RUN, "inputs": ["a.jsonl"]}),
        leave_manifest(stages=["read"]),
        leave_manifest(stages={"read": {}}),
        leave_manifest(columns=[]),
        leave_manifest(is_made=None),
    ],
)
def test_a_manifest_that_is_none_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "dedup-run.json").write_text(content)

    with pytest.raises(WorkFolderError, match=r"its dedup-run.json is none"):
        WorkFolder(str(tmp_path), _RUN, resume=True)


def test_a_manifest_of_another_format_is_refused(tmp_path: Path) -> None:
    (tmp_path / "dedup-run.json").write_text(json.dumps({"format": 99}))

    with pytest.raises(WorkFolderError, match="it has format 99, this version reads 1"):
        WorkFolder(str(tmp_path), _RUN, resume=True)


def test_a_file_in_the_place_of_the_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(WorkFolderError, match="cannot use the working folder"):
        WorkFolder(str(tmp_path / "file"), _RUN, resume=False)


def test_a_folder_that_was_there_stays(tmp_path: Path) -> None:
    folder = WorkFolder(str(tmp_path), _RUN, resume=False)
    write_stage(folder, "read", "words")
    folder.discard()

    assert list(tmp_path.iterdir()) == []


def test_a_folder_is_known_to_hold_stages(tmp_path: Path) -> None:
    WorkFolder(str(tmp_path), _RUN, resume=False).release()
    assert not holds_stages(str(tmp_path))
    assert not holds_stages(str(tmp_path / "none"))

    leave_run(tmp_path)
    assert holds_stages(str(tmp_path))


def test_a_folder_that_a_killed_run_made_goes_with_the_next(tmp_path: Path) -> None:
    WorkFolder(str(tmp_path / "work"), _RUN, resume=False).release()

    WorkFolder(str(tmp_path / "work"), _RUN, resume=False).discard()

    assert not (tmp_path / "work").exists()


def test_a_link_in_the_folder_is_neither_followed_nor_removed(tmp_path: Path) -> None:
    work, thesis = tmp_path / "work", tmp_path / "thesis.txt"
    leave_run(work)
    thesis.write_text("Years of work.")
    (work / "words.column").unlink()
    (work / "words.column").symlink_to(thesis)

    with pytest.raises(WorkFolderError, match=r"'words.column' in it is no file of a run"):
        WorkFolder(str(work), _RUN, resume=True)

    assert thesis.read_text() == "Years of work."
    assert (work / "words.column").is_symlink()


def test_a_link_that_comes_during_a_run_is_not_followed(tmp_path: Path) -> None:
    work, thesis = tmp_path / "work", tmp_path / "thesis.txt"
    thesis.write_text("Years of work.")
    folder = WorkFolder(str(work), _RUN, resume=False)
    for name in ("words", "manifest"):
        folder.place(name).symlink_to(thesis)

    with folder.open_new("words") as file:
        file.write(b"12345678")
    folder.commit("read", {}, ["words"])

    assert thesis.read_text() == "Years of work."
    assert folder.place("words").read_bytes() == b"12345678"


def test_a_lock_that_is_a_link_makes_no_file_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "dedup-run.lock").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(WorkFolderError, match="no file of a run"):
        WorkFolder(str(tmp_path / "work"), _RUN, resume=False)

    assert not (tmp_path / "elsewhere").exists()


def test_files_that_only_look_like_a_run_s_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "marble.column").write_text("Carrara")

    with pytest.raises(WorkFolderError, match=r"'marble.column' in it is no file of a run"):
        WorkFolder(str(tmp_path), _RUN, resume=False)

    assert (tmp_path / "marble.column").read_text() == "Carrara"


def test_a_folder_among_the_files_of_a_run_is_refused(tmp_path: Path) -> None:
    leave_run(tmp_path)
    (tmp_path / "old.column").mkdir()

    with pytest.raises(WorkFolderError, match=r"'old.column' in it is no file of a run"):
        WorkFolder(str(tmp_path), _RUN, resume=True)


@pytest.mark.skipif(os.name == "nt", reason="modes are of POSIX")
def test_nobody_else_may_read_what_a_run_writes(tmp_path: Path) -> None:
    folder = WorkFolder(str(tmp_path / "work"), _RUN, resume=False)
    folder.open_new("words").close()

    assert folder.path.stat().st_mode & 0o077 == 0
    assert folder.place("words").stat().st_mode & 0o077 == 0


@pytest.mark.skipif(os.name == "nt", reason="locks are of POSIX")
def test_a_lock_that_its_run_removed_meanwhile_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import fcntl  # noqa: PLC0415 -- Windows has none

    first, lock = WorkFolder(str(tmp_path), _RUN, resume=False), fcntl.flock

    def lock_late(file: int, how: int) -> None:
        first.discard()
        lock(file, how)

    monkeypatch.setattr("fcntl.flock", lock_late)
    with pytest.raises(WorkFolderError, match="another run works in it"):
        WorkFolder(str(tmp_path), _RUN, resume=False)


def test_a_removal_that_is_killed_leaves_a_folder_of_a_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = WorkFolder(str(tmp_path), _RUN, resume=False)
    for name in ("keys", "lefts", "words"):
        write_stage(folder, name, name)
    unlink, n_removed = Path.unlink, 0

    def unlink_columns(path: Path, *, missing_ok: bool = False) -> None:
        nonlocal n_removed
        n_removed += 1
        if n_removed > 3:
            raise KeyboardInterrupt
        unlink(path, missing_ok=missing_ok)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", unlink_columns)
        with pytest.raises(KeyboardInterrupt):
            folder.discard()
    folder.release()

    left = {path.name for path in tmp_path.iterdir()}
    assert left == {"dedup-run.json", "dedup-run.lock"}
    WorkFolder(str(tmp_path), _RUN, resume=True).discard()
    assert list(tmp_path.iterdir()) == []


def test_a_name_that_no_folder_can_have_is_told(tmp_path: Path) -> None:
    with pytest.raises(WorkFolderError, match=r"cannot use the working folder .*too long"):
        WorkFolder(str(tmp_path / ("w" * 300)), _RUN, resume=False)


@pytest.mark.parametrize("file", ["work", "work/x", "work/", "a/../work/x/y", "a"])
def test_nothing_is_written_in_the_working_folder_nor_around_it(file: str) -> None:
    folder = "a/work" if file == "a" else "work"
    told = rf"setting removed is '{file}': .* working folder '{folder}' .*--work-dir"

    with pytest.raises(SettingError, match=told):
        refuse_in_work_folder([("output", "c.md"), ("removed", file)], folder)


def test_what_is_elsewhere_is_written_beside_a_working_folder() -> None:
    written = [("output", "worked/x"), ("removed", None), ("output-format", "-")]

    refuse_in_work_folder(written, "work")
    refuse_in_work_folder([("output", "work/x")], None)


def test_a_link_into_the_working_folder_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "link").symlink_to(tmp_path / "work")

    with pytest.raises(SettingError, match="setting output is 'link/x'"):
        refuse_in_work_folder([("output", "link/x")], "work")
