"""The content terms of batches: sentences that leave nothing out, a language a document."""

from tempfile import TemporaryDirectory
from typing import Final

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dedup.config import ParagraphsConfig, ReadersConfig, RestatementConfig
from dedup.content import list_sentence_terms, list_terms, open_wording, word_paragraphs
from dedup.corpus import CorpusBuilder, PreparedBatch
from dedup.kernels import Engine, hashing
from dedup.model import BlockKind, Corpus, ParagraphBatch, TermLists
from dedup.paragraphs import split_paragraphs
from dedup.readers.records import batches_from_records
from dedup.shingles import tokenize_paragraphs
from dedup.stop_words import LANGUAGES, STOP_WORDS
from dedup.storage import Storage
from dedup.terms import NO_LANGUAGE, find_terms, guess_language, split_sentences
from dedup.text import normalize, tokenize
from dedup.work_folder import WorkFolder

EN, DE, RU = (LANGUAGES.index(code) for code in ("en", "de", "ru"))
RESTATEMENT: Final = RestatementConfig(reference_paragraphs=3)
_TEXTS: Final = st.lists(
    st.sampled_from([
        *("The mill", "the and", "Der Fluss", "und die", "Dr. Hals", "went.", "ging!", "3.5 km."),
        *("\u043e\u043d \u0438 \u043e\u043d\u0430", "\u6c34\u5e93\u3002", "caf\u00e9s?", "1,250"),
        *("\n\n", "\n", "\u2026", "\u00ad", "e.g.", "\U0001f600", "\u00e0 la", "U.S."),
    ]),
    max_size=25,
).map(" ".join)  # fmt: skip


def read(texts: list[str], engine: Engine) -> tuple[ParagraphBatch, TermLists]:
    records = [{"text": text} for text in texts]
    (batch,) = batches_from_records(records, ReadersConfig())
    paragraphs = split_paragraphs(batch, ParagraphsConfig(), engine)
    return paragraphs, list_terms(paragraphs, tokenize_paragraphs(paragraphs, engine), engine)


def read_sentences(texts: list[str], engine: Engine) -> tuple[ParagraphBatch, TermLists]:
    paragraphs, lists = read(texts, engine)
    return paragraphs, list_sentence_terms(paragraphs, lists.languages, engine)


def gather(batches: list[list[str]], engine: Engine, *, with_terms: bool = True) -> Corpus:
    """Gather a corpus of several batches."""
    builder = CorpusBuilder(Storage(1 << 60), keep_text=True, size_bytes=0)
    for texts in batches:
        paragraphs, terms = read(texts, engine)
        tokens = tokenize_paragraphs(paragraphs, engine)
        builder.add(PreparedBatch(paragraphs, tokens, None, terms if with_terms else None))
    return builder.finish()[0]


def make_rows(text: str, language: int) -> list[list[int]]:
    return [
        [hashing.make_term(term) for term in find_terms(sentence, language)]
        for sentence in split_sentences(text, language)
    ]


def texts_of(paragraphs: ParagraphBatch) -> list[str]:
    content = paragraphs.batch.buffer.tobytes()
    bounds = zip(paragraphs.starts.tolist(), paragraphs.ends.tolist(), strict=True)
    return [content[start:end].decode() for start, end in bounds]


def sentences_of(lists: TermLists, row: int) -> list[list[int]]:
    sentences = np.split(lists.terms, lists.sentence_ends)[:-1]
    bounds = [0, *lists.row_ends.tolist()]
    return [sentence.tolist() for sentence in sentences[bounds[row] : bounds[row + 1]]]


@given(st.lists(_TEXTS, min_size=1, max_size=5))
def test_the_terms_of_a_paragraph_are_those_of_its_sentences(
    engine: Engine, texts: list[str]
) -> None:
    paragraphs, lists = read_sentences(texts, engine)

    assert len(lists) == len(paragraphs.starts)
    for row, text in enumerate(texts_of(paragraphs)):
        language = int(lists.languages[row])
        expected = [
            [hashing.make_term(term) for term in find_terms(sentence, language)]
            for sentence in split_sentences(text, language)
        ]
        assert sentences_of(lists, row) == expected


