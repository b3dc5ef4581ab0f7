"""Batches become the columns of one corpus, in input order, whatever was expected."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dedup.config import ParagraphsConfig
from dedup.corpus import CorpusBuilder, PreparedBatch, restore_corpus
from dedup.kernels import load_engine
from dedup.model import (
    Corpus,
    Directive,
    DocumentBatch,
    Problem,
)
from dedup.paragraphs import split_paragraphs
from dedup.readers.batches import batch_from_problem
from dedup.shingles import spell_paragraphs, tokenize_paragraphs
from dedup.storage import Storage
from dedup.work_folder import WorkFolder
from tests.document_batches import make_batch


def gather(
    batches: Iterable[DocumentBatch], *, keep_text: bool = True, size: int = 0, limit: int = 1 << 60
) -> Corpus:
    builder = CorpusBuilder(Storage(limit), keep_text=keep_text, size_bytes=size)
    for batch in batches:
        builder.add(prepare(batch))
    return builder.finish()[0]


def prepare(batch: DocumentBatch) -> PreparedBatch:
    engine = load_engine("numpy")
    paragraphs = split_paragraphs(batch, ParagraphsConfig(), engine)
    return PreparedBatch(paragraphs, tokenize_paragraphs(paragraphs, engine), None, None)


_TEXT = st.text("ab ", min_size=1, max_size=9).filter(lambda text: bool(text.strip()))
_BATCHES = st.lists(st.lists(st.lists(_TEXT, max_size=3), max_size=4), max_size=4)


@given(_BATCHES, st.sampled_from([0, 1_000, 10**9]), st.sampled_from([0, 700, 1 << 60]))
def test_every_paragraph_is_found_where_it_was_put(
    batches: list[list[list[str]]], size: int, limit: int
) -> None:
    made = [
        make_batch(f"{b}.txt", [(f"{b}-{d}", texts) for d, texts in enumerate(documents)])
        for b, documents in enumerate(batches)
    ]
    corpus = gather(made, size=size, limit=limit)

    expected = [
        (text.strip(), f"{b}-{d}", f"{b}.txt", len(text.split()))
        for b, documents in enumerate(batches)
        for d, texts in enumerate(documents)
        for text in texts
    ]
    assert corpus.n_documents == sum(map(len, batches))
    assert [
        (
            corpus.text(number),
            corpus.identity(int(corpus.document[number])),
            corpus.batch_of(number).path,
            int(corpus.tokens.sizes[number]),
        )
        for number in range(len(corpus))
    ] == expected


def test_documents_without_paragraphs_are_counted_and_named() -> None:
    corpus = gather([make_batch("a", []), make_batch("b", [("b", []), ("c", ["x"]), ("d", [])])])

    assert (len(corpus), corpus.n_documents) == (1, 3)
    assert [corpus.identity(number) for number in range(3)] == ["b", "c", "d"]


def test_no_batches_give_an_empty_corpus() -> None:
    corpus = gather([])

    assert (len(corpus), corpus.n_documents, len(corpus.tokens)) == (0, 0, 0)


def test_texts_are_let_go_where_no_report_needs_them() -> None:
    corpus = gather([make_batch("a", [("a", ["one", "two"])])], keep_text=False)

    assert [corpus.text(number) for number in range(2)] == ["", ""]
    assert [len(batch.buffer) for batch in corpus.batches] == [0]


def test_directives_are_given_with_their_files_in_order() -> None:
    off, on = Directive("off", 1, 1, 1, 20), Directive("on", 9, 1, 9, 19, ("DUP001",), "why")
    batches = [make_batch("a", [("a", ["one"])]), make_batch("b", []), make_batch(None, [])]
    made = [replace(batches[0], directives=(off, on)), batches[1], replace(batches[1], path="c")]
    made[2] = replace(made[2], directives=(on,))

    for keep_text in (True, False):
        corpus = gather([*made, batches[2]], keep_text=keep_text)
        assert corpus.directives == (("a", off), ("a", on), ("c", on))
        assert corpus.without_texts().directives == corpus.directives
        assert corpus.take(np.zeros(0, np.int64)).directives == corpus.directives


def test_a_source_is_let_go_with_its_text() -> None:
    batch = make_batch("a", [("a", ["one"])])
    batch = replace(batch, source=batch.buffer.copy())

    (kept,) = gather([batch]).batches
    (emptied,) = gather([batch], keep_text=False).batches

    assert kept.written is batch.source
    assert (emptied.source, len(emptied.written)) == (None, 0)


def test_problems_are_kept_in_order() -> None:
    problems = [Problem("a", 1, "bad"), Problem("b", None, "gone")]

    assert gather(map(batch_from_problem, problems)).problems == tuple(problems)


def test_units_other_than_tokens_are_gathered_beside_them() -> None:
    engine = load_engine("numpy")
    builder = CorpusBuilder(Storage(1 << 60), keep_text=True, size_bytes=0)
    for text in ("one two", "three"):
        paragraphs = split_paragraphs(make_batch(None, [(0, [text])]), ParagraphsConfig(), engine)
        tokens = tokenize_paragraphs(paragraphs, engine)
        units = spell_paragraphs(paragraphs, engine)
        builder.add(PreparedBatch(paragraphs, tokens, units, None))
    corpus, gathered = builder.finish()

    assert builder.n_paragraphs == 2
    assert corpus.tokens.sizes.tolist() == [2, 1]
    assert gathered is not None
    assert gathered.sizes.tolist() == [7, 5]


def test_documents_left_out_have_no_paragraphs_and_the_others_keep_theirs() -> None:
    batch = make_batch("a", [("x", ["one", "two"]), ("y", ["three", "four"]), ("z", ["five"])])
    builder = CorpusBuilder(Storage(1 << 60), keep_text=True, size_bytes=0)
    problem = Problem("a", 2, "left out")

    builder.add(prepare(batch).without([1]), [problem])
    corpus, _ = builder.finish()

    assert [corpus.text(number) for number in range(len(corpus))] == ["one", "two", "five"]
    assert [corpus.identity(int(row)) for row in corpus.document] == ["x", "x", "z"]
    assert corpus.tokens.sizes.tolist() == [1, 1, 1]
    assert corpus.problems == (problem,)


def test_units_are_left_out_with_their_documents() -> None:
    engine = load_engine("numpy")
    batch = make_batch("a", [("x", ["one"]), ("y", ["three"])])
    prepared = prepare(batch)
    prepared = replace(prepared, units=spell_paragraphs(prepared.paragraphs, engine))

    left = prepared.without([0])

    assert left.units is not None
    assert (left.tokens.sizes.tolist(), left.units.sizes.tolist()) == ([1], [5])


def test_a_corpus_in_files_is_the_corpus_in_memory() -> None:
    batches = [
        make_batch("a", [("x", ["one two", "three"]), (7, [])]),
        batch_from_problem(Problem("b", 4, "torn")),
        make_batch("c", [("ü", ["four"])]),
    ]
    held, filed = gather(batches), gather(batches, limit=0)

    assert [filed.text(number) for number in range(3)] == ["one two", "three", "four"]
    assert [batch.ids for batch in filed.batches] == [batch.ids for batch in held.batches]
    assert [batch.problems for batch in filed.batches] == [batch.problems for batch in held.batches]
    assert filed.tokens.tokens.tolist() == held.tokens.tokens.tolist()
    assert filed.document.tolist() == held.document.tolist()
    assert [len(batch.buffer) for batch in filed.without_texts().batches] == [0, 0, 0]


def test_a_finished_corpus_is_restored_from_its_folder(tmp_path: Path) -> None:
    run = {"version": "1", "settings": {}, "inputs": []}
    first = Storage(1 << 60, WorkFolder(str(tmp_path / "work"), run, resume=False))
    assert restore_corpus(first) is None
    builder = CorpusBuilder(first, keep_text=True, size_bytes=0)
    builder.add(prepare(make_batch("a", [("x", ["one two", "three"])])), [Problem("a", 1, "odd")])
    builder.finish()
    first.close(is_done=False)

    second = Storage(1 << 60, WorkFolder(str(tmp_path / "work"), run, resume=True))
    restored = restore_corpus(second)

    assert restored is not None
    corpus, units = restored
    assert [corpus.text(number) for number in range(2)] == ["one two", "three"]
    assert (corpus.identity(0), corpus.problems) == ("x", (Problem("a", 1, "odd"),))
    assert units is None
    second.close(is_done=True)
    assert not (tmp_path / "work").exists()
