"""Write sources again, in their own format, without what was found redundant in them."""

from dedup.writers.edits import Cut, Mark, Part
from dedup.writers.registry import WRITERS, find_writer

__all__ = ["WRITERS", "Cut", "Mark", "Part", "find_writer"]
