"""Write corpora of several paragraphs a document, with every relation that a run can find.

Texts are made of facts: each is a sentence with slots, spelled in two ways that share their content
words. Said again the other way it is restated in its document, or rewritten in another one; with
other figures it is a variant; some of its sentences are contained; a footer stands everywhere.

The same seed gives the same bytes.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from random import Random
from typing import Any, Final

Fact = tuple[str, str]  # one sentence, spelled in two ways

_PLACES: Final = (
    *(
        "Ambry",
        "Brindle",
        "Corvale",
        "Dunmere",
        "Eskdon",
        "Farrow",
        "Gildern",
        "Hollin",
        "Ivermoor",
    ),
    *("Jarrow", "Kestrel", "Lunden", "Marlow", "Ness", "Orrin", "Pellworm", "Quarrel", "Rushby"),
)
_PEOPLE: Final = (
    *("Adela Brook", "Bruno Castell", "Clara Dint", "Denis Elm", "Edda Frost", "Fritz Garn"),
    *("Greta Hohl", "Hugo Immer", "Ines Jakob", "Jonas Kehr", "Karla Lind", "Ludwig Moor"),
)
_THINGS: Final = (
    *("bridge", "harbour", "library", "reservoir", "school", "station", "theatre", "market"),
    *("orchard", "quarry", "ferry", "lighthouse", "foundry", "hospital", "archive", "tramway"),
)
_STUFF: Final = (
    *("granite", "timber", "copper", "slate", "gravel", "linen", "barley", "salt", "coal", "wool"),
    *("marble", "cement", "paper", "glass", "leather", "honey", "clay", "silver", "wax", "rope"),
)
_WAYS: Final = (
    (
        "{person} measured the {thing} of {place} with {number} poles of {stuff} before sunrise.",
        "Before sunrise {number} poles of {stuff} served {person} to measure the {place} {thing}.",
    ),
    (
        "Heavy storms destroyed {number} barrels of {stuff} beside the old {thing} near {place}.",
        (
            "Near {place}, beside the old {thing}, {number} barrels of {stuff} were destroyed"
            " by heavy storms."
        ),
    ),
    (
        "The council of {place} lent {person} {number} crowns for a new {thing} built of {stuff}.",
        (
            "For building a new {thing} of {stuff}, {number} crowns were lent to {person} by"
            " the {place} council."
        ),
    ),
    (
        "Every winter {person} carries {stuff} from {place} to the {thing}, {number} sacks a week.",
        (
            "It is {number} sacks a week of {stuff} that every winter {person} carries to the"
            " {thing} from {place}."
        ),
    ),
    (
        "Engineers found cracks {number} metres long in the {stuff} walls of the {place} {thing}.",
        (
            "In the walls of {stuff} of the {thing} at {place} engineers found long cracks,"
            " {number} metres."
        ),
    ),
    (
        "Historians believe {person} painted the {thing} at {place} on {stuff} in {number} days.",
        (
            "It was on {stuff}, historians believe, and in {number} days, that the {place}"
            " {thing} was painted by {person}."
        ),
    ),
    (
        "Visitors of {place} paid {number} pence to watch {person} polish {stuff} in the {thing}.",
        (
            "To watch how in the {thing} {stuff} was polished by {person}, {place} visitors"
            " paid {number} pence."
        ),
    ),
    (
        "A fire at the {thing} burned {number} tons of {stuff}, and {person} left {place} forever.",
        (
            "Forever {person} left {place} after {number} tons of {stuff} burned in a fire at"
            " the {thing}."
        ),
    ),
)
_FOOTER: Final = (
    "The {name} gazette thanks its readers for their letters; complaints are answered on Fridays."
)
_SHORT_FOOTER: Final = "Subscribe to the {name}"
_RULES: Final = ("* * *", "-----", "Read more", "See also below")
_IDENTITIES: Final = ("plain-{n}", "ü/{n}", "tab\t{n}", "##[group]{n}", "\u202e{n}", 'q"{n}')


def write_corpus(folder: Path, n_documents: int, seed: int = 1, n_files: int = 3) -> list[Path]:
    """Write documents into files of JSON Lines; gives the files, in input order.

    Args:
        folder: Where; it is made if it is not there.
        n_documents: How many documents, over all files.
        seed: Of the random choices.
        n_files: How many files.
    """
    folder.mkdir(parents=True, exist_ok=True)
    random, paths = Random(seed), []  # noqa: S311 -- texts, no secrets
    writer = Writer(random)
    for number in range(n_files):
        path = folder / f"part-{number}.jsonl"
        count = n_documents // n_files + (number < n_documents % n_files)
        lines = [json.dumps(row, ensure_ascii=False) for row in writer.write(path.stem, count)]
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        paths.append(path)
    return paths


def write_records(n_documents: int, seed: int = 1) -> list[dict[str, Any]]:
    """Give documents as records, each of several paragraphs."""
    return list(Writer(Random(seed)).write("records", n_documents))  # noqa: S311 -- likewise


class Writer:
    """Writes documents; what was written is said again in later ones."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._told: list[list[Fact]] = []

    def write(self, name: str, n_documents: int) -> Iterator[dict[str, Any]]:
        """Give the documents of one file."""
        for number in range(n_documents):
            paragraphs = list(self._write_paragraphs(name))
            row: dict[str, Any] = {"text": "\n\n".join(paragraphs), "source": name}
            if self._random.random() < 0.95:
                row["id"] = self._name(number)
            if self._random.random() < 0.9:
                row["date"] = (
                    f"20{self._random.randrange(10, 26)}-0{self._random.randrange(1, 10)}-11"
                )
            yield row
            if self._random.random() < 0.03:
                yield {"id": f"empty-{number}", "text": ""}

    def _name(self, number: int) -> str | int:
        choice = self._random.randrange(len(_IDENTITIES) + 4)
        return _IDENTITIES[choice].format(n=number) if choice < len(_IDENTITIES) else number

    def _write_paragraphs(self, name: str) -> Iterator[str]:
        random = self._random
        own: list[list[Fact]] = []
        for _ in range(random.randrange(3, 8)):
            facts = self._find_facts(own)
            yield self._spell(facts, 0)
            own.append(facts)
            if random.random() < 0.25:
                yield random.choice(_RULES)
        if random.random() < 0.5:
            yield from self._say_again(own)
        self._told += own
        if random.random() < 0.8:
            yield _FOOTER.format(name=name)
            yield _SHORT_FOOTER.format(name=name)

    def _find_facts(self, own: list[list[Fact]]) -> list[Fact]:
        """Give the facts of a paragraph: new ones, or those of one written before."""
        random = self._random
        pool = self._told[-2000:] or own
        chance = random.random()
        if chance < 0.70 or not pool:
            return [self._make_fact() for _ in range(random.randrange(3, 6))]
        facts = random.choice(pool)
        if chance < 0.76:  # identical
            return facts
        if chance < 0.82:  # near-duplicate: one word is left out
            words = facts[0][0].split()
            del words[random.randrange(1, len(words))]
            return [(" ".join(words), facts[0][1]), *facts[1:]]
        if chance < 0.88:  # variant: other figures
            return [(self._change_figures(one), other) for one, other in facts]
        if chance < 0.94:  # contained
            return facts[: max(2, len(facts) * 2 // 3)]
        return [(other, one) for one, other in random.sample(facts, len(facts))]  # rewritten

    def _make_fact(self) -> Fact:
        random = self._random
        slots: Mapping[str, Any] = {
            "person": random.choice(_PEOPLE),
            "place": random.choice(_PLACES),
            "thing": random.choice(_THINGS),
            "stuff": random.choice(_STUFF),
            "number": random.randrange(3, 900),
        }
        one, other = random.choice(_WAYS)
        return one.format(**slots), other.format(**slots)

    def _change_figures(self, sentence: str) -> str:
        words = sentence.split()
        return " ".join(str(int(each) + 7) if each.isdigit() else each for each in words)

    def _spell(self, facts: list[Fact], way: int) -> str:
        separator = "\n" if self._random.random() < 0.2 else " "
        return separator.join(fact[way] for fact in facts)

    def _say_again(self, own: list[list[Fact]]) -> Iterator[str]:
        """Give a paragraph or two that say only what the document said before."""
        facts = [fact for paragraph in own for fact in paragraph]
        for _ in range(self._random.randrange(1, 3)):
            yield self._spell(self._random.sample(facts, min(4, len(facts))), 1)