@given(st.lists(_TEXTS, min_size=1, max_size=5))
def test_a_paragraph_is_read_as_one_sentence_at_first(engine: Engine, texts: list[str]) -> None:
    paragraphs, lists = read(texts, engine)

    for row, text in enumerate(texts_of(paragraphs)):
        terms = find_terms(text, int(lists.languages[row]))
        assert sentences_of(lists, row) == [[hashing.make_term(term) for term in terms]]


@given(st.lists(_TEXTS, min_size=1, max_size=5))
def test_the_language_of_a_paragraph_is_that_of_its_document(
    engine: Engine, texts: list[str]
) -> None:
    paragraphs, lists = read(texts, engine)
    words = [set(text.split()) for text in STOP_WORDS.values()]

    for document, language in zip(paragraphs.document, lists.languages, strict=True):
        tokens = tokenize(normalize(texts[document]))
        assert language == guess_language([sum(t in stops for t in tokens) for stops in words])


@given(st.lists(_TEXTS, min_size=1, max_size=5))
def test_both_engines_give_the_same_content(
    engines: tuple[Engine, Engine], texts: list[str]
) -> None:
    (_, oracle), (_, compiled) = (read_sentences(texts, engine) for engine in engines)

    for name in ("terms", "sentence_ends", "row_ends", "languages"):
        left, right = getattr(oracle, name), getattr(compiled, name)
        assert (left.dtype, left.tolist()) == (right.dtype, right.tolist())


def test_each_document_of_a_batch_is_read_in_its_own_language(engine: Engine) -> None:
    texts = [
        "The war ended.\n\nWar of the mill",
        "Der Krieg war aus.\n\nwar the",  # one word of English does not decide
        "\u041e\u043d \u0438 \u043e\u043d\u0430 \u0431\u044b\u043b\u0438 \u0434\u043e\u043c\u0430.",
        "\u6c34\u5e93\u88c2\u4e86\u3002 3.5 km",
    ]
    paragraphs, lists = read_sentences(texts, engine)

    assert paragraphs.document.tolist() == [0, 0, 1, 1, 2, 3]
    assert lists.languages.tolist() == [EN, EN, DE, DE, RU, NO_LANGUAGE]
    assert [sentences_of(lists, row) for row in (1, 3, 5)] == [
        [[hashing.make_term("war"), hashing.make_term("mill")]],
        [[hashing.make_term("the")]],
        [
            [hashing.make_term(term) for term in ("\u6c34\u5e93", "\u5e93\u88c2", "\u88c2\u4e86")],
            [hashing.make_term("3.5"), hashing.make_term("km")],
        ],
    ]


def test_bytes_beyond_ascii_do_not_move_the_sentences_behind_them(engine: Engine) -> None:
    texts = [
        "Caf\u00e9 \u6c34 na\u00efve. The mill ran!\n\nThe river rose. It fell.",
        "The last one.",
    ]
    _, lists = read_sentences(texts, engine)

    assert [[len(s) for s in sentences_of(lists, row)] for row in range(3)] == [[2, 2], [2, 1], [1]]
    assert sentences_of(lists, 1) == [
        [hashing.make_term("river"), hashing.make_term("rose")],
        [hashing.make_term("fell")],
    ]


def test_a_batch_without_paragraphs_has_no_terms(engine: Engine) -> None:
    paragraphs, lists = read_sentences([" \n "], engine)

    assert len(paragraphs.starts) == len(lists) == 0
    assert (lists.terms.tolist(), lists.sentence_ends.tolist()) == ([], [])
    assert (lists.terms.dtype, lists.sizes.tolist()) == (np.dtype(np.uint32), [])


