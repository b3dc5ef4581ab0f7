"""reStructuredText as blocks within containers."""

from dedup.writers.outlines import Outline
from dedup.writers.rst_outline import outline_rst

SOURCE = b"""\
- a

  b
- c

1. d
2. * e
   * f

.. note:: g

   h

:i: j
.. [1] k

A. Smith and his dog
begin this.
"""


def named(outline: Outline) -> list[tuple[str, bytes]]:
    return [
        (container.name, outline.content[container.start : container.end])
        for container in outline.containers
    ]


def test_containers_are_found_by_their_first_line_and_indentation() -> None:
    found = named(outline_rst(SOURCE))

    assert found[:3] == [
        ("list of bullet-", b"- a\n\n  b\n- c\n"),
        ("bullet-", b"- a\n\n  b\n"),
        ("bullet-", b"- c\n"),
    ]
    assert ("number", b"2. * e\n   * f\n") in found
    assert ("list of bullet*", b"* e\n   * f\n") in found
    assert ("directive", b".. note:: g\n\n   h\n") in found
    assert ("field", b":i: j\n") in found
    assert ("footnote", b".. [1] k\n") in found
    assert not any(content.startswith(b"A.") for _, content in found)


def test_a_footnote_lasts() -> None:
    outline = outline_rst(SOURCE)

    lasting = {container.name for container in outline.containers if not container.may_empty}
    assert lasting == {"footnote"}


def test_each_block_stands_in_what_it_is_indented_under() -> None:
    outline = outline_rst(b"- a\n\n  b\n\nc\n")

    names = [[outline.containers[each].name for each in path] for path in outline.paths]
    assert names == [["list of bullet-", "bullet-"], ["list of bullet-", "bullet-"], []]
