"""What the columns of a row say: its group, and whether it is to be kept."""

from dedup.config import BoilerplateConfig, Config, ParagraphsConfig, RunConfig
from dedup.execution import Run
from dedup.gathering import gather_records
from dedup.marks import mark_documents
from dedup.removals import decide_removals, rules_in_force
from dedup.writers.edits import Mark

TEXT = "on the day the ferry came back nobody in the harbour knew its captain"
OTHER = "the council sold the mill by the river to a family from the coast"
NONE = Mark(None, is_canonical=True, relation=None, score=None)


def mark(texts: list[str], relations: tuple[str, ...]) -> list[Mark]:
    config = Config(
        paragraphs=ParagraphsConfig(unit="record"),
        boilerplate=BoilerplateConfig(min_documents=2),
        run=RunConfig(jobs=1),
    )
    run = Run(rules_in_force(config, relations), 0, lambda _stage, _done: None)
    corpus, units = gather_records([{"text": text} for text in texts], run)
    decisions = decide_removals(corpus, units, relations, run)
    return [
        each for at in range(len(corpus.batches)) for each in mark_documents(corpus, decisions, at)
    ]


def test_members_of_a_group_have_its_number_and_one_is_canonical() -> None:
    near = TEXT.replace("nobody", "someone")

    marks = mark([TEXT, OTHER, near, TEXT.upper()], ("identical", "near-duplicate"))

    groups = [each.group for each in marks]
    assert groups[0] == groups[2] == groups[3]
    assert groups[1] not in {None, groups[0]}
    assert [each.is_canonical for each in marks] == [True, True, False, False]
    assert [each.relation for each in marks] == [None, None, "near-duplicate", "identical"]
    assert [each.score for each in marks] == [None, None, 9 / 15, 1.0]


def test_what_was_not_compared_has_no_group() -> None:
    assert mark(["", "?!", "?!", "too short", "too short", "\n\n"], ("identical",)) == [NONE] * 6


def test_one_removed_for_a_removed_one_has_the_group_of_what_stays() -> None:
    longer = f"{OTHER} {TEXT}"
    longest = f"{longer} {' '.join(f'more{at}' for at in range(30))}"

    marks = mark([OTHER, longer, longest], ("contained",))

    assert len({each.group for each in marks}) == 1
    assert [each.is_canonical for each in marks] == [False, False, True]


def test_a_run_without_a_record_has_no_mark() -> None:
    assert mark([], ("identical",)) == []
