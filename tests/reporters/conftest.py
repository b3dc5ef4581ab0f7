"""Reports made by hand, so that a reporter is tested without the stages before it."""

import json
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from dedup.config import Config
from dedup.findings import Counts, order_of, turn_round
from dedup.model import (
    NO_HEAD,
    BlockKind,
    Boilerplate,
    Corpus,
    DocumentBatch,
    Grouping,
    Head,
    Problem,
    Relation,
    Restatements,
    TokenLists,
    VerifiedPairs,
)
from dedup.outcome import Judgement, Outcome, Suppression
from dedup.report import Report
from dedup.restatement import nothing_restated
from dedup.runs import FreshRun

GOLDEN = Path(__file__).parents[1] / "golden"


@dataclass(frozen=True)
class Text:
    """One document of paragraphs, each (line, column, text)."""

    path: str | None
    identity: bytes
    paragraphs: tuple[tuple[int, int, str], ...]
    head: Head = NO_HEAD


@dataclass(frozen=True)
class Reworded:
    """One restated or rewritten paragraph.

    `said` gives for each of its sentences who said it: at most two of (number, sentence, share).
    """

    number: int
    relation: Relation
    score: float
    said: tuple[tuple[tuple[int, int, float], ...], ...]
    is_near: bool = False


@dataclass(frozen=True)
class Spec:
    """A report in short: who joined whom as {member: (canonical, relation, resemblance)}."""

    texts: tuple[Text, ...]
    joined: dict[int, tuple[int, Relation, float]] = field(default_factory=dict)
    # (left, right, relation, resemblance, containment of the left in the right, conflicts)
    pairs: tuple[tuple[int, int, Relation, float, float, int], ...] = ()
    reworded: tuple[Reworded, ...] = ()  # by number
    problems: tuple[Problem, ...] = ()
    config: Config = field(default_factory=Config)
    counts: Counts = field(default_factory=Counts)


def make_batch(text: Text) -> DocumentBatch:
    parts = [paragraph[2].encode() for paragraph in text.paragraphs]
    sizes = np.array([len(part) for part in parts], np.int64)
    ends = np.cumsum(sizes)
    lines = np.array([paragraph[0] for paragraph in text.paragraphs], np.int64)
    breaks = np.array([paragraph[2].count("\n") for paragraph in text.paragraphs], np.int64)
    return DocumentBatch(
        path=text.path,
        buffer=np.frombuffer(b"".join(parts) + bytes(64), np.uint8),
        ids=[text.identity],
        dates=None,
        document=np.zeros(len(parts), np.int32),
        starts=ends - sizes,
        ends=ends,
        kinds=np.full(len(parts), BlockKind.PARAGRAPH, np.uint8),
        lines=lines,
        columns=np.array([paragraph[1] for paragraph in text.paragraphs], np.int32),
        chars=np.zeros(len(parts), np.int64),
        end_lines=lines + breaks,
        is_source=True,
        heads=(text.head,),
    )


def make_tokens(texts: Sequence[str]) -> TokenLists:
    """Words are what blanks part: enough to be counted; prints are equal for equal words."""
    sizes = np.array([len(text.split()) for text in texts], np.int64)
    digests = [sha256(" ".join(text.lower().split()).encode()).digest()[:16] for text in texts]
    prints = np.frombuffer(b"".join(digests), np.uint64)
    ends = np.cumsum(sizes)
    return TokenLists(np.zeros(int(sizes.sum()), np.uint32), ends - sizes, ends, prints)


def make_corpus(spec: Spec) -> Corpus:
    batches = tuple(make_batch(text) for text in spec.texts)
    counts = [len(batch.starts) for batch in batches]
    firsts = np.cumsum([0, *counts], dtype=np.int64)
    empty = np.empty(0, np.int64)
    return Corpus(
        batches=batches,
        first_paragraphs=firsts,
        first_documents=np.arange(len(batches) + 1),
        document=np.repeat(np.arange(len(batches), dtype=np.int32), counts),
        starts=np.concatenate([empty, *(batch.starts for batch in batches)]),
        ends=np.concatenate([empty, *(batch.ends for batch in batches)]),
        start_lines=np.concatenate([empty, *(batch.lines for batch in batches)]),
        end_lines=np.concatenate([empty, *(batch.end_lines for batch in batches)]),
        columns=np.concatenate([empty, *(batch.columns for batch in batches)]).astype(np.int32),
        blocks=np.concatenate([empty, *(np.arange(n) for n in counts)]).astype(np.int32),
        tokens=make_tokens([part[2] for text in spec.texts for part in text.paragraphs]),
        problems=spec.problems,
    )


