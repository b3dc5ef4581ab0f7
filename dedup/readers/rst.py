"""Read reStructuredText into blocks that are slices of the source.

In: a whole file. Out: a batch of one document, each paragraph, title, table, literal block and so
on as a block with its kind. Which kinds are compared is decided later.

Decision (2026-11-25): docutils' state machine tells the blocks and on which lines they stand, and
what stands there is compared with what it read: all of 168,117 blocks of 2,175 files of a dozen
projects were there. Its inline markup is switched off: a block is its source, markers and all, so
that every span is exact; 0.55 ms a kB instead of 1.5. Tables are one block each: a cell's lines are
no stretch of the source.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from dedup.config import ReadersConfig
from dedup.errors import InputError, MissingExtraError
from dedup.model import BlockKind, DocumentBatch
from dedup.readers.batches import Spans, batch_from_spans, may_direct
from dedup.readers.encodings import check_utf8, describe_guess
from dedup.readers.rst_lines import Lines, split_lines
from dedup.readers.rst_states import BlockStates, Node, TooMuchWorkError
from dedup.readers.sources import Piece
from dedup.readers.streams import cut_whole

if TYPE_CHECKING:
    from dedup.kernels import Engine

# What a paragraph in a node is; the innermost of these decides.
_CONTEXTS: Final = {
    "list_item": BlockKind.LIST,
    "option_list_item": BlockKind.LIST,
    "field_list": BlockKind.LIST,
    "block_quote": BlockKind.QUOTE,
    "definition": BlockKind.PARAGRAPH,
    "container": BlockKind.PARAGRAPH,
    "footnote": BlockKind.PARAGRAPH,
    "citation": BlockKind.PARAGRAPH,
}
# Nodes with a text of their own; a term is a label, as a title is.
_LEAVES: Final = {
    "paragraph": None,
    "term": BlockKind.HEADING,
    "literal_block": BlockKind.CODE,
    "doctest_block": BlockKind.CODE,
}
_FRONT: Final = (BlockKind.HEADING, BlockKind.METADATA, BlockKind.COMMENT, BlockKind.LINKS)
_MOST_COPIED: Final = 20_000_000  # lines; a second or two

cut = cut_whole


def parse(piece: Piece, config: ReadersConfig, engine: "Engine") -> DocumentBatch:  # noqa: ARG001 -- every reader's parameters
    """Turn a file into one document, its blocks in the order of the source.

    Raises:
        InputError: Nothing tells the encoding of its bytes, or its blocks are nested too deep.
        MissingExtraError: docutils is not installed.
    """
    text = check_utf8(piece, config)
    try:
        spans = find_blocks(text.decode())
    except RecursionError as error:
        raise _refuse(piece.path, "its blocks are nested too deep") from error
    except TooMuchWorkError as error:
        problem = "its blocks begin and end too often without a blank line"
        raise _refuse(piece.path, problem) from error
    dates = None if config.date_field is None else [""]
    batch = batch_from_spans(piece.path, text.buffer, spans, dates)
    batch = replace(batch, remarks=describe_guess(piece.path, text))
    if not may_direct(text.buffer, b".."):
        return batch
    from dedup.readers.directives import direct  # noqa: PLC0415 -- few texts have one
    from dedup.readers.rst_directives import find_in_rst  # noqa: PLC0415 -- likewise

    source = text.decode()
    return direct(batch, source, find_in_rst(source, spans))


def _refuse(path: str, problem: str) -> InputError:
    return InputError(path, None, problem, "Read it with --input-format text, or leave it out.")


def find_blocks(text: str) -> Spans:
    r"""Find the blocks of a reStructuredText, as spans of its UTF-8.

    A block that does not stand where docutils says, or within another, is left out.

    Raises:
        MissingExtraError: docutils is not installed.

    >>> find_blocks("Title\n=====\n\nProse.\n").ends
    [11, 19]
    """
    lines = split_lines(text)
    starts: list[int] = []
    ends: list[int] = []
    kinds: list[int] = []
    for first, end in lines.part():
        document = _parse(lines.shown[first:end])
        for kind, node in _list_blocks(document, is_front=first == 0):
            place = _find(node, first, lines)
            if place is not None and (not ends or place[0] >= ends[-1]):
                starts.append(place[0])
                ends.append(place[1])
                kinds.append(kind)
    return Spans(starts, ends, kinds)


def _parse(shown: list[str]) -> Node:
    """Parse lines into docutils' tree."""
    docutils = _load()
    settings = docutils.settings
    reporter = docutils.reporter("", settings.report_level, settings.halt_level, stream=False)
    document = docutils.document(settings, reporter, source="")
    document.state_classes, document.spare_machines = docutils.states, []
    document.n_lines_left = _MOST_COPIED
    machine = docutils.machine(state_classes=docutils.states, initial_state="Body")
    machine.run(shown, document, inliner=_NoInliner())
    return document


