"""Under which name each source is written, and what is refused since something would be lost."""

from pathlib import Path

import pytest

from dedup.config import ReadersConfig
from dedup.destinations import Destinations, plan_destinations, refuse_removed
from dedup.errors import InputError, SettingError
from dedup.readers.sources import STDIN, Source, find_sources


@pytest.fixture(autouse=True)
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in a folder with two folders of texts, some of the same name."""
    for name in (
        "a/one.md",
        "a/sub/two.md",
        "a/sub/one.md",
        "b/one.md",
        "b/three.txt",
        "c.md",
        "work/x.txt",
    ):
        path = tmp_path / "tree" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    monkeypatch.chdir(tmp_path / "tree")
    return tmp_path / "tree"


def find(paths: list[str]) -> list[Source]:
    found = find_sources(paths, ReadersConfig())
    return [source for source in found if isinstance(source, Source)]


def plan(paths: list[str], output: str) -> Destinations:
    return plan_destinations(paths, find(paths), output)


def name_each(paths: list[str], output: str) -> dict[str, str]:
    names = plan(paths, output).names
    return {source.name: name for source, name in zip(find(paths), names, strict=True)}


def test_one_file_goes_to_one_file() -> None:
    assert plan(["c.md"], "out.md") == Destinations("out.md", None, ())
    assert plan(["c.md", "c.md"], "-") == Destinations("-", None, ())


@pytest.mark.parametrize("output", ["b", "b/", "b/."])
def test_one_file_goes_into_a_folder_under_its_own_name(output: str) -> None:
    assert Path(plan(["c.md"], output).file or "") == Path("b/c.md")


def test_of_one_folder_what_is_below_it_goes_below_the_output() -> None:
    for name in ("a", "./a", "a/", "b/../a"):
        names = list(name_each([name], "../out").values())
        assert names == ["one.md", "sub/one.md", "sub/two.md"]


def test_several_paths_have_their_own_names_in_the_output() -> None:
    assert name_each(["a", "b", "c.md"], "../out") == {
        "a/one.md": "a/one.md",
        "a/sub/one.md": "a/sub/one.md",
        "a/sub/two.md": "a/sub/two.md",
        "b/one.md": "b/one.md",
        "b/three.txt": "b/three.txt",
        "c.md": "c.md",
    }


def test_a_file_is_named_by_the_nearest_path_over_it() -> None:
    assert name_each(["a", "a/sub"], "../out") == {
        "a/one.md": "a/one.md",
        "a/sub/one.md": "sub/one.md",
        "a/sub/two.md": "sub/two.md",
    }


@pytest.mark.parametrize("name", ["..", "../work/..", "../a/.."])
def test_no_name_leads_out_of_the_output(
    name: str, tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tree / "work")

    names = name_each([name, "x.txt", "../b"], str(tree.parent / "out")).values()

    assert not [each for each in names if ".." in each or each.startswith("/")]
    assert "tree/c.md" in names


def test_standard_input_goes_under_its_name_among_others() -> None:
    piped = Source("notes/in.md", "markdown", "", None, b"one")
    paths = [STDIN, "b"]

    names = plan_destinations(paths, [*find(["b"]), piped], "out").names

    assert names == ("b/one.md", "b/three.txt", "in.md")


@pytest.mark.parametrize(
    ("paths", "output", "told"),
    [
        (["c.md"], "c.md", "nothing is changed in place"),
        (["c.md"], "./a/../c.md", "nothing is changed in place"),
        (["c.md"], ".", "nothing is changed in place"),
        (["a"], "-", "allowed is a folder where folders"),
        (["a", "c.md"], "-", "allowed is a folder where folders"),
        (["a"], "b", "new or empty"),
        (["a"], "c.md", "new or empty"),
        (["a"], "a/out", "a folder outside 'a', which is read"),
        (["a", "b"], "b/out", "a folder outside 'b', which is read"),
        (["."], "out", "a folder outside '.', which is read"),
        (["a/one.md", "b/one.md"], "out", "two would be 'one.md'. Name the folder over both"),
        (["a"], "none/out", "a folder in one that exists"),
    ],
)
def test_what_would_lose_something_is_refused(paths: list[str], output: str, told: str) -> None:
    with pytest.raises(SettingError, match="setting output is") as refused:
        plan(paths, output)

    assert told in str(refused.value)


def test_a_link_to_a_source_is_the_source(tree: Path) -> None:
    (tree / "link.md").symlink_to("c.md")
    (tree / "linked").symlink_to("a")

    with pytest.raises(SettingError, match="in place"):
        plan(["c.md"], "link.md")
    with pytest.raises(SettingError, match="outside"):
        plan(["a"], "linked/out")


def test_the_folder_one_stands_in_is_not_replaced(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tree / "empty").mkdir()
    monkeypatch.chdir(tree / "empty")

    with pytest.raises(SettingError, match="other than the current one"):
        plan(["../a"], ".")
    with pytest.raises(SettingError, match="other than the current one"):
        plan(["../a", "../b"], str(tree / "empty"))


@pytest.mark.parametrize("output", ["out.md", "b", "-"])
def test_of_one_file_that_was_skipped_nothing_is_written(output: str) -> None:
    with pytest.raises(InputError, match=r"cannot read gone\.md: it was skipped"):
        plan_destinations(["gone.md"], [], output)


def test_an_empty_folder_gives_an_empty_folder(tree: Path) -> None:
    (tree / "none").mkdir()

    assert plan(["none"], "out") == Destinations(None, Path("out"), ())


@pytest.mark.parametrize(
    ("paths", "output", "removed"),
    [
        (["a"], "out", "a/one.md"),
        (["a"], "out", "a/removed.jsonl"),
        (["a"], "out", "out/removed.jsonl"),
        (["a"], "out", "out"),
        (["a"], "out", "b/../a/sub/one.md"),
        (["c.md"], "out.md", "out.md"),
        (["c.md"], "out.md", "c.md"),
        (["c.md"], "out.md", "-"),
    ],
)
def test_what_was_removed_takes_the_place_of_nothing(
    paths: list[str], output: str, removed: str
) -> None:
    with pytest.raises(
        SettingError, match=f"setting removed is '{removed}': allowed is a file that"
    ):
        refuse_removed(removed, paths, find(paths), plan(paths, output))


@pytest.mark.parametrize(
    ("paths", "output", "removed"),
    [
        (["a"], "out", "removed.jsonl"),
        (["a"], "out", "b/removed.jsonl"),
        (["c.md"], "b/", "b/removed.jsonl"),
        (["c.md"], "-", "removed.jsonl"),
    ],
)
def test_what_was_removed_goes_anywhere_else(paths: list[str], output: str, removed: str) -> None:
    refuse_removed(removed, paths, find(paths), plan(paths, output))


@pytest.mark.parametrize(
    ("output", "wanted"),
    [
        ("out.md.gz", "no ending of packed files"),
        ("out.jsonl", "a name of the format of 'c.md'"),
        ("nowhere/out.md", "a file in a folder that exists, and 'nowhere' does not"),
    ],
)
def test_a_name_that_does_not_say_what_is_written_is_refused(output: str, wanted: str) -> None:
    with pytest.raises(SettingError, match=wanted):
        plan(["c.md"], output)


def test_a_name_of_no_known_ending_is_taken() -> None:
    assert plan(["c.md"], "out").file == "out"
