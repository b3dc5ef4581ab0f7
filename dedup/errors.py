"""Hold every error raised on purpose, each with a code.

A message has four parts: what failed, on what, what is allowed, what to do now. Only `cli` prints
one; a library user catches `DedupError`.
"""

from pathlib import Path


def give_reason(error: Exception) -> str:
    """Say what the system said, as it goes on behind a colon.

    >>> give_reason(OSError(2, "No such file or directory"))
    'no such file or directory'
    """
    reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
    return reason[:1].lower() + reason[1:]


class DedupError(Exception):
    """Anything that `dedup` refuses, with a code that never changes its meaning."""

    code = "DD000"


class SettingError(DedupError):
    """A setting has a value outside its range, or does not exist."""

    code = "DD001"


class UnreadableFormatError(DedupError):
    """No reader knows the file's format."""

    code = "DD101"

    def __init__(self, path: Path, readable: list[str]) -> None:
        super().__init__(
            f"cannot read '{path}': no reader for '{path.suffix or path.name}'. "
            f"Readable: {', '.join(readable)}. Name one with --input-format."
        )


class InputError(DedupError):
    """A source could not be read, or holds what its format does not allow."""

    code = "DD102"

    def __init__(self, path: str, line: int | None, problem: str, remedy: str) -> None:
        """Say where (`line` from 1, None for the whole source), what is wrong and what to do."""
        self.path, self.line, self.problem = path, line, problem
        place = path if line is None else f"{path}:{line}"
        super().__init__(f"cannot read {place}: {problem}. {remedy}")


class OutputError(DedupError):
    """A file could not be written; what stood under its name before is untouched."""

    code = "DD201"

    def __init__(self, path: str, problem: str, option: str = "--output") -> None:
        """Say what could not be written, why, and which option names another file."""
        super().__init__(
            f"cannot write {path}: {problem}. What stood there before is untouched; "
            f"make room or choose another file with {option}."
        )


class WorkFolderError(DedupError):
    """The working folder cannot be used: it is full, or it holds something else."""

    code = "DD202"

    def __init__(self, folder: str, problem: str, remedy: str) -> None:
        """Say which folder, what is wrong with it and what to do."""
        self.folder, self.problem = folder, problem
        super().__init__(f"cannot use the working folder '{folder}': {problem}. {remedy}")


class SignatureMismatchError(DedupError):
    """Two signatures of different length, seed or scheme were compared."""

    code = "DD301"

    def __init__(self, left: int, right: int) -> None:
        super().__init__(
            f"cannot compare signatures of {left} and {right} permutations: both must be made "
            "with one num_perm and one seed. Sign the paragraphs again with the same settings."
        )


class MissingExtraError(DedupError):
    """A feature needs a package that is not installed."""

    code = "DD401"

    def __init__(self, feature: str, package: str, extra: str) -> None:
        super().__init__(
            f"{feature} needs the package '{package}', which is not installed. "
            f"Install it with: pip install 'dedup-paragraphs[{extra}]'"
        )


class GitError(DedupError):
    """Git cannot tell what was there before."""

    code = "DD501"

    def __init__(self, ref: str, problem: str, remedy: str) -> None:
        """Say with what was to be compared, why that cannot be done and what to do."""
        self.ref, self.problem = ref, problem
        super().__init__(f"cannot compare with '{ref}': {problem}. {remedy}")


class SparkRunError(DedupError):
    """A stage of a run on Spark failed, for a reason that is not in the input."""

    code = "DD601"

    def __init__(self, stage: str, problem: str) -> None:
        """Say which stage failed and what Spark said of it."""
        self.stage, self.problem = stage, problem
        super().__init__(
            f"cannot finish the stage '{stage}' on Spark: {problem}. The stages before it are "
            "kept: run again with the same --work to go on from there."
        )
