"""Who wins where an option is set more than once."""

from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import TypeAlias

import pytest
import typer

from dedup.cli.check_options import CheckOptions
from dedup.cli.commands import make_command, takes
from dedup.cli.evaluate_options import EvaluateOptions
from dedup.cli.settings import make_scan_config
from dedup.errors import DedupError, SettingError

Run: TypeAlias = Callable[..., CheckOptions]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*words: str, **variables: str) -> CheckOptions:
    """Run a command of these options, with variables set, and give what it got."""
    app, seen = typer.Typer(), list[CheckOptions]()

    @app.callback()
    def group() -> None:
        pass

    @app.command()
    @takes(CheckOptions)
    def command(options: CheckOptions) -> None:
        seen.append(options)
        make_scan_config(options, keep_text=True)

    with pytest.MonkeyPatch.context() as patch:
        for name, text in variables.items():
            patch.setenv(name, text)
        make_command(app)(args=["command", *words], prog_name="test", standalone_mode=False)
    return seen[0]


def write(text: str, name: str = "dedup.toml") -> None:
    Path(name).write_text(text)


@pytest.mark.parametrize(
    ("option", "flags", "texts", "values"),
    [
        # What flags, --config, the variable, the file and the file it extends say.
        ("min-words", ["--min-words", "1"], ["2", "3", "4", "5"], [1, 2, 3, 4, 5]),
        ("select", ["--select", "DUP001"], ['"DUP002"', "DUP003", '["DUP004"]', '"DUP005"'],
         [["DUP001"], ["DUP002"], ["DUP003"], ["DUP004"], ["DUP005"]]),
        ("strict", ["--strict"], ["false", "1", "false", "true"], [True, False, True, False, True]),
    ],
)  # fmt: skip
def test_the_nearest_to_the_user_wins(
    option: str, flags: list[str], texts: list[str], values: list[object]
) -> None:
    default = getattr(CheckOptions(), option.replace("-", "_"))
    for is_set in product([True, False], repeat=5):
        words, variables = list(flags) if is_set[0] else [], {}
        if is_set[1]:
            words += ["--config", f"{option} = {texts[0]}"]
        if is_set[2]:
            variables[f"DEDUP_{option.replace('-', '_').upper()}"] = texts[1]
        extend = 'extend = "base.toml"\n'
        write(extend + (f"{option} = {texts[2]}\n" if is_set[3] else ""))
        write(f"{option} = {texts[3]}\n" if is_set[4] else "", "base.toml")

        got = getattr(run(*words, **variables), option.replace("-", "_"))

        said = [value for value, each in zip(values, is_set, strict=True) if each]
        assert got == [*said, default][0], is_set


def test_what_is_typed_as_the_default_is_typed() -> None:
    write("min-words = 5\n")

    assert run("--min-words", "8").min_words == 8


def test_without_configuration_nothing_changes() -> None:
    options = run("docs", "--strict")

    assert (options.paths, options.strict, options.min_words) == (["docs"], True, 8)
    assert options.resolved.typed == {"paths", "strict"}
    assert (options.resolved.levels, options.resolved.per_path) == ((), ())


def test_paths_hold_where_none_is_typed() -> None:
    write('paths = ["docs", "news.xml"]\n')

    assert run().paths == ["docs", "news.xml"]
    assert run("other").paths == ["other"]


def test_tables_reach_the_command() -> None:
    write('[levels]\nDUP005 = "off"\n[[per-path]]\npaths = ["a"]\nignore = ["DUP001"]\n')

    resolved = run("--config", 'levels.DUP001 = "error"').resolved

    assert resolved.levels == (("DUP001", "error"), ("DUP005", "off"))
    assert [rules.paths for rules in resolved.per_path] == [("a",)]


def test_isolated_neither_files_nor_variables_count() -> None:
    write("min-words = 5\nfail-on = 'error'\n")

    options = run("--isolated", DEDUP_MIN_WORDS="6")
    assert (options.min_words, options.fail_on) == (8, "warning")
    assert run("--isolated", "--config", "min-words = 7", DEDUP_MIN_WORDS="6").min_words == 7


def test_a_named_file_takes_the_place_of_the_one_that_is_found() -> None:
    write("min-words = 5\nthreshold = 0.9\n")
    write("min-words = 6\n", "other.toml")
    write("threshold = 0.8\n", "a=b.toml")

    options = run("--config", "other.toml")
    assert (options.min_words, options.threshold) == (6, 0.6)
    assert run("--config", "a=b.toml").threshold == 0.8


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--config", "a.toml", "--config", "b.toml"], "is 'a.toml and b.toml': allowed is one fi"),
        (["--config", "a.toml", "--isolated"], "is 'a.toml': allowed is no file beside --isolated"),
        (["--config", "none.toml"], "cannot read none.toml: no such file"),
        (["--config", "min-words: 5"], "cannot read min-words: 5: no such .* FILE or 'KEY = VALUE"),
    ],
)
def test_files_that_cannot_both_hold_are_refused(words: list[str], told: str) -> None:
    with pytest.raises(DedupError, match=told):
        run(*words)


def test_the_last_of_the_typed_settings_wins() -> None:
    words = ["--config", "min-words = 5", "--config", "min-words = 6\nseed = 2"]

    options = run(*words)

    assert (options.min_words, options.seed) == (6, 2)


