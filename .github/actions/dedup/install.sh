#!/usr/bin/env bash
# Install dedup into an environment of its own, so that the job's packages stay as they are.
# INPUT_VERSION is a release on PyPI; empty: the source that this action came with. Python is told
# to stand alone (-I): the current folder is the repository to be checked, with modules of its own.
set -euo pipefail

if [[ -n ${INPUT_VERSION} ]]; then
  wanted="dedup-paragraphs${INPUT_EXTRAS:+[$INPUT_EXTRAS]}==${INPUT_VERSION}"
else
  wanted="$(cd "$GITHUB_ACTION_PATH/../../.." && pwd)${INPUT_EXTRAS:+[$INPUT_EXTRAS]}"
fi

"$INPUT_PYTHON" -I -m venv "$RUNNER_TEMP/dedup"
"$RUNNER_TEMP/dedup/bin/python" -I -m pip install --quiet --disable-pip-version-check "$wanted"
"$RUNNER_TEMP/dedup/bin/dedup" --version
