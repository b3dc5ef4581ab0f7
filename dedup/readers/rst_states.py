"""Read reStructuredText's blocks where docutils would read too much, or run what it finds.

In: what docutils' state machine calls while it goes through the lines. Out: the same nodes for
paragraphs and lists; for all else a marked node that says which lines the block takes.

`BlockStates` is mixed into each of docutils' states, under that state's own name (see
`readers.rst`), and knows docutils only by what it is given. No directive is looked up, let alone
run: nothing is included, fetched, highlighted or registered, and no other user of docutils in the
process notices.

Decision (2026-11-25): a directive of any name is read by its form: options are left out, a text
behind its name is a heading (a signature, a title) unless the name is known to begin prose there,
its content is parsed. Of the names of code, tables and lists of links the whole is one block.
"""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from dedup.model import BlockKind

# docutils has no types.
Node: TypeAlias = Any
StringList: TypeAlias = Any
Found: TypeAlias = tuple[list[Node], bool]  # nodes, and whether a blank line follows them

_NAMES: Final = {
    BlockKind.CODE: """code code-block code-cell command-output console digraph doctest graph
        graphviz inheritance-diagram ipython jinja literalinclude math mermaid parsed-literal
        plantuml plot productionlist program-output prompt raw sourcecode testcleanup testcode
        testoutput testsetup uml""",
    BlockKind.TABLE: "csv-table flat-table list-table table tabularcolumns",
    BlockKind.LINKS: "autosummary contents include toctree",
    BlockKind.METADATA: "highlight index meta role default-role",
}
_KINDS: Final = {name: kind for kind, names in _NAMES.items() for name in names.split()}
_PROSE: Final = re.compile(
    "attention|caution|danger|epigraph|error|fixme|highlights|hint|impl-detail|important|note"
    "|pull-quote|seealso|tip|todo|warning"
)
# Words before the text: the version or versions.
_VERSIONED: Final = {
    "deprecated": 1,
    "deprecated-removed": 2,
    "soft-deprecated": 1,
    "versionadded": 1,
    "versionchanged": 1,
    "versionremoved": 1,
}
_OPTION: Final = re.compile(r":[\w-]+:(?: |\Z)")
_LONGEST_NUMBER: Final = 100  # of a list's item; an int has 4,300 digits at most
_OVERLINED: Final = 2  # characters of a title's style, above it and below


if TYPE_CHECKING:

    class _State:
        """What of docutils' states is called here."""

        state_machine: Node
        document: Node
        explicit: Node
        nested_sm: Node
        parent: Node
        memo: Node

        def runtime_init(self) -> None: ...
        def nested_parse(
            self, block: StringList, input_offset: int, *args: object, **options: object
        ) -> int: ...
        def parse_enumerator(self, match: re.Match[str], *args: str) -> Node: ...

else:
    _State = object


class TooMuchWorkError(Exception):
    """The blocks of a text make docutils copy its lines over and over."""


