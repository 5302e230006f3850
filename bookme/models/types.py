"""Column types."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect


class UTCDateTime(sa.TypeDecorator[datetime]):
    """An aware instant, kept in UTC on every database.

    SQLite would give a naive value back, and Python compares two values of one local zone by their
    wall clocks, which is wrong for an hour twice a year.

    :raises ValueError: on the way in, if the value is naive.
    """

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC)

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        """SQLite's texts in one call each, where SQLAlchemy has three."""
        return _instant if dialect.name == "sqlite" else super().result_processor(dialect, coltype)


def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(f"{text}+00:00")


class Choice(sa.TypeDecorator[StrEnum]):
    """One of a closed set of words, kept as its text.

    :raises ValueError: on the way in and out, if the text is not one of the set.
    """

    impl = sa.String(32)
    cache_ok = True

    def __init__(self, kind: type[StrEnum]) -> None:
        super().__init__()
        self.kind = kind

    def process_bind_param(self, value: StrEnum | str | None, dialect: Dialect) -> str | None:
        return None if value is None else str(self.kind(value))

    def result_processor(self, _dialect: Dialect, _coltype: object) -> Any:
        """Looked up, since an enumeration takes some ten times as long."""
        return _Members(self.kind).__getitem__


class _Members(dict[str | None, StrEnum | None]):
    """The members of a set of words by their texts."""

    def __init__(self, kind: type[StrEnum]) -> None:
        super().__init__({None: None} | {str(one): one for one in kind})

    def __missing__(self, text: str | None) -> StrEnum:
        raise ValueError(f"{text!r} is none of {[one for one in self if one]}")


def render_item(kind: str, item: Any, context: Any) -> str | bool:
    """How Alembic writes our column types into a migration: as plain SQLAlchemy, so that a
    migration
    keeps its meaning when this module changes."""
    if kind == "type" and isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, Choice):
        return "sa.String(length=32)"
    return False
