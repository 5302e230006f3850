"""New rows written a statement for a table, without the session's bookkeeping.

The session's unit of work finds out what depends on what, and writes row after row. Where that is
known beforehand, as for a new booking, it is most of the cost.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import make_transient_to_detached

from bookme.extensions import Model, db

_ID = "id"


def write(rows: Sequence[Model]) -> None:
    """Insert new rows of one kind, which have no session, in one statement; all of them with the
    same columns set. The session learns nothing of them.
    """
    db.session.connection().execute(_insert(type(rows[0])), [_values(row) for row in rows])


def keyed(rows: Sequence[Model]) -> None:
    """The same, and give the rows their ids, in their order."""
    inserted = db.session.connection().execute(
        _insert_with_id(type(rows[0])), [_values(row) for row in rows]
    )
    for row, row_id in zip(rows, inserted.scalars(), strict=True):
        setattr(row, _ID, row_id)


def know(row: Model) -> None:
    """Let the session have a row that was written this way, as if it had been loaded."""
    make_transient_to_detached(row)
    db.session.add(row)


def _values(row: Model) -> dict[str, Any]:
    columns = _table(type(row)).columns
    return {name: value for name, value in vars(row).items() if name in columns}


# Built once each: what a statement is made of is looked at again for every new one.
@cache
def _insert(model: type[Model]) -> sa.Insert:
    return sa.insert(_table(model))


@cache
def _insert_with_id(model: type[Model]) -> Any:
    return sa.insert(_table(model)).returning(_table(model).c[_ID], sort_by_parameter_order=True)


def _table(model: type[Model]) -> sa.Table:
    return cast(sa.Table, model.__table__)
