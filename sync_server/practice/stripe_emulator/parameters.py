"""Decides what a form-encoded call says: brackets become groups and lists, and only accepted names pass."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sync_server.practice.stripe_emulator.answers import invalid

NAME = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)")
MOST_METADATA = 50
LONGEST_METADATA_NAME = 40
LONGEST_METADATA_VALUE = 500


@dataclass(frozen=True)
class Kind:
    """One accepted parameter; `required` ones must be present."""

    required: bool = False


@dataclass(frozen=True)
class Text(Kind):
    """A string; `choices` closes the set of values."""

    longest: int = 5000
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Whole(Kind):
    """An integer between two bounds."""

    least: int = 0
    most: int = 999_999_999_999


@dataclass(frozen=True)
class Flag(Kind):
    """`true` or `false`."""


@dataclass(frozen=True)
class Metadata(Kind):
    """A free map of strings; an empty value takes its name away."""


@dataclass(frozen=True)
class TextList(Kind):
    """A list of strings."""


@dataclass(frozen=True)
class Group(Kind):
    """A map with accepted names of its own."""

    inside: Mapping[str, Kind] = field(default_factory=dict)


@dataclass(frozen=True)
class Moment(Kind):
    """A time in Unix seconds, or a range of such."""


RANGE = Group(inside={name: Whole() for name in ("gt", "gte", "lt", "lte")})


def nested(pairs: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """`[("metadata[a]", "1")]` as `{"metadata": {"a": "1"}}`; list positions stay keys for now."""
    found: dict[str, Any] = {}
    for name, value in pairs:
        shape = NAME.fullmatch(name)
        if shape is None:
            raise invalid(f"Invalid parameter name: {name}", name)
        path = [shape[1], *re.findall(r"\[([^\[\]]*)\]", shape[2])]
        place = found
        for step in path[:-1]:
            inner = place.setdefault(step, {})
            if not isinstance(inner, dict):
                raise invalid(f"Invalid parameter: {name}", name)
            place = inner
        last = path[-1] if path[-1] or len(path) == 1 else str(len(place))
        if isinstance(place.get(last), dict):
            raise invalid(f"Invalid parameter: {name}", name)
        place[last] = value
    return found


def checked(given: Mapping[str, Any], accepted: Mapping[str, Kind], *, within: str = "") -> dict[str, Any]:
    """The parameters as values; refuses an unknown name, a missing one and a value of the wrong kind."""
    for name in given:
        if name not in accepted:
            full = _full(within, name)
            raise invalid(f"Received unknown parameter: {full}", full, "parameter_unknown")
    values: dict[str, Any] = {}
    for name, kind in accepted.items():
        full = _full(within, name)
        if name in given:
            values[name] = _value(given[name], kind, full)
        elif kind.required:
            raise invalid(f"Missing required param: {full}.", full, "parameter_missing")
    return values


def _full(within: str, name: str) -> str:
    return f"{within}[{name}]" if within else name


def _value(raw: object, kind: Kind, full: str) -> object:
    if isinstance(kind, Metadata):
        return _metadata(raw, full)
    if isinstance(kind, TextList):
        return _text_list(raw, full)
    inside = RANGE if isinstance(kind, Moment) and isinstance(raw, dict) else kind
    if isinstance(inside, Group):
        if not isinstance(raw, dict):
            raise invalid("Invalid object", full)
        return checked(raw, inside.inside, within=full)
    return _single(raw, kind, full)


def _single(raw: object, kind: Kind, full: str) -> object:
    if not isinstance(raw, str):
        raise invalid(f"Invalid value for {full}", full)
    if isinstance(kind, Flag):
        if raw not in ("true", "false"):
            raise invalid(f"Invalid boolean: {raw}", full)
        return raw == "true"
    if isinstance(kind, Moment):
        return _whole(raw, Whole(), full)
    if isinstance(kind, Whole):
        return _whole(raw, kind, full)
    assert isinstance(kind, Text)
    return _text(raw, kind, full)


def _whole(raw: str, kind: Whole, full: str) -> int:
    if re.fullmatch(r"-?[0-9]{1,18}", raw) is None:
        raise invalid(f"Invalid integer: {raw}", full, "parameter_invalid_integer")
    number = int(raw)
    if number < kind.least:
        message = f"This value must be greater than or equal to {kind.least}."
        raise invalid(message, full, "parameter_invalid_integer")
    if number > kind.most:
        raise invalid(f"This value must be less than or equal to {kind.most}.", full)
    return number


def _text(raw: str, kind: Text, full: str) -> str:
    if not raw:
        message = f"You passed an empty string for '{full}'. We assume empty values are an attempt to unset a"
        raise invalid(
            f"{message} parameter; however '{full}' cannot be unset.", full, "parameter_invalid_empty"
        )
    if len(raw) > kind.longest:
        raise invalid(f"Invalid string: must be at most {kind.longest} characters", full)
    if kind.choices and raw not in kind.choices:
        raise invalid(f"Invalid {full}: must be one of {', '.join(kind.choices)}", full)
    return raw


def _text_list(raw: object, full: str) -> list[str]:
    values = list(raw.values()) if isinstance(raw, dict) else None
    if values is None or not all(isinstance(value, str) and value for value in values):
        raise invalid("Invalid array", full)
    return values


def _metadata(raw: object, full: str) -> dict[str, str]:
    if raw == "":
        return {}
    if not isinstance(raw, dict):
        raise invalid("Invalid hash", full)
    if len(raw) > MOST_METADATA:
        raise invalid(f"You can only specify up to {MOST_METADATA} metadata keys.", full)
    for name, value in raw.items():
        if not isinstance(value, str):
            raise invalid("Metadata values must be strings.", _full(full, name))
        if len(name) > LONGEST_METADATA_NAME or len(value) > LONGEST_METADATA_VALUE:
            raise invalid("Metadata names have up to 40, values up to 500 characters.", _full(full, name))
    return raw


def merged_metadata(present: Mapping[str, str], given: Mapping[str, str] | None) -> dict[str, str]:
    """What stands after an update: new names added, empty values taken away, an empty map clears all."""
    if given is None:
        return dict(present)
    if not given:
        return {}
    return {name: value for name, value in {**present, **given}.items() if value}
