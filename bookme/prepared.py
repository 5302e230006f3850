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
        connection = db.session.connection()
        return self._for(connection.dialect).rows(connection, values)

    def rows_alone(self, engine: sa.Engine, **values: Any) -> Sequence[Any]:
        """The same of a statement that only reads and is alone in its transaction, as the driver
        has them, and without all that SQLAlchemy does around it, which takes four times as long.

        :raises engine.dialect.loaded_dbapi.Error: as the driver does.
        """
        written = self._for(engine.dialect)
        connection = engine.raw_connection()
        try:
            cursor = connection.cursor()
            cursor.execute(written.sql, written.asked(values))
            return cursor.fetchall()
        finally:
            connection.close()  # rolls back

    def plain_rows(self, **values: Any) -> Sequence[Any]:
        """The same as the driver has them: of numbers and texts, of which there may be thousands.
        What the session has not written yet counts, as in a query of models.
        """
        db.session.flush()
        connection = db.session.connection()
        return self._for(connection.dialect).plain_rows(connection, values)

    def _for(self, dialect: Dialect) -> "_Written":
        name = dialect.name
        if name not in self._written:
            self._written[name] = _Written(self._build(), dialect)
        return self._written[name]


class _Written:
    """A statement as one kind of database reads it, and what its driver's values are made of."""

    def __init__(self, statement: Any, dialect: Dialect) -> None:
        style = "named" if dialect.paramstyle == "qmark" else dialect.paramstyle
        of_style: Any = type(dialect)
        compiled = statement.compile(dialect=of_style(paramstyle=style))
        self.sql = str(compiled)
        self._into = {
            name: bound.type.dialect_impl(dialect).bind_processor(dialect)
            for name, bound in compiled.binds.items()
        }
        given = {name: bound.value for name, bound in compiled.binds.items() if not bound.required}
        self._given = self._processed(given)
        kinds = [column.type.dialect_impl(dialect) for column in statement.selected_columns]
        self._out_of = [kind.result_processor(dialect, None) for kind in kinds]

    def rows(self, connection: sa.Connection, values: dict[str, Any]) -> list[tuple[Any, ...]]:
        found = connection.exec_driver_sql(self.sql, self.asked(values)).all()
        made = self._out_of
        return [
            tuple([one if of is None else of(one) for of, one in zip(made, row, strict=True)])
            for row in found
        ]

    def plain_rows(self, connection: sa.Connection, values: dict[str, Any]) -> Sequence[Any]:
        found = connection.exec_driver_sql(self.sql, self.asked(values))
        # To make rows of them takes longer than to ask for them.
        rows = found.cursor.fetchall() if found.cursor is not None else []
        found.close()
        return rows

    def asked(self, values: dict[str, Any]) -> dict[str, Any]:
        """The driver's values."""
        return self._given | self._processed(values)

    def _processed(self, values: dict[str, Any]) -> dict[str, Any]:
        into = self._into
        return {
            name: one if (of := into[name]) is None else of(one)
            for name, one in values.items()
            if name in into
        }
