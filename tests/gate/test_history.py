"""A tree of documents under git, walked commit by commit: what a check calls new is new.

What is expected of real pages comes from a whole scan of both states and from the files themselves,
read here anew: paragraphs are what blank lines part, and of one text where only case and blanks
differ. A finding is new when a text that makes it stands in more paragraphs of the findings after
the commit than before it. What is expected of commits made by hand is written beside them.
"""

import gzip
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from dedup.cli.app import main

Git = Callable[..., str]
Finding: TypeAlias = dict[str, Any]  # as the JSON report has it
Run = Callable[..., tuple[int, list[Finding]]]
Place: TypeAlias = tuple[str, int]  # a file and the line on which a paragraph begins
Named: TypeAlias = set[tuple[str, str, str]]  # rule, file and text of the paragraph
Part: TypeAlias = tuple[str, str, Place]  # a kind of finding, a text and where it stands
WasThere: TypeAlias = Callable[[str, str, Place], bool]
N_PAGES, N_VERSIONS = 6, 4
NEVER_TURNED = ("DUP005", "DUP007")  # of all other rules either side can be named


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Give what runs a command in this process: its exit status and the findings it prints."""

    def run_command(*words: str) -> tuple[int, list[Finding]]:
        is_writing = words[0] == "baseline"
        with pytest.raises(SystemExit) as stop:
            main([*words, "-q", *([] if is_writing else ["-f", "json"])])
        printed = capsys.readouterr().out
        assert isinstance(stop.value.code, int)
        return stop.value.code, [] if is_writing else json.loads(printed)["findings"]

    return run_command


@dataclass(frozen=True)
class State:
    """The findings of a commit, and every paragraph of its files."""

    findings: list[Finding]
    texts: dict[Place, str]

    def list_parts(self, finding: Finding) -> list[Part]:
        """Give what makes a finding: its paragraph, and its sources where these say as much."""
        sides = [finding["paragraph"], *finding["sources"]]
        places = [(side["path"], side["start_line"]) for side in sides]
        if finding["rule"] in {"DUP005", "DUP007"}:
            places = places[:1]
        kind = "restated" if finding["rule"] == "DUP005" else ""
        return [(kind, self.texts[place], place) for place in places]

    def locate(self) -> dict[tuple[str, str], set[Place]]:
        """Give, for each text that makes findings, where it stands in them."""
        located: dict[tuple[str, str], set[Place]] = {}
        for finding in self.findings:
            for kind, text, place in self.list_parts(finding):
                located.setdefault((kind, text), set()).add(place)
        return located

    def name(self, findings: Iterable[Finding]) -> Named:
        own = [(finding["rule"], self.list_parts(finding)[0]) for finding in findings]
        return {(rule, path, text) for rule, (_, text, (path, _)) in own}


def read_texts(folder: Path) -> dict[Place, str]:
    texts = {}
    for path in sorted(folder.rglob("*.txt")):
        whole = path.read_text()
        for match in re.finditer(r"(?:.*\S.*(?:\n|\Z))+", whole):
            line = whole.count("\n", 0, match.start()) + 1
            joined = re.sub(r"(?<=\w)-\n(?=\w)", "", match[0])
            name = path.relative_to(folder.parent).as_posix()
            texts[name, line] = " ".join(joined.lower().split())
    return texts


def find_new(before: State, after: State, was_there: WasThere) -> Named:
    """Give the findings that are new, each named by its new paragraph."""
    former = before.locate()
    new: set[Part] = set()
    for (kind, text), places in after.locate().items():
        n_known = len(former.get((kind, text), ()))
        ordered = sorted(places, key=lambda place: (not was_there(kind, text, place), place))
        new |= {(kind, text, place) for place in ordered[n_known:]}
    named = set()
    for finding in after.findings:
        parts = after.list_parts(finding)
        if not new.isdisjoint(parts):
            is_fixed = finding["rule"] in NEVER_TURNED
            _, text, (path, _) = parts[0] if is_fixed else choose_new(parts, new, was_there)
            named.add((finding["rule"], path, text))
    return named


def choose_new(parts: list[Part], new: set[Part], was_there: WasThere) -> Part:
    """Give the part that is new; where both are, the first unless it alone was there before."""
    return min(parts, key=lambda part: (part not in new, was_there(*part)))


def stood_in(state: State) -> WasThere:
    there = {(path, text) for (path, _), text in state.texts.items()}
    return lambda _, text, place: (place[0], text) in there


def was_found_in(state: State) -> WasThere:
    there = {(*key, path) for key, places in state.locate().items() for path, _ in places}
    return lambda kind, text, place: (kind, text, place[0]) in there


def list_versions(shared: Path) -> Iterator[dict[str, str]]:
    """Give the pages of one version after the other, each beside those of the version before."""
    path = shared / "data" / "doc_versions" / "docs.jsonl.gz"
    if not path.is_file():
        pytest.skip("no ../shared/data/doc_versions here: its texts are not ours to hand on")
    pages: dict[str, list[str]] = {}
    with gzip.open(path, "rt", encoding="utf-8") as rows:
        for row in map(json.loads, rows):
            if len(row["text"]) < 8_000 and row["text"].isascii():
                pages.setdefault(row["cluster"], []).append(row["text"])
    chosen = sorted(page for page, texts in pages.items() if len(texts) >= N_VERSIONS)[::4]
    for version in range(1, N_VERSIONS):
        yield {
            f"docs/{folder}/{re.sub(r'[^a-z]', '-', page)}.txt": pages[page][number]
            for folder, number in (("latest", version), ("older", version - 1))
            for page in chosen[:N_PAGES]
        }


def test_what_is_new_in_a_real_history_is_what_scans_of_both_states_show(
    tree: Path, commit: Git, run: Run, shared: Path
) -> None:
    before, n_new = None, 0
    for files in list_versions(shared):
        assert len(files) == 2 * N_PAGES
        commit(files)
        after = State(run("scan", "docs")[1], read_texts(tree / "docs"))
        if before is not None:
            status, since = run("check", "docs", "--since", "HEAD~1", "--no-baseline")
            assert after.name(since) == find_new(before, after, stood_in(before))
            assert status == any(finding["level"] != "note" for finding in since)
            _, beyond = run("check", "docs")
            assert after.name(beyond) == find_new(before, after, was_found_in(before))
            n_new += len(since)
        run("baseline", "write", "docs")
        before = after
    assert n_new > N_PAGES


RIVER = "The ferry crosses the river every twenty minutes from early morning until the last train."
BREAD = "Bakers in the old quarter light their ovens at three and sell the first loaves before six."
BREAD_EDITED = BREAD.replace("the first loaves", "the first warm loaves")
CLOCK = "Nobody has wound the tower clock since the winter when the keeper moved to the coast."
STONE = "Quarry workers cut the pale stone in long blocks and float them down on wooden rafts."
LANTERN = "Each autumn the children carry paper lanterns from the school gate to the harbour wall."
HONEY = "Heather honey sets so firmly that the keepers press it out of the combs with a screw."
BREAD_PADDED = f"{BREAD} In the afternoon they sleep. On Sundays the square stays quiet until noon."
PADDED = f"{HONEY} Some sell it by the road. Others keep a few jars for guests who come in spring."


def lay(*paragraphs: str) -> str:
    return "\n\n".join(paragraphs) + "\n"


STEPS: dict[str, tuple[dict[str, str | None], set[str]]] = {
    "two copies that are accepted": (
        {"a.txt": lay(RIVER, BREAD, CLOCK), "m.txt": lay(STONE, BREAD), "p.txt": lay(HONEY)},
        {"m.txt:3"},
    ),
    "a copy moved to another file": ({"m.txt": lay(STONE), "n.txt": lay(LANTERN, BREAD)}, set()),
    "a paragraph moved within its file": ({"n.txt": lay(BREAD, LANTERN)}, set()),
    "a renamed file": ({"a.txt": None, "z.txt": lay(RIVER, BREAD, CLOCK)}, set()),
    "a renamed folder": (
        {
            "n.txt": None,
            "z.txt": None,
            "x/n.txt": lay(BREAD, LANTERN),
            "x/z.txt": lay(RIVER, BREAD),
        },
        set(),
    ),
    "new text that nothing repeats": ({"q.txt": lay(CLOCK)}, set()),
    "an edit of one copy": ({"x/z.txt": lay(RIVER, BREAD_EDITED)}, {"x/z.txt:3"}),
    "a third copy, before the others": ({"b.txt": lay(BREAD)}, {"b.txt:1"}),
    "a third copy, behind the others": ({"y.txt": lay(BREAD)}, {"y.txt:1"}),
    "a deleted original": ({"b.txt": None}, set()),
    "a deleted copy": ({"y.txt": None}, set()),
    "a copy of what stood alone, in a file behind it": ({"r.txt": lay(STONE)}, {"r.txt:1"}),
    "a copy that is padded, which contains the other": ({"s.txt": lay(PADDED)}, {"s.txt:1"}),
    "a padded copy of what is accepted": ({"c.txt": lay(BREAD_PADDED)}, {"c.txt:1"}),
    "line ends and blanks": ({"s.txt": lay(PADDED.replace(" ", "\r\n", 9))}, set()),
}
# A baseline holds what was repeated: it cannot tell that a text which stood alone is the old one.
BY_BASELINE = {"a copy that is padded, which contains the other": {"p.txt:1"}}


def test_each_step_of_a_history_brings_what_is_written_beside_it(
    tree: Path, git: Git, commit: Git, run: Run
) -> None:
    commit({"docs/empty.txt": ""})
    run("baseline", "write", "docs")
    found = {}
    for step, (files, _) in STEPS.items():
        commit({f"docs/{name}": content for name, content in files.items()})
        since = run("check", "docs", "--since", "HEAD~1", "--no-baseline")
        beyond = run("check", "docs")
        found[step] = [name_places(since[1]), name_places(beyond[1])]
        assert since[0] == beyond[0] == bool(since[1])
        run("baseline", "write", "docs")

    assert found == {
        step: [expected, BY_BASELINE.get(step, expected)] for step, (_, expected) in STEPS.items()
    }
    assert git("status", "--porcelain", tree / "docs") == ""


def test_a_copy_in_a_file_before_the_other_is_named_by_its_own_line(
    tree: Path, commit: Git, run: Run
) -> None:
    commit({"docs/q.txt": lay(STONE, CLOCK)})
    (tree / "docs" / "c.txt").write_text(lay(RIVER, CLOCK))

    assert name_places(run("check", "docs", "--since", "HEAD")[1]) == {"c.txt:3"}


def test_what_two_merged_branches_both_add_is_new_in_the_merge(
    tree: Path, git: Git, commit: Git, run: Run
) -> None:
    commit({"docs/a.txt": lay(RIVER)})
    run("baseline", "write", "docs")
    for branch, name in (("one", "f.txt"), ("two", "g.txt")):
        git("checkout", "-q", "-b", branch, "main")
        commit({f"docs/{name}": lay(BREAD, STONE)})
        assert run("check", "docs", "--since", "main") == (0, [])
    git("merge", "-q", "-m", "both", "one")

    assert (tree / "docs" / "f.txt").exists()
    for known in (("--since", "HEAD~1", "--no-baseline"), ()):
        status, findings = run("check", "docs", *known)
        places = [
            name_places([f]) | name_places([{"paragraph": f["sources"][0]}]) for f in findings
        ]
        assert (status, places) == (1, [{"f.txt:1", "g.txt:1"}, {"f.txt:3", "g.txt:3"}])
    assert len(run("check", "docs", "--since", "one")[1]) == 2
    assert run("check", "docs", "--since", "HEAD") == (0, [])


def test_baselines_that_two_branches_wrote_merge_by_themselves(
    tree: Path, git: Git, commit: Git, run: Run
) -> None:
    jars = [f"{HONEY} Jar {number} of this year's {number * 7} was sold." for number in range(20)]
    commit({"docs/a.txt": lay(*jars, BREAD, STONE), "docs/b.txt": lay(*jars)})
    run("baseline", "write", "docs")
    commit()
    for branch, text in (("one", BREAD), ("two", STONE)):
        git("checkout", "-q", "-b", branch, "main")
        (tree / "docs" / f"{branch}.txt").write_text(lay(text))
        assert run("check", "docs")[0] == 1
        run("baseline", "write", "docs")
        commit()

    git("merge", "-q", "-m", "both", "one")

    assert run("check", "docs", "--fail-on-stale") == (0, [])
    (tree / "docs" / "three.txt").write_text(lay(LANTERN, BREAD))
    assert name_places(run("check", "docs")[1]) == {"three.txt:3"}


def test_a_paragraph_that_pads_its_own_article_is_new_once(
    commit: Git, run: Run, data: Path
) -> None:
    paragraphs = (data / "articles" / "padded.txt").read_text().split("\n\n")
    commit({"docs/a.txt": "\n\n".join(paragraphs[:4])})
    run("baseline", "write", "docs")
    commit({"docs/a.txt": "\n\n".join(paragraphs)})
    known = (("--since", "HEAD~1", "--no-baseline"), ())

    for words in known:
        assert {f["rule"] for f in run("check", "docs", *words)[1]} == {"DUP005"}
        assert name_places(run("check", "docs", *words)[1]) == {"a.txt:9"}
    run("baseline", "write", "docs")
    commit({"docs/a.txt": None, "docs/new.txt": "\n\n".join([RIVER, *paragraphs])})
    for words in known:
        assert run("check", "docs", *words) == (0, [])


def name_places(findings: Iterable[Finding]) -> set[str]:
    return {
        f"{finding['paragraph']['path'].removeprefix('docs/')}:{finding['paragraph']['start_line']}"
        for finding in findings
    }
