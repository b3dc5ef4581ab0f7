"""Say when a run would do better elsewhere: with more disk or memory, or on Spark.

In: about how much there is to read, the settings, and what the machine has. Out: one sentence, or
none. Nobody is stopped by it: what is estimated from sizes on disk may be wrong.

Decision (2026-11-26): paragraphs are taken to be of 590 bytes in their source (88 words with what
JSON puts around them, as in the corpora that this is measured on); of shorter ones there are more,
and what a run holds goes with the bytes rather than with the paragraphs.
"""

from dataclasses import dataclass
from typing import Final

from dedup.config import Config
from dedup.rewording import BY_TERMS

CROSSOVER: Final = 100_000_000  # paragraphs: one machine wins below (design, section 12)
_PARAGRAPH_BYTES: Final = 590
# What a paragraph of so many bytes leaves in columns, measured at 100,000: 360 of tokens, 160 of
# band keys, 60 of its sketch, 120 of where it stands and of its document; the rest for candidates.
_COLUMN_BYTES: Final = 720
_TERM_BYTES: Final = 830  # more with all relations: its text, its terms and their sentences
_SECONDS_A_PARAGRAPH: Final = 12e-6  # on two processors, identical and near-duplicate
_MINUTE: Final = 60
_HOUR: Final = 3600
_UNITS: Final = ((40, "T"), (30, "G"), (20, "M"))


@dataclass(frozen=True, slots=True)
class Need:
    """What a run will take, about.

    Attributes:
        n_paragraphs: How many it compares.
        column_bytes: What it holds of them, in memory or in files.
    """

    n_paragraphs: int
    column_bytes: int


@dataclass(frozen=True, slots=True)
class Room:
    """What a run may take.

    Attributes:
        memory_bytes: What columns may take before they go to files.
        machine_bytes: The memory that the machine has for this process and for its files' pages.
        folder: Where those files would be.
        free_bytes: What is free there; None where nobody knows.
    """

    memory_bytes: int
    machine_bytes: int
    folder: str
    free_bytes: int | None


def estimate_need(size_bytes: int, config: Config) -> Need:
    """Estimate what a run takes from the bytes that it reads, unpacked."""
    wants_terms = not BY_TERMS.isdisjoint(config.run.rules)
    a_paragraph = _COLUMN_BYTES + (_TERM_BYTES if wants_terms else 0)
    return Need(size_bytes // _PARAGRAPH_BYTES, size_bytes * a_paragraph // _PARAGRAPH_BYTES)


def is_short_of_disk(need: Need, room: Room) -> bool:
    """Say whether columns will go to files for which there is no room."""
    is_spilled = need.column_bytes > room.memory_bytes
    return is_spilled and room.free_bytes is not None and need.column_bytes > room.free_bytes


def advise_scan(need: Need, room: Room) -> str | None:
    """Say what a run on one machine lacks, what weighs most first; None where it lacks nothing."""
    if is_short_of_disk(need, room):
        free = spell_size(room.free_bytes or 0)
        return (
            f"about {spell_size(need.column_bytes)} of files are needed in '{room.folder}', where "
            f"{free} are free: name a folder with more room with --work-dir."
        )
    if need.n_paragraphs >= CROSSOVER:
        return (
            f"these are about {spell_number(need.n_paragraphs)} paragraphs: from about "
            f"{spell_number(CROSSOVER)} on several machines are faster, with dedup spark scan and "
            "the same verdicts."
        )
    if need.column_bytes > room.machine_bytes:
        return (
            f"about {spell_size(need.column_bytes)} of files will be read again and again, and "
            f"{spell_size(room.machine_bytes)} of memory cannot keep them at hand: more memory, or "
            f"a fast disk for --work-dir, saves most of the time."
        )
    return None


def advise_spark(n_paragraphs: int) -> str | None:
    """Say that one machine does so many paragraphs better, and how long about; None if it does not.

    Args:
        n_paragraphs: How many a Spark job compares.
    """
    if n_paragraphs >= CROSSOVER:
        return None
    seconds = n_paragraphs * _SECONDS_A_PARAGRAPH
    return (
        f"{spell_number(n_paragraphs)} paragraphs take dedup scan on one machine about "
        f"{spell_time(seconds)}, with the same verdicts; Spark pays from about "
        f"{spell_number(CROSSOVER)} on."
    )


def spell_size(n_bytes: int) -> str:
    """Give a size as `--memory` takes it, in units of 1,024.

    >>> spell_size(5 << 29), spell_size(700)
    ('2.5G', '1M')
    """
    for shift, unit in _UNITS:
        size = n_bytes / (1 << shift)
        if size >= 1:
            return f"{size:.1f}{unit}" if shift > _UNITS[-1][0] else f"{size:.0f}{unit}"
    return f"1{_UNITS[-1][1]}"


def spell_number(number: int) -> str:
    """Give a number with no more than two digits that say something.

    >>> spell_number(123_456), spell_number(98)
    ('120,000', '98')
    """
    digits = len(str(number)) - 2
    return f"{round(number, -max(0, digits)):,}"


def spell_time(seconds: float) -> str:
    """Give a length of time in the unit that suits it.

    >>> spell_time(12.4), spell_time(90), spell_time(7300)
    ('12 seconds', '2 minutes', '2 hours')
    """
    sizes = ((_HOUR, "hour"), (_MINUTE, "minute"), (1, "second"))
    size, unit = next((each for each in sizes if seconds >= each[0]), sizes[-1])
    number = max(1, round(seconds / size))
    return f"{number} {unit}{'s' if number > 1 else ''}"
