#!/usr/bin/env bash
# Install the hooks and the action as pre-commit and GitHub do, from this checkout and with pip, and
# see that each names a copy. It needs the network, so `.ci/run` calls it and pytest does not.
# Usage: tests/ci/installed.sh PYTHON, one that has pre-commit.
set -euo pipefail

root=$(cd "$(dirname "$0")/../.." && pwd)
python=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export PRE_COMMIT_HOME="$scratch/home" GIT_CONFIG_GLOBAL=/dev/null
unset GITHUB_STEP_SUMMARY GITHUB_OUTPUT

mkdir "$scratch/work" "$scratch/temporary"
cd "$scratch/work"
git init --quiet
printf 'Close the valve by hand before the pump runs dry, whatever the panel says.\n' >old.md
git add .
git -c user.name=w -c user.email=w@example.org commit --quiet --message Old
cp old.md new.md
cp old.md page.rst
git add .

# Give the exit status of a command, and its output to the file `told`.
status_of() {
  local status=0
  "$@" >"$scratch/told" 2>&1 || status=$?
  cat "$scratch/told" >&2
  echo "$status"
}

# The other hook differs by its words alone, and an environment takes a minute.
[[ $(status_of "$python" -m pre_commit try-repo "$root" dedup-check --files new.md) == 1 ]]
grep -qE '^(new\.md|page\.rst):1:1: DUP001' "$scratch/told"

export INPUT_PYTHON=$python INPUT_VERSION='' INPUT_EXTRAS=rst
export INPUT_PATHS=. INPUT_ARGS='' INPUT_SINCE=HEAD INPUT_FAIL=true INPUT_SARIF_FILE=''
export RUNNER_TEMP="$scratch/temporary" GITHUB_ACTION_PATH="$root/.github/actions/dedup"
export GITHUB_OUTPUT="$scratch/output"
bash "$GITHUB_ACTION_PATH/install.sh"
check=("$RUNNER_TEMP/dedup/bin/python" -I "$GITHUB_ACTION_PATH/check.py")
[[ $(status_of "${check[@]}") == 1 ]]
grep -qE '^::warning file=(new\.md|page\.rst),line=1,' "$scratch/told"
git rm --quiet --cached new.md page.rst
rm new.md page.rst
[[ $(status_of "${check[@]}") == 0 ]]
echo "The hooks and the action find a copy where they are installed."
