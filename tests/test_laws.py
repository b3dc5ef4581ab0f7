"""Laws that hold for every run, whatever the texts: what is measured here is plain Python sets."""

import json
import os
import random
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
import pytest
from hypothesis import event, example, given, settings
from hypothesis import strategies as st

import dedup
from dedup.config import (
    DEFAULTS,
    BandsConfig,
    CanonicalConfig,
    Config,
    EngineChoice,
    ParagraphsConfig,
    RunConfig,
    VerifyConfig,
)
from dedup.kernels import load_engine
from dedup.model import Relation, ShingleSets
from dedup.pipeline import find_duplicates
from dedup.readers.batches import pad
from dedup.report import Report
from dedup.shingles import shingle_paragraphs
from dedup.verify import containment, resemblance

Shingles = set[tuple[str, ...]]
_PROSE: Final = "the mill by river was sold in spring to a family from coast 12 13 march may"
WORDS: Final = _PROSE.split()
BANDS: Final = BandsConfig(all_pairs_up_to=0, recall=0.999999)

# Paragraphs that resemble each other: a few texts, each with a few words changed.
_BASES: Final = [
    "on the day the ferry came back from the islands nobody in the harbour knew its new captain",
    "the council of the old town sold the mill by the river to a family from the northern coast",
    "when winter came early that year the bakers of the valley ran out of flour in a few weeks",
    "all of the maps that were drawn before the war show a road where there has never been one",
]


def _edit(base: str, edits: list[tuple[int, str]]) -> str:
    words = base.split()
    for place, word in edits:
        words[place % len(words)] = word
    return " ".join(words)


_TEXTS: Final = st.lists(
    st.one_of(
        st.builds(
            _edit,
            st.sampled_from(_BASES),
            st.lists(st.tuples(st.integers(0, 30), st.sampled_from(WORDS)), max_size=4),
        ),
        st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join),
        st.sampled_from(_BASES).map(str.upper),
        st.sampled_from(["", "?!", "short one", "short one"]),
    ),
    max_size=10,
)
_CONFIGS: Final = st.builds(
    lambda policy, bands, guard: Config(
        canonical=CanonicalConfig(policy), bands=bands, verify=VerifyConfig(slot_guard=guard)
    ),
    st.sampled_from(["first", "longest"]),
    st.sampled_from([BandsConfig(), BANDS]),
    st.booleans(),
)


def shingles_of(text: str, size: int = 3) -> Shingles:
    words = re.findall(r"\w+", text.lower())
    runs = range(max(1, len(words) - size + 1)) if words else range(0)
    return {tuple(words[place : place + size]) for place in runs}


def run(texts: Sequence[str], config: Config = DEFAULTS) -> Report:
    config = replace(config, paragraphs=ParagraphsConfig(unit="record"))
    return find_duplicates([{"id": n, "text": text} for n, text in enumerate(texts)], config)


def groups_of(report: Report) -> list[list[int]]:
    """Give each group's documents, the canonical first."""
    return [
        [int(report.corpus.document[number]) for number in (group.number, *others)]
        for group in report.groups
        for others in [[member.number for member in group.members]]
    ]


def texts_of(report: Report) -> list[list[str]]:
    """Give the texts of each group, the canonical's first, the members' and the groups sorted."""
    return sorted(
        [report.text(group.number), *sorted(report.text(m.number) for m in group.members)]
        for group in report.groups
    )


def pack(shingles: set[int]) -> ShingleSets:
    return ShingleSets(np.array(sorted(shingles), np.uint32), np.array([len(shingles)], np.int64))


_SETS: Final = st.sets(st.integers(0, 2**32 - 1) | st.integers(0, 9), max_size=20)


@given(_SETS, _SETS)
def test_resemblance_is_symmetric_and_a_fraction(left: set[int], right: set[int]) -> None:
    forward = resemblance(pack(left), pack(right))

    assert forward == resemblance(pack(right), pack(left))
    assert 0.0 <= forward <= 1.0
    assert (forward == 1.0) == (left == right and bool(left))


@given(_SETS)
def test_a_text_is_contained_in_itself(shingles: set[int]) -> None:
    assert containment(pack(shingles), pack(shingles)) == (1.0 if shingles else 0.0)


