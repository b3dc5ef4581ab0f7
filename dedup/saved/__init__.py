"""Read a saved run, a report in JSON, so that it can be written again in another format.

A file comes in; `SavedRun`, which reporters take for a fresh run, goes out, as it was or narrowed
to stricter thresholds. Nothing is computed that a scan computes.

Decision (2026-11-26): paragraphs are known by their numbers in the run. Places do not tell them
apart: two records of one file may have one id, and records of a list no file at all.
"""

from dedup.saved.loading import Saved, load_saved
from dedup.saved.narrowing import Stricter, narrow
from dedup.saved.runs import SavedRun

__all__ = ["Saved", "SavedRun", "Stricter", "load_saved", "narrow"]
