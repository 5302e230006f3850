"""Statements that are the same for every request but for their values, compiled once.

To build a statement of a dozen conditions and to find its compiled form again takes SQLAlchemy as
long as the database takes to answer it.
"""

from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect

from bookme.extensions import db


def among(column: Any, values: Iterable[Any]) -> sa.ColumnElement[bool]:
    """As ``column.in_(values)``, but written out once and not again for each execution."""
    condition: sa.ColumnElement[bool] = column.in_([sa.literal(one, column.type) for one in values])
    return condition


def fixed(value: StrEnum) -> sa.ColumnElement[Any]:
    """A value of ours that stands in the statement itself. SQLite, which has partial indexes that
    such a value could suit, plans a statement anew each time that it is told it.
    """
    return sa.literal_column(f"'{value.value}'")


class Prepared:
    """A statement whose values are named by ``sa.bindparam``.

    :param build: makes the statement; called once for each kind of database. Lists of values in it
        are written by :func:`among`.
    """

    def __init__(self, build: Callable[[], Any]) -> None:
        self._build = build
        self._written: dict[str, _Written] = {}

    def rows(self, **values: Any) -> list[tuple[Any, ...]]:
        """All rows that the statement gives for these values; what it doesn't name is left out."""
        return self.rows_on(db.session.connection(), **values)

    def rows_on(self, connection: sa.Connection, **values: Any) -> list[tuple[Any, ...]]:
        """The same for another connection than the session's."""
        return self._on(connection).rows(connection, values)

    def plain_rows(self, **values: Any) -> Sequence[Any]:
        """The same as the driver has them: of numbers and texts, of which there may be thousands.
        What the session has not written yet counts, as in a query of models.
        """
        db.session.flush()
        connection = db.session.connection()
        return self._on(connection).plain_rows(connection, values)

    def _on(self, connection: sa.Connection) -> "_Written":
        name = connection.dialect.name
        if name not in self._written:
            self._written[name] = _Written(self._build(), connection.dialect)
        return self._written[name]


class _Written:
    """A statement as one kind of database reads it, and what its driver's values are made of."""

    def __init__(self, statement: Any, dialect: Dialect) -> None:
        style = "named" if dialect.paramstyle == "qmark" else dialect.paramstyle
        of_style: Any = type(dialect)
        compiled = statement.compile(dialect=of_style(paramstyle=style))
        self._sql = str(compiled)
        self._into = {
            name: bound.type.dialect_impl(dialect).bind_processor(dialect)
            for name, bound in compiled.binds.items()
        }
        given = {name: bound.value for name, bound in compiled.binds.items() if not bound.required}
        self._given = self._processed(given)
        kinds = [column.type.dialect_impl(dialect) for column in statement.selected_columns]
        self._out_of = [kind.result_processor(dialect, None) for kind in kinds]

    def rows(self, connection: sa.Connection, values: dict[str, Any]) -> list[tuple[Any, ...]]:
        asked = self._given | self._processed(values)
        found = connection.exec_driver_sql(self._sql, asked).all()
        made = self._out_of
        return [
            tuple([one if of is None else of(one) for of, one in zip(made, row, strict=True)])
            for row in found
        ]

    def plain_rows(self, connection: sa.Connection, values: dict[str, Any]) -> Sequence[Any]:
        found = connection.exec_driver_sql(self._sql, self._given | self._processed(values))
        # To make rows of them takes longer than to ask for them.
        rows = found.cursor.fetchall() if found.cursor is not None else []
        found.close()
        return rows

    def _processed(self, values: dict[str, Any]) -> dict[str, Any]:
        into = self._into
        return {
            name: one if (of := into[name]) is None else of(one)
            for name, one in values.items()
            if name in into
        }