@given(st.lists(st.lists(_TEXTS, min_size=1, max_size=3), min_size=1, max_size=3), st.data())
def test_of_a_corpus_the_paragraphs_asked_for_have_sentences_and_the_others_none(
    engine: Engine, batches: list[list[str]], data: st.DataObject
) -> None:
    corpus = gather(batches, engine)
    wanted = sorted(
        data.draw(st.sets(st.integers(0, max(0, len(corpus) - 1)), max_size=len(corpus)))
    )

    wording = word_paragraphs(corpus, np.array(wanted, np.int64), RESTATEMENT, engine)

    assert len(wording.terms) == len(wording.kinds) == len(corpus)
    assert corpus.terms is not None
    for row in range(len(corpus)):
        language = int(corpus.terms.languages[row])
        expected = make_rows(corpus.text(row), language) if row in wanted else []
        assert sentences_of(wording.terms, row) == expected
        assert wording.terms.languages[row] == language


def test_the_kinds_of_the_paragraphs_asked_for_are_recognized(engine: Engine) -> None:
    prose, listed = "The mill by the river was sold in spring.", "- one mill\n- two mills"
    corpus = gather([[f"{prose}\n\n{listed}"], [f"{listed}\n\n{prose}"]], engine)

    wording = word_paragraphs(corpus, np.array([0, 1, 3]), RESTATEMENT, engine)

    assert wording.kinds.tolist() == [
        BlockKind.PARAGRAPH,
        BlockKind.LIST,
        0,  # not asked for
        BlockKind.PARAGRAPH,
    ]


def test_without_terms_a_corpus_is_read_with_no_stop_words(engine: Engine) -> None:
    corpus = gather([["The mill and the river."]], engine, with_terms=False)

    wording = word_paragraphs(corpus, np.array([0]), RESTATEMENT, engine)

    assert wording.terms.languages.tolist() == [NO_LANGUAGE]
    assert sentences_of(wording.terms, 0) == make_rows("The mill and the river.", NO_LANGUAGE)


def test_nothing_asked_for_is_nothing_cut(engine: Engine) -> None:
    corpus = gather([["The mill. The river."]], engine)

    wording = word_paragraphs(corpus, np.empty(0, np.int64), RESTATEMENT, engine)

    assert (wording.terms.terms.tolist(), wording.terms.row_ends.tolist()) == ([], [0])


def test_a_document_of_many_paragraphs_or_tables_is_one_of_reference(engine: Engine) -> None:
    prose = "The mill by the river was sold in spring."
    table = "mill | 1.5 | 2 | 3\nriver | 2.5 | 4 | 5"
    many = "\n\n".join([prose] * 4)
    corpus = gather([[prose, many], [f"{prose}\n\n{table}", prose], [many]], engine)

    wording = word_paragraphs(corpus, np.arange(1, 8), RESTATEMENT, engine)

    # The last is not scored, so nothing is known of it.
    assert wording.is_reference.tolist() == [False, True, True, False, False]


@given(st.lists(st.lists(_TEXTS, min_size=1, max_size=3), min_size=1, max_size=3), st.data())
def test_the_wording_is_the_same_in_files_and_for_a_later_run(
    engine: Engine, batches: list[list[str]], data: st.DataObject
) -> None:
    corpus = gather(batches, engine)
    numbers = st.sets(st.integers(0, max(0, len(corpus) - 1)), max_size=len(corpus))
    wanted = np.array(sorted(data.draw(numbers)), np.int64)
    expected = word_paragraphs(corpus, wanted, RESTATEMENT, engine)

    with TemporaryDirectory() as folder:
        run = {"version": "1", "settings": {}, "inputs": []}
        storage = Storage(1 << 60, WorkFolder(folder, run, resume=False))
        found = [word_paragraphs(corpus, wanted, RESTATEMENT, engine, storage)]
        if len(wanted):
            found.append(open_wording(corpus, storage))

        for wording in found:
            for name in ("kinds", "is_reference"):
                assert getattr(wording, name).tolist() == getattr(expected, name).tolist()
            for name in ("terms", "sentence_ends", "row_ends", "languages"):
                one, other = getattr(wording.terms, name), getattr(expected.terms, name)
                assert (one.dtype, one.tolist()) == (other.dtype, other.tolist())
        storage.close(is_done=True)
