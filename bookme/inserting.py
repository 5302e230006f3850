"""New rows written a statement for a table, without the session's bookkeeping.

The session's unit of work finds out what depends on what, and writes row after row. Where that is
known beforehand, as for a new booking, it is most of the cost.
"""

from collections.abc import Iterable, Sequence
from functools import cache, partial
from typing import Any, TypeVar, cast

import sqlalchemy as sa
from sqlalchemy.orm import make_transient_to_detached

from bookme.extensions import Model, db
from bookme.prepared import Prepared

_ID = "id"
_Row = TypeVar("_Row", bound=Model)


def write(model: type[Model], *rows: dict[str, Any]) -> None:
    """Insert rows of these values, the same columns in all of them, in one statement; what else a
    new row begins with stands there, too. The session learns nothing of them.
    """
    _insert(model, tuple(rows[0])).write(rows)


def keyed(rows: Sequence[Model]) -> None:
    """The same for objects that have no session, of one kind; they get their ids."""
    values = [_values(row) for row in rows]
    for row, (row_id,) in zip(rows, _ids(type(rows[0]), values), strict=True):
        vars(row)[_ID] = row_id


def made(model: type[_Row], **values: Any) -> _Row:
    """An object of these values, as if they had been loaded: cheaper than to set them."""
    row = model()
    vars(row).update(values)
    return row


def know(row: Model, *parts: Model) -> None:
    """Let the session have a row that was written this way, with those of its own that it holds, as
    if they had been loaded.
    """
    for one in (row, *parts):
        make_transient_to_detached(one)
    db.session.add(row)


def _ids(model: type[Model], values: list[dict[str, Any]]) -> Iterable[Any]:
    if len(values) == 1:
        return _insert_one(model, tuple(values[0])).rows(**values[0])
    return db.session.connection().execute(_insert_with_id(model), values)


def _values(row: Model) -> dict[str, Any]:
    """What is set of the table's columns."""
    columns = _columns(type(row))
    return {name: value for name, value in vars(row).items() if name in columns}


# Looked up and built once each: what a statement is made of is looked at again for every new one.
@cache
def _columns(model: type[Model]) -> frozenset[str]:
    return frozenset(_table(model).columns.keys())


@cache
def _insert(model: type[Model], columns: tuple[str, ...]) -> Prepared:
    return Prepared(partial(_built, model, columns), columns)


@cache
def _insert_one(model: type[Model], columns: tuple[str, ...]) -> Prepared:
    id_ = _table(model).c[_ID]
    return Prepared(lambda: _built(model, columns).returning(id_), columns)


def _built(model: type[Model], columns: tuple[str, ...]) -> sa.Insert:
    """With all that isn't given as it begins. None of ours begins otherwise in another row."""
    others = [one for one in _table(model).columns if one.default and one.key not in columns]
    return sa.insert(_table(model)).values({one.key: _first(one.default) for one in others})


def _first(default: Any) -> Any:
    return default.arg(None) if default.is_callable else default.arg


@cache
def _insert_with_id(model: type[Model]) -> Any:
    return sa.insert(_table(model)).returning(_table(model).c[_ID], sort_by_parameter_order=True)


def _table(model: type[Model]) -> sa.Table:
    return cast(sa.Table, model.__table__)
