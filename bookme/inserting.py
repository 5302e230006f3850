"""New rows written a statement for a table, without the session's bookkeeping.

The session's unit of work finds out what depends on what, and writes row after row. Where that is
known beforehand, as for a new booking, it is most of the cost.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import cache, partial
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import make_transient_to_detached

from bookme.extensions import Model, db
from bookme.prepared import Prepared

_ID = "id"


def write(rows: Sequence[Model]) -> None:
    """Insert new rows of one kind, which have no session, in one statement; all of them with the
    same columns set. The session learns nothing of them.
    """
    values = [_values(row) for row in rows]
    _insert(type(rows[0]), tuple(values[0])).write(values)


def keyed(rows: Sequence[Model]) -> None:
    """The same, and give the rows their ids, in their order."""
    values = [_values(row) for row in rows]
    for row, (row_id,) in zip(rows, _ids(type(rows[0]), values), strict=True):
        setattr(row, _ID, row_id)


def know(row: Model) -> None:
    """Let the session have a row that was written this way, as if it had been loaded."""
    make_transient_to_detached(row)
    db.session.add(row)


def _ids(model: type[Model], values: list[dict[str, Any]]) -> Iterable[Any]:
    if len(values) == 1:
        return _insert_one(model, tuple(values[0])).rows(**values[0])
    return db.session.connection().execute(_insert_with_id(model), values)


def _values(row: Model) -> dict[str, Any]:
    """What is set, and what else a new row begins with, in the order of the table's columns."""
    found, begins = vars(row), _begins(type(row))
    return {
        name: found[name] if name in found else begins[name]()
        for name in _columns(type(row))
        if name in found or name in begins
    }


# Looked up and built once each: what a statement is made of is looked at again for every new one.
@cache
def _columns(model: type[Model]) -> list[str]:
    return _table(model).columns.keys()


@cache
def _begins(model: type[Model]) -> dict[str, Callable[[], Any]]:
    defaults = {one.key: one.default for one in _table(model).columns}
    return {name: _begin(one) for name, one in defaults.items() if one is not None}


def _begin(default: Any) -> Callable[[], Any]:
    """Gives a column's first value. None of ours asks of which row."""
    if default.is_callable:
        return partial(default.arg, None)
    return partial(_same, default.arg)


def _same(value: Any) -> Any:
    return value


@cache
def _insert(model: type[Model], columns: tuple[str, ...]) -> Prepared:
    return Prepared(partial(sa.insert, _table(model)), columns)


@cache
def _insert_one(model: type[Model], columns: tuple[str, ...]) -> Prepared:
    return Prepared(lambda: sa.insert(_table(model)).returning(_table(model).c[_ID]), columns)


@cache
def _insert_with_id(model: type[Model]) -> Any:
    return sa.insert(_table(model)).returning(_table(model).c[_ID], sort_by_parameter_order=True)


def _table(model: type[Model]) -> sa.Table:
    return cast(sa.Table, model.__table__)
