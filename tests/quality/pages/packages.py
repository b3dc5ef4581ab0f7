"""Find the HTML documentation of three Debian packages, and choose pages of it by a rule.

Installed packages lie in /usr/share/doc; `dpkg -x PACKAGE.deb /tmp/debdocs/NAME` does without
installing. Whatever version there is, is taken: only the truth asks for its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Final

DOCS: Final = ("/usr/share/doc", "/tmp/debdocs/*/usr/share/doc")  # noqa: S108 -- read only
SEED: Final = 20261125


@dataclass(frozen=True, slots=True)
class Package:
    """A package's pages.

    Attributes:
        name: As the report calls it.
        folders: Patterns of its folders of pages, below a folder of documentation.
        languages: How its folders are told apart; '' where there is one.
    """

    name: str
    folders: str
    languages: tuple[str, ...] = ("",)


PACKAGES: Final = (
    Package("python", "python3.[0-9]*/html"),
    Package("postgresql", "postgresql-doc-[0-9]*/html"),
    Package("handbook", "debian-handbook/html", ("de-DE", "en-US")),
)


def find_docs(pattern: str) -> list[Path]:
    """Give what lies at a place below the folders of documentation, installed before unpacked.

    Of each folder the real files in order, once: packages share their documentation by links.
    """
    root = Path("/")
    found = (
        path
        for docs in DOCS
        for path in sorted(
            {path.resolve() for path in root.glob(f"{docs.removeprefix('/')}/{pattern}")}
        )
    )
    return list(dict.fromkeys(found))


def find_folder(package: Package) -> list[Path]:
    """Give a package's folder of pages, of its latest version; none where it is absent."""
    folders = find_docs(package.folders)
    installed = [folder for folder in folders if folder.is_relative_to(DOCS[0])]
    return (installed or folders)[-1:]


def list_pages(package: Package) -> list[Path]:
    """Give the pages of a package's latest version in order; none where it is absent."""
    folders = find_folder(package)
    roots = [folder / language for folder in folders for language in package.languages]
    return [
        path
        for root in roots
        for path in sorted(root.rglob("*.html"))
        if path.is_file() and not path.is_symlink()
    ]


def list_every_page() -> list[Path]:
    """Give the pages of all packages that are here, every language of the handbook with them."""
    roots = [folder for package in PACKAGES for folder in find_folder(package)]
    return [
        path
        for root in roots
        for path in sorted(root.rglob("*.html"))
        if path.is_file() and not path.is_symlink()
    ]


def sample_pages(n_pages: int, besides: Sequence[Path]) -> list[Path]:
    """Give pages by a seeded draw over all packages, without those already chosen."""
    known = {path.resolve() for path in besides}
    pages = [path for package in PACKAGES for path in list_pages(package)]
    left = [path for path in pages if path.resolve() not in known]
    random = Random(SEED)  # noqa: S311 -- a sample, no secret
    return sorted(random.sample(left, min(n_pages, len(left))))
