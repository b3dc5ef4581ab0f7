"""Keep what is accepted in a file: how many paragraphs of each text may take part in findings.

In: counts by key, or the file. Out: the file, or the counts with the line of each. A key is a
text's fingerprint, 32 hex digits, with `restated:` before it where the text was accepted as one
that restates what its document said, `boilerplate:` where it was as boilerplate. The member
`settings` says which rules were sought, and where.

Decision (2026-11-26): JSON with one entry a line, sorted, so that a diff shows what was accepted
and two branches that accept different texts merge by themselves. A key that stands there twice, as
when somebody keeps both sides of a conflict, counts with the greater number: as many one side has
accepted. Their sum would accept what neither saw, the last of them, as JSON readers take it, would
depend on the order of a merge.

Decision (2026-11-26): beside the counts stand the files that had each text. They accept nothing:
where a text has a copy more, they tell the new one from those that were accepted, so that the
finding names the line that somebody added and not the last one in the order of files.
"""

import json
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from dedup.errors import InputError, OutputError, give_reason
from dedup.model import Problem
from dedup.whole_files import replace_file

RESTATED_PREFIX: Final = "restated:"
BOILERPLATE_PREFIX: Final = "boilerplate:"
_VERSION: Final = 1
_ENTRIES: Final = "fingerprints"
_FILES: Final = "files"
_SETTINGS: Final = "settings"
_MEMBERS: Final = ("version", _ENTRIES)
_KEY: Final = re.compile(f"(?:{RESTATED_PREFIX}|{BOILERPLATE_PREFIX})?[0-9a-f]{{32}}")
_CONFLICT: Final = re.compile(r"(?m)^(?:<{7}|\|{7}|={7}|>{7})(?: |\r?$)")
_MEND: Final = "Mend it, or accept what is there now: dedup baseline write PATHS."


@dataclass(frozen=True, slots=True)
class Baseline:
    """What is accepted.

    Attributes:
        path: The file, as the user names it.
        counts: How many paragraphs of each text take part in accepted findings, from 1.
        lines: The line of each key in the file, from 1; where it stands twice the first.
        files: The files that had each text, from the folder of this one, with `/`.
        rules: The rules that were sought when it was written; none where that is not known.
        within: Where they were sought: document, corpus or both.
    """

    path: str
    counts: Mapping[str, int]
    lines: Mapping[str, int] = field(default_factory=dict, compare=False)
    files: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    rules: tuple[str, ...] = ()
    within: str = "both"

    def was_sought(self, rules: Iterable[str], within: str) -> bool:
        """Tell whether a run sought all that was sought when this was written."""
        return set(self.rules) <= set(rules) and within in {"both", self.within}

    def holds(self, name: str) -> bool:
        """Tell whether there is still a file of a name that was written down."""
        return os.path.exists(os.path.join(os.path.dirname(self.path), name))  # noqa: PTH110, PTH118, PTH120 -- speed

    def names(self, key: str, path: str | None) -> bool:
        """Tell whether a file had a text when it was accepted, as far as is known."""
        return path is not None and name_from(self.path, path) in self.files.get(key, ())

    def list_stale(
        self, counts: Mapping[str, int], is_decidable: Callable[[str], bool] = lambda _key: True
    ) -> tuple[Problem, ...]:
        """Give the entries that accept more paragraphs than there are, in the order of lines.

        Args:
            counts: How many paragraphs of each text take part in findings now.
            is_decidable: Tells the keys of which the counts say all.
        """
        stale = [
            (self.lines.get(key), key, accepted)
            for key, accepted in self.counts.items()
            if counts.get(key, 0) < accepted
            and f"{BOILERPLATE_PREFIX}{key}" not in counts  # on how many pages is nobody's concern
            and is_decidable(key)
        ]
        stale.sort(key=lambda entry: (entry[0] or 0, entry[1]))
        return tuple(
            Problem(self.path, line, _say_stale(accepted, counts.get(key, 0), self.files.get(key)))
            for line, key, accepted in stale
        )


