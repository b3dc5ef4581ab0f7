"""Every engine gives the same arrays, and so every run the same report."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, fields, is_dataclass, replace
from pathlib import Path
from typing import Final, TypeAlias
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import event, example, given, settings
from hypothesis import strategies as st

from dedup.config import (
    DEFAULTS,
    BandsConfig,
    Config,
    EngineChoice,
    RunConfig,
    ShinglesConfig,
    SignaturesConfig,
)
from dedup.errors import InputError
from dedup.kernels import Engine, load_engine
from dedup.model import PADDING, ByteArray, OffsetArray, ShingleSets, TokenLists
from dedup.outcome import lay_open
from dedup.pipeline import find_duplicates
from dedup.readers.batches import pad
from dedup.report import Report
from dedup.reporters.registry import load_reporter
from dedup.signatures import draw_permutations

Engines: TypeAlias = tuple[Engine, Engine]

# What made, or could make, two ways of cutting a text differ.
FRAGMENTS: Final = (
    *(" ", "  ", "\n", "\r\n", "\r", "\n\n", "\t", "\x0b", "\x1c", "\x1f", "\x85", "\u00a0"),
    *("\u2028", "\u2029", "\u3000", "\0", "\x7f", "-", "-\n", "-\r\n", "-\r", "--\n", "\u2010\n"),
    *("\u2014", "\u00ad", "-\u00ad\n", "\u2019", "\u201c", "'", "_", ".", ",", "\u2026", "\u00a8"),
    *("a", "I", "the", "Harm", "LESS", "caf\u00e9", "cafe\u0301", "\u00df", "\u0130", "\u212a"),
    *("\ufb01", "\uff21", "\u1e9e", "\u03a3", "\u03c2", "\u0345", "\u01c4", "\u00bd", "\u2460"),
    *("1", "007", "1,234.5", "2nd", "1ST", "3th", "21st", "12.", ",5", "March", "MONDAY", "q3"),
    *("m\u00e4rz", "\u0661\u0662", "\u0967", "fourth", "\u0e01\u0e33", "\u0e40\u0e01\u0e47\u0e1a"),
    *("\u5343\u91cc", "\u4e00", "\u3042\u309a", "\u30ab\u3099", "\u30fc", "\uac00", "\u1100\u1161"),
    *("\u11a8", "\u05e9\u05c1\u05b8", "\u0644\u0627", "\u064e", "\u0928\u094d\u0926\u093f"),
    *("\U0001f600", "\U0001f469\u200d\U0001f52c", "\u2764\ufe0f", "1\ufe0f\u20e3", "\U0001f3fd"),
    *("\U00020000", "\U0003134a", "\U000e0100", "\u845b\U000e0100", "\U000e0041", "\U0010ffff"),
    *("\U0001d400", "\u1e69", "s\u0323\u0307", "\ufeff", "\u200b", "\u0f40\u0f71", "\u17a0\u17b6"),
    *("abcdefg", "abcdefgh", "Abcdefghi", "a" * 15, "a" * 16, "a" * 17, "b" * 63, "b" * 64),
    *("B" * 65, "9" * 70, "\u00e9" * 40, "x" * 200),
)
TEXTS: Final = st.one_of(
    st.lists(st.sampled_from(FRAGMENTS), max_size=30).map("".join),
    st.lists(st.sampled_from(FRAGMENTS), max_size=30).map(" ".join),
    st.text(max_size=150),
    st.text(st.characters(categories=["M", "Lo", "Zs", "Pd", "Nd", "Cf"]), max_size=80),
    st.text(st.characters(max_codepoint=127), max_size=200),
)
BYTES: Final = st.one_of(
    TEXTS.map(str.encode),
    st.binary(max_size=100),
    st.lists(st.one_of(TEXTS.map(str.encode), st.binary(max_size=3)), max_size=4).map(b"".join),
)
ROWS: Final = st.lists(st.lists(st.integers(0, 40), max_size=25), max_size=8)


def pack(texts: Iterable[bytes]) -> tuple[ByteArray, OffsetArray, OffsetArray]:
    """Put texts one right behind the other, so that a kernel that reads too far is caught."""
    listed = list(texts)
    bounds = np.cumsum([0, *map(len, listed)], dtype=np.int64)
    return pad(b"".join(listed)), bounds[:-1].copy(), bounds[1:].copy()


def pack_sets(rows: Iterable[Iterable[int]]) -> ShingleSets:
    listed = [list(row) for row in rows]
    shingles = np.array([shingle for row in listed for shingle in row], np.uint32)
    return ShingleSets(shingles, np.cumsum([len(row) for row in listed], dtype=np.int64))


def pack_tokens(rows: Iterable[Iterable[int]]) -> TokenLists:
    listed = [list(row) for row in rows]
    ends = np.cumsum([0, *map(len, listed)], dtype=np.int64)
    tokens = np.array([token for row in listed for token in row], np.uint32)
    prints = np.zeros(2 * len(listed), np.uint64)
    return TokenLists(tokens, ends[:-1].copy(), ends[1:].copy(), prints)


def rows_of(lists: TokenLists) -> list[list[int]]:
    bounds = zip(lists.starts.tolist(), lists.ends.tolist(), strict=True)
    return [lists.tokens[start:end].tolist() for start, end in bounds]


def plain(value: object) -> object:
    """Make what a kernel gives comparable: values and dtypes, token lists by their rows."""
    if isinstance(value, TokenLists):
        return rows_of(value), value.prints.tolist(), value.tokens.dtype
    if is_dataclass(value) and not isinstance(value, type):
        return [plain(getattr(value, field.name)) for field in fields(value)]
    if isinstance(value, np.ndarray):
        return value.tolist(), value.shape, value.dtype
    return [plain(item) for item in value] if isinstance(value, tuple | list) else value


def assert_same(engines: Engines, call: Callable[[Engine], object]) -> None:
    oracle, compiled = engines
    assert plain(call(compiled)) == plain(call(oracle))


@settings(max_examples=300)
@given(st.lists(TEXTS.map(str.encode), max_size=5))
@example([b"ab\xe2\x80\x90\ncd"])  # a typographic hyphen breaks a word as an ASCII one does
@example(["\u845b\U000e0100\u57ce".encode()])  # an ideographic variation sequence
def test_both_engines_tokenize_alike(engines: Engines, texts: list[bytes]) -> None:
    assert_same(engines, lambda engine: engine.tokenize(*pack(texts)))


@settings(max_examples=200)
@given(st.lists(TEXTS.map(str.encode), max_size=5))
@example(["\u845b\U000e0100\u57ce".encode()])
def test_both_engines_spell_alike(engines: Engines, texts: list[bytes]) -> None:
    assert_same(engines, lambda engine: engine.spell(*pack(texts)))


@settings(max_examples=200)
@given(st.lists(BYTES, max_size=5), st.lists(st.sampled_from([b"", b"\n\n", b" \r\n\t\r"])))
def test_both_engines_part_texts_at_the_same_blank_lines(
    engines: Engines, texts: list[bytes], gaps: list[bytes]
) -> None:
    joined = [*texts, b"".join(gap.join(texts) for gap in gaps)]
    assert_same(engines, lambda engine: engine.split_blank_lines(*pack(joined)))


@given(st.lists(st.binary(max_size=90), max_size=6), st.data())
def test_both_engines_gather_the_same_bytes(
    engines: Engines, texts: list[bytes], data: st.DataObject
) -> None:
    buffer, starts, ends = pack(texts)
    missing = data.draw(st.lists(st.booleans(), min_size=len(texts), max_size=len(texts)))
    starts[missing], ends[missing] = -1, -1

    assert_same(engines, lambda engine: engine.gather(buffer, starts, ends))
    expected = [b"" if gone else text for text, gone in zip(texts, missing, strict=True)]
    assert engines[1].gather(buffer, starts, ends) == expected


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=40))
def test_both_engines_find_the_same_first_of_identical_rows(
    engines: Engines, prints: list[tuple[int, int]]
) -> None:
    packed = np.array(prints, np.uint64).reshape(-1)

    assert_same(engines, lambda engine: engine.find_representatives(packed))
    assert engines[1].find_representatives(packed).tolist() == [prints.index(p) for p in prints]


@given(st.lists(st.lists(st.integers(0, 2**32 - 1), max_size=20), max_size=6), st.integers(1, 32))
def test_both_engines_hash_the_same_shingles(
    engines: Engines, rows: list[list[int]], size: int
) -> None:
    lists = pack_tokens(rows)
    assert_same(
        engines, lambda engine: engine.shingle(lists.tokens, lists.starts, lists.ends, size)
    )


@given(ROWS)
def test_both_engines_drop_the_same_repeats(engines: Engines, rows: list[list[int]]) -> None:
    expected = [list(dict.fromkeys(row)) for row in rows]

    assert_same(engines, lambda engine: engine.keep_distinct(pack_sets(rows)))
    found = engines[1].keep_distinct(pack_sets(rows))
    assert [found.row(row).tolist() for row in range(len(rows))] == expected


@given(
    st.lists(st.lists(st.integers(0, 2**32 - 1), max_size=11), max_size=5),
    st.integers(16, 256),
    st.integers(0, 2**32 - 1),
)
def test_both_engines_sign_alike(
    engines: Engines, rows: list[list[int]], num_perm: int, seed: int
) -> None:
    permutations = draw_permutations(SignaturesConfig(num_perm=num_perm, seed=seed))
    assert_same(engines, lambda engine: engine.sign(pack_sets(rows), *permutations))


@given(
    st.tuples(st.integers(0, 5), st.integers(1, 9), st.integers(1, 9), st.integers(0, 3)), st.data()
)
def test_both_engines_hash_the_same_band_keys(
    engines: Engines, sizes: tuple[int, int, int, int], data: st.DataObject
) -> None:
    n_rows, n_bands, rows_per_band, left_over = sizes
    num_perm = n_bands * rows_per_band + left_over
    size = n_rows * num_perm
    minima = data.draw(st.lists(st.integers(0, 2**32 - 1), min_size=size, max_size=size))
    packed = np.array(minima, np.uint32)
    shape = (n_bands, rows_per_band)
    assert_same(engines, lambda engine: engine.make_band_keys(packed, n_rows, shape, num_perm))


@settings(max_examples=150)
@given(
    st.lists(st.sampled_from([0, 1, 2, 7, 2**31, 2**32 - 1]) | st.integers(0, 2**32 - 1),
             max_size=120),
    st.integers(2, 9),
    st.integers(1, 4),
)  # fmt: skip
def test_both_engines_pair_the_same_rows(
    engines: Engines, keys: list[int], full: int, few: int
) -> None:
    packed = np.array(keys, np.uint32)

    def pair(engine: Engine) -> tuple[list[int], list[int]]:
        pairs, beyond = engine.pair_buckets(packed, full, min(few, full))
        assert pairs.dtype == np.uint64
        return sorted(pairs.tolist()), beyond.tolist()

    assert_same(engines, pair)
    with patch("dedup.kernels._numba._ROWS_A_PART", 4):  # up to 32 parts
        assert_same(engines, pair)


@given(ROWS, st.data())
def test_both_engines_copy_the_same_rows(
    engines: Engines, rows: list[list[int]], data: st.DataObject
) -> None:
    wanted = data.draw(
        st.lists(st.integers(0, len(rows) - 1), unique=True) if rows else st.just([])
    )
    ends = np.cumsum([len(row) for row in rows], dtype=np.int64)
    starts = ends - np.array([len(row) for row in rows], np.int64)
    tokens = np.array([token for row in rows for token in row], np.uint32)
    lists = TokenLists(tokens, starts, ends, np.arange(2 * len(rows), dtype=np.uint64))

    for engine in engines:
        copied = engine.copy_rows(lists, np.array(sorted(wanted), np.int64))
        found = [
            copied.tokens[s:e].tolist() for s, e in zip(copied.starts, copied.ends, strict=True)
        ]
        assert found == [rows[row] for row in sorted(wanted)]
        assert copied.prints[::2].tolist() == [2 * row for row in sorted(wanted)]


@given(ROWS, st.data())
def test_both_engines_count_what_pairs_share(
    engines: Engines, rows: list[list[int]], data: st.DataObject
) -> None:
    sets = [set(row) for row in rows]
    one = st.integers(0, max(0, len(sets) - 1))
    pairs = sorted(data.draw(st.lists(st.tuples(one, one), max_size=20 if sets else 0)))
    lefts, rights = np.array(pairs, np.int32).reshape(-1, 2).T.copy()
    packed = pack_sets(map(sorted, sets))

    assert_same(engines, lambda engine: engine.count_shared(packed, lefts, rights))
    expected = [len(sets[left] & sets[right]) for left, right in pairs]
    assert engines[1].count_shared(packed, lefts, rights).tolist() == expected


@given(ROWS)
def test_both_engines_count_what_all_pairs_share(engines: Engines, rows: list[list[int]]) -> None:
    sets = [set(row) for row in rows]
    packed = pack_sets(map(sorted, sets))

    assert_same(engines, lambda engine: engine.count_all_shared(packed))
    expected = [
        [len(left & right) if i < j else 0 for j, right in enumerate(sets)]
        for i, left in enumerate(sets)
    ]
    assert engines[1].count_all_shared(packed).tolist() == expected


# A token is its class in the low three bits, a hash above; NUMBER_PART (2) follows a number.
_TOKENS: Final = st.lists(
    st.tuples(st.integers(1, 3), st.integers(0, 6)).map(lambda pair: pair[0] << 3 | pair[1]),
    max_size=30,
)


@settings(max_examples=300)
@given(st.lists(_TOKENS, min_size=2, max_size=4), st.sampled_from([1, 2, 5, 64]))
@example([[1 << 3 | 1] * 300, [2 << 3 | 1] * 100], 512)  # more numbers than a byte counts
def test_both_engines_count_the_same_conflicts(
    engines: Engines, rows: list[list[int]], max_edits: int
) -> None:
    lists = pack_tokens(rows)
    lefts, rights = (side.astype(np.int32) for side in np.triu_indices(len(rows), 1))
    assert_same(engines, lambda engine: engine.count_conflicts(lists, lefts, rights, max_edits))


GRAPHS: Final = st.integers(1, 14).flatmap(
    lambda n: st.tuples(
        st.just(n),
        st.dictionaries(
            st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)).filter(lambda p: p[0] < p[1]),
            st.sampled_from([0.6, 0.7, 0.75, 0.8, 1.0]),
        ),
    )
)


@settings(max_examples=300)
@given(GRAPHS)
def test_grouping_in_order_and_in_rounds_gives_the_same(
    engines: Engines, graph: tuple[int, dict[tuple[int, int], float]]
) -> None:
    n, edges = graph
    pairs = sorted(edges, key=lambda pair: (pair[1], pair[0]))
    lefts = np.array([left for left, _ in pairs], np.int32)
    rights = np.array([right for _, right in pairs], np.int32)
    scores = np.array([edges[pair] for pair in pairs], np.float64)
    assert_same(engines, lambda engine: engine.group(n, (lefts, rights), scores))


def summarize(report: Report) -> str:
    """Put all that a report says into JSON, but for its timings."""
    counts = replace(report.counts, seconds=())
    pairs = plain(report.pairs)
    parts = {
        "groups": [asdict(group) for group in report.groups],
        "findings": [asdict(finding) for finding in report.findings],
        "problems": [asdict(problem) for problem in report.problems],
        "documents": [report.corpus.identity(n) for n in range(report.corpus.n_documents)],
        "texts": [report.text(n) for n in range(len(report.corpus))],
        "prints": report.corpus.tokens.prints.tolist(),
        "pairs": pairs,
        "counts": asdict(counts),
    }
    return json.dumps(parts, default=str)


def run(
    sources: Sequence[Path | dict[str, str]], config: Config, engine: EngineChoice, jobs: int
) -> str:
    config = replace(config, run=RunConfig(engine=engine, jobs=jobs))
    try:
        return summarize(find_duplicates(sources, config))
    except InputError as error:
        return f"InputError: {error}"


RUNS: Final[list[tuple[EngineChoice, int]]] = [
    ("numpy", 1),
    ("numpy", 2),
    ("numba", 1),
    ("numba", 2),
]
_ALL_PATHS: Final = [
    DEFAULTS,
    replace(DEFAULTS, bands=BandsConfig(all_pairs_up_to=0)),
    replace(DEFAULTS, shingles=ShinglesConfig("char", 5), bands=BandsConfig(all_pairs_up_to=0)),
]


@settings(max_examples=40)
@given(st.lists(TEXTS, max_size=6), st.sampled_from(_ALL_PATHS))
def test_runs_over_any_texts_give_one_report(texts: list[str], config: Config) -> None:
    config = replace(config, paragraphs=replace(config.paragraphs, min_words=1))
    records = [{"text": text} for text in [*texts, *texts[:2]]]

    reports = {run(records, config, engine, jobs) for engine, jobs in RUNS}

    assert len(reports) == 1


@pytest.mark.parametrize("config", _ALL_PATHS)
def test_runs_over_the_example_texts_give_one_report(data: Path, config: Config) -> None:
    sources = [data / name for name in ("articles", "docs", "feeds", "relations")]

    reports = {run(sources, config, engine, jobs) for engine, jobs in RUNS}

    assert len(reports) == 1


# Sentences that an article's paragraphs say again, each in an order of its own.
_SENTENCES: Final = (
    "Divers found a crack forty metres long in the upstream face of the Hollin dam.",
    "The water authority of Castrovia lowers the reservoir by eleven metres before the repair.",
    "In Marnow the mayor has closed two schools and the riverside market until October.",
    "Hundreds of families moved in with relatives on higher ground after the cellars flooded.",
    "Die Taucher fanden im Damm von Hollin einen Riss von vierzig Metern, sagte Ilka Brandvold.",
    "\u6f5c\u6c34\u5458\u5728\u970d\u6797\u6c34\u5e93\u53d1\u73b0\u4e00\u6761\u957f\u56db\u5341\u7c73\u7684\u88c2\u7f1d\u3002",
    "Tavel Energy shut down 4 of 6 turbines, at 3.5 MW each, to protect machinery from silt.",
)


def _retell(sentences: Sequence[str], cut: int) -> str:
    """Join sentences, each with its last words first."""
    parted = [sentence.rstrip(".").split() for sentence in sentences]
    return " ".join(f"{' '.join(words[cut:] + words[:cut])}." for words in parted)


_RETOLD: Final = st.lists(
    st.builds(
        _retell, st.lists(st.sampled_from(_SENTENCES), min_size=1, max_size=4), st.integers(0, 8)
    ),
    max_size=8,
)
_TWICE_TOLD: Final = [_retell(_SENTENCES[:2], 0), _retell(_SENTENCES[2:4], 0)]
_REWRITTEN: Final = (
    "The crack found by divers in the upstream face of the Hollin dam is forty metres long; before "
    "the repair the reservoir is lowered by eleven metres by the water authority of Castrovia."
)
_THRICE_TOLD: Final = [*_TWICE_TOLD, _retell(_SENTENCES[:4:2], 5), _retell(_SENTENCES[1:4:2], 5)]


def write_json(report: Report) -> str:
    """Give the report as users get it, without the settings, which name engine and jobs."""
    config = replace(report.config, run=RunConfig())
    pieces = load_reporter("json").render(lay_open(replace(report, config=config)), None)
    return "".join(str(piece) for piece in pieces)


@settings(max_examples=60)
@given(st.lists(_RETOLD, min_size=1, max_size=3), st.sampled_from(_ALL_PATHS))
@example([_THRICE_TOLD], DEFAULTS)
@example([_TWICE_TOLD, [_REWRITTEN]], _ALL_PATHS[1])
def test_runs_over_retold_articles_give_the_same_bytes(
    articles: list[list[str]], config: Config
) -> None:
    config = replace(config, restatement=replace(config.restatement, all_pairs_up_to=0))
    records = [{"text": "\n\n".join(paragraphs)} for paragraphs in articles]

    reports = [
        find_duplicates(records, replace(config, run=RunConfig(engine=engine, jobs=jobs)))
        for engine, jobs in RUNS
    ]

    assert len({write_json(report) for report in reports}) == 1
    for report in reports:
        event(f"restated or rewritten: {len(report.restatements) > 0}")


@pytest.mark.parametrize(
    ("articles", "rules"),
    [
        ([_THRICE_TOLD], ["DUP005", "DUP005"]),
        ([_TWICE_TOLD, [_REWRITTEN]], ["DUP004"]),
    ],
)
@pytest.mark.parametrize(("engine", "jobs"), RUNS)
def test_the_retold_articles_are_found_to_be_that(
    articles: list[list[str]], rules: list[str], engine: EngineChoice, jobs: int
) -> None:
    records = [{"text": "\n\n".join(paragraphs)} for paragraphs in articles]

    report = find_duplicates(records, Config(run=RunConfig(engine=engine, jobs=jobs)))

    assert [finding.rule for finding in report.findings] == rules


_LINES: Final = st.one_of(
    st.builds(lambda text: json.dumps({"text": text}).encode(), TEXTS),
    st.builds(lambda text: json.dumps({"id": text[:3], "text": text}).encode(), TEXTS),
    st.sampled_from(
        [
            b"",
            b"   ",
            b"{}",
            b"[1, 2]",
            b"null",
            b'{"text": 5}',
            b'{"text": "cut off',
            b'{"text": "a back\\',  # the escape would reach over the line's end
            b'slash"}',
            b'{"other": "a back\\',
            b'slash", "text": "swallowed"}',
            b'{"other": "no \\x escape", "text": "bad escape beside the text"}',
            b'{"other": "\\ud83d", "text": "lone surrogate beside the text"}',
            b'{"other": "\xff", "text": "no UTF-8 beside the text"}',
            b'{"\xff": 1, "text": "no UTF-8 in a name"}',
            b'{"text": "no UTF-8 \xff inside"}',
            b'{"text": "one", "text": "two"}',
            b'{"text": "t", "id": 123456789012345678901234567890}',
            b'{"text": "t", "id": -0}',
            b'{"text": "t", "id": 1.50}',
            b'{"text": "t", "id": true}',
            b'{"text": "t", "id": [1, {"a": null}]}',
            b'{"text": "t", "id": "\\u0041"}',
            b'{"id": 01, "text": "t"}',
            b'{"a": NaN, "text": "t"}',
            b'{"a": tru, "text": "t"}',
            b'{"text": "t",}',
            b'{"text": "t"} {"text": "t"}',
            b'\xef\xbb\xbf{"text": "a mark inside"}',
            b'{"text": "\\ud83d\\ude00 \\ud83d \\ude00\\ud83d"}',
            b'{"\\u0074ext": "a name with an escape"}',
            b'{"a": {"text": "nested"}, "text": "outer"}',
            b'{"text": "raw\x01control"}',
            b'{"text": "tab\\tand \\"quotes\\" \\/ \\\\ \\b\\f\\n\\r"}',
        ]
    ),
)


@settings(max_examples=150)
@given(st.lists(_LINES, max_size=8), st.sampled_from([b"\n", b"\r\n"]), st.booleans())
@example([b'{"other": "a back\\', b'slash", "text": "swallowed"}'], b"\n", True)  # noqa: FBT003
@example([b'{"other": "no \\x escape", "text": "t"}'], b"\n", False)  # noqa: FBT003
@example([b'{"other": "\xff", "text": "t"}'], b"\n", False)  # noqa: FBT003
@example([b'{"text": "no UTF-8 \xff inside"}'], b"\n", True)  # noqa: FBT003
@example([b'{"text": "t", "id": 123456789012345678901234567890}'], b"\n", False)  # noqa: FBT003
@example([b'{"text": "t", "id": -0}'], b"\n", False)  # noqa: FBT003
def test_runs_over_any_json_lines_give_one_report(
    tmp_path_factory: pytest.TempPathFactory, lines: list[bytes], line_end: bytes, skip: bool,  # noqa: FBT001
) -> None:  # fmt: skip
    path = tmp_path_factory.mktemp("lines") / "records.jsonl"
    path.write_bytes(line_end.join(lines))
    config = replace(DEFAULTS, readers=replace(DEFAULTS.readers, skip_errors=skip))

    reports = {run([path], config, engine, jobs) for engine, jobs in RUNS}

    assert len(reports) == 1


def test_an_engine_is_loaded_once_under_its_name() -> None:
    assert load_engine("numpy").name == "numpy"
    assert load_engine("numba") is load_engine("numba")


def test_the_padding_behind_a_buffer_is_what_the_kernels_read() -> None:
    assert PADDING == 64  # one chunk of `dedup.kernels.loops.memory`
