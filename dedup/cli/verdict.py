"""Say in words what two texts were measured to be, and why the relation is what it is."""

from collections.abc import Iterator
from typing import Final

from dedup.cli.measure import Measures
from dedup.config import Config
from dedup.evidence import DifferenceKind, find_differences
from dedup.model import Relation
from dedup.report import RULE_OF
from dedup.reporters.phrases import count, name_conflicts
from dedup.rewriting import least_dice

_UNLIKE: Final = (Relation.NONE, Relation.CONTAINED, Relation.REWRITTEN)


def describe_measures(
    measures: Measures, texts: tuple[str, str], config: Config
) -> Iterator[tuple[str, str]]:
    """Give the label and the sentence of every measure, then the reason."""
    yield "resemblance", f"{measures.resemblance:.2f} ({name_shingles(config)})"
    forward, back = measures.left_in_right, measures.right_in_left
    yield "containment", f"{forward:.2f} of A in B, {back:.2f} of B in A"
    yield "resemblance, char:5", f"{measures.char_resemblance:.2f}"
    yield (
        "said again",
        f"{measures.rewrite_score:.2f} of B in A, Dice of the terms {measures.dice:.2f}",
    )
    yield "words", f"{measures.n_left:,} in A, {measures.n_right:,} in B, {_count_matched(texts)}"
    conflicts = measures.conflicts
    yield "numbers and dates", name_conflicts(conflicts) if conflicts else "none exchanged"
    yield "why", "; ".join(explain_relation(measures, config))


def name_shingles(config: Config) -> str:
    """Give the kind of shingle as it is typed.

    >>> name_shingles(Config())
    'word:3'
    """
    return f"{config.shingles.kind}:{config.shingles.size}"


def _count_matched(texts: tuple[str, str]) -> str:
    """Say how many words match in order."""
    runs = find_differences(*texts)
    if runs and runs[0].kind is DifferenceKind.UNCOMPARED:
        return "too many to match in order"
    matched = sum(run.n_left for run in runs if run.kind is DifferenceKind.EQUAL)
    return f"{matched:,} matched in order"


def explain_relation(measures: Measures, config: Config) -> Iterator[str]:
    """Give the reasons for the relation, or for none, with every threshold that decided."""
    if measures.relation is Relation.IDENTICAL:
        yield "the texts are one but for case, quotes, dashes and line ends (DUP001)"
    else:
        yield _explain_resemblance(measures, config)
        if measures.relation in _UNLIKE:
            yield _explain_containment(measures, config)
        if measures.relation in (Relation.NONE, Relation.REWRITTEN):
            yield _explain_rewriting(measures, config)
        elif measures.conflicts:
            yield _explain_conflicts(measures, config)
    if min(measures.n_left, measures.n_right) < config.paragraphs.min_words:
        least = count(config.paragraphs.min_words, "word")
        yield f"a scan skips what has under {least} (--min-words)"


def _explain_resemblance(measures: Measures, config: Config) -> str:
    found = _stand(measures.resemblance, config.verify.min_resemblance)
    return f"resemblance {found} ({RULE_OF[Relation.NEAR_DUPLICATE]}, --threshold)"


def _stand(found: float, least: float) -> str:
    """Say how a measure stands to its threshold, with as many digits as tell them apart.

    >>> _stand(0.5999, 0.6)
    '0.5999 is under 0.60'
    """
    shown = f"{found:.2f}"
    if found < least and shown == f"{least:.2f}":
        shown = f"{found:.4f}"
    return f"{shown} {'reaches' if found >= least else 'is under'} {least:.2f}"


def _explain_containment(measures: Measures, config: Config) -> str:
    """Say why the shorter text counts as contained in the longer one, or not."""
    found = _stand(measures.containment, config.verify.min_containment)
    reason = f"containment of the shorter {found} ({RULE_OF[Relation.CONTAINED]}, --containment)"
    ratio, most = measures.length_ratio, config.verify.max_length_ratio
    if measures.containment < config.verify.min_containment:
        return reason
    if ratio <= most:
        return f"{reason}, and its length {ratio:.2f} of the longer's is at most {most:.2f}"
    return f"{reason}, but its length {ratio:.2f} of the longer's is over {most:.2f}"


def _explain_rewriting(measures: Measures, config: Config) -> str:
    """Say why one text counts as rewritten from the other, or not."""
    restatement = config.restatement
    least = max(restatement.min_score, restatement.strict_score if restatement.strict else 0.0)
    rule = RULE_OF[Relation.REWRITTEN]
    if measures.relation is Relation.NONE:
        return f"neither the score nor Dice makes it rewritten ({rule}, --restate-threshold)"
    if measures.dice >= least_dice(restatement):
        return f"Dice of the terms {_stand(measures.dice, least_dice(restatement))} ({rule})"
    score, asked = f"{measures.rewrite_score:.2f}", f"{least:.2f}"
    return f"score {score} reaches what is asked of its length, at most {asked} ({rule})"


def _explain_conflicts(measures: Measures, config: Config) -> str:
    conflicts = name_conflicts(measures.conflicts)
    if measures.relation is Relation.VARIANT:
        return f"but {conflicts}, so each says something of its own (DUP006, --no-slot-guard)"
    if not config.verify.slot_guard:
        return f"{conflicts}, which --no-slot-guard lets pass"
    return f"{conflicts}, too few among the other changes to make a variant"