@given(_SETS, _SETS)
def test_a_part_is_contained_in_the_whole(left: set[int], right: set[int]) -> None:
    whole = left | right

    assert containment(pack(left), pack(whole)) == (1.0 if left else 0.0)
    assert containment(pack(left), pack(right)) >= resemblance(pack(left), pack(right))


@given(_TEXTS)
def test_the_shingles_of_a_text_are_as_many_as_its_runs_of_words(texts: list[str]) -> None:
    encoded = [text.encode() for text in texts]
    ends = np.cumsum([0, *map(len, encoded)], dtype=np.int64)
    for name in ("numpy", "numba"):
        engine = load_engine(name)
        lists = engine.tokenize(pad(b"".join(encoded)), ends[:-1].copy(), ends[1:].copy())
        sets = shingle_paragraphs(lists, np.arange(len(texts)), DEFAULTS.shingles, engine)
        assert sets.sizes.tolist() == [len(shingles_of(text)) for text in texts]


@settings(max_examples=100)
@given(_TEXTS, _CONFIGS)
def test_every_member_is_a_verified_pair_with_its_canonical(
    texts: list[str], config: Config
) -> None:
    for group in run(texts, config).groups:
        canonical = shingles_of(texts[int(group.canonical.document)])
        for member in group.members:
            own = shingles_of(texts[int(member.reference.document)])
            shared = len(own & canonical)
            assert member.resemblance == shared / len(own | canonical) >= 0.6
            assert member.containment == shared / len(own)
            assert group.least_score <= member.resemblance


@settings(max_examples=100)
@given(_TEXTS, _CONFIGS)
def test_groups_part_the_paragraphs(texts: list[str], config: Config) -> None:
    report = run(texts, config)
    members = [number for group in groups_of(report) for number in group]

    assert len(members) == len(set(members))
    kept = report.grouping.canonicals == np.arange(len(report.corpus))
    assert np.array_equal(kept, report.grouping.relations == Relation.NONE)
    assert kept[report.grouping.canonicals].all()


@settings(max_examples=60)
@given(_TEXTS, _CONFIGS)
def test_deduplicating_twice_removes_nothing_more(texts: list[str], config: Config) -> None:
    once = dedup.deduplicate(texts, config=config)

    assert dedup.deduplicate(once, config=config) == once


@settings(max_examples=60)
@given(_TEXTS, _CONFIGS, st.integers(0, 10))
def test_an_unrelated_paragraph_changes_no_group(
    texts: list[str], config: Config, place: int
) -> None:
    stranger = "quite unlike zebras seven purple ukuleles hum quietly beneath jagged glaciers"
    more = [*texts[:place], stranger, *texts[place:]]

    assert texts_of(run(more, config)) == texts_of(run(texts, config))


@settings(max_examples=60)
@given(_TEXTS, st.sampled_from(["", " ", "?!", "one", "the mill by the river was sold"]))
def test_an_empty_or_short_paragraph_matches_nothing(texts: list[str], short: str) -> None:
    report = run([short, *texts, short])
    documents = {0, len(texts) + 1}

    assert not documents & {number for group in groups_of(report) for number in group}
    for finding in report.findings:
        assert finding.reference.document not in documents
        assert finding.source.document not in documents


@settings(max_examples=60)
@given(_TEXTS, st.randoms())
def test_the_order_in_which_files_are_named_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], shuffle: random.Random
) -> None:
    folder = tmp_path_factory.mktemp("files")
    paths = []
    for number, text in enumerate(texts):
        paths.append(folder / f"{number}.txt")
        paths[-1].write_text(text)
    straight = find_duplicates(paths)
    shuffle.shuffle(paths)
    shuffled = find_duplicates(paths)

    assert shuffled.groups == straight.groups
    assert shuffled.findings == straight.findings


@settings(max_examples=60)
@given(_TEXTS, st.randoms())
def test_which_text_is_kept_hangs_on_a_policy_that_looks_at_texts_alone(
    texts: list[str], shuffle: random.Random
) -> None:
    config = Config(canonical=CanonicalConfig("longest"))
    by_length = {len(text.split()): text for text in texts}
    distinct = list(by_length.values())  # of different lengths, so that there are no ties
    straight = run(distinct, config)
    shuffle.shuffle(distinct)

    assert texts_of(run(distinct, config)) == texts_of(straight)


