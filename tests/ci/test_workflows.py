"""The files that the README gives to be pasted: valid by their schemas, and run as they stand."""

import re
import tomllib
from pathlib import Path
from typing import Any, Final

import pytest
from ruamel.yaml import YAML

from tests.ci.conftest import COPIED, OWN, README, ROOT, Repository, Tool

# Blocks of YAML and TOML by the file that their first line names.
BLOCKS: Final = {
    name: block
    for block, name in re.findall(
        r"^```(?:yaml|toml)\n(# (\S+)\n(?:.*\n)*?)```$", README, re.MULTILINE
    )
}
WORKFLOWS: Final = [name for name in BLOCKS if name.startswith(".github/workflows/")]
CI: Final = sorted(str(path.relative_to(ROOT)) for path in (ROOT / ".github").rglob("*.yml"))
CHECK: Final = re.compile(r"^dedup check ")
BASE_NAMES: Final = ("BASE", "CI_MERGE_REQUEST_DIFF_BASE_SHA")


def load(name: str) -> dict[str, Any]:
    """Read a block of YAML (1.2, in which `on` is a word)."""
    loaded: dict[str, Any] = YAML(typ="safe").load(BLOCKS[name])
    return loaded


def list_commands(value: object) -> list[str]:
    """Give every script line under `run` or `script`."""
    if isinstance(value, list):
        return [line for each in value for line in list_commands(each)]
    if not isinstance(value, dict):
        return []
    scripts = [value[key] for key in ("run", "script") if key in value]
    lines = [
        line for script in scripts for line in ([script] if isinstance(script, str) else script)
    ]
    return lines + [line for each in value.values() for line in list_commands(each)]


COMMANDS: Final = [
    (name, line)
    for name in (*WORKFLOWS, ".gitlab-ci.yml")
    if name in BLOCKS
    for line in list_commands(load(name))
    if CHECK.match(line)
]


def test_the_readme_gives_a_file_for_each_place() -> None:
    assert set(BLOCKS) == {
        "dedup.toml",
        ".github/workflows/repeated-text.yml",
        ".github/workflows/repeated-text-plain.yml",
        ".gitlab-ci.yml",
        ".pre-commit-config.yaml",
    }
    assert len(COMMANDS) == 2


@pytest.mark.parametrize("name", [*WORKFLOWS, ".gitlab-ci.yml"])
def test_a_pasted_file_has_the_form_that_its_host_wants(
    tool: Tool, tmp_path: Path, name: str
) -> None:
    schema = "gitlab-ci" if name == ".gitlab-ci.yml" else "github-workflows"
    file = tmp_path / Path(name).name
    file.write_text(BLOCKS[name], encoding="utf-8")

    finished = tool("check_jsonschema", "--builtin-schema", f"vendor.{schema}", str(file))

    assert finished.returncode == 0, finished.stdout


@pytest.mark.parametrize("name", [name for name in CI if "/workflows/" in name])
def test_our_own_workflows_have_that_form_too(tool: Tool, name: str) -> None:
    schema = ("--builtin-schema", "vendor.github-workflows")

    assert tool("check_jsonschema", *schema, str(ROOT / name)).returncode == 0


@pytest.mark.parametrize("name", WORKFLOWS)
def test_a_pasted_workflow_reads_all_history_and_writes_little(name: str) -> None:
    workflow = load(name)
    steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
    checkouts = [step for step in steps if step.get("uses", "").startswith("actions/checkout@")]

    assert [step["with"]["fetch-depth"] for step in checkouts] == [0]
    assert workflow["permissions"] == {"contents": "read", "security-events": "write"}
    for line in list_commands(workflow):
        assert "${{" not in line, "an expression in a script would be run as code"


def test_the_pasted_workflow_gives_inputs_that_the_action_has() -> None:
    action = YAML(typ="safe").load(ROOT / ".github" / "actions" / "dedup" / "action.yml")
    steps = load(WORKFLOWS[0])["jobs"]["dedup"]["steps"]

    (step,) = (step for step in steps if "/.github/actions/dedup@" in step.get("uses", ""))

    assert set(step["with"]) <= set(action["inputs"])


