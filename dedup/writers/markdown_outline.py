"""Outline Markdown, for the writer."""

import re
from heapq import merge
from typing import Final

from dedup.readers.markdown import find_blocks, find_containers
from dedup.writers.outlines import RULE, Container, Grammar, Outline

# A footnote is named in the text: it stays though its last paragraph goes.
_LASTING: Final = "FootnoteDefinition"
_GRAMMAR: Final = Grammar(
    blank=re.compile(rb"[\s>]*+"),
    residue=re.compile(
        rb"(?>[\s>]|[-+*](?=\s)|\d{1,9}[.)](?=\s)|\[[ xX]\](?=\s)|\[!\w++\](?=\s))*+"
    ),
)


def outline_markdown(content: bytes) -> Outline:
    """Outline a text of Markdown in UTF-8, without its byte order mark."""
    text = content.decode()
    found = find_blocks(text)
    containers, rules = [], []
    for name, start, end in find_containers(text):
        if name == "Rule":
            rules.append((start, end, RULE))
        else:
            containers.append(Container(name, start, end, name != _LASTING))
    blocks = list(merge(zip(found.starts, found.ends, found.kinds, strict=True), rules))
    return Outline(
        content,
        [start for start, _, _ in blocks],
        [end for _, end, _ in blocks],
        [kind for _, _, kind in blocks],
        containers,
        _GRAMMAR,
    )
