"""Say what a run is made of, so that what another run left is not taken for its own.

In: the input files, the settings and this program's version. Out: a text that is equal exactly
where a stage would make the same rows, and words for what differs between two of them.
"""

import json
from dataclasses import asdict, dataclass
from functools import cached_property
from hashlib import blake2b
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Final

from dedup.config import Config
from dedup.spark.runtime.job import InputFile

FORMAT_VERSION: Final = 2  # of the folder's layout and of the stages' columns
_HASH_BYTES: Final = 8
_SHOWN: Final = 3
# How the work is done, where it is done, and what a report shows of it: no verdict hangs on it.
_WITHOUT_EFFECT: Final = (
    "run.engine",
    "run.jobs",
    "run.keep_text",
    "run.memory_bytes",
    "run.resume",
    "run.work_dir",
    "readers.exclude",
    "readers.exclude_folder",
    "readers.max_bytes",
    "readers.max_expansion",
    "readers.stdin_filename",
)


@dataclass(frozen=True)
class Manifest:
    """What a run is made of.

    Attributes:
        program: Format and version of what makes the stages.
        settings: Every setting that changes what a stage makes, by its name.
        files: Name, size and time of each input file, in input order.
    """

    program: dict[str, Any]
    settings: dict[str, Any]
    files: list[dict[str, Any]]

    @cached_property
    def text(self) -> str:
        """Give the manifest as JSON on one line, always the same for the same run."""
        return json.dumps(asdict(self), sort_keys=True, ensure_ascii=True)

    @cached_property
    def key(self) -> str:
        """Give 16 hex digits that stand for the manifest in the names of its checkpoints."""
        return blake2b(self.text.encode(), digest_size=_HASH_BYTES).hexdigest()


def make_manifest(config: Config, files: tuple[InputFile, ...]) -> Manifest:
    """Say what a run over these files with these settings is made of."""
    settings = {name: value for name, value, _, _ in config.settings()}
    told = {name: value for name, value in settings.items() if name not in _WITHOUT_EFFECT}
    listed = [
        {"path": file.path, "uri": file.uri, "size": file.size_bytes, "modified": file.modified}
        for file in files
    ]
    program = {"format": FORMAT_VERSION, "version": _find_version()}
    return load_manifest(Manifest(program, told, listed).text)


def _find_version() -> str:
    try:
        return version("dedup-paragraphs")
    except PackageNotFoundError:  # run from a folder of sources
        return "0+unknown"


def load_manifest(text: str) -> Manifest:
    """Read a manifest's text.

    Raises:
        ValueError: It is none.
    """
    content = json.loads(text)
    try:
        return Manifest(content["program"], content["settings"], content["files"])
    except (KeyError, TypeError) as error:
        raise ValueError("it is no manifest of dedup") from error


def tell_differences(old: Manifest, new: Manifest) -> list[str]:
    """Say what differs between the run that a folder is of and another one, a phrase each."""
    found = []
    if old.program != new.program:
        before, now = (
            f"{program.get('version')} (format {program.get('format')})"
            for program in (old.program, new.program)
        )
        found.append(f"it is of dedup {before}, this is {now}")
    for name in sorted({*old.settings, *new.settings}):
        values = old.settings.get(name), new.settings.get(name)
        if values[0] != values[1]:
            found.append(f"{name} was {values[0]!r}, now {values[1]!r}")
    return found + _tell_files(old.files, new.files)


def _tell_files(old: list[dict[str, Any]], new: list[dict[str, Any]]) -> list[str]:
    """Say which files came, went and changed; a few by name. A frame has a number for its name."""
    if old != new and any(file["path"] is None for file in (*old, *new)):
        return ["the rows of the frame are others"]
    before = {file["uri"]: file for file in old}
    now = {file["uri"]: file for file in new}
    kinds = {
        "is gone": [uri for uri in before if uri not in now],
        "is new": [uri for uri in now if uri not in before],
        "has changed": [uri for uri in now if uri in before and now[uri] != before[uri]],
    }
    found = []
    for what, uris in kinds.items():
        found += [f"{uri} {what}" for uri in uris[:_SHOWN]]
        if len(uris) > _SHOWN:
            found.append(f"{len(uris) - _SHOWN:,} more such files")
    if not found and old != new:
        found.append("the files stand in another order")
    return found
