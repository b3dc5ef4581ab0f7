"""A working folder is taken over by the run that it belongs to, and by no other."""

import json
from pathlib import Path
from typing import Any

import pytest

from dedup.errors import WorkFolderError
from dedup.work_folder import WorkFolder, holds_stages

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


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"format": '])
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