def name_from(baseline: str, path: str) -> str:
    """Give a file's name as seen from the folder of a baseline."""
    seen = os.path.relpath(path, os.path.dirname(baseline) or os.curdir)  # noqa: PTH120 -- speed
    return seen.replace(os.sep, "/")


def _say_stale(accepted: int, found: int, files: Iterable[str] | None) -> str:
    named = f" ({', '.join(files)})" if files else ""
    if not found:
        return f"accepts a text that is no longer repeated{named}; dedup baseline prune forgets it"
    return (
        f"accepts {accepted} paragraphs of a text that {found} have{named}; dedup baseline prune "
        "mends it"
    )


def is_baseline(path: Path) -> bool:
    """Tell whether a file holds a baseline, whole or with a conflict that a merge left in it."""
    try:
        return f'"{_ENTRIES}"'.encode() in path.read_bytes()
    except OSError:
        return False


def read_baseline(path: Path) -> Baseline:
    """Read what is accepted.

    Raises:
        InputError: It is not there, cannot be read, or is not as `write_baseline` writes it.
    """
    text = _read_text(path)
    conflict = _CONFLICT.search(text)
    if conflict:
        line = text.count("\n", 0, conflict.start()) + 1
        problem = "a merge left its conflict there"
        remedy = "Keep the lines of both sides, or run: dedup baseline write PATHS."
        raise InputError(str(path), line, problem, remedy)
    counts: dict[str, int] = {}
    lines: dict[str, int] = {}
    members = _parse_members(text, path)
    for key, count, line in _place_entries(text, _check_entries(members, path)):
        if not _KEY.fullmatch(key):
            raise _refuse(path, line, f"'{key}' is no key of a text, which has 32 hex digits")
        if not isinstance(count, int) or isinstance(count, bool) or count < 1:
            raise _refuse(path, line, "the count is no whole number from 1")
        counts[key] = max(count, counts.get(key, 0))
        lines.setdefault(key, line)
    files = _read_files(members.get(_FILES), path)
    return Baseline(str(path), counts, lines, files, *_read_settings(members.get(_SETTINGS), path))


def _read_settings(settings: object, path: Path) -> tuple[tuple[str, ...], str]:
    """Read what was sought when a baseline was written."""
    if settings is None:
        return (), "both"
    held = dict(settings) if isinstance(settings, _Pairs) else {}
    rules, within = held.get("rules"), held.get("within")
    if not isinstance(rules, list) or not isinstance(within, str):
        raise _refuse(path, None, f"its {_SETTINGS} are no rules and no word for where")
    return tuple(map(str, rules)), within


def _read_files(files: object, path: Path) -> dict[str, tuple[str, ...]]:
    """Read which files had each text; a key that stands twice has the files of both."""
    if files is None:
        return {}
    read: dict[str, tuple[str, ...]] = {}
    for key, names in files if isinstance(files, _Pairs) else [("", None)]:
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            raise _refuse(path, None, f"its {_FILES} are no lists of names by key")
        read[key] = tuple(sorted({*read.get(key, ()), *names}))
    return read


def _read_text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError as error:
        remedy = f"Write it with: dedup baseline write PATHS --baseline {path}."
        raise InputError(str(path), None, "there is no such file", remedy) from error
    except OSError as error:
        remedy = "Check its name and permissions."
        raise InputError(str(path), None, give_reason(error), remedy) from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise _refuse(path, line, "it is no UTF-8") from error


class _Pairs(list[tuple[str, object]]):
    """The members of a JSON object in their order, also those of the same name."""


