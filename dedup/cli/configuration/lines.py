"""Find the line of a configuration file on which a key stands, for messages.

`tomllib` gives values without places. This looks for the key as people write it; where it finds
nothing, a message names the table or the file alone.
"""

import re
from collections.abc import Iterator
from typing import Final, TypeAlias

KeyPath: TypeAlias = tuple[str | int, ...]
_HEADER: Final = re.compile(r"^\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY: Final = re.compile(r"""^\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*[\w"'-]+)*)\s*=""")
_NAME: Final = re.compile(r""""[^"]*"|'[^']*'|[^.\s]+""")


def find_line(text: str, path: KeyPath) -> int | None:
    """Give the line, from 1, of a key, else of what it stands in or of what stands in it.

    Args:
        text: All of the file.
        path: The keys down to it, with an index behind that of an array of tables:
            `("per-path", 0, "paths")`.
    """
    best, line = 0, None
    for number, found in _list_keys(text):
        n_common = min(len(found), len(path))
        if n_common > best and found[:n_common] == path[:n_common]:
            best, line = n_common, number
    return line


def _list_keys(text: str) -> Iterator[tuple[int, KeyPath]]:
    """Give the line and the whole path of each table and each key."""
    table: KeyPath = ()
    n_tables: dict[KeyPath, int] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        header, key = _HEADER.match(line), _KEY.match(line)
        if header:
            table = _follow(_split(header[2]), n_tables)
            if header[1] == "[[":
                plain = tuple(part for part in table if isinstance(part, str))
                n_tables[plain] = n_tables.get(plain, -1) + 1
                table = (*table, n_tables[plain])
            yield number, table
        elif key:
            yield number, (*table, *_split(key[1]))


def _follow(names: KeyPath, n_tables: dict[KeyPath, int]) -> KeyPath:
    """Put behind each array of tables on the way the index of its last table."""
    path: KeyPath = ()
    for depth, name in enumerate(names, start=1):
        path = (*path, name)
        if depth < len(names) and names[:depth] in n_tables:
            path = (*path, n_tables[names[:depth]])
    return path


def _split(dotted: str) -> KeyPath:
    """Give the parts of a key with dots."""
    return tuple(name.strip("\"'") for name in _NAME.findall(dotted))
