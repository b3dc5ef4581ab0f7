"""The kept machine code: made once, found again, made anew where it is damaged, loaded bare."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np
import pytest

import dedup
from dedup.kernels import compiled, load_engine

PACKAGE: Final = Path(dedup.__file__).parent
# Tokenizes two texts in the compiled engine, and tells what came along.
USE: Final = """
import logging, sys
logging.basicConfig(level=logging.WARNING, format="%(message)s")
import numpy as np
from dedup.kernels import load_engine
text = np.frombuffer("One two. Caf\u00e9 three".encode() + bytes(64), np.uint8)
starts, ends = np.array([0, 8], np.int64), np.array([8, 20], np.int64)
lists = load_engine("numba").tokenize(text, starts, ends)
print(lists.sizes.tolist(), "numba" in sys.modules)
"""
USED: Final = "[2, 2]"
# Put before USE: of all loops only those that it needs are compiled.
FEW: Final = """
from dedup.kernels import compiled
compiled._LOOP_MODULES = ("tokens", "folding")
"""


def use(packages: Path, home: Path, before: str = "") -> "subprocess.CompletedProcess[str]":
    """Run USE in a fresh process with the package found in a folder."""
    environment = {**os.environ, "PYTHONPATH": str(packages), "HOME": str(home)}
    environment["PYTHONDONTWRITEBYTECODE"] = "1"
    command = [sys.executable, "-c", before + USE]
    return subprocess.run(  # noqa: S603 -- our own command
        command, env=environment, capture_output=True, text=True, check=False, cwd=home
    )


@pytest.fixture(scope="module")
def kept() -> list[Path]:
    """Give the files that the compiled engine has kept beside the package."""
    engine = load_engine("numba")
    text = np.frombuffer("\u00e9".encode() + bytes(64), np.uint8)
    engine.tokenize(text, np.zeros(1, np.int64), np.full(1, 2, np.int64))
    folders = list(compiled._cache_folders())  # noqa: SLF001
    loops = next(f / compiled._object_name() for f in folders if f.is_dir())  # noqa: SLF001
    return [loops, *loops.parent.glob("folds-*.bin")]


@pytest.fixture
def installed(tmp_path: Path, kept: list[Path]) -> Path:
    """Give a copy of the package with its kept files, which a test may spoil."""
    folder = tmp_path / "packages"
    shutil.copytree(PACKAGE, folder / "dedup", ignore=shutil.ignore_patterns("__pycache__"))
    cache = folder / "dedup" / "kernels" / "__pycache__"
    cache.mkdir()
    for path in kept:
        shutil.copy(path, cache)
    (tmp_path / "home").mkdir()
    return folder


def test_kept_code_is_loaded_without_numba_and_without_a_word(installed: Path) -> None:
    done = use(installed, installed.parent / "home")

    assert (done.stdout.strip(), done.stderr) == (f"{USED} False", "")


def _truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _garble(path: Path) -> None:
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 4096] = bytes(255 - byte for byte in content[middle : middle + 4096])
    path.write_bytes(content)


def _cut_header(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:40])


def test_damaged_code_is_compiled_anew_and_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kept: list[Path]
) -> None:
    loops = kept[0]
    monkeypatch.setattr(compiled, "_cache_folders", lambda: iter([tmp_path]))
    monkeypatch.setattr(compiled, "_LOOP_MODULES", ("folding",))  # all of them take 13 s
    damaged = Path(shutil.copy(loops, tmp_path))
    _truncate(damaged)

    made = compiled.load_loops.__wrapped__()

    assert set(made) == {"count_line_ends", "fold_texts", "gather_spans", "split_blank_lines"}
    text = np.frombuffer(b"a\nb\r\nc" + bytes(64), np.uint8)
    assert made["count_line_ends"](text, 6) == 3
    monkeypatch.setattr(compiled, "_compile", lambda: pytest.fail("it was not kept"))
    assert set(compiled.load_loops.__wrapped__()) == set(made)


def test_every_loop_that_is_found_is_loaded() -> None:
    names = [name for name, _, _ in compiled._find_loops()]  # noqa: SLF001

    assert len(names) == len(set(names)) > 20
    assert set(names) == set(compiled.load_loops())


@pytest.mark.parametrize("damage", [_empty, _cut_header, _truncate, _garble])
def test_a_damaged_file_is_never_given_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: object
) -> None:
    monkeypatch.setattr(compiled, "_cache_folders", lambda: iter([tmp_path]))
    content = b'{"loop": []}\n' + bytes(range(256)) * 64
    compiled.keep_bytes("kept.o", lambda: content)
    assert callable(damage)
    damage(tmp_path / "kept.o")

    assert compiled.keep_bytes("kept.o", lambda: content) == content


def test_without_any_folder_to_write_to_the_loops_run_and_say_so(installed: Path) -> None:
    # A file where a folder should be refuses root too, whom permissions do not stop.
    cache = installed / "dedup" / "kernels" / "__pycache__"
    shutil.rmtree(cache)
    cache.write_bytes(b"")
    home = installed.parent / "home"
    (home / ".cache").write_bytes(b"")

    done = use(installed, home, FEW)

    assert done.stdout.startswith(USED), done.stderr[-2000:]
    assert "compiling the kernels" in done.stderr
    assert "no folder to keep" in done.stderr


def test_a_kept_file_is_made_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled, "_cache_folders", lambda: iter([tmp_path / "new" / "folder"]))
    made = []

    def make() -> bytes:
        made.append(1)
        return b"content"

    assert [compiled.keep_bytes("kept.bin", make) for _ in range(3)] == [b"content"] * 3
    assert len(made) == 1


def test_where_the_first_folder_is_closed_the_next_one_keeps_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "closed").write_bytes(b"a file, not a folder")
    folders = [tmp_path / "closed" / "cache", tmp_path / "home"]
    monkeypatch.setattr(compiled, "_cache_folders", lambda: iter(folders))

    compiled.keep_bytes("kept.bin", lambda: b"content")
    again = compiled.keep_bytes("kept.bin", lambda: b"made twice")

    assert again == b"content"
    assert [path.name for path in (tmp_path / "home").iterdir()] == ["kept.bin"]
    assert not caplog.records


def test_where_no_folder_is_open_every_run_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "closed").write_bytes(b"a file, not a folder")
    monkeypatch.setattr(compiled, "_cache_folders", lambda: iter([tmp_path / "closed" / "cache"]))

    contents = [compiled.keep_bytes("kept.bin", lambda: b"content") for _ in range(2)]

    assert contents == [b"content"] * 2
    assert [record.getMessage()[:30] for record in caplog.records] == [
        "no folder to keep kept.bin in:"
    ] * 2


def test_a_changed_source_gives_the_code_another_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "loop.py"

    def find() -> Iterator[Path]:
        yield source

    monkeypatch.setattr(compiled, "_find_sources", find)
    names = set()
    for content in ("one", "two", "one"):
        source.write_text(content)
        names.add(compiled._object_name())  # noqa: SLF001

    assert len(names) == 2


def test_every_module_of_loops_decides_the_name() -> None:
    names = {path.name for path in compiled._find_sources()}  # noqa: SLF001
    loops = {path.name for path in (PACKAGE / "kernels" / "loops").glob("*.py")}

    read = {"columns.py", "constants.py", "records.py", "shapes.py"}
    assert loops | read | {"compiled.py"} <= names


def test_a_loop_refuses_an_array_of_another_type() -> None:
    loop = compiled.load_loops()["find_representatives"]
    wrong = np.zeros(2, np.float32)

    with pytest.raises(TypeError, match="find_representatives: expected uint64"):
        loop(wrong, wrong, wrong)