def make_grouping(spec: Spec, n_paragraphs: int) -> Grouping:
    canonicals = np.arange(n_paragraphs, dtype=np.int32)
    relations = np.zeros(n_paragraphs, np.uint8)
    resemblance = np.ones(n_paragraphs)
    for member, (canonical, relation, score) in spec.joined.items():
        canonicals[member], relations[member], resemblance[member] = canonical, relation, score
    return Grouping(canonicals, relations, resemblance, resemblance)


def make_pairs(spec: Spec) -> VerifiedPairs:
    rows = spec.pairs
    return VerifiedPairs(
        lefts=np.array([row[0] for row in rows], np.int32),
        rights=np.array([row[1] for row in rows], np.int32),
        resemblance=np.array([row[3] for row in rows], np.float64),
        left_containment=np.array([row[4] for row in rows], np.float64),
        right_containment=np.array([row[3] for row in rows], np.float64),
        conflicts=np.array([row[5] for row in rows], np.int32),
        relations=np.array([row[2] for row in rows], np.uint8),
    )


def make_restatements(spec: Spec, n_paragraphs: int) -> Restatements:
    """Make the columns of restatements, all of them of English texts."""
    rows = spec.reworded
    nobody = (-1, -1, 0.0)
    sentences = [sentence for row in rows for sentence in row.said]
    firsts, seconds = (
        [sentence[place] if len(sentence) > place else nobody for sentence in sentences]
        for place in (0, 1)
    )
    shares = [[first[2], second[2]] for first, second in zip(firsts, seconds, strict=True)]
    return replace(
        nothing_restated(n_paragraphs),
        numbers=np.array([row.number for row in rows], np.int32),
        relations=np.array([row.relation for row in rows], np.uint8),
        scores=np.array([row.score for row in rows], np.float64),
        dice=np.array([row.score for row in rows], np.float64),
        are_near=np.array([row.is_near for row in rows], np.uint8),
        ends=np.cumsum([len(row.said) for row in rows], dtype=np.int64),
        sources=np.array([first[0] for first in firsts], np.int32),
        source_sentences=np.array([first[1] for first in firsts], np.int32),
        seconds=np.array([second[0] for second in seconds], np.int32),
        second_sentences=np.array([second[1] for second in seconds], np.int32),
        shares=np.array(shares, np.float64).reshape(-1, 2),
    )


def make_report(spec: Spec) -> Report:
    corpus = make_corpus(spec)
    grouping = make_grouping(spec, len(corpus))
    restatements = make_restatements(spec, len(corpus))
    boilerplate = Boilerplate.none(len(corpus))
    return Report(
        corpus, grouping, make_pairs(spec), restatements, boilerplate, spec.counts, spec.config
    )


HARBOUR = "The harbour board will keep the old lens of the lighthouse, it said on Monday."
FERRY = (
    "From the first of October the night ferry will leave at nine instead of ten, because the "
    "railway has moved its last train, and passengers without a cabin must be on board half an "
    "hour before."
)
FERRY_EDITED = FERRY.replace("leave at nine", "sail at nine").replace("a cabin", "any cabin")
SALES = "Sales of garden pumps rose by 12 percent to 418 million crowns in the third quarter."
SALES_NEXT = "Sales of garden pumps rose by 15 percent to 467 million crowns in the third quarter."
SAMPLE = Spec(
    texts=(
        Text("docs/a.md", b'"docs/a.md"', ((3, 1, HARBOUR), (7, 1, FERRY), (12, 3, SALES))),
        Text("docs/b.md", b'"docs/b.md"', ((7, 1, HARBOUR.upper()), (9, 1, FERRY_EDITED))),
        Text("docs/c.md", b'"docs/c.md"', ((1, 1, SALES_NEXT), (3, 1, "Share."))),
        Text("feed.jsonl", b'"lin-001"', ((1, 10, FERRY.partition(", because")[0]),)),
        Text("feed.jsonl", b"17", ((4, 10, HARBOUR),)),
        Text("feed.jsonl", b'"empty"', ()),
        Text("feed.jsonl", '"灯台"'.encode(), ((6, 10, "港の古い灯台は十月から夜も開きます。"),)),
    ),
    joined={
        3: (0, Relation.IDENTICAL, 1.0),
        4: (1, Relation.NEAR_DUPLICATE, 0.75),
        8: (0, Relation.IDENTICAL, 1.0),
    },
    pairs=(
        (1, 4, Relation.NEAR_DUPLICATE, 0.75, 0.875, 0),
        (2, 5, Relation.VARIANT, 0.625, 0.75, 2),
        (7, 1, Relation.CONTAINED, 0.375, 1.0, 0),
    ),
    problems=(
        Problem("docs/broken.md", None, "byte 0xdc is not UTF-8"),
        Problem("feed.jsonl", 5, "it has no field 'text'"),
    ),
    counts=Counts(n_short=1, n_empty=0),
)