def test_of_options_that_exclude_each_other_the_nearest_is_taken() -> None:
    write('output = "a.txt"\nstrict = true\nbaseline = "b.json"\nexit-code = 3\nquiet = true\n')

    options = run("-f", "concise", "--sensitive", "--no-baseline", DEDUP_EXIT_ZERO="true")

    assert (options.output, options.output_format) == (None, ["concise"])
    assert (options.strict, options.sensitive) == (False, True)
    assert (options.baseline, options.no_baseline) == (None, True)
    assert (options.exit_code, options.exit_zero, options.quiet) == (1, True, True)
    assert run(DEDUP_SENSITIVE="false").strict is True
    assert run("-o", "c.txt").output == "c.txt"


def test_quiet_and_verbose_give_way_to_whichever_is_nearer() -> None:
    write("quiet = true\n")

    typed, set_nearer = run("--verbose"), run(DEDUP_VERBOSE="true")

    assert (typed.quiet, typed.verbose) == (False, True)
    assert (set_nearer.quiet, set_nearer.verbose) == (False, True)
    assert (run().quiet, run().verbose) == (True, False)

    write("verbose = true\n")

    assert (run("--quiet").quiet, run("--quiet").verbose) == (True, False)


def test_what_is_typed_to_be_reported_is_reported_though_a_file_ignores_it() -> None:
    write('ignore = "DUP001"\n')

    options = run("--select", "DUP001")
    assert (options.select, options.ignore) == (["DUP001"], None)
    assert run("--select", "DUP001,DUP002", "--ignore", "DUP002").ignore == ["DUP002"]
    assert run().ignore == ["DUP001"]
    assert run(DEDUP_SELECT="DUP001").ignore is None


def test_the_files_that_were_read_reach_the_command(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write('extend = "base.toml"\n')
    write("", "base.toml")
    write("", "other.toml")

    assert run().resolved.files == ("dedup.toml", "base.toml")
    assert run("--config", "other.toml", "--config", "seed = 1").resolved.files == ("other.toml",)
    assert run("--isolated", "--config", "seed = 1").resolved.files == ()
    (folder / "sub").mkdir()
    monkeypatch.chdir(folder / "sub")
    assert run().resolved.files == ("../dedup.toml", "../base.toml")


def test_what_excludes_each_other_in_one_file_is_refused_there() -> None:
    write("strict = true\nsensitive = true\n")

    with pytest.raises(SettingError, match=r"sensitive of dedup.toml:2 is True: allowed is one of"):
        run()


@pytest.mark.parametrize(
    ("words", "variables", "told"),
    [
        ([], {}, "threshold of dedup.toml:1 is 7.0: allowed is 0.01 to 1.0"),
        ([], {"DEDUP_THRESHOLD": "8"}, "threshold of DEDUP_THRESHOLD is 8.0: allowed is"),
        (["--config", "threshold = 9"], {}, "threshold of --config is 9.0: allowed is"),
        (["-t", "0"], {}, "setting min_resemblance is 0.0: allowed is"),
    ],
)
def test_a_value_out_of_range_is_refused_where_it_was_set(
    words: list[str], variables: dict[str, str], told: str
) -> None:
    write("threshold = 7\n")

    with pytest.raises(SettingError, match=told):
        run(*words, **variables)


@pytest.mark.parametrize("pattern", ["../x", "", "a/../b", "./a", "# a", "!../x"])
def test_a_pattern_that_can_name_nothing_is_refused(pattern: str) -> None:
    with pytest.raises(SettingError, match=r"setting exclude is .* a pattern as in .gitignore"):
        run("--exclude", "fine", "--exclude", pattern)

    write(f"exclude = ['{pattern}']\n")
    with pytest.raises(SettingError, match=r"exclude of dedup.toml:1 is .* a pattern as in"):
        run()


def test_patterns_hold_from_the_folder_of_who_wrote_them(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write('exclude = ["drafts/"]\n')
    (folder / "sub").mkdir()
    monkeypatch.chdir(folder / "sub")

    def where(*words: str, **variables: str) -> tuple[tuple[str, ...], str]:
        readers = make_scan_config(run(*words, **variables), keep_text=True).readers
        return readers.exclude, readers.exclude_folder

    assert where() == (("drafts/",), "..")
    assert where("--exclude", "*.tmp") == (("*.tmp",), ".")
    assert where(DEDUP_EXCLUDE="a,b") == (("a", "b"), ".")


def test_a_key_of_another_command_or_of_another_meaning_is_passed_over() -> None:
    write('remove = "contained"\noutput-format = "sarif"\noutput = "x"\nseed = 4\nmax-new = 3\n')
    app, seen = typer.Typer(), list[EvaluateOptions]()

    @app.callback()
    def group() -> None:
        pass

    @app.command()
    @takes(EvaluateOptions)
    def evaluate(options: EvaluateOptions) -> None:
        seen.append(options)

    make_command(app)(args=["evaluate", "x.jsonl"], prog_name="test", standalone_mode=False)

    assert (seen[0].output_format, seen[0].output, seen[0].seed) == ("text", "-", 4)


def test_a_doubtful_variable_is_warned_of_unless_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    run(DEDUP_TRESHOLD="1")
    told = capsys.readouterr().err
    run("-q", DEDUP_TRESHOLD="1")

    assert told == "Warning: DEDUP_TRESHOLD has no effect. Did you mean DEDUP_THRESHOLD?\n"
    assert capsys.readouterr().err == ""