@settings(max_examples=60)
@given(_TEXTS, st.sampled_from(["numpy", "numba"]))
def test_the_ways_of_few_and_of_many_paragraphs_give_the_same_groups(
    texts: list[str], engine: EngineChoice
) -> None:
    few, many = (
        run(texts, Config(bands=bands, run=RunConfig(engine=engine)))
        for bands in (BandsConfig(), BANDS)
    )

    assert groups_of(many) == groups_of(few)
    assert [f for f in many.findings if f.rule != "DUP003"] == [
        f for f in few.findings if f.rule != "DUP003"
    ]


# An article's paragraphs say sentences of a stock again, each with its last words first.
_STOCK: Final = (
    "divers found a crack forty metres long in the upstream face of the hollin dam",
    "the water authority of castrovia lowers the reservoir by eleven metres before the repair",
    "in marnow the mayor has closed two schools and the riverside market until october",
    "hundreds of families moved in with relatives on higher ground after cellars flooded",
    "gas plants at ostrel cover the missing output while 4 turbines stand still this winter",
    "a retired surveyor sells photographs of the granite quarry at the station kiosk",
)
_TOLD: Final = st.lists(
    st.tuples(st.integers(0, len(_STOCK) - 1), st.integers(0, 7)), min_size=1, max_size=4
)
Told = list[tuple[int, int]]
_ARTICLES: Final = st.lists(st.lists(_TOLD, max_size=5), min_size=1, max_size=3)
PADDED: Final[list[Told]] = [[(0, 0), (1, 0)], [(2, 0), (3, 0)], [(0, 5), (2, 5)], [(3, 4), (1, 4)]]
STRANGE: Final[list[Told]] = [[(5, 0), (4, 0)], [(0, 2), (2, 6)]]


def tell(article: list[Told]) -> str:
    """Write an article; a sentence (n, cut) is the n-th of the stock, its first words last."""
    paragraphs = []
    for told in article:
        parted = [(_STOCK[number].split(), cut) for number, cut in told]
        sentences = [" ".join(words[cut:] + words[:cut]).capitalize() for words, cut in parted]
        paragraphs.append(" ".join(f"{sentence}." for sentence in sentences))
    return "\n\n".join(paragraphs)


def restated_of(report: Report) -> dict[int, list[tuple[int, tuple[int, ...], float]]]:
    """Give of each document its restating paragraphs: place, places of its sources, score."""
    found: dict[int, list[tuple[int, tuple[int, ...], float]]] = {}
    for finding in report.findings:
        if finding.rule == "DUP005":
            own, sources = finding.reference, finding.sources
            assert {source.document for source in sources} == {own.document}
            row = (own.paragraph, tuple(source.paragraph for source in sources), finding.score)
            found.setdefault(int(own.document), []).append(row)
    return found


def read_articles(articles: Sequence[list[Told]], config: Config = DEFAULTS) -> Report:
    return find_duplicates(
        [{"id": number, "text": tell(article)} for number, article in enumerate(articles)], config
    )


def test_a_padded_article_restates() -> None:
    (found,) = restated_of(read_articles([PADDED])).values()

    assert [(place, sorted(sources)) for place, sources, _ in found] == [(2, [0, 1]), (3, [0, 1])]


@settings(max_examples=100)
@given(_ARTICLES)
@example([PADDED])
@example([PADDED, STRANGE])
@example([PADDED[:2] * 2, PADDED[:2] * 2])  # a copy of what another document has twice
def test_restatements_hang_on_their_own_document_alone(articles: list[list[Told]]) -> None:
    together_report = read_articles(articles)
    together = restated_of(together_report)

    event(f"restated: {bool(together)}")
    joined = together_report.grouping.canonicals
    documents = together_report.corpus.document
    # What is a near-duplicate of another document's paragraph is reported as that.
    mixed = set(documents[documents != documents[joined]].tolist())
    for number, article in enumerate(articles):
        alone = restated_of(read_articles([article]))
        if number not in mixed:
            assert alone.get(0, []) == together.get(number, [])


@settings(max_examples=60)
@given(_ARTICLES)
@example([PADDED])
def test_only_what_is_earlier_in_the_document_is_restated(articles: list[list[Told]]) -> None:
    report = read_articles(articles)

    for finding in report.findings:
        if finding.rule == "DUP005":
            assert all(place.paragraph < finding.reference.paragraph for place in finding.sources)
            assert 0.0 < finding.score <= 1.0
            assert all(0.0 <= source.share <= 1.0 for source in finding.said)


