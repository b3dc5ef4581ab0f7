"""Where a key stands in a file."""

import pytest

from dedup.cli.configuration.lines import KeyPath, find_line

TEXT = """\
# threshold = 1
threshold = 0.7
"quoted" = 1
min.words = 2
select = [
  "DUP001",
]
inline = {DUP001 = "off"}

[levels]
DUP005 = "off"
[[per-path]]
paths = ["a"]
[[per-path]]  # the second
paths = ["b"]
[per-path.levels]
DUP001 = "note"
[ tool . "dedup" ]
threshold = 1
jobs=2
"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("threshold",), 2),
        (("quoted",), 3),
        (("min", "words"), 4),
        (("min",), 4),
        (("select",), 5),
        (("inline", "DUP001"), 8),
        (("levels",), 10),
        (("levels", "DUP005"), 11),
        (("per-path", 0, "paths"), 13),
        (("per-path", 1), 14),
        (("per-path", 1, "paths"), 15),
        (("per-path", 1, "levels", "DUP001"), 17),
        (("tool", "dedup", "threshold"), 19),
        (("tool", "dedup", "jobs"), 20),
        (("tool", "dedup", "other"), 18),  # the table, since the key is not found
        (("other",), None),
    ],
)
def test_a_key_is_found_or_what_it_stands_in(path: KeyPath, line: int | None) -> None:
    assert find_line(TEXT, path) == line


def test_a_separator_that_toml_does_not_know_ends_no_line() -> None:
    assert find_line('a = "x\u2028y"\r\nb = 1\n', ("b",)) == 2
