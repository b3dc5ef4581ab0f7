"""A saved run is written again: by the command, in every format, and what it refuses."""

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from dedup.cli.app import main
from dedup.config import RULES
from dedup.reporters.registry import REPORTERS

Status = Callable[..., tuple[int, str, str]]
DATA: Final = Path(__file__).parents[2] / "data"
FORMATS: Final = tuple(name for name in REPORTERS if name != "groups")


@pytest.fixture(autouse=True)
def _no_step_summary(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)


@pytest.fixture(scope="module")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder of reports of one scan of data/, each named after its format."""
    folder = tmp_path_factory.mktemp("scanned")
    targets = [word for name in FORMATS for word in ("-f", f"{name}={folder / name}")]
    with pytest.raises(SystemExit) as stop:
        main(["scan", str(DATA), "--skip-errors", "-q", *targets])
    assert not stop.value.code
    return folder


@pytest.fixture
def saved(scanned: Path) -> Path:
    """Give the one of them that is in JSON."""
    return scanned / "json"


def list_rules(concise: str) -> list[str]:
    return [line.partition(" DUP")[2][:3] for line in concise.splitlines()]


def test_every_format_is_what_a_scan_writes(
    status: Status, scanned: Path, saved: Path, tmp_path: Path
) -> None:
    targets = [word for name in FORMATS for word in ("-f", f"{name}={tmp_path / name}")]

    assert status("report", saved, *targets) == (0, "", "")

    for name in FORMATS:
        assert (tmp_path / name).read_bytes() == (scanned / name).read_bytes(), name


def test_a_check_is_written_as_the_check_wrote_it(
    status: Status, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ferry = "The night ferry leaves at nine from the first of October, not at ten."
    lens = "The harbour board will keep the old lens of the lighthouse, it said on Monday."
    dam = "Divers found a crack forty metres long in the upstream face of the Hollin dam."
    for name in ("a", "b"):
        comment = "<!-- dedup: ignore so meant -->\n" if name == "b" else ""
        text = f"{ferry}\n\n{comment}{lens}\n\n{dam}\n"
        Path(f"{name}.md").write_text(text, encoding="utf-8")
    Path("allowed.txt").write_text(f"{dam}\n", encoding="utf-8")

    for shown in ([], ["--show-suppressed"]):
        words = ["a.md", "b.md", "--allow", "allowed.txt", "-q", *shown]
        code, out, _ = status("check", *words, "-f", "json")
        assert code == 1
        Path("run.json").write_text(out, encoding="utf-8")
        kinds = {row["suppression"]["kind"] for row in json.loads(out)["suppressed"]}
        assert kinds == {"inline", "allowed"}
        for name in FORMATS:
            checked = status("check", *words, "-f", name)[1]

            assert status("report", "run.json", "-f", name) == (0, checked, ""), name


def test_without_a_format_the_report_for_people_comes(status: Status, saved: Path) -> None:
    code, out, err = status("report", saved)

    assert (code, err) == (0, "")
    assert "Summary" in out


def test_several_formats_are_written_in_one_run(
    status: Status, saved: Path, tmp_path: Path
) -> None:
    again = tmp_path / "again.json"

    code, out, _ = status("report", saved, "-f", f"json={again}", "-f", "concise")

    assert code == 0
    assert again.read_bytes() == saved.read_bytes()
    assert out.count("\n") == len(json.loads(saved.read_text(encoding="utf-8"))["findings"])


def test_a_saved_run_is_read_from_standard_input(
    status: Status, saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = status("report", saved, "-f", "concise")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(saved.read_bytes())))

    assert status("report", "-", "-f", "concise") == expected


@pytest.mark.parametrize(
    ("options", "least"),
    [
        (("--threshold", "0.8"), {"DUP002": 0.8, "DUP006": 0.8}),
        (("-t", "0.7", "--containment", "0.95"), {"DUP002": 0.7, "DUP006": 0.7, "DUP003": 0.95}),
        (("--ignore", "DUP001,DUP900"), {"DUP001": 2, "DUP900": 2}),
        (("--select", "DUP005"), {}),
    ],
)
def test_stricter_options_leave_what_reaches_them(
    status: Status, saved: Path, options: tuple[str, ...], least: dict[str, float]
) -> None:
    if "--select" in options:
        least = {rule: 2.0 for rule in RULES if rule not in options}
    rows = json.loads(saved.read_text(encoding="utf-8"))["findings"]
    left = [row["rule"] for row in rows if (row["score"] or 1) >= least.get(row["rule"], 0)]
    assert 0 < len(left) < len(rows)

    code, out, err = status("report", saved, "-f", "concise", *options)

    assert (code, err) == (0, "")
    assert [f"DUP{rule}" for rule in list_rules(out)] == left


def test_restate_thresholds_leave_what_a_new_scan_finds(
    status: Status, data: Path, tmp_path: Path
) -> None:
    saved, counts = tmp_path / "run.json", []
    status("scan", data / "articles", "-f", f"json={saved}")
    for option in ((), ("--strict",), ("--restate-threshold", "0.75")):
        out = status("report", saved, "-f", "concise", *option)[1]

        assert out == status("scan", data / "articles", "-f", "concise", *option)[1]
        counts.append(list_rules(out).count("005"))
    assert counts[0] > counts[-1]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--threshold", "0.5"), "option --threshold is 0.5: allowed is 0.6 to 1.0"),
        (("--containment", "0.5"), "option --containment is 0.5: allowed is 0.8 to 1.0"),
        (("--restate-threshold", "0.1"), "option --restate-threshold is 0.1: allowed is 0.4"),
        (("--threshold", "high"), "'high' is not a number"),
        (("--select", "DUP999"), "option --select is 'DUP999'"),
        (("--select", "DUP001", "--ignore", "DUP001"), "what leaves a rule that is selected"),
        (("-f", "groups"), "option --output-format is 'groups': allowed is another one"),
        (("-f", "yaml"), "option --output-format is 'yaml'"),
    ],
)
def test_what_cannot_be_had_is_refused(
    status: Status, saved: Path, options: tuple[str, ...], told: str
) -> None:
    code, out, err = status("report", saved, *options)

    assert (code, out) == (2, "")
    assert told in err


def test_a_rule_that_the_scan_left_out_needs_a_new_scan(
    status: Status, data: Path, tmp_path: Path
) -> None:
    file = tmp_path / "run.json"
    status("scan", data / "docs", "--ignore", "DUP001", "-f", f"json={file}")

    code, _, err = status("report", file, "--select", "DUP001")
    assert code == 2
    assert "allowed is DUP002, DUP003" in err
    assert "Scan again to have others" in err

    code, out, _ = status("report", file, "--ignore", "DUP001,DUP003", "-f", "concise")
    assert (code, list_rules(out)) == (0, ["002"])


def test_groups_beside_another_format_writes_nothing(
    status: Status, saved: Path, tmp_path: Path
) -> None:
    code, _, err = status("report", saved, "-f", f"concise={tmp_path / 'a.txt'}", "-f", "groups")

    assert code == 2
    assert "Scan again with --output-format groups" in err
    assert not (tmp_path / "a.txt").exists()


def test_the_saved_run_is_not_written_over(status: Status, saved: Path) -> None:
    before = saved.read_bytes()

    code, _, err = status("report", saved, "-t", "0.9", "-f", "json", "-o", saved)

    assert code == 2
    assert "it would be lost" in err
    assert saved.read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"{}", b"docs/a.md:1:1: DUP001", b"\xff\xfe", b"[[[["])
def test_a_file_that_is_no_saved_run_is_refused(
    status: Status, tmp_path: Path, content: bytes
) -> None:
    file = tmp_path / "run.json"
    file.write_bytes(content)

    code, out, err = status("report", file)

    assert (code, out) == (2, "")
    assert err.startswith(f"Error DD102: cannot read {file}")
    assert "--output-format json" in err
    assert err.count("\n") == 1


def test_a_saved_run_has_its_own_settings(
    status: Status, saved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = status("report", saved, "-f", "concise")
    (tmp_path / "dedup.toml").write_text('threshold = 0.3\nselect = ["DUP001"]\nstrict = true\n')
    monkeypatch.chdir(tmp_path)

    assert status("report", saved, "-f", "concise") == expected


@pytest.fixture
def _closed_stdin(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.TextIOWrapper(io.BytesIO(b""))
    stream.close()
    monkeypatch.setattr(sys, "stdin", stream)


@pytest.mark.usefixtures("_closed_stdin")
def test_a_closed_standard_input_is_refused(status: Status) -> None:
    code, _, err = status("report", "-")

    assert code == 2
    assert "cannot read <stdin>" in err
