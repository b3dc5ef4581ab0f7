"""Give findings the levels that a configuration asks for, by rule and by path.

Findings come in with the level of their rule; they go out with the one in force. Of several
settings for paths the last that names a path and a rule decides, so that one for `docs/**` holds in
`docs/legal/**` where that says nothing of the rule. Where no setting names a rule it keeps its
level.
"""

import os
from dataclasses import replace
from pathlib import Path

from dedup.config.gate import GateConfig, Level, PathRules
from dedup.findings import Finding, usual_level
from dedup.model import Relation
from dedup.path_patterns import PathPatterns, compile_patterns


def set_levels(findings: tuple[Finding, ...], config: GateConfig) -> tuple[Finding, ...]:
    """Give findings their levels, and leave out those whose rule is off.

    What comes only near a threshold stays a note, whatever its rule's level. A finding's path is
    that of its own paragraph, as the paragraph that says it again is the one that would be changed.
    `off` holds on either side, as a comment that ignores does: where the rule is off at the path of
    the paragraph, or at those of all its sources. Which of two is named first says only which file
    comes first. A finding without a path has the levels of its rule alone.

    Args:
        findings: Findings, with any level.
        config: The levels, by rule and by path.
    """
    if not (config.levels or config.per_path):
        return findings
    levels = _Levels(config)
    found = ((finding, levels.find(finding)) for finding in findings)
    return tuple(
        finding if level == finding.level else replace(finding, level=level)
        for finding, level in found
        if level != "off" and not levels.is_off_at_sources(finding)
    )


def set_levels_anew(findings: tuple[Finding, ...], config: GateConfig) -> tuple[Finding, ...]:
    """Give findings the levels of the paragraphs that are named now, the new ones.

    Args:
        findings: Findings, some of them turned round since they got their levels.
        config: The levels, by rule and by path.
    """
    if not config.per_path:
        return findings
    levels = _Levels(config)
    found = ((finding, levels.find(finding)) for finding in findings)
    return tuple(replace(finding, level=level) for finding, level in found if level != "off")


class _Levels:
    """Knows the level of each rule at each path; a path is looked up once."""

    def __init__(self, config: GateConfig) -> None:
        self._everywhere: dict[str, Level] = dict(config.levels)
        self._compiled = [(rules, _compile(rules)) for rules in config.per_path]
        self._by_path: dict[str, dict[str, Level]] = {}

    def find(self, finding: Finding) -> str:
        """Give the level of a finding."""
        usual = usual_level(finding.relation, is_near=finding.is_near)
        level = self._at(finding.reference.path).get(finding.rule, usual)
        return "note" if finding.is_near and level != "off" else level

    def is_off_at_sources(self, finding: Finding) -> bool:
        """Tell whether a finding's rule is off at the paths of all its sources."""
        if not self._compiled or finding.relation is Relation.BOILERPLATE:
            return False
        at = (self._at(source.path).get(finding.rule) for source in finding.sources)
        return bool(finding.sources) and all(level == "off" for level in at)

    def _at(self, path: str | None) -> dict[str, Level]:
        if path is None or not self._compiled:
            return self._everywhere
        if path not in self._by_path:
            found = dict(self._everywhere)
            for rules, patterns in self._compiled:
                if _names(rules, patterns, path):
                    found.update(rules.levels)
            self._by_path[path] = found
        return self._by_path[path]


def _compile(rules: PathRules) -> PathPatterns:
    return compile_patterns(rules.paths, f"per-path in {rules.folder}")


def _names(rules: PathRules, patterns: PathPatterns, path: str) -> bool:
    """Say whether patterns name a file, by the name it was reached by, else by its real one."""
    for name in (os.path.abspath(path), os.path.realpath(path)):  # noqa: PTH100 -- see below
        # `Path.absolute` keeps the `..` of a name, `Path.resolve` follows links in all of it.
        if Path(name).is_relative_to(rules.folder):
            below = Path(name).relative_to(rules.folder).as_posix()
            return patterns.names(below, is_folder=False) is True
    return False