class BlockStates(_State):
    """What each state does in another way than docutils'.

    Attributes:
        mark: Makes a node that is marked with a block; set by who mixes the class in.
        quote: Makes a node of a block quote.
    """

    mark: Callable[..., Node]
    quote: Callable[[], Node]

    def runtime_init(self) -> None:
        """Nest our states, in spare machines of this run: docutils shares its with all others."""
        if getattr(self, "memo", None) is self.state_machine.memo:
            self.parent = self.state_machine.node  # a spare machine's: only this has changed
            return
        super().runtime_init()
        classes = self.document.state_classes
        self.nested_sm_kwargs = {"state_classes": classes, "initial_state": "Body"}
        self.nested_sm_cache = self.document.spare_machines

    def nested_parse(
        self, block: StringList, input_offset: int, *args: object, **options: object
    ) -> int:
        """Count the lines that are handed on."""
        self._count(block)
        return super().nested_parse(block, input_offset, *args, **options)

    def nested_list_parse(self, block: StringList, **options: Node) -> tuple[int, bool]:
        """Parse a list in a spare machine, where docutils makes one for each list."""
        self._count(block)
        spare = self.nested_sm_cache
        machine = spare.pop() if spare else self.nested_sm(**self.nested_sm_kwargs)
        first = machine.states[options["initial_state"]]
        last = machine.states[options.get("blank_finish_state") or options["initial_state"]]
        last.blank_finish = options["blank_finish"]
        for name, value in options.get("extra_settings", {}).items():
            setattr(first, name, value)
        machine.initial_state = options["initial_state"]
        machine.run(block, options["input_offset"], self.memo, options["node"], match_titles=False)
        machine.initial_state = "Body"
        spare.append(machine)
        return machine.abs_line_offset(), last.blank_finish

    def _count(self, block: StringList) -> None:
        self.document.n_lines_left -= len(block)
        if self.document.n_lines_left < 0:
            raise TooMuchWorkError

    def _line(self) -> int:
        """Give the source line at which the machine stands, from 1."""
        line: int = self.state_machine.get_source_and_line()[1]
        return line

    def _mark(self, kind: BlockKind, first: int, last: int, text: str) -> Node:
        """Mark the lines of a block, the first of which has a text."""
        return self.mark(kind=int(kind), text=text, first=first, last=last)

    def section(self, _title: str, source: str, style: str, *_: object) -> None:
        """Mark a title with its lines of signs; sections are not nested, nor their levels asked."""
        last = self._line()
        first = last - (_OVERLINED if len(style) == _OVERLINED else 1)
        self.parent += [
            self._mark(BlockKind.HEADING, first, last, source.partition("\n")[0].strip())
        ]

    def block_quote(self, indented: StringList, line_offset: int) -> list[Node]:
        """Read a quote; who said it is a paragraph of its own."""
        quote = self.quote()
        self.nested_parse(indented, line_offset, quote)
        return [quote]

    def table(self, isolate_function: Callable[[], Node], _parser_class: type) -> Found:
        """Mark a table, whole or broken, without parsing it."""
        first = self._line()
        text = self.state_machine.line
        blank_finish = isolate_function()[2]
        return [self._mark(BlockKind.TABLE, first, self._line(), text)], blank_finish

    def line_block(self, match: re.Match[str], _context: Node, next_state: Node) -> Node:
        """Mark lines that keep their ends, as verse does."""
        first = self._line()
        lines = self.state_machine.get_text_block()
        n_lines = next((n for n, line in enumerate(lines) if line[0] not in "| "), len(lines))
        if n_lines < len(lines):
            self.state_machine.previous_line(len(lines) - n_lines)
        self.parent += [self._mark(BlockKind.QUOTE, first, first + n_lines - 1, match.string)]
        return [], next_state, []

    def explicit_construct(self, match: re.Match[str]) -> Found:
        """Read what begins with two dots, by our own method of the same name where there is one."""
        for method, pattern in self.explicit.constructs:
            found = pattern.match(match.string)
            if found:
                nodes: Found = getattr(self, method.__name__)(found)
                return nodes
        return self.comment(match)

    def parse_enumerator(self, match: re.Match[str], *args: str) -> Node:
        """Take no number for one that Python refuses to read: it is text then."""
        if len(match.group()) > _LONGEST_NUMBER:
            return "", "", "", None
        return super().parse_enumerator(match, *args)

    def comment(self, match: re.Match[str]) -> Found:
        """Mark a comment; two dots alone before a blank line are none."""
        machine = self.state_machine
        if machine.is_next_line_blank() and not match.string[match.end() :].strip():
            return [], True
        return self._take_whole(BlockKind.COMMENT, match)

    def hyperlink_target(self, match: re.Match[str]) -> Found:
        """Leave out a target, which is no text."""
        return [], self.state_machine.get_first_known_indented(match.end(), until_blank=True)[3]

    anonymous_target = hyperlink_target

    def substitution_def(self, match: re.Match[str]) -> Found:
        """Mark what stands for a substitution, none of which is made."""
        return self._take_whole(BlockKind.METADATA, match)

    def _take_whole(self, kind: BlockKind, match: re.Match[str]) -> Found:
        """Mark a line and all that is indented below it as one block."""
        first = self._line()
        found = self.state_machine.get_first_known_indented(match.end(), strip_top=False)
        indented, blank_finish = found[0], found[3]
        return [self._mark(kind, first, first + _last_filled(indented), match.string)], blank_finish

    def directive(self, match: re.Match[str], **_presets: object) -> Found:
        """Read a directive of whatever name by its form."""
        name = match[1].lower()
        if name in _KINDS:
            return self._take_whole(_KINDS[name], match)
        first = self._line()
        indented, _, offset, blank_finish = self.state_machine.get_first_known_indented(
            match.end(), strip_top=False
        )
        n_head = _count_until(indented, lambda line: not line.strip(), 1)
        n_text = _count_until(indented[:n_head], lambda line: bool(_OPTION.match(line)), 0)
        found = self.mark()
        if n_text and self._begins_prose(name, indented, n_text):
            self.nested_parse(indented[:n_text], offset, found)
        elif n_text:
            found += [self._mark(BlockKind.HEADING, first, first + n_text - 1, match.string)]
        self.nested_parse(indented[n_head:], offset + n_head, found)
        return [found], blank_finish

    @staticmethod
    def _begins_prose(name: str, lines: StringList, n_text: int) -> bool:
        """Say whether prose begins right behind a directive's name; takes off the versions."""
        if not lines[0].strip() or _PROSE.fullmatch(name):
            return True
        n_words = _VERSIONED.get(name)
        if n_words is None:
            return False
        words = lines[0].split(None, n_words)
        rest = words[n_words] if len(words) > n_words else ""
        lines.trim_left(len(lines[0]) - len(rest), 0, 1)
        return bool(rest) or n_text > 1


def _last_filled(lines: StringList) -> int:
    """Give the number of the last line that is not blank, 0 where all are."""
    return next((n for n in range(len(lines) - 1, 0, -1) if lines[n].strip()), 0)


def _count_until(lines: StringList, ends: Callable[[str], bool], first: int) -> int:
    """Count the lines before one at which they end, which is looked for from a first one on."""
    return next((n for n in range(first, len(lines)) if ends(lines[n])), len(lines))
