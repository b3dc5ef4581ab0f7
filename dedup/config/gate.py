"""Hold the settings of `dedup check`: which findings fail, and which are accepted."""

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from dedup.config.checks import check_choice, check_range, refuse, setting
from dedup.config.stages import RULES, UNREADABLE_RULE

Level: TypeAlias = Literal["off", "note", "warning", "error"]
FAIL_LEVELS: Final = ("note", "warning", "error")


@dataclass(frozen=True, slots=True)
class PathRules:
    """What holds for findings at some paths: rules left out, and levels.

    Attributes:
        paths: Patterns as in `.gitignore`, from the folder of the configuration file.
        folder: That folder, as a real path.
        levels: Each a rule and its level; `off` leaves it out.
    """

    paths: tuple[str, ...]
    folder: str
    levels: tuple[tuple[str, Level], ...]

    def __post_init__(self) -> None:
        """Refuse no path, and what is no rule or no level."""
        if not self.paths:
            raise refuse("per-path.paths", self.paths, "a list of patterns, as docs/legal/**")
        check_levels("per-path.levels", self.levels)


@dataclass(frozen=True, slots=True)
class GateConfig:
    """Which findings fail a check."""

    fail_on: str = setting("warning", "notes say what may be meant so: variants and boilerplate")
    max_new: int = setting(0, "a count hides one finding behind another; accept by name instead")
    exit_code: int = setting(1, "what tools of continuous integration take for findings")
    levels: tuple[tuple[str, Level], ...] = setting((), "of rules, where not as `explain` says")
    per_path: tuple[PathRules, ...] = setting((), "the last that names a path decides")
    since: str | None = setting(None, "None: every finding counts, whoever made it")
    allow: tuple[str, ...] = setting((), "files of paragraphs that may repeat")
    show_suppressed: bool = setting(default=False, reason="what was accepted is not news")
    fail_on_stale: bool = setting(default=False, reason="a mended text should not fail a check")

    def __post_init__(self) -> None:
        """Refuse what is no level or no rule, and counts out of range."""
        if self.fail_on not in FAIL_LEVELS:
            raise refuse("fail_on", self.fail_on, " or ".join(FAIL_LEVELS))
        # Empty is a variable that is not set; with a dash it is the next option.
        if self.since is not None and (not self.since.strip() or self.since.startswith("-")):
            raise refuse("since", self.since, "the name of a commit, as main or HEAD~1")
        check_range("max_new", self.max_new, 0, 1 << 40)
        if self.exit_code == 2 or not 0 <= self.exit_code <= 125:  # noqa: PLR2004 -- see below
            raise refuse("exit_code", self.exit_code, "0 to 125 but 2, which says that it failed")
        check_levels("levels", self.levels)


def check_levels(name: str, levels: tuple[tuple[str, Level], ...]) -> None:
    """Refuse what is no rule or no level.

    Raises:
        SettingError: One of them is not.
    """
    for rule, level in levels:
        if rule not in RULES:
            raise refuse(name, rule, " or ".join(RULES))
        if rule == UNREADABLE_RULE:
            allowed = f"no other level than error; leave it out with --ignore {rule}"
            raise refuse(f"{name}.{rule}", level, allowed)
        check_choice(f"{name}.{rule}", level, Level)


GATE_DEFAULTS: Final = GateConfig()
