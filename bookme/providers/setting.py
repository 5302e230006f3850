"""A name that a provider adds to the environment, and how it is read."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias

#: The settings of this server, by name.
Settings: TypeAlias = Mapping[str, Any]


class Kind(StrEnum):
    """How a setting is read from the environment."""

    TEXT = "text"
    URL = "url"
    BASE = "base"  # an address that paths are added to
    HOSTS = "hosts"  # host names, comma-separated


@dataclass(frozen=True, slots=True)
class Setting:
    """A name that this provider adds to the environment."""

    name: str
    kind: Kind = Kind.TEXT
    default: str = ""