def _parse_members(text: str, path: Path) -> dict[str, object]:
    """Give what a baseline holds, whatever it is.

    Raises:
        InputError: The text is no JSON, or holds what no baseline does.
    """
    try:
        whole = json.loads(text, object_pairs_hook=_Pairs)
    except json.JSONDecodeError as error:
        problem = f"it is no JSON ({error.msg.lower()} in column {error.colno})"
        raise _refuse(path, error.lineno, problem) from error
    except (ValueError, RecursionError) as error:  # a number too long, too many brackets
        raise _refuse(path, None, "it is no baseline") from error
    members = dict(whole) if isinstance(whole, _Pairs) else {}
    known = {*_MEMBERS, _FILES, _SETTINGS}
    if not set(_MEMBERS) <= set(members) <= known or len(members) < len(whole):
        problem = f"it is no baseline, which has {', '.join(sorted(known))} and nothing else"
        raise _refuse(path, None, problem)
    return members


def _check_entries(members: dict[str, object], path: Path) -> _Pairs:
    """Give the entries of a baseline.

    Raises:
        InputError: They are none, or of another version.
    """
    version, entries = members["version"], members[_ENTRIES]
    if not isinstance(entries, _Pairs):
        raise _refuse(path, None, f"its {_ENTRIES} are no counts by key")
    if type(version) is not int or version != _VERSION:
        problem = f"its version is {version!r}, and this dedup reads version {_VERSION}"
        remedy = "Update dedup, or write it anew: dedup baseline write PATHS."
        raise InputError(str(path), None, problem, remedy)
    return entries


def _place_entries(text: str, entries: _Pairs) -> Iterator[tuple[str, object, int]]:
    """Give each entry with its line; they are sought in their order behind their name."""
    place = max(text.find(f'"{_ENTRIES}"'), 0)
    line = text.count("\n", 0, place) + 1
    for key, count in entries:
        found = text.find(json.dumps(key, ensure_ascii=False), place + 1)
        if found >= 0:  # else it is written with escapes, and the line before must do
            line += text.count("\n", place, found)
            place = found
        yield key, count, line


def _refuse(path: Path, line: int | None, problem: str) -> InputError:
    return InputError(str(path), line, problem, _MEND)


def write_baseline(path: Path, baseline: Baseline) -> None:
    """Write what is accepted, in place of what was; the same baseline gives the same bytes.

    Args:
        path: The file.
        baseline: What it is to hold.

    Raises:
        OutputError: It cannot be written; what stood there is untouched.
    """
    content = "".join(_lay_out(baseline))
    try:
        with replace_file(path) as file:
            file.write(content.encode())
    except OSError as error:
        raise OutputError(str(path), error.strerror or str(error), "--baseline") from error


def _lay_out(baseline: Baseline) -> Iterator[str]:
    """Give the file's text, an entry a line."""
    counts, files = baseline.counts, baseline.files
    yield f'{{\n  "version": {_VERSION},\n'
    if baseline.rules:
        settings = {"rules": sorted(baseline.rules), "within": baseline.within}
        yield f'  "{_SETTINGS}": {json.dumps(settings)},\n'
    yield f'  "{_ENTRIES}": {{'
    yield _join(f'"{key}": {count}' for key, count in sorted(counts.items()))
    named = {key: sorted(set(files[key])) for key in sorted(counts) if files.get(key)}
    if named:
        yield f',\n  "{_FILES}": {{'
        yield _join(f'"{key}": {json.dumps(names)}' for key, names in named.items())
    yield "\n}\n"


def _join(entries: Iterable[str]) -> str:
    lines = ",\n    ".join(entries)
    return f"\n    {lines}\n  }}" if lines else "}"


def prune_baseline(
    baseline: Baseline,
    counts: Mapping[str, int],
    is_decidable: Callable[[str], bool] = lambda _key: True,
) -> Baseline:
    """Give a baseline that accepts no more than there is; nothing is added.

    Args:
        baseline: What is accepted.
        counts: How many paragraphs of each text take part in findings now.
        is_decidable: Tells the keys of which the counts say all; the others stay.
    """
    least = {
        key: min(count, counts.get(key, 0)) if is_decidable(key) else count
        for key, count in baseline.counts.items()
    }
    kept = {key: count for key, count in least.items() if count > 0}
    files = {key: names for key, names in baseline.files.items() if key in kept}
    return replace(baseline, counts=kept, files=files)