@settings(max_examples=60)
@given(st.lists(_TOLD, max_size=5))
@example(PADDED)
@example(PADDED[:2] * 2)
def test_a_document_twice_is_identical_paragraphs_and_the_same_restatements(
    article: list[Told],
) -> None:
    report = read_articles([article, article])
    once = restated_of(read_articles([article]))
    twice = restated_of(report)

    event(f"restated: {bool(once)}")
    assert twice.get(0, []) == twice.get(1, []) == once.get(0, [])
    first, second = report.grouping.relations.reshape(2, -1).tolist()
    assert second == [relation or Relation.IDENTICAL for relation in first]


def test_a_text_repeated_in_one_document_is_identical_and_no_padding() -> None:
    report = read_articles([[*PADDED[:2], *PADDED[:2]]])

    assert [(f.rule, f.number, f.source_number) for f in report.findings] == [
        ("DUP001", 2, 0),
        ("DUP001", 3, 1),
    ]
    assert report.padding_ratios is not None
    assert report.padding_ratios.tolist() == [0.0]


@settings(max_examples=60)
@given(_ARTICLES, st.randoms(), st.sampled_from(["numpy", "numba"]), st.sampled_from([1, 2]))
@example([PADDED, STRANGE, PADDED], random.Random(1), "numba", 2)  # noqa: S311
def test_the_order_of_files_changes_nothing_that_is_restated_or_rewritten(
    tmp_path_factory: pytest.TempPathFactory,
    articles: list[list[Told]],
    shuffle: random.Random,
    engine: EngineChoice,
    jobs: int,
) -> None:
    folder = tmp_path_factory.mktemp("articles")
    paths = [folder / f"{number}.txt" for number in range(len(articles))]
    for path, article in zip(paths, articles, strict=True):
        path.write_text(tell(article))
    straight = json.dumps(find_duplicates(paths).to_dict()["findings"])
    shuffle.shuffle(paths)

    shuffled = find_duplicates(paths, Config(run=RunConfig(engine=engine, jobs=jobs)))

    event(f"restated: {'DUP005' in straight}, rewritten: {'DUP004' in straight}")
    assert json.dumps(shuffled.to_dict()["findings"]) == straight


def make_corpus(n_bases: int, n_copies: int) -> list[str]:
    """Make texts of 40 words out of 3,000, each with edited copies, in a fixed disorder."""
    rng = random.Random(7)  # noqa: S311 -- words, no secrets
    texts = []
    for _ in range(n_bases):
        base = [f"w{rng.randrange(3000)}" for _ in range(40)]
        for n_edits in range(n_copies):
            words = list(base)
            for place in rng.sample(range(40), n_edits):
                words[place] = f"w{rng.randrange(3000)}"
            texts.append(" ".join(words))
    rng.shuffle(texts)
    return texts


def test_on_a_larger_corpus_the_bands_miss_no_pair_of_high_resemblance() -> None:
    texts = make_corpus(300, 4)
    config = partial(Config, run=RunConfig(engine="numba"))

    few, many = run(texts, config()), run(texts, config(bands=BANDS))

    assert many.counts.n_candidates < len(texts) * 20
    assert groups_of(many) == groups_of(few)


PROGRAM: Final = """
import json, sys
from dataclasses import asdict
from dedup.config import BandsConfig, Config, ReadersConfig, RunConfig
from dedup.pipeline import find_duplicates
for engine in ("numpy", "numba"):
    config = Config(
        readers=ReadersConfig(skip_errors=True),
        bands=BandsConfig(all_pairs_up_to=0), run=RunConfig(engine=engine),
    )
    report = find_duplicates(sys.argv[1:], config)
    groups = [asdict(group) for group in report.groups]
    findings = [asdict(finding) for finding in report.findings]
    print(json.dumps([groups, findings, [asdict(problem) for problem in report.problems]]))
"""


def test_the_hash_seed_of_python_changes_no_byte(data: Path) -> None:
    outputs = set()
    for seed in ("0", "1", "42"):
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        environment["PYTHONHASHSEED"] = seed
        command = [sys.executable, "-c", PROGRAM, str(data)]
        done = subprocess.run(command, env=environment, capture_output=True, check=True)  # noqa: S603
        outputs.update(done.stdout.splitlines())

    assert len(outputs) == 1
    assert len(json.loads(outputs.pop())[0]) > 5
