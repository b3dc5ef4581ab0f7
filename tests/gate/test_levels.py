"""Levels by rule and by path; which paths a pattern names is compared with git."""

import subprocess
from dataclasses import replace
from pathlib import Path
from shutil import which

import pytest

from dedup import find_duplicates
from dedup.config.gate import GateConfig, Level, PathRules
from dedup.findings import Finding
from dedup.gate.levels import set_levels, set_levels_anew
from dedup.model import Relation

TEXT = "On the day the ferry came back nobody in the harbour knew its captain."


@pytest.fixture
def finding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Finding:
    """Give a finding; the current folder is the one that holds docs."""
    monkeypatch.chdir(tmp_path)
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(TEXT)
    (found,) = find_duplicates(["a.txt", "b.txt"]).findings
    return found


def at(finding: Finding, path: str | None, rule: str = "DUP001") -> Finding:
    return replace(finding, rule=rule, reference=replace(finding.reference, path=path))


def levels(config: GateConfig, *findings: Finding) -> list[str]:
    return [finding.level for finding in set_levels(findings, config)]


def rules(folder: Path, *paths: str, **of_rules: Level) -> PathRules:
    return PathRules(paths, str(folder), tuple(of_rules.items()))


def test_without_settings_findings_stay_as_they_are(finding: Finding) -> None:
    findings = (finding,)

    assert set_levels(findings, GateConfig()) is findings


def test_a_rule_has_the_level_that_is_set(finding: Finding) -> None:
    config = GateConfig(levels=(("DUP001", "error"), ("DUP003", "off")))
    three = at(finding, "a.txt", "DUP003")

    assert levels(config, finding, three, at(finding, "a.txt", "DUP002")) == ["error", "warning"]


def test_what_is_only_near_stays_a_note(finding: Finding) -> None:
    near = replace(finding, is_near=True, level="note")

    assert levels(GateConfig(levels=(("DUP001", "error"),)), near) == ["note"]
    assert levels(GateConfig(levels=(("DUP001", "off"),)), near) == []


def test_off_holds_on_either_side_and_other_levels_on_that_of_the_paragraph(
    finding: Finding, tmp_path: Path
) -> None:
    off = GateConfig(per_path=(rules(tmp_path, "a.txt", DUP001="off"),))
    note = GateConfig(per_path=(rules(tmp_path, "a.txt", DUP001="note"),))
    others = replace(finding, sources=(finding.source, replace(finding.source, path="c.txt")))

    assert levels(off, finding) == []  # it is b.txt that repeats a.txt
    assert levels(off, at(finding, "a.txt")) == []
    assert levels(off, others) == ["warning"]
    assert levels(note, finding) == ["warning"]
    assert levels(note, at(finding, "a.txt")) == ["note"]


def test_the_last_setting_that_names_path_and_rule_decides(
    finding: Finding, tmp_path: Path
) -> None:
    config = GateConfig(
        levels=(("DUP001", "error"), ("DUP002", "error")),
        per_path=(
            rules(tmp_path, "docs/**", DUP001="off", DUP002="note"),
            rules(tmp_path, "docs/legal/**", DUP001="warning"),
        ),
    )

    assert levels(config, at(finding, "docs/a.md"), at(finding, "b.md")) == ["error"]
    assert levels(config, at(finding, "docs/legal/a.md")) == ["warning"]
    assert levels(config, at(finding, "docs/legal/a.md", "DUP002")) == ["note"]


def test_records_without_a_path_have_the_level_of_their_rule(
    finding: Finding, tmp_path: Path
) -> None:
    config = GateConfig(
        levels=(("DUP001", "note"),), per_path=(rules(tmp_path, "*", DUP001="off"),)
    )

    unplaced = replace(at(finding, None), sources=(replace(finding.source, path=None),))
    assert levels(config, unplaced) == ["note"]


def test_a_path_is_named_however_it_is_written(finding: Finding, tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "docs")
    outside = tmp_path.parent / f"{tmp_path.name}-link"
    outside.symlink_to(tmp_path)
    config = GateConfig(per_path=(rules(tmp_path, "/docs/*.md", DUP001="off"),))

    for path in ("docs/a.md", "./docs/../docs/a.md", f"{tmp_path}/docs/a.md"):
        assert levels(config, at(finding, path)) == [], path
    assert levels(config, at(finding, f"{outside}/docs/a.md")) == []
    # A link within the folder is called by its own name.
    assert levels(config, at(finding, "link/a.md")) == ["warning"]
    assert levels(config, at(finding, "/elsewhere/docs/a.md")) == ["warning"]


def test_patterns_begin_at_the_folder_of_their_configuration(
    finding: Finding, tmp_path: Path
) -> None:
    config = GateConfig(per_path=(rules(tmp_path / "docs", "/legal/", DUP001="off"),))

    assert levels(config, at(finding, "docs/legal/deep/a.md")) == []
    assert levels(config, at(finding, "legal/a.md")) == ["warning"]


def test_patterns_name_what_git_says_they_name(finding: Finding, tmp_path: Path) -> None:
    git = which("git")
    if git is None:
        pytest.skip("git is not installed")
    patterns = ["docs/**", "!docs/kept.md", "*.rst", "/top.txt", "old/", "a?c.md", "[xy].md"]
    names = """docs/a.md docs/kept.md docs/deep/b.md x/docs/a.md a.rst deep/a.rst top.txt
        sub/top.txt old/a.md sub/old/a.md old.md abc.md sub/abc.md x.md z.md"""
    paths = names.split()
    (tmp_path / ".gitignore").write_text("\n".join(patterns))
    subprocess.run([git, "init", "-q", tmp_path], check=True)  # noqa: S603 -- a test's own words
    asked = [git, "-C", str(tmp_path), "check-ignore", "--no-index", *paths]
    done = subprocess.run(asked, capture_output=True, text=True, check=True)  # noqa: S603 -- too
    said = done.stdout.split()
    config = GateConfig(per_path=(rules(tmp_path, *patterns, DUP001="note"),))

    found = set_levels(tuple(at(finding, path) for path in paths), config)

    named = [f.reference.path for f in found if f.level == "note"]
    assert named == said
    assert 0 < len(said) < len(paths)


def test_boilerplate_is_off_at_its_own_path_and_not_at_the_other_places(
    finding: Finding, tmp_path: Path
) -> None:
    everywhere = replace(finding, rule="DUP007", relation=Relation.BOILERPLATE)
    at_source = GateConfig(per_path=(rules(tmp_path, "a.txt", DUP007="off"),))
    at_own = GateConfig(per_path=(rules(tmp_path, "b.txt", DUP007="off"),))

    assert levels(at_source, everywhere) == ["note"]
    assert levels(at_own, everywhere) == []


def test_a_turned_finding_whose_rule_is_off_at_its_new_path_is_left_out(
    finding: Finding, tmp_path: Path
) -> None:
    off = GateConfig(per_path=(rules(tmp_path, "new.txt", DUP001="off"),))
    findings = (finding, at(finding, "new.txt"))

    assert set_levels_anew(findings, off) == (finding,)
