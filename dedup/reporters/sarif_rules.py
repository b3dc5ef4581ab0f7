"""Describe the rules as SARIF does: what GitHub shows beside a finding."""

import re
from collections.abc import Iterator
from typing import Any, Final

from dedup.rules import RULE_TEXTS, RuleText

RULE_ROWS: Final = {code: row for row, code in enumerate(RULE_TEXTS)}


def list_rules() -> list[dict[str, Any]]:
    """Give every rule's descriptor, in the order of `RULE_ROWS`."""
    return [_describe(code, text) for code, text in RULE_TEXTS.items()]


def _describe(code: str, text: RuleText) -> dict[str, Any]:
    meaning = make_sentence(text.meaning)
    measure = f"How it is measured: {_fold(text.measure)}"
    return {
        "id": code,
        "name": _name(text.relation),
        "shortDescription": {"text": meaning},
        "fullDescription": {"text": f"{meaning} {make_sentence(measure)}"},
        "help": {"text": _help(text), "markdown": _help_in_markdown(code, text)},
        "defaultConfiguration": {"level": text.default_level},
        "properties": {"tags": ["documentation", "duplication"]},
    }


def _name(relation: str) -> str:
    """Give `NearDuplicateParagraph` of `near-duplicate`."""
    name = "".join(word.capitalize() for word in re.split(r"\W+", relation))
    return name if name.endswith("Input") else f"{name}Paragraph"


def make_sentence(text: str) -> str:
    """Give a text with a capital at its beginning and a full stop at its end.

    >>> make_sentence("identical to a.md:3")
    'Identical to a.md:3.'
    """
    return f"{text[:1].upper()}{text[1:]}" + ("" if text.endswith((".", "!", "?")) else ".")


def _help(text: RuleText) -> str:
    return "\n".join(
        [make_sentence(text.meaning), *(f"{label}: {said}" for label, said in _list(text))]
    )


def _help_in_markdown(code: str, text: RuleText) -> str:
    lines = [f"**{code} {text.relation}**: {_quote(text.meaning)}.", ""]
    lines += [f"- {label}: {_quote(said)}" for label, said in _list(text)]
    return "\n".join(lines)


def _list(text: RuleText) -> Iterator[tuple[str, str]]:
    """Give what is to be known of a rule, each with its label; options stand a line each."""
    for label in ("measure", "default", "level", "example", "switch"):
        said: str = getattr(text, label)
        if label == "switch":
            said = said.replace(";\n--", ", --").replace("\n--", ", --")
        yield label.capitalize(), _fold(said)


def _fold(text: str) -> str:
    return " ".join(text.split())


def _quote(text: str) -> str:
    r"""Escape what Markdown would take for its own, as the options' `--` in running text."""
    return re.sub(r"([\\`*_<>\[\]])", r"\\\1", text)
