"""Read the settings of a saved run.

One that is missing has its default: it is newer than the file, and defaults keep what was.
"""

from dataclasses import Field, fields
from types import UnionType
from typing import Any, Literal, get_args, get_origin, get_type_hints

from dedup.config import Config
from dedup.errors import SettingError
from dedup.saved.fields import Fields, Json


def read_config(saved: Fields) -> Config:
    """Read every setting; what changes no verdict is not saved.

    Raises:
        InputError: A setting has a value that is not allowed.
    """
    return Config(**{
        stage.name: _read_stage(saved.part(stage.name), stage)
        for stage in fields(Config)
        if saved.has(stage.name)
    })  # fmt: skip


def _read_stage(saved: Fields, stage: Field[Any]) -> Any:  # noqa: ANN401 -- one class a stage
    kind = get_type_hints(Config)[stage.name]
    types = get_type_hints(kind)
    values = {
        setting.name: _read_setting(saved, setting.name, types[setting.name])
        for setting in fields(kind)
        if saved.has(setting.name)
    }
    try:
        return kind(**values)
    except SettingError as error:
        problem = str(error).removesuffix(". Choose another value.")
        raise saved.refuse(f"in its settings, {problem[:400]}") from error


def _read_setting(saved: Fields, name: str, kind: object) -> Json:
    value = saved.take(name)
    if not _fits(value, kind):
        raise saved.refuse(f"{saved.name_field(name)} is of the wrong type")
    return tuple(value) if isinstance(value, list) else value


def _fits(value: Json, kind: Any) -> bool:  # noqa: ANN401 -- any annotation of a setting
    """Tell whether a value of JSON is one of a setting's type."""
    origin = get_origin(kind)
    if origin is Literal:
        return value in get_args(kind)
    if origin is UnionType:
        return any(_fits(value, each) for each in get_args(kind))
    if origin is tuple:
        return isinstance(value, list) and all(isinstance(each, str) for each in value)
    if isinstance(value, bool):
        return kind is bool
    return isinstance(value, int | float if kind is float else kind)