@pytest.mark.parametrize(("name", "line"), COMMANDS, ids=[name for name, _ in COMMANDS])
def test_a_pasted_command_fails_for_a_copy_and_writes_what_the_job_hands_on(
    repository: Repository, name: str, line: str
) -> None:
    base = repository.commit("docs/old.md", f"{COPIED}\n")
    environment = dict.fromkeys(BASE_NAMES, base)
    repository.commit("docs/more.md", f"{OWN}\n")
    clean = repository.run("bash", "-eo", "pipefail", "-c", line, **environment)
    repository.commit("docs/third.md", f"{COPIED}\n")

    failed = repository.run("bash", "-eo", "pipefail", "-c", line, **environment)

    assert clean.returncode == 0, f"{name}: {clean.stderr}"
    assert failed.returncode == 1, failed.stderr
    assert "docs/third.md" in failed.stdout
    assert "docs/old.md:" not in failed.stdout
    handed_on = re.findall(r"(?:sarif_file|codequality|junit): (\S+)", BLOCKS[name])
    assert handed_on
    for file in handed_on:
        assert "docs/third.md" in (repository.folder / file).read_text(encoding="utf-8")


def test_the_pasted_pre_commit_stanza_names_hooks_that_there_are(
    tool: Tool, tmp_path: Path
) -> None:
    file = tmp_path / ".pre-commit-config.yaml"
    file.write_text(BLOCKS[file.name], encoding="utf-8")
    manifest = YAML(typ="safe").load(ROOT / ".pre-commit-hooks.yaml")

    finished = tool("pre_commit", "validate-config", str(file))

    assert finished.returncode == 0, finished.stdout
    (entry,) = load(file.name)["repos"]
    assert {hook["id"] for hook in entry["hooks"]} <= {hook["id"] for hook in manifest}


def test_the_pasted_settings_are_taken_and_hold(repository: Repository) -> None:
    settings = BLOCKS["dedup.toml"].replace("# allow", "allow")
    repository.write("dedup.toml", settings)
    repository.write("legal.txt", f"{COPIED}\n")
    repository.write("docs/copy.md", f"{COPIED}\n")
    repository.write("docs/own.md", f"{OWN}\n\n{OWN}\n")

    finished = repository.dedup("check", "--output-format", "concise")

    assert tomllib.loads(settings)["allow"] == ["legal.txt"]
    assert finished.returncode == 1, finished.stderr
    assert finished.stdout.startswith("docs/own.md:3:1: DUP001")
    assert finished.stdout.count("\n") == 1


def test_the_steps_of_the_baseline_do_what_their_comments_say(repository: Repository) -> None:
    (block,) = re.findall(
        r"^```sh\n((?:dedup .*\n)*?dedup baseline write(?:.*\n)*?)```$", README, re.MULTILINE
    )
    repository.write("docs/copy.md", f"{COPIED}\n")

    finished = [repository.run("bash", "-c", line) for line in block.splitlines()]

    assert [each.returncode for each in finished] == [0] * 5, [each.stderr for each in finished]
    assert (repository.folder / ".dedup-baseline.json").is_file()
    assert "docs/guide.md" in finished[2].stdout + finished[4].stdout


def test_the_steps_of_a_saved_run_work(repository: Repository) -> None:
    (block,) = re.findall(
        r"^```sh\n(dedup check (?:.*\n)*?dedup report(?:.*\n)*?)```$", README, re.MULTILINE
    )
    repository.write("docs/copy.md", f"{COPIED}\n")

    for line in block.splitlines():
        finished = repository.run("bash", "-c", line)
        assert finished.returncode == 0, finished.stderr
    assert "docs/guide.md" in finished.stdout


def test_the_comment_that_the_readme_shows_silences_a_copy(repository: Repository) -> None:
    (block,) = re.findall(r"^```markdown\n(<!-- dedup: (?:.*\n)*?)```$", README, re.MULTILINE)
    repository.write("docs/one.md", f"# One\n\n{block}")
    repository.write("docs/two.md", block.splitlines()[-1])

    silenced = repository.dedup("check", "docs")
    shown = repository.dedup("check", "docs", "--show-suppressed", "-f", "json")

    assert silenced.returncode == 0, silenced.stdout
    assert "every page must say this" in shown.stdout
    repository.write("docs/one.md", f"# One\n\n{block.splitlines()[-1]}\n")
    assert repository.dedup("check", "docs").returncode == 1
