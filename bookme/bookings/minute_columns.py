"""Instants of columns as whole minutes since the epoch, counted by the database: rows that only
feed arithmetic become no date-times on their way.
"""

import sqlite3
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

#: SQLite's own function is twice as quick, where it knows it.
_SECONDS = (
    "unixepoch({})"
    if sqlite3.sqlite_version_info >= (3, 38)
    else "CAST(strftime('%s', {}) AS INTEGER)"
)


class MinuteOf(FunctionElement[int]):
    """The minute that an instant lies in, as :func:`bookme.availability.to_minutes` has it."""

    type = sa.Integer()
    name = "minute_of"
    inherit_cache = True


class MinuteAfter(FunctionElement[int]):
    """The first whole minute not before an instant, as ``to_minutes_up`` has it."""

    type = sa.Integer()
    name = "minute_after"
    inherit_cache = True


@compiles(MinuteOf, "sqlite")
def _minute_of(element: Any, compiler: Any, **options: Any) -> str:
    at = compiler.process(element.clauses, **options)
    return f"{_SECONDS.format(at)} / 60"


@compiles(MinuteAfter, "sqlite")
def _minute_after(element: Any, compiler: Any, **options: Any) -> str:
    at = compiler.process(element.clauses, **options)
    # SQLite keeps text: the part of a second is what stands behind the point.
    begun = f"(substr({at}, 21) > '000000')"
    return f"({_SECONDS.format(at)} + {begun} + 59) / 60"


@compiles(MinuteOf, "postgresql")
def _minute_of_postgresql(element: Any, compiler: Any, **options: Any) -> str:
    at = compiler.process(element.clauses, **options)
    return f"CAST(floor(date_part('epoch', {at}) / 60) AS INTEGER)"


@compiles(MinuteAfter, "postgresql")
def _minute_after_postgresql(element: Any, compiler: Any, **options: Any) -> str:
    at = compiler.process(element.clauses, **options)
    return f"CAST(ceil(date_part('epoch', {at}) / 60) AS INTEGER)"
