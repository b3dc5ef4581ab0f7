"""Ask git, and nothing but git, about a repository: each question is one process of it.

In: paths and the name of a commit. Out: what git's plumbing says, as bytes and strings; what git
cannot tell, as a `GitError`.

Decision (2026-11-26): a process of git, instead of a library that reads its files: what git itself
makes of line ends, filters, worktrees and packs is what users see, and seven processes cost 30 ms.
Settings of the user that change its output are overruled, and no shell, pager, prompt, hook or
external diff is started. The variables that hooks hand on (`GIT_DIR` and its like) are dropped:
the paths alone say which repository is meant.
"""

import os
import re
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Final

from dedup.errors import GitError

_COMMAND: Final = (
    *("git", "--no-pager", "--no-optional-locks", "--literal-pathspecs"),
    *("-c", "core.fsmonitor=false", "-c", "core.quotePath=false", "-c", "diff.relative=false"),
)
_FIXED: Final = {"LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0"}
_OF_A_HOOK: Final = (
    *("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"),
    *("GIT_COMMON_DIR", "GIT_IMPLICIT_WORK_TREE"),
    *("GIT_LITERAL_PATHSPECS", "GIT_GLOB_PATHSPECS"),
    *("GIT_NOGLOB_PATHSPECS", "GIT_ICASE_PATHSPECS"),
)
_HASH: Final = re.compile("[0-9a-f]{40}|[0-9a-f]{64}")
_BRANCH: Final = re.compile(r"(?:origin/)?(\w[\w/-]*(?:\.[\w/-]+)*)")
_NOTHING_THERE: Final = 1  # what git exits with where it looked and found none
_WITHOUT: Final = "or leave out --since and accept what is there with dedup baseline write"
_DEEPEN: Final = (
    "This clone is shallow: set fetch-depth: 0 for actions/checkout (GIT_DEPTH: 0 at GitLab), "
    "or run git fetch --unshallow"
)
_POINTER: Final = b"version https://git-lfs.github.com/spec/v1\n"
_POINTER_BYTES: Final = 1024  # more it never has, by its specification
_POINTS_AT: Final = re.compile(rb"^oid sha256:([0-9a-f]{64})$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository with a working tree, and what is compared with.

    Attributes:
        top: The real path of its uppermost folder.
        ref: The name of a commit, as the user gave it.
    """

    top: str
    ref: str

    def ask(self, *arguments: str) -> bytes:
        """Give what git prints.

        Raises:
            GitError: It fails.
        """
        done = _run(self.top, arguments, self.ref)
        if done.returncode:
            raise _explain(done, self.top, self.ref)
        return done.stdout

    def find_base(self) -> str:
        """Give the full hash of the last commit that `ref` and the present one have in common.

        Where they have several (each was merged into the other), that of `ref` itself: either of
        them lacks what the other brought.

        Raises:
            GitError: There is none, or `ref` is no commit.
        """
        commit = self._find_commit()
        done = _run(self.top, ("merge-base", "--all", commit, "HEAD"), self.ref)
        if not done.returncode:
            bases = done.stdout.decode().split()
            return bases[0] if len(bases) == 1 else commit
        if done.returncode != _NOTHING_THERE:
            if self._parse("HEAD") is None:
                problem = "the present branch has no commit yet"
                raise GitError(self.ref, problem, f"Make one first, {_WITHOUT}.")
            raise _explain(done, self.top, self.ref)
        problem = "it and the present commit have no commit in common"
        if self._is_shallow():
            raise GitError(self.ref, f"{problem} in this clone", f"{_DEEPEN}.")
        raise GitError(self.ref, problem, "Name a commit that the present one grew from.")

    def _find_commit(self) -> str:
        commit = self._parse(self.ref)
        if commit is not None:
            return commit
        if not self.ask("rev-list", "--all", "--max-count=1"):
            problem = "the repository has no commit yet"
            raise GitError(self.ref, problem, f"Make one first, {_WITHOUT}.")
        branch = _BRANCH.fullmatch(self.ref)
        fetch = f"Fetch it first: git fetch origin {branch[1]}" if branch else "Check its name"
        advice = f"{_DEEPEN}. {fetch}" if self._is_shallow() else fetch
        raise GitError(self.ref, "no commit has that name here", f"{advice}, {_WITHOUT}.")

    def _parse(self, ref: str) -> str | None:
        """Give the hash of the commit that a name means."""
        if ref.startswith("-") or "\0" in ref:
            return None
        peeled = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")
        done = _run(self.top, peeled, self.ref)
        said = done.stdout.decode("ascii", "replace").strip()
        return said if not done.returncode and _HASH.fullmatch(said) else None

    def _is_shallow(self) -> bool:
        return self.ask("rev-parse", "--is-shallow-repository").strip() == b"true"

    def read_blobs(self, blobs: Iterable[tuple[str, str]]) -> Iterator[bytes]:
        """Give what files held, all from one process.

        What Git LFS keeps is given itself, where it was fetched.

        Args:
            blobs: The hash of each, and what to call it in an error.

        Raises:
            GitError: One cannot be read.
        """
        asked = list(blobs)
        with TemporaryFile() as questions:  # a pipe would have to be filled while it is emptied
            questions.write("".join(f"{blob}\n" for blob, _ in asked).encode())
            questions.seek(0)
            with subprocess.Popen(  # noqa: S603 -- fixed words and no shell
                (*_COMMAND, "cat-file", "--batch"),
                cwd=self.top,
                env=_environment(),
                stdin=questions,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            ) as process:
                assert process.stdout is not None  # noqa: S101 -- it is a pipe
                for _, name in asked:
                    content = _read_answer(process.stdout)
                    if content is None:
                        raise self._cannot_read(name)
                    yield self._follow(content, name)

    def _cannot_read(self, name: str) -> GitError:
        problem = f"what '{name}' held then is not in this clone"
        remedy = "Fetch all of it: git fetch --refetch origin (no --filter when cloning)"
        return GitError(self.ref, problem, f"{remedy}, {_WITHOUT}.")

    def _follow(self, content: bytes, name: str) -> bytes:
        """Give what a pointer of Git LFS points at, and all else as it is."""
        target = _POINTS_AT.search(content) if len(content) <= _POINTER_BYTES else None
        if target is None or not content.startswith(_POINTER):
            return content
        folder = os.fsdecode(self.ask("rev-parse", "--git-common-dir").rstrip(b"\n"))
        key = target[1].decode()
        path = Path(self.top, folder, "lfs", "objects", key[:2], key[2:4], key)
        try:
            return path.read_bytes()
        except OSError:
            problem = f"what '{name}' held then lies in Git LFS and was not fetched"
            remedy = f"Run git lfs fetch origin {self.ref}, {_WITHOUT}."
            raise GitError(self.ref, problem, remedy) from None


def find_repository(paths: Iterable[str], ref: str) -> Repository:
    """Find the one repository that all paths lie in.

    Args:
        paths: Files and folders; links are followed.
        ref: The name of a commit of it, not looked at here.

    Raises:
        GitError: Git is missing, a path lies in no repository, or they lie in several.
    """
    tops: dict[str, str] = {}
    asked: dict[str, str] = {}
    for path in paths:
        folder = _find_marked(os.path.realpath(path))
        if folder is None:
            raise _lies_in_none(path, ref)
        if folder not in asked:
            asked[folder] = _ask_top(folder, path, ref)
        tops.setdefault(asked[folder], path)
    if len(tops) > 1:
        first, second = list(tops.values())[:2]
        problem = f"'{first}' and '{second}' lie in different git repositories"
        raise GitError(ref, problem, "Check each repository by a run of its own.")
    return Repository(next(iter(tops)), ref)


def _find_marked(path: str) -> str | None:
    """Give the closest folder around a path, or itself, that has a `.git`."""
    around = (path, *map(str, Path(path).parents))
    return next((folder for folder in around if Path(folder, ".git").exists()), None)


def _ask_top(folder: str, path: str, ref: str) -> str:
    done = _run(folder, ("rev-parse", "--show-toplevel"), ref)
    if not done.returncode:
        return os.path.realpath(os.fsdecode(done.stdout.removesuffix(b"\n")))
    if b"not a git repository" in done.stderr or b"work tree" in done.stderr:
        raise _lies_in_none(path, ref)
    raise _explain(done, folder, ref)


def _lies_in_none(path: str, ref: str) -> GitError:
    problem = f"'{path}' lies in no git repository"
    return GitError(ref, problem, f"Name paths within one, {_WITHOUT}.")


def _run(folder: str, arguments: Iterable[str], ref: str) -> "subprocess.CompletedProcess[bytes]":
    try:
        return subprocess.run(  # noqa: S603 -- fixed words, and names that git takes for no options
            (*_COMMAND, *arguments),
            cwd=folder,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
    except FileNotFoundError:
        problem = "git is not installed, or not on the PATH"
        raise GitError(ref, problem, f"Install it, {_WITHOUT}.") from None


def _environment() -> Mapping[str, str]:
    """Give git this process's variables; no setting of ours is read from them."""
    kept = {name: value for name, value in os.environ.items() if name not in _OF_A_HOOK}
    return kept | _FIXED


def _explain(done: "subprocess.CompletedProcess[bytes]", folder: str, ref: str) -> GitError:
    """Say why git failed."""
    said = done.stderr.decode("utf-8", "replace")
    if "dubious ownership" in said:
        problem = f"the repository '{folder}' belongs to somebody else, which git refuses"
        remedy = f"If you trust it: git config --global --add safe.directory '{folder}'."
        return GitError(ref, problem, remedy)
    reason = next((line for line in said.splitlines() if line.strip()), "it does not say why")
    remedy = f"Try git status in '{folder}', {_WITHOUT}."
    return GitError(ref, f"git failed: {reason.removeprefix('fatal: ').rstrip('.')}", remedy)


def _read_answer(stream: IO[bytes]) -> bytes | None:
    """Read the next object of `cat-file --batch`; None where it is missing or git gave up."""
    words = stream.readline().split()
    if len(words) != 3:  # noqa: PLR2004 -- hash, type, size
        return None
    size = int(words[2])
    content = stream.read(size + 1)
    return content[:size] if len(content) == size + 1 else None
