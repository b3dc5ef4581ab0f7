"""What a configuration file says, and how it is refused."""

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.cli.configuration.files import read_file, read_words
from dedup.cli.configuration.keys import load_keys
from dedup.cli.configuration.options import Resolved
from dedup.cli.configuration.source import Rank
from dedup.errors import InputError, SettingError

OF_TYPE = {
    str: st.text(st.characters(categories=["L", "N"]), min_size=1),
    int: st.integers(-(2**63), 2**63 - 1),
    float: st.floats(allow_nan=False, allow_infinity=False),
    bool: st.booleans(),
    list: st.lists(st.text(st.characters(categories=["L", "N"]), min_size=1)),
}
VALUES = st.fixed_dictionaries(
    {}, optional={key.word: OF_TYPE[key.type] for key in load_keys().values()}
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def read(text: str, name: str = "dedup.toml") -> dict[str, object]:
    file = Path(name)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return {key: setting.value for key, setting in read_file(file).settings.items()}


def refused(text: str, name: str = "dedup.toml") -> str:
    with pytest.raises(SettingError) as caught:
        read(text, name)
    return str(caught.value)


@given(VALUES)
def test_every_key_is_read_as_it_was_written(values: dict[str, object]) -> None:
    # JSON's texts, numbers and lists are TOML's too.
    lines = [f"{word} = {json.dumps(value, ensure_ascii=False)}" for word, value in values.items()]
    expected = {word.replace("-", "_"): value for word, value in values.items()}

    assert read("\n".join(lines)) == expected


def test_a_setting_tells_its_file_and_line(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "sub").mkdir()
    (folder / "dedup.toml").write_text("# ours\nthreshold = 0.7\n\n[levels]\nDUP005 = 'off'\n")
    monkeypatch.chdir(folder / "sub")

    settings = read_file(folder / "dedup.toml").settings

    assert {name: setting.place for name, setting in settings.items()} == {
        "threshold": "../dedup.toml:2",
        "levels.DUP005": "../dedup.toml:5",
    }
    assert settings["threshold"].rank is Rank.FILE


def test_of_a_project_file_only_our_table_is_read() -> None:
    text = "[project]\nthreshold = 9\n[tool.dedup]\nthreshold = 0.7\n[tool.other]\nx = 1\n"

    assert read(text, "pyproject.toml") == {"threshold": 0.7}
    assert "it has no table [tool.dedup]" in refused("[tool.other]\nx = 1\n", "pyproject.toml")


def test_a_whole_number_is_a_number_and_a_text_is_a_list_of_it() -> None:
    assert read('threshold = 1\nselect = "DUP001"\n') == {"threshold": 1.0, "select": ["DUP001"]}


def test_paths_are_those_from_the_folder_of_the_file(folder: Path) -> None:
    values = read(
        'paths = ["docs", "../x", "-", "/abs"]\nbaseline = "accepted.json"\nallow = "may.md"\n'
        'keep = "priority=best.txt"\noutput = "-"\nexclude = "drafts/"\n'
        'output-format = ["concise", "sarif=out/a.sarif", "json=-"]\ntext-field = "docs"\n',
        "conf/dedup.toml",
    )

    assert values == {
        "paths": ["conf/docs", "x", "-", "/abs"],
        "baseline": "conf/accepted.json",
        "allow": ["conf/may.md"],
        "keep": "priority=conf/best.txt",
        "output": "-",
        "exclude": ["drafts/"],  # a pattern, which goes with its folder
        "output_format": ["concise", "sarif=conf/out/a.sarif", "json=-"],
        "text_field": "docs",
    }
    assert read_file(folder / "conf" / "dedup.toml").settings["exclude"].folder == "conf"


def test_a_way_up_from_the_file_is_as_the_repository_names_it(folder: Path) -> None:
    (folder / "conf" / "deep").mkdir(parents=True)

    values = read(
        'paths = ["../../docs/d.md", ".././x", "..", "../../..", "docs/../x", "../a/../b"]\n',
        "conf/deep/dedup.toml",
    )

    assert values["paths"] == [
        *("docs/d.md", "conf/x", "conf", ".."),
        *("conf/deep/docs/../x", "conf/a/../b"),  # behind a link they lead elsewhere
    ]


def test_a_way_up_from_a_file_behind_a_link_is_that_of_the_system(folder: Path) -> None:
    (folder / "real" / "conf").mkdir(parents=True)
    (folder / "link").symlink_to("real/conf")

    (folder / "real" / "docs").mkdir()

    assert read('paths = ["../docs"]\n', "link/dedup.toml")["paths"] == ["real/docs"]
    assert Path("real/docs").samefile(folder / "link" / ".." / "docs")


def test_of_a_file_here_paths_stay_as_they_are() -> None:
    assert read('paths = ["docs/", "."]') == {"paths": ["docs", "."]}


def test_paths_are_seen_from_the_current_folder_by_the_shortest_way(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read('paths = ["docs", "docs/a", "other", "."]')
    (folder / "docs").mkdir()
    monkeypatch.chdir(folder / "docs")

    assert read_file(folder / "dedup.toml").settings["paths"].value == [".", "a", "../other", ".."]


def test_tables_give_levels_and_rules_of_paths(folder: Path) -> None:
    read(
        '[levels]\nDUP006 = "error"\nDUP001 = "note"\n'
        '[[per-path]]\npaths = ["legal/**"]\nignore = "dup002, DUP001"\n'
        '[[per-path]]\npaths = "news/**"\nlevels = {DUP005 = "error"}\n',
        "conf/dedup.toml",
    )

    resolved = Resolved(settings=read_file(Path("conf/dedup.toml")).settings)

    assert resolved.levels == (("DUP001", "note"), ("DUP006", "error"))
    legal, news = resolved.per_path
    assert (legal.paths, legal.levels) == (("legal/**",), (("DUP001", "off"), ("DUP002", "off")))
    assert (news.paths, news.levels) == (("news/**",), (("DUP005", "error"),))
    assert legal.folder == news.folder == os.path.realpath(folder / "conf")


def test_a_file_wins_over_the_one_it_extends_and_lists_replace() -> None:
    read('threshold = 0.9\nmin-words = 5\nselect = ["DUP001", "DUP002"]\nallow = "a.md"\n'
         '[levels]\nDUP001 = "off"\nDUP002 = "off"\n', "base/root.toml")  # fmt: skip
    read('extend = "root.toml"\nmin-words = 6\n', "base/middle.toml")

    values = read(
        'extend = "base/middle.toml"\nthreshold = 0.7\nselect = ["DUP003"]\n'
        '[levels]\nDUP001 = "note"\n'
    )

    assert values == {
        "threshold": 0.7,
        "min_words": 6,
        "select": ["DUP003"],
        "allow": ["base/a.md"],
        "levels.DUP001": "note",
        "levels.DUP002": "off",
    }


def test_every_file_of_a_chain_is_named_from_the_current_folder(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read("seed = 1\n", "base/root.toml")
    read('extend = "base/root.toml"\n')
    (folder / "sub").mkdir()
    monkeypatch.chdir(folder / "sub")

    assert read_file(folder / "dedup.toml").names == ("../dedup.toml", "../base/root.toml")


def test_a_chain_of_a_thousand_files_is_refused() -> None:
    for number in range(1500):
        Path(f"{number}.toml").write_text(f'extend = "{number + 1}.toml"\n')

    with pytest.raises(SettingError, match=r"cannot use 0.toml: over 30 files extend each other"):
        read_file(Path("0.toml"))


def test_a_chain_of_thirty_files_is_read() -> None:
    for number in range(29):
        Path(f"{number}.toml").write_text(f'extend = "{number + 1}.toml"\n')
    Path("29.toml").write_text("seed = 5\n")

    assert read_file(Path("0.toml")).settings["seed"].value == 5


def test_files_that_extend_each_other_are_named() -> None:
    Path("b.toml").write_text('extend = "c.toml"\n')
    Path("c.toml").write_text('extend = "./dedup.toml"\n')

    told = refused('extend = "b.toml"\n')

    assert "dedup.toml extends b.toml extends c.toml extends dedup.toml, which never ends" in told
    assert "dedup.toml extends dedup.toml" in refused('extend = "dedup.toml"\n')


def test_a_file_that_is_not_there_names_who_extends_it() -> None:
    told = r"cannot read none.toml, which dedup.toml:2 extends: no such file or directory"
    with pytest.raises(InputError, match=told):
        read('\nextend = "none.toml"\n')


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("\nmin_words = 5", "dedup.toml:2: there is no setting 'min_words'. Did you mean 'min-w"),
        ("threzhld = 5", "dedup.toml:1: there is no setting 'threzhld'. Did you mean 'threshold'?"),
        ("zzzzz = 5", "dedup.toml:1: there is no setting 'zzzzz'. dedup explain config --iso"),
        ("[level]\n", "dedup.toml:1: there is no setting 'level'. Did you mean 'levels'?"),
        ('[levels]\nDUP05 = "off"', "dedup.toml:2: there is no setting 'levels.DUP05'. Did you me"),
        ('[levels]\ndup005 = "off"', "no setting 'levels.dup005'. Did you mean 'DUP005'?"),
        ('[levels]\nDUP005 = "of"', "dedup.toml:2: levels.DUP005 is 'of': allowed is off or note"),
        ("[levels]\nDUP005 = 1", "dedup.toml:2: levels.DUP005 is 1: allowed is off or note or wa"),
        ('levels = "off"', "dedup.toml:1: levels is 'off': allowed is a table of rules and levels"),
        ('per-path = "docs"', "dedup.toml:1: per-path is 'docs': allowed are tables [[per-path]]"),
        ("per-path = [1]", "per-path is [1]: allowed are tables"),
        ("[[per-path]]\nignore = 'DUP001'", "dedup.toml:1: per-path names no paths"),
        ("[[per-path]]\npaths = 'a'\nignores = 'x'", "dedup.toml:3: there is no setting 'per-pat"),
        ("[[per-path]]\npaths = 'a'\nignore = 'x'", "dedup.toml:3: per-path.ignore is 'X'"),
        ("[[per-path]]\npaths = [1]", "dedup.toml:2: per-path.paths is [1]: allowed is text in"),
        (
            "[[per-path]]\npaths = 'a'\nignore = 'DUP001'\nlevels.DUP001 = 'note'",
            "dedup.toml:4: per-path ignores DUP001 and gives it a level. Leave one of them out",
        ),
        ('threshold = "0.7"', "dedup.toml:1: threshold is '0.7': allowed is a number. Change it"),
        ("threshold = true", "threshold is true: allowed is a number"),
        ("min-words = 8.0", "min-words is 8.0: allowed is a whole number"),
        ("min-words = false", "min-words is false: allowed is a whole number"),
        ("strict = 1", "strict is 1: allowed is true or false"),
        ("shingles = 3", "shingles is 3: allowed is text in quotes"),
        ("select = [1]", "select is [1]: allowed is text in quotes or a list of such"),
        ("select = 2024-01-01", "select is 2024-01-01: allowed is text in quotes"),
        ("keep = 07:30:00", "keep is 07:30:00: allowed is text in quotes"),
        ("allow = [true, {a = 1}]", "allow is [true, {a = 1}]: allowed is text in quotes or a li"),
        ("[[per-path]]\npaths = 'a'\npath = 1", "dedup.toml:3: there is no setting 'per-path.pa"),
        ("[[per-path]]\npaths = 'a'\nignore = 'dup900'", "dedup.toml:3: per-path.ignore is 'DUP9"),
        ("[[per-path]]\npaths = 'a'\nlevels.DUP900 = 'off'", "dedup.toml:3: per-path.levels.DUP9"),
        ("[levels]\nDUP900 = 'off'", "dedup.toml:2: levels.DUP900 is 'off': allowed are the other"),
        ("[[per-path]]\npaths = ['a', '../b/**']", "dedup.toml:2: per-path.paths has '../b/**'"),
        ("[[per-path]]\npaths = ''", "dedup.toml:2: per-path.paths has '': allowed is a pattern"),
        ("[tool.dedup]\nmin-words = 5", "dedup.toml:1: tool stands in a pyproject.toml only. In "),
        ("format = 'json'", "Did you mean 'input-format' or 'output-format'? dedup explain"),
        ("path = 'docs'", "Did you mean 'paths' or 'per-path'?"),
        ("extend = 1", "dedup.toml:1: extend is 1: allowed is one file's name in quotes"),
        ('extend = ["a.toml"]', "extend is ['a.toml']: allowed is one file's name"),
        ("isolated = true", "dedup.toml:1: --isolated can only be typed. Take the key out."),
        ("dry-run = true", "--dry-run can only be typed"),
        ("a = 1\nb = = 2", "cannot read dedup.toml:2:5: invalid value. Values are as in TOML"),
        ('a = "', "cannot read dedup.toml: unterminated string at its end. Values are as in TOML"),
        ("x = [", "cannot read dedup.toml: invalid value at its end. Values are as in TOML"),
        (f"min-words = {'9' * 5000}", "cannot read dedup.toml: a number has thousands of digits"),
        (f"x = {'[' * 9999}", "cannot read dedup.toml: a number has thousands of digits, or lists"),
        (f"threshold = 1{'0' * 400}", "threshold is 1000000"),
        (f"seed = 0x{'f' * 5000}", "seed is a number of thousands of digits: allowed is a whole"),
        ("threshold = 1\nthreshold = 1", "cannot overwrite a value"),
    ],
)
def test_what_is_not_allowed_is_refused_at_its_line(text: str, told: str) -> None:
    assert told in refused(text)


def test_a_long_value_is_cut_short_in_a_message() -> None:
    assert len(refused(f"threshold = '{'x' * 5000}'")) < 200


@pytest.mark.parametrize(
    ("content", "told"),
    [(b"a = '\xff'", "it is not valid UTF-8. Save it as UTF-8"), (None, "no such file or direc")],
)
def test_a_file_that_cannot_be_read_is_named(content: bytes | None, told: str) -> None:
    if content is not None:
        Path("dedup.toml").write_bytes(content)

    with pytest.raises(InputError, match=f"cannot read dedup.toml: {told}"):
        read_file(Path("dedup.toml"))


def test_a_byte_order_mark_and_windows_line_ends_are_no_matter() -> None:
    Path("dedup.toml").write_bytes(b"\xef\xbb\xbfthreshold = 0.7\r\nmin-words = 5\r\n")

    settings = read_file(Path("dedup.toml")).settings

    assert settings["threshold"].value == 0.7
    assert settings["min_words"].place == "dedup.toml:2"


def test_typed_settings_are_read_as_those_of_a_file() -> None:
    settings = read_words('levels.DUP005 = "off"\nallow = "a.md"')

    assert {name: (s.value, s.rank, s.place) for name, s in settings.items()} == {
        "levels.DUP005": ("off", Rank.CONFIG, "--config"),
        "allow": (["a.md"], Rank.CONFIG, "--config"),
    }


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("select = DUP001", r"cannot read --config 'select = DUP001':1:10: invalid value"),
        ("threzhld = 1", r"cannot use --config: there is no setting 'threzhld'. Did you mean"),
        ("extend = 'a.toml'", r"extend stands in a file only. Name that file: --config FILE"),
    ],
)
def test_what_is_typed_wrong_is_refused(text: str, told: str) -> None:
    with pytest.raises(SettingError, match=told):
        read_words(text)
