"""Instants of columns as whole minutes since the epoch, counted by the database: rows that only
feed arithmetic become no date-times on their way.

Of thousands of spans SQLite is asked in two texts, since a row of each would take it longer than
to find it. It keeps instants as texts of one length, so they are merged as they are, and only what
is left of them is counted.
"""

import sqlite3
from datetime import UTC, datetime, timedelta
from itertools import compress
from operator import gt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from bookme.availability import Span

#: SQLite's own function is twice as quick, where it knows it.
_SECONDS = (
    "unixepoch({})"
    if sqlite3.sqlite_version_info >= (3, 38)
    else "CAST(strftime('%s', {}) AS INTEGER)"
)


#: Such texts name no zone; all of them are UTC.
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC).replace(tzinfo=None)
_MINUTE = timedelta(minutes=1)


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


class AllOf(FunctionElement[str]):
    """The instants of a group in one text, as :func:`spans_in` reads them.

    On SQLite alone.
    """

    type = sa.Text()
    name = "all_of"
    inherit_cache = True


@compiles(AllOf, "sqlite")
def _all_of(element: Any, compiler: Any, **options: Any) -> str:
    return f"group_concat({compiler.process(element.clauses, **options)})"


def spans_in(begins: str, ends: str) -> list[Span]:
    """The time of some spans in whole minutes, as few spans, in order; each counts as
    :func:`bookme.availability.span_of` has it.

    Where a time is free, as many spans have ended as have begun. So it is enough to have either in
    order, which text for text are sorted and compared in a third of the time of pairs.

    :param begins: of all, in any order, as ``ends``; no span ends before it begins.
    """
    first, *later = sorted(begins.split(","))
    *before, last = sorted(ends.split(","))
    is_free = [*map(gt, later, before)]
    found = zip([first, *compress(later, is_free)], [*compress(before, is_free), last], strict=True)
    at = datetime.fromisoformat
    return [
        ((at(one) - _EPOCH) // _MINUTE, -((_EPOCH - at(other)) // _MINUTE)) for one, other in found
    ]
