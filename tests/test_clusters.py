"""Which documents of one paragraph a run takes for one another."""

from dedup.clusters import join_documents
from dedup.config import Config, ParagraphsConfig, RunConfig
from dedup.model import Relation
from dedup.pipeline import find_duplicates

TOLD = (
    "Engineers must lower the lake by three metres before the crack in the dam can be filled with "
    "concrete, the water board of Marnow said on Monday."
)
AGAIN = (
    "Before concrete can fill the crack in the dam, the lake must be lowered three metres by "
    "engineers, said the Marnow water board."
)
TEXTS = ["", AGAIN.upper(), TOLD, AGAIN, "Short.", TOLD.replace("Monday", "Sunday")]


def join(*rules: str) -> tuple[list[int], list[int]]:
    config = Config(paragraphs=ParagraphsConfig(unit="record"), run=RunConfig(rules=rules))
    documents, relations = join_documents(find_duplicates([{"text": t} for t in TEXTS], config))
    return documents.tolist(), relations.tolist()


def test_copies_of_a_rewritten_text_follow_it_to_its_source() -> None:
    documents, relations = join("DUP001", "DUP002", "DUP004")

    # a variant of the third text, which is not kept, is rewritten from the same source itself
    assert documents == [0, 1, 1, 1, 4, 1]
    assert relations[2:] == [Relation.REWRITTEN, Relation.IDENTICAL, 0, Relation.REWRITTEN]


def test_without_the_rule_rewritten_texts_stay_apart() -> None:
    documents, relations = join("DUP001")

    assert documents == [0, 1, 2, 1, 4, 5]
    assert [relation for relation in relations if relation] == [Relation.IDENTICAL]