CRACK = (
    "Divers found a crack forty metres long in the Hollin dam. The water authority ordered an "
    "emergency lowering."
)
MAYOR = (
    "The mayor of Marnow closed two schools as a precaution. Hundreds of families moved in with "
    "relatives."
)
CRACK_AGAIN = (
    "A crack in the Hollin dam, found by divers, is forty metres long. As a precaution two schools "
    "were closed by Marnow\u2019s mayor. Engineers from Dresk will inspect it on 14 May."
)
MAYOR_AGAIN = (
    "As a precaution the mayor of Marnow has closed both schools. Families moved to relatives by "
    "the hundred."
)
RESTATED = Spec(
    texts=(
        Text("dam.txt", b'"dam.txt"', ((1, 1, CRACK), (3, 1, MAYOR), (5, 1, CRACK_AGAIN))),
        Text("feed.jsonl", b'"dam-2"', ((7, 10, MAYOR_AGAIN),)),
        Text("one-line.jsonl", b"5", ((2, 10, CRACK), (2, 10, MAYOR), (2, 10, CRACK))),
    ),
    reworded=(
        Reworded(2, Relation.RESTATED, 0.625, (((0, 0, 0.875),), ((1, 0, 0.75),), ())),
        Reworded(3, Relation.REWRITTEN, 0.5, (((1, 0, 0.75),), ((1, 1, 0.5),))),
        Reworded(
            6,
            Relation.RESTATED,
            0.375,
            (((4, 0, 0.75),), ((4, 1, 0.5), (5, 0, 0.25))),
            is_near=True,
        ),
    ),
    counts=Counts(n_too_few_terms=1, n_listed=2),
)


HONEY = "Heather honey sets so firmly that keepers press it out of the old combs with a screw."
HONEY_PADDED = (
    "Nobody here sells it clear. Heather honey sets so firmly that most keepers press it out of "
    "the combs with a screw. Guests take a jar home."
)
CRACK_BOTH = (
    "The Hollin dam has a crack of forty metres, which divers found. As a precaution the mayor of "
    "Marnow closed two schools."
)
# What a check turns round: of each pair the first paragraph is new.
TURNED = Spec(
    texts=(
        Text("docs/a.md", b'"docs/a.md"', ((1, 1, "News."), (3, 1, CRACK_BOTH))),
        Text("docs/new.md", b'"docs/new.md"', ((7, 1, HONEY_PADDED),)),
        Text("docs/old.md", b'"docs/old.md"', ((3, 1, HONEY), (9, 1, CRACK_AGAIN))),
    ),
    pairs=((2, 3, Relation.CONTAINED, 0.5, 0.625, 0),),
    reworded=(Reworded(4, Relation.REWRITTEN, 0.625, (((1, 0, 0.875),), ((1, 1, 0.75),), ())),),
)


@pytest.fixture
def turned() -> Outcome:
    """Give a check's outcome with two findings turned round to name the new paragraph."""
    run = FreshRun(make_report(TURNED))
    shown = tuple(sorted(map(turn_round, run.findings), key=order_of))
    return Outcome(run, shown, Judgement("warning", 0, 2, (), (), (), True, False))  # noqa: FBT003 -- fields


@pytest.fixture
def restated_report() -> Report:
    """Give a report of a restating, a rewritten and a nearly restating paragraph."""
    return make_report(RESTATED)


