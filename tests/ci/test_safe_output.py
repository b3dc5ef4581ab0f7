"""Text made to harm, through `dedup check` in every format: it stays text in all that is printed.

Nothing of it moves a cursor, forges a line or a workflow command, becomes a formula or a link.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

import pytest

from dedup.reporters.registry import REPORTERS
from tests.ci.conftest import Repository, make_repository

LINES: Final = ("full", "concise", "github", "markdown")
ESCAPE, BELL, CSI, BIDI, ISOLATE, SEPARATOR = "\x1b", "\x07", "\x9b", "\u202e", "\u2066", "\u2028"
FORGED_COMMAND: Final = "::error file=secret.py,line=1::forged annotation"
FORGED_FINDING: Final = "secret.md:1:1: DUP001 identical to forged.md:1"
FORGED_ROW: Final = "=cmd|' /C calc'!A0"
_TAIL: Final = "and the keeper writes into the book what he has seen from the tower at night"
HOSTILE: Final = (
    f"A title {ESCAPE}]0;renamed{BELL} a colour {ESCAPE}[31m a clear {CSI}2J {_TAIL} one.",
    f"Turned {BIDI}round {ISOLATE}and back{SEPARATOR}and on {_TAIL} two.",
    f"A return\rover it\x0b\x0c\x00\x85 {_TAIL} three.",
    f"{FORGED_COMMAND} {_TAIL} four.",
    f"{FORGED_FINDING} {_TAIL} five.",
    f"{FORGED_ROW} {_TAIL} six.",
    f"%0A::add-mask::secret%0D %25 ::stop-commands::x {_TAIL} seven.",
    f"Broken `code` | a cell | <script>hack()</script> [link](javascript:hack()) {_TAIL} eight.",
    f"<!-- dedup --> ![x](http://tracker.example/p.png) </details> ]]> &amp; {_TAIL} nine.",
)
# Every control character but the newline, and what turns or parts lines.
HARMFUL: Final = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory, commands: Path) -> Repository:
    """Give a repository whose texts, ids, titles, links and file names all want to harm."""
    repository = make_repository(tmp_path_factory.mktemp("hostile"), commands)
    texts = (*HOSTILE, *HOSTILE)
    rows = [{"id": f"{text} {number}", "text": text} for number, text in enumerate(texts)]
    repository.write("in/rows.jsonl", "".join(f"{json.dumps(row)}\n" for row in rows))
    repository.write("in/text.txt", "\n\n".join(HOSTILE).replace("\x00", "").replace("\r", ""))
    repository.write("in/\x1b[31m::error::name\n=1+1.txt", HOSTILE[3])
    repository.write("in/feed.xml", _feed())
    repository.write("in/page.html", _page("first"))
    repository.write("in/page2.html", _page("second"))
    return repository


def _feed() -> str:
    links = (
        "javascript:alert(1)",
        "data:text/html,&lt;script&gt;",
        "vbscript:x",
        "file:///etc/passwd",
        " javascript:alert(2)",
        "JaVaScRiPt:alert(3)",
        "https://good.example/a?b=1%0A::error::x",
    )
    body = f"The very same entry of the feed stands here again and again, {_TAIL}."
    items = "".join(
        f"<item><title>=HYPERLINK(1) ::warning::t{number} &lt;b&gt;</title><link>{link}</link>"
        f"<guid>{link}#{number}</guid><description>{body}</description></item>"
        for number, link in enumerate(links)
    )
    return (
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>x</title>{items}</channel></rss>'
    )


def _page(name: str) -> str:
    return (
        f'<html><head><title>\x1b[1m{name}</title><link rel="canonical" href="javascript:{name}">'
        f"</head><body><p>The page says of itself where it stands, {_TAIL}, falsely.</p>"
        '<p><a href="javascript:alert(1)">A link</a> that must stay text, '
        f"{_TAIL}, in both pages.</p></body></html>"
    )


@pytest.fixture(scope="module")
def outputs(hostile: Repository) -> dict[str, str]:
    """Give what a check prints of it in each format."""
    printed = {}
    for name in REPORTERS:
        finished = hostile.dedup("check", "in", "--output-format", name, "--show-suppressed")
        assert finished.returncode == 1, finished.stderr
        assert not HARMFUL.search(finished.stderr)
        printed[name] = finished.stdout
        assert finished.stdout
    return printed


def test_no_control_character_but_the_newline_comes_out(outputs: dict[str, str]) -> None:
    for name, text in outputs.items():
        found = HARMFUL.search(text)
        assert found is None, f"{name}: {text[max(0, found.start() - 60) : found.end() + 20]!r}"


def test_no_line_is_forged(outputs: dict[str, str]) -> None:
    for name in LINES:
        for line in outputs[name].splitlines():
            assert not line.startswith((FORGED_FINDING, "=", "+cmd", "@")), f"{name}: {line}"


def test_only_our_own_workflow_commands_are_given(outputs: dict[str, str]) -> None:
    own = re.compile(r"::(error|warning|notice) (file=|title=dedup)[^\n]*::[^\n]*$")
    for name, text in outputs.items():
        for line in text.splitlines():
            # The runner takes a command wherever a line begins with it, blanks before it or not.
            if line.lstrip().startswith("::"):
                assert name == "github", f"{name}: {line}"
                assert own.match(line), line
                assert "forged" not in line.split("::")[1], line
                assert "secret.py" not in line.split("::")[1], line
            assert "##[" not in line


def test_annotations_name_only_files_that_are_there(
    outputs: dict[str, str], hostile: Repository
) -> None:
    commands = [line for line in outputs["github"].splitlines() if line.startswith("::")]
    files = [match[1] for line in commands if (match := re.search(r" file=([^,:]*)", line))]

    assert files
    for file in files:
        name = file
        for escaped, plain in (("%3A", ":"), ("%2C", ","), ("%0D", "\r"), ("%0A", "\n")):
            name = name.replace(escaped, plain)
        name = name.replace("%25", "%")
        assert (hostile.folder / name).is_file() or "\\x1b" in name, file


def _links(value: object, key: str = "") -> Iterator[str]:
    """Give every text of JSON that stands under a name of links."""
    if isinstance(value, dict):
        for name, each in value.items():
            yield from _links(each, name)
    elif isinstance(value, list):
        for each in value:
            yield from _links(each, key)
    elif isinstance(value, str) and key in ("link", "url", "href", "hostedViewerUri", "helpUri"):
        yield value


def test_links_lead_to_the_web_alone(outputs: dict[str, str]) -> None:
    # Of json and jsonl a link is data: what a document says of itself, word for word.
    web = re.compile(r"https?://")
    for name in ("sarif", "gitlab", "rdjson"):
        assert all(web.match(link) for link in _links(json.loads(outputs[name]))), name
    for name in ("full", "concise", "github"):
        for link in re.findall(r"<(\w+:[^>]*)>", outputs[name]):
            assert web.match(link), f"{name}: {link}"


def test_no_mark_up_of_a_text_is_live_in_markdown(outputs: dict[str, str]) -> None:
    pyromark = pytest.importorskip("pyromark")
    options = pyromark.Options.ENABLE_TABLES | pyromark.Options.ENABLE_GFM
    page = pyromark.html(outputs["markdown"], options=options)

    assert "<script" not in page
    assert "<img" not in page
    assert not re.search(r'href="(?!https?://|#|docs/|in/)', page)


def test_what_is_xml_is_well_formed_and_holds_the_texts(outputs: dict[str, str]) -> None:
    root = ET.fromstring(outputs["junit"])  # noqa: S314 -- our own output

    assert root.tag == "testsuites"
    assert "forged annotation" in "".join(root.itertext())


def test_messages_of_errors_are_safe_too(repository: Repository) -> None:
    name = "none\x1b[2J\u202e::error::x.md"

    finished = repository.dedup("check", name)

    assert finished.returncode == 2
    assert not HARMFUL.search(finished.stderr)


def test_a_baseline_is_shown_safely(hostile: Repository) -> None:
    baseline = ("--baseline", "accepted.json")
    assert hostile.dedup("baseline", "write", "in", *baseline).returncode == 0

    finished = hostile.dedup("baseline", "show", "in", *baseline)

    assert finished.returncode == 0
    assert not HARMFUL.search(finished.stdout + finished.stderr)


def test_the_summary_of_a_step_is_safe(hostile: Repository, tmp_path: Path) -> None:
    summary = tmp_path / "summary.md"

    hostile.dedup("check", "in", "-f", "github", GITHUB_STEP_SUMMARY=str(summary))

    assert not HARMFUL.search(summary.read_text(encoding="utf-8"))
