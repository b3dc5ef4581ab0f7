"""Turn typed options into the settings of the gate."""

from dedup.cli.check_options import BaselineOptions, CheckOptions
from dedup.config.gate import GateConfig


def make_gate_config(options: CheckOptions) -> GateConfig:
    """Give the settings of a check.

    Raises:
        SettingError: An option has a value that is not allowed.
    """
    return GateConfig(
        fail_on=options.fail_on,
        max_new=options.max_new,
        exit_code=options.exit_code,
        levels=options.resolved.levels,
        per_path=options.resolved.per_path,
        since=options.since,
        allow=tuple(options.allow or ()),
        show_suppressed=options.show_suppressed,
        fail_on_stale=options.fail_on_stale,
    )


def make_accept_config(options: BaselineOptions) -> GateConfig:
    """Give the settings that decide which findings a baseline accepts.

    Raises:
        SettingError: An option has a value that is not allowed.
    """
    return GateConfig(
        levels=options.resolved.levels,
        per_path=options.resolved.per_path,
        allow=tuple(options.allow or ()),
    )