@pytest.fixture
def report_restated() -> Callable[..., Report]:
    """Give a report of one document whose last paragraph restates others of it.

    Takes the texts, and for each sentence of the last who said it, as `Reworded` has it.
    """

    def make(
        texts: Sequence[str],
        said: tuple[tuple[tuple[int, int, float], ...], ...],
        path: str = "a.md",
    ) -> Report:
        paragraphs = tuple((2 * place + 1, 1, text) for place, text in enumerate(texts))
        row = Reworded(len(texts) - 1, Relation.RESTATED, 0.5, said)
        document = Text(path, json.dumps(path).encode(), paragraphs)
        return make_report(Spec((document,), reworded=(row,)))

    return make


@pytest.fixture
def sample_report() -> Report:
    return make_report(SAMPLE)


@pytest.fixture
def judged(sample_report: Report) -> Outcome:
    """Give the sample as a check judges it that shows what it suppresses.

    One finding is accepted, one ignored by a comment, one allowed; of the two that are left one
    counts as an error. With two unreadable inputs four fail.
    """
    identical, near, variant, contained, again = FreshRun(sample_report).findings
    judgement = Judgement(
        fail_on="warning",
        max_new=0,
        n_failing=4,
        suppressed=(
            (variant, Suppression("allowed", "allowed.txt:3")),
            (contained, Suppression("inline", "docs/a.md:6", "a quotation")),
            (again, Suppression("baseline", ".dedup-baseline.json:7")),
        ),
        stale=(Problem(".dedup-baseline.json", 4, "nothing here repeats 'The old mill' any more"),),
        unused=(
            Problem("allowed.txt", 5, "this text is nowhere repeated"),
            Problem("docs/c.md", 2, "dedup: ignore suppresses nothing"),
        ),
        is_failed=True,
        shows_suppressed=True,
    )
    shown = (identical, replace(near, level="error"))
    return Outcome(FreshRun(sample_report), shown, judgement)


@pytest.fixture
def report_entries() -> Callable[..., Report]:
    """Give a report of a feed's two entries of one text, the second with a title and a link."""

    def make(title: str, link: str, text: str = HARBOUR) -> Report:
        first = Text("feed.xml", b'"tag:1"', ((8, 4, text),))
        second = Text("feed.xml", b'"tag:2"', ((15, 4, text),), Head(link=link, title=title))
        return make_report(Spec((first, second), {1: (0, Relation.IDENTICAL, 1.0)}))

    return make


@pytest.fixture
def report_many() -> Callable[[int, int], Report]:
    """Give a report of texts that each stand a number of times, every time in a file of its own."""

    def make(n_texts: int, n_copies: int) -> Report:
        texts: list[Text] = []
        joined: dict[int, tuple[int, Relation, float]] = {}
        for which in range(n_texts):
            first = len(texts)
            for copy in range(n_copies + 1):
                path = f"docs/{which:04}-{copy}.md"
                text = f"Number {which} of many texts that stand here more than once."
                texts.append(Text(path, json.dumps(path).encode(), ((3, 1, text),)))
                if copy:
                    joined[first + copy] = (first, Relation.IDENTICAL, 1.0)
        return make_report(Spec(tuple(texts), joined))

    return make


@pytest.fixture
def report_nothing() -> Report:
    """Give a report of two paragraphs that have nothing in common."""
    return make_report(Spec((Text("a.md", b'"a.md"', ((1, 1, HARBOUR), (3, 1, FERRY))),)))


@pytest.fixture
def report_text() -> Callable[..., Report]:
    """Give a report in which a text stands twice, at a path and with an id of choice."""

    def make(text: str, path: str | None = "a.md", identity: bytes = b'"a.md"') -> Report:
        texts = (Text(path, identity, ((1, 1, text),)), Text(path, identity, ((2, 1, text),)))
        return make_report(Spec(texts, {1: (0, Relation.IDENTICAL, 1.0)}))

    return make


@pytest.fixture
def report_pair() -> Callable[[str, str], Report]:
    """Give a report of one group: a text and its near duplicate."""

    def make(left: str, right: str) -> Report:
        text = Text("a.md", b'"a.md"', ((1, 1, left), (9, 1, right)))
        return make_report(Spec((text,), {1: (0, Relation.NEAR_DUPLICATE, 0.75)}))

    return make


@pytest.fixture
def check_golden() -> Callable[[str, str], None]:
    """Compare with a file of tests/golden; DEDUP_WRITE_GOLDEN=1 writes it, to be read."""

    def check(name: str, text: str) -> None:
        path = GOLDEN / name
        if os.environ.get("DEDUP_WRITE_GOLDEN"):
            path.write_text(text, encoding="utf-8")
        assert text == path.read_text(encoding="utf-8")

    return check
