"""Find paragraphs that say the same thing again, show the evidence, keep one of each.

Everything is loaded on first use, so that `dedup --help` costs nothing of it.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from dedup.api import clean, deduplicate, sign_texts
    from dedup.config import (
        BandsConfig,
        BoilerplateConfig,
        CanonicalConfig,
        CleaningConfig,
        Config,
        ParagraphsConfig,
        ReadersConfig,
        RestatementConfig,
        RunConfig,
        ShinglesConfig,
        SignaturesConfig,
        VerifyConfig,
    )
    from dedup.errors import DedupError
    from dedup.pipeline import find_duplicates
    from dedup.report import Report
    from dedup.shingles import hash_shingle
    from dedup.signatures import to_datasketch

__all__ = [
    "BandsConfig",
    "BoilerplateConfig",
    "CanonicalConfig",
    "CleaningConfig",
    "Config",
    "DedupError",
    "ParagraphsConfig",
    "ReadersConfig",
    "Report",
    "RestatementConfig",
    "RunConfig",
    "ShinglesConfig",
    "SignaturesConfig",
    "VerifyConfig",
    "clean",
    "deduplicate",
    "find_duplicates",
    "hash_shingle",
    "sign_texts",
    "to_datasketch",
]
_HOMES: Final = {
    "Config": "config",
    "BandsConfig": "config",
    "BoilerplateConfig": "config",
    "CleaningConfig": "config",
    "CanonicalConfig": "config",
    "ParagraphsConfig": "config",
    "ReadersConfig": "config",
    "RestatementConfig": "config",
    "RunConfig": "config",
    "ShinglesConfig": "config",
    "SignaturesConfig": "config",
    "VerifyConfig": "config",
    "clean": "api",
    "sign_texts": "api",
    "DedupError": "errors",
    "Report": "report",
    "deduplicate": "api",
    "find_duplicates": "pipeline",
    "hash_shingle": "shingles",
    "to_datasketch": "signatures",
}


def __getattr__(name: str) -> object:
    """Load a public name from its module (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module 'dedup' has no attribute {name!r}")
    return getattr(import_module(f"dedup.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    """List the public names."""
    return sorted(__all__)
