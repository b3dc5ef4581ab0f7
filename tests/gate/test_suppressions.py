"""What comments and allow files take out, on files scanned with directives made by hand."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dedup import find_duplicates
from dedup.config import DEFAULTS, Config, ParagraphsConfig, RunConfig, Within
from dedup.findings import Finding
from dedup.gate.allowed import Allowed
from dedup.gate.suppressions import Suppressed, find_suppressed
from dedup.model import Directive, Relation
from dedup.report import Report

FERRY: Final = "on the day the ferry came back nobody in the harbour knew its captain"
FERRY_X: Final = FERRY.replace("captain", "mate")
FERRY_Y: Final = FERRY.replace("captain", "first mate")
MILL: Final = "the council sold the mill by the river to a family from the coast"
LENS: Final = "the harbour board keeps the old lens of the lighthouse for twenty years more"
_COMMENT: Final = re.compile(r"#(ignore-file|ignore|off|on)(?:\[([\w, ]*)\])?")


def read_comments(text: str) -> tuple[Directive, ...]:
    """Give what a text says as `#ignore[DUP002]`, made by hand so that no reader is needed."""
    found = []
    for match in _COMMENT.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        column = match.start() - (text.rfind("\n", 0, match.start()) + 1) + 1
        codes = tuple(re.findall(r"\w+", match[2] or ""))
        end_column = column + len(match[0]) - 1
        kind = match[1]
        assert kind in {"ignore", "off", "on", "ignore-file"}
        found.append(Directive(kind, line, column, line, end_column, codes, "so"))  # type: ignore[arg-type]
    return tuple(found)


def scan_texts(folder: Path, config: Config, **files: str) -> Report:
    """Scan plain texts; what is said in them is blanked before and put in by hand."""
    for name, text in files.items():
        blank = _COMMENT.sub(lambda match: " " * len(match[0]), text)
        (folder / f"{name}.txt").write_text(blank)
    report = find_duplicates([folder / f"{name}.txt" for name in sorted(files)], config)
    batches = tuple(
        replace(
            batch,
            path=Path(batch.path or "").name,
            directives=read_comments(files[Path(batch.path or "").stem]),
        )
        for batch in report.corpus.batches
    )
    return replace(report, corpus=replace(report.corpus, batches=batches))


@pytest.fixture
def scan(tmp_path: Path) -> Callable[..., Report]:
    """Give a function that scans plain texts with comments."""
    return lambda config=DEFAULTS, **files: scan_texts(tmp_path, config, **files)


def lines(findings: Sequence[Finding]) -> list[tuple[str | None, int, str]]:
    return [(f.reference.path, f.reference.start_line, f.rule) for f in findings]


def reasons(found: Suppressed) -> list[tuple[str | None, int, str, str]]:
    return [
        (f.reference.path, f.reference.start_line, why.kind, why.place)
        for f, why in found.suppressed
    ]


def suppress(report: Report, allowed: Allowed | None = None) -> Suppressed:
    return find_suppressed(report, report.findings, allowed)


def test_without_a_comment_nothing_is_touched(scan: Callable[..., Report]) -> None:
    report = scan(a=FERRY, b=FERRY)

    found = suppress(report)

    assert found.remaining is report.findings
    assert (found.suppressed, found.unused) == ((), ())


@pytest.mark.parametrize("side", ["a", "b"])
def test_a_comment_holds_on_either_side_of_a_pair(scan: Callable[..., Report], side: str) -> None:
    texts = {"a": FERRY, "b": f"{MILL}\n\n{FERRY}"}
    texts[side] = texts[side].replace(FERRY, f"#ignore\n{FERRY}")

    found = suppress(scan(**texts))

    line = 4 if side == "b" else 3
    place = "b.txt:3" if side == "b" else "a.txt:1"
    assert found.remaining == ()
    assert reasons(found) == [("b.txt", line, "inline", place)]
    assert found.suppressed[0][1].reason == "so"
    assert found.unused == ()


def test_a_comment_for_another_rule_takes_nothing_out(scan: Callable[..., Report]) -> None:
    found = suppress(scan(a=FERRY, b=f"#ignore[DUP002]\n{FERRY}"))

    assert lines(found.remaining) == [("b.txt", 2, "DUP001")]
    assert [(p.path, p.line) for p in found.unused] == [("b.txt", 1)]
    assert found.unused[0].message == (
        "'dedup: ignore[DUP002]' suppresses nothing in what was read. Take it out if that was "
        "everything"
    )


def test_two_comments_for_one_finding_are_both_used(scan: Callable[..., Report]) -> None:
    found = suppress(scan(a=f"#ignore\n{FERRY}", b=f"#ignore\n{FERRY}"))

    assert reasons(found) == [("b.txt", 2, "inline", "b.txt:1")]
    assert found.unused == ()


def test_a_comment_for_a_rule_that_is_not_in_force_is_not_called_unused(
    scan: Callable[..., Report],
) -> None:
    config = Config(run=RunConfig(rules=("DUP001",)))

    found = suppress(scan(config, a=f"#ignore[DUP004]\n{MILL}\n\n#ignore\n{LENS}", b=FERRY))

    assert found.unused == ()


def test_a_comment_that_names_no_rule_says_which_there_are(scan: Callable[..., Report]) -> None:
    found = suppress(scan(a=f"#ignore[DUP099]\n{FERRY}", b=FERRY))

    assert "DUP099 is no rule" in found.unused[0].message
    assert "DUP001, DUP002" in found.unused[0].message
    assert len(found.remaining) == 1


def test_what_says_nothing_known_and_an_on_without_off_are_said(
    scan: Callable[..., Report],
) -> None:
    report = scan(a=f"{FERRY}\n\n#on", b=FERRY)
    first, *others = report.corpus.batches
    unknown = Directive("unknown", 1, 3, 1, 9, reason="ingore")
    directives = (unknown, *first.directives)
    batches = (replace(first, directives=directives), *others)
    report = replace(report, corpus=replace(report.corpus, batches=batches))

    found = suppress(report)

    assert [(p.path, p.line) for p in found.unused] == [("a.txt", 1), ("a.txt", 3)]
    assert found.unused[0].message.startswith("'dedup: ingore' is not understood: allowed are ign")
    assert "no 'dedup: off'" in found.unused[1].message
    assert len(found.remaining) == 1


def test_all_sources_of_a_restated_paragraph_must_be_ignored(
    scan: Callable[..., Report],
) -> None:
    report = scan(a=f"{FERRY}\n\n{MILL}\n\n{LENS}")
    template = scan(a=f"{FERRY}\n\n{FERRY}").findings[0]
    finding = replace(
        template,
        rule="DUP005",
        relation=Relation.RESTATED,
        number=2,
        reference=report.reference(2),
        source_numbers=(0, 1),
        sources=(report.reference(0), report.reference(1)),
    )

    def ignore(*marked: int) -> Suppressed:
        texts = [FERRY, MILL, LENS]
        text = "\n\n".join(f"#ignore\n{t}" if n in marked else t for n, t in enumerate(texts))
        return find_suppressed(scan(a=text), (finding,))

    assert len(ignore(0).remaining) == len(ignore(1).remaining) == 1
    assert len(ignore(0).unused) == 1
    assert ignore(0, 1).remaining == ignore(2).remaining == ()
    assert ignore(0, 1).unused == ()


def allow(report: Report, *numbers: int) -> Allowed:
    """Allow the texts of some paragraphs of a run, said on lines 10, 11, ... of a file."""
    prints = report.corpus.tokens.take(np.array(numbers, np.int64)).prints
    return Allowed(prints, tuple(("allow.md", 10 + row) for row in range(len(numbers))))


def test_an_allowed_text_may_repeat_on_either_side(scan: Callable[..., Report]) -> None:
    report = scan(a=FERRY, b=FERRY_X, c=f"{MILL}\n\n{MILL}")

    own, source = suppress(report, allow(report, 1)), suppress(report, allow(report, 0))

    for found in (own, source):
        assert lines(found.remaining) == [("c.txt", 3, "DUP001")]
        assert reasons(found) == [("b.txt", 1, "allowed", "allow.md:10")]
        assert found.unused == ()


def test_an_allowed_text_that_nothing_repeats_is_said(scan: Callable[..., Report]) -> None:
    report = scan(a=FERRY, b=FERRY, c=MILL)

    found = suppress(report, allow(report, 0, 2))

    assert found.remaining == ()
    assert [(p.path, p.line) for p in found.unused] == [("allow.md", 11)]


def test_of_a_restated_paragraph_only_its_own_text_is_allowed(
    scan: Callable[..., Report],
) -> None:
    report = scan(a=f"{FERRY}\n\n{MILL}")
    template = scan(a=f"{FERRY}\n\n{FERRY}").findings[0]
    restated = replace(template, rule="DUP005", relation=Relation.RESTATED)
    rewritten = replace(template, rule="DUP004", relation=Relation.REWRITTEN)
    findings = (rewritten, restated)

    assert find_suppressed(report, findings, allow(report, 0)).remaining == (restated,)
    assert find_suppressed(report, findings, allow(report, 1)).remaining == ()


def page(number: int, footer: str) -> str:
    own = " ".join(f"word{number}x{place}" for place in range(30))
    return f"{own}\n\n{footer}\n"


@pytest.mark.parametrize("marked", [0, 7])
def test_a_notice_is_ignored_where_any_of_its_places_is(
    scan: Callable[..., Report], marked: int
) -> None:
    pages = {f"p{n:02}": page(n, f"#ignore\n{FERRY}" if n == marked else FERRY) for n in range(12)}
    report = scan(**pages)

    found = suppress(report)

    assert [f.rule for f in report.findings] == ["DUP007"]
    assert found.remaining == ()
    assert reasons(found)[0][2:] == ("inline", f"p{marked:02}.txt:3")
    assert found.unused == ()


def test_a_notice_is_allowed_by_its_text(scan: Callable[..., Report]) -> None:
    report = scan(**{f"p{n:02}": page(n, FERRY) for n in range(12)})

    found = suppress(report, allow(report, report.findings[0].source_number))

    assert (found.remaining, found.unused) == ((), ())


def test_members_of_an_ignored_canonical_count_against_each_other(
    scan: Callable[..., Report],
) -> None:
    report = scan(a=f"#ignore\n{FERRY}", b=FERRY_X, c=FERRY_Y)

    found = suppress(report)

    assert [(f.number, f.source_number, f.rule) for f in found.remaining] == [(2, 1, "DUP002")]
    assert reasons(found) == [
        ("b.txt", 1, "inline", "a.txt:1"),
        ("c.txt", 1, "inline", "a.txt:1"),
    ]


def test_members_of_an_allowed_canonical_count_against_each_other(
    scan: Callable[..., Report],
) -> None:
    report = scan(a=FERRY, b=FERRY_X, c=FERRY_Y)

    found = suppress(report, allow(report, 0))

    assert [(f.number, f.source_number) for f in found.remaining] == [(2, 1)]
    assert found.unused == ()


def test_a_comment_by_which_members_are_not_grouped_anew_is_used(
    scan: Callable[..., Report],
) -> None:
    # The text joins the first, which is ignored; but for its own comment the second would be next.
    first = FERRY.replace("its captain", "his cook")
    second = FERRY.replace("on the", "at a")

    config = Config(run=RunConfig(rules=("DUP001", "DUP002")))
    files = {"a": f"#ignore[DUP002]\n{first}", "b": f"#ignore[DUP002]\n{second}", "c": FERRY}

    found = suppress(scan(config, **files))

    assert reasons(found) == [("c.txt", 1, "inline", "a.txt:1")]
    assert (found.remaining, found.unused) == ((), ())


MARKDOWN: Final = "# Times\n\n{0}\n\nIn between stands another text.\n\n{1}\n"
HTML: Final = "<h1>Times</h1>\n<p>{0}</p><p>In between</p>\n<p>{1}</p>"
FEED: Final = """<rss version="2.0"><channel><title>News</title>
<item><guid>1</guid><description><![CDATA[<p>{0}</p>]]></description></item>
<item><guid>2</guid><description><![CDATA[<p>In between</p>
<p>{1}</p>]]></description></item></channel></rss>"""
SAID: Final = "<!-- dedup: ignore[DUP001] as agreed -->"


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("a.md", MARKDOWN.format(FERRY, f"{SAID}\n\n{FERRY}"), 7),
        ("a.md", MARKDOWN.format(f"{FERRY} {SAID}", FERRY), 3),
        ("a.txt", MARKDOWN.format(FERRY, f"{FERRY}\n{SAID}"), 8),
        ("a.rst", MARKDOWN.format(FERRY, f".. dedup: ignore[DUP001]: as agreed\n\n{FERRY}"), 7),
        ("a.html", HTML.format(FERRY, f"{FERRY} {SAID}"), 3),
        ("a.html", HTML.format(f"{SAID}{FERRY}", FERRY), 2),
        ("a.xml", FEED.format(FERRY, f"{SAID}{FERRY}"), 4),
        ("a.xml", FEED.format(f"{FERRY}{SAID}", FERRY), 2),
    ],
)
def test_what_sources_say_is_read_and_heeded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, text: str, line: int
) -> None:
    monkeypatch.chdir(tmp_path)
    Path(name).write_text(text)

    found = suppress(find_duplicates([name]))

    assert (found.remaining, found.unused) == ((), ())
    ((finding, why),) = found.suppressed
    assert finding.rule == "DUP001"
    assert (why.kind, why.place, why.reason) == ("inline", f"{name}:{line}", "as agreed")


def test_an_attribute_of_html_takes_out_what_its_element_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    kept = f"<p>{FERRY}</p>\n<p>{MILL}</p>\n"
    Path("a.html").write_text(f'{kept}<div data-dedup="ignore">{kept}</div>\n<p>{MILL}</p>')

    found = suppress(find_duplicates(["a.html"]))

    assert lines(found.remaining) == [("a.html", 6, "DUP001")]
    assert [where[:2] for where in reasons(found)] == [("a.html", 3), ("a.html", 4)]
    assert {why.place for _, why in found.suppressed} == {"a.html:3"}


_TEXT: Final = st.sampled_from(
    [
        FERRY,
        FERRY_X,
        FERRY_Y,
        FERRY.replace("day", "night"),
        FERRY.replace("day", "night").replace("captain", "mate"),
        MILL,
        MILL.replace("coast", "hills"),
    ]
)
_DOCUMENTS: Final = st.lists(
    st.lists(st.tuples(_TEXT, st.booleans()), min_size=1, max_size=4), min_size=1, max_size=4
)


def describe(
    findings: Sequence[Finding], numbers: Sequence[int] | None = None
) -> set[tuple[str, int, int, float]]:
    grouped = [f for f in findings if f.rule in {"DUP001", "DUP002"}]
    sides = [(f.number, f.source_number) for f in grouped]
    if numbers is not None:
        sides = [(numbers[one], numbers[other]) for one, other in sides]
    return {(f.rule, *pair, f.score) for f, pair in zip(grouped, sides, strict=True)}


@pytest.mark.parametrize("within", ["both", "document", "corpus"])
@settings(max_examples=40)
@given(_DOCUMENTS)
@example([[(MILL, False)], [(FERRY_X, True), (FERRY, False), (FERRY_X, False)]])
# A copy whose first joined another: without that, the copy is nearer to one that came between.
@example(
    [
        [(FERRY.replace("day", "night"), False)],
        [(FERRY, True)],
        [(FERRY_X, False)],
        [(FERRY, False)],
    ]
)
def test_what_is_left_is_what_a_run_without_the_ignored_finds(
    within: Within, documents: list[list[tuple[str, bool]]]
) -> None:
    config = Config(paragraphs=ParagraphsConfig(within=within))
    flags = [is_ignored for part in documents for _, is_ignored in part]
    numbers = [number for number, is_ignored in enumerate(flags) if not is_ignored]
    texts = [
        "\n\n".join(f"#ignore\n{text}" if is_ignored else text for text, is_ignored in part)
        for part in documents
    ]
    kept = ["\n\n".join(text for text, ignored in part if not ignored) for part in documents]

    with TemporaryDirectory() as folder:
        whole = scan_texts(Path(folder), config, **{f"d{n}": t for n, t in enumerate(texts)})
        rest = scan_texts(Path(folder), config, **{f"d{n}": t for n, t in enumerate(kept)})

    assert describe(suppress(whole).remaining) == describe(rest.findings, numbers)


def test_what_a_comment_takes_out_of_old_and_new_groups_is_listed_once(
    scan: Callable[..., Report],
) -> None:
    # All are near-duplicates of a; without it c and d are of b, d by way of c, whose text it has.
    report = scan(a=f"#ignore\n\n{FERRY}", b=FERRY_X, c=FERRY_Y, d=f"#ignore[DUP002]\n\n{FERRY_Y}")

    found = suppress(report)

    assert lines(found.remaining) == [("c.txt", 1, "DUP002")]
    assert lines([finding for finding, _ in found.suppressed]) == [
        ("b.txt", 1, "DUP002"),
        ("c.txt", 1, "DUP002"),
        ("d.txt", 3, "DUP002"),
    ]
