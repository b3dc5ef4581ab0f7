r"""Make the URI of a path, as SARIF and GitHub want it, or a plain path with forward slashes.

A path stays as its user named it: a relative one gives a relative URI, below the folder that the
command ran in (of a repository its root), an absolute one a `file:` URI.

Decision (2026-11-26): a backslash is a separator where the system says so, or where the path begins
as one of Windows does (`C:\`, `\\server`); elsewhere it is a letter of a name and is encoded.
"""

import os
import re
from typing import Final
from urllib.parse import quote

_DRIVE: Final = re.compile(r"[A-Za-z]:[\\/]")
_HERE: Final = re.compile(r"\A(?:\./+)+")
_SLASHES: Final = re.compile("/+")
# A file name's odd bytes come as these and go back to bytes; no other half of a pair can.
_HALVES: Final = re.compile("[\ud800-\udc7f\udd00-\udfff]")


def make_uri(path: str, separator: str = os.sep) -> str:
    r"""Give a path as a URI; all but letters, digits, `_.-~` and slashes is percent-encoded.

    >>> make_uri("docs/a b.md"), make_uri("/srv/a.md"), make_uri("C:\\docs\\a.md")
    ('docs/a%20b.md', 'file:///srv/a.md', 'file:///C:/docs/a.md')
    """
    slashed = slash_path(path, separator)
    if _DRIVE.match(slashed):
        return f"file:///{slashed[:2]}{_encode(slashed[2:])}"
    if slashed.startswith("//"):
        return f"file:{_encode(slashed)}"
    return f"file://{_encode(slashed)}" if slashed.startswith("/") else _encode(slashed)


def slash_path(path: str, separator: str = os.sep) -> str:
    r"""Give a path with forward slashes, without `./` before it and without empty parts.

    >>> slash_path("./docs//a.md"), slash_path("docs\\a.md", "\\")
    ('docs/a.md', 'docs/a.md')
    """
    is_unc = path.startswith("\\\\")
    if separator == "\\" or is_unc or _DRIVE.match(path):
        path = path.replace("\\", "/")
    joined = _SLASHES.sub("/", path)
    return f"/{joined}" if is_unc else _HERE.sub("", joined)


def _encode(path: str) -> str:
    return quote(_HALVES.sub("\ufffd", path), safe="/", errors="surrogateescape")