@dataclass(frozen=True, slots=True)
class _Docutils:
    """What is needed of docutils, with our states in the place of its own."""

    settings: Any
    reporter: Any
    document: Any
    machine: Any
    states: tuple[type, ...]


@cache
def _load() -> _Docutils:
    try:
        from docutils import frontend, nodes, utils  # noqa: PLC0415 -- an extra, and 60 ms
        from docutils.parsers.rst import Parser, states  # noqa: PLC0415 -- likewise
    except ModuleNotFoundError as error:
        raise MissingExtraError("Reading reStructuredText", "docutils", "rst") from error
    settings = frontend.get_default_settings(Parser)
    settings.report_level = settings.halt_level = 5
    settings.file_insertion_enabled = settings.raw_enabled = False
    makers = {"mark": nodes.container, "quote": nodes.block_quote}
    # A machine knows its states by the names of their classes.
    ours = tuple(type(s.__name__, (BlockStates, s), makers) for s in states.state_classes)
    return _Docutils(settings, utils.Reporter, nodes.document, states.RSTStateMachine, ours)


class _NoInliner:
    """Finds no inline markup: here it is part of the text, and half of docutils' time."""

    def init_customizations(self, settings: object) -> None:
        """Have none."""

    def parse(self, *_: object) -> tuple[list[Any], list[Any]]:
        """Give no nodes and no messages."""
        return [], []


def _list_blocks(document: Node, *, is_front: bool) -> Iterator[tuple[BlockKind, Node]]:
    """Give the nodes that are blocks, in order, with their kinds.

    Args:
        document: The tree that docutils made.
        is_front: Nothing precedes it, so a list of fields before all text is metadata.
    """
    pending = [(document, BlockKind.PARAGRAPH)]
    while pending:
        node, context = pending.pop()
        name = node.tagname
        if name in _LEAVES or "kind" in node:
            kind = BlockKind(node["kind"]) if "kind" in node else _LEAVES[name] or context
            is_front = is_front and kind in _FRONT
            yield kind, node
        elif name != "system_message":
            if context != BlockKind.METADATA:
                context = _CONTEXTS.get(name, context)
                if name == "field_list" and is_front:
                    context = BlockKind.METADATA
            pending += [(child, context) for child in reversed(node.children)]


def _find(node: Node, first: int, lines: Lines) -> tuple[int, int] | None:
    """Give the bytes of a block; None where the source does not hold it at the node's lines.

    Args:
        node: A node that is a block.
        first: The number of the part's first line.
        lines: The lines of the source.
    """
    if "kind" not in node:
        return lines.find(first + (node.line or 0) - 1, node.rawsource.split("\n"))
    begun = lines.find(first + node["first"] - 1, [node["text"]])
    last = first + node["last"] - 1
    return (begun[0], lines.end(last)) if begun and last < len(lines.shown) else None
