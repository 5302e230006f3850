"""Statements that are the same for every request but for their values, compiled once.

To build a statement of a dozen conditions and to find its compiled form again takes SQLAlchemy as
long as the database takes to answer it.
"""

from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from typing import Any, TypeVar, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import Session, make_transient_to_detached
from sqlalchemy.orm.attributes import instance_dict, set_committed_value

from bookme import database
from bookme.extensions import db

M = TypeVar("M")
#: In a session's own notes: that it has a connection, or had one.
_HAS_ASKED = "has_asked"


def among(column: Any, values: Iterable[Any]) -> sa.ColumnElement[bool]:
    """As ``column.in_(values)``, but written out once and not again for each execution."""
    condition: sa.ColumnElement[bool] = column.in_([sa.literal(one, column.type) for one in values])
    return condition


def insert_into(table: Any) -> Any:
    """The session's database's own INSERT, which may say what becomes of a row that is there."""
    own: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
    return own[db.session.get_bind().dialect.name](table)


def fixed(value: StrEnum) -> sa.ColumnElement[Any]:
    """A value of ours that stands in the statement itself. SQLite, which has partial indexes that
    such a value could suit, plans a statement anew each time that it is told it.
    """
    return sa.literal_column(f"'{value.value}'")


def needs_session() -> bool:
    """Whether what is asked now has to see what the session has written or read: not where nothing
    is written, and the session has asked for nothing.
    """
    has_asked = db.session.registry.has() and _HAS_ASKED in db.session().info
    return has_asked or not database.only_reads()


@sa.event.listens_for(db.session, "after_begin")
def _note(session: Session, _transaction: object, _connection: object) -> None:
    session.info[_HAS_ASKED] = True


def columns_of(*models: type[Any]) -> list[Any]:
    """The columns of which :func:`held` makes objects."""
    return [column for model in models for column in sa.inspect(model).columns]


def held(model: type[M], values: Sequence[Any]) -> M:
    """The session's object of a row, as if it had loaded it, in half the time. One that the session
    has already keeps what it knows, and learns what it has let go of since a commit.

    :param values: of :func:`columns_of` the model.
    """
    mapper = sa.inspect(model)
    named = dict(zip(mapper.columns.keys(), values, strict=True))
    made = mapper.class_manager.new_instance()
    instance_dict(made).update(named)
    known = db.session.identity_map.get(mapper.identity_key_from_instance(made))
    if known is not None:
        for name in sa.inspect(known).unloaded & named.keys():
            set_committed_value(known, name, named[name])
        return known
    make_transient_to_detached(made)
    db.session.add(made)
    return made


class Prepared:
    """A statement for the session's connection, whose values are named by ``sa.bindparam``. One
    that only reads, and need not see what the session does, is asked without it.

    What the session has not flushed yet, it does not see.

    :param build: makes the statement; called once for each kind of database. Lists of values in it
        are written by :func:`among`.
    :param columns: of an INSERT: those that get values.
    """

    def __init__(self, build: Callable[[], Any], columns: Iterable[str] | None = None) -> None:
        self._build = build
        self._columns = list(columns) if columns is not None else None
        self._written: dict[str, _Written] = {}

    def rows(self, **values: Any) -> Sequence[tuple[Any, ...]]:
        """All rows that the statement gives for these values; what it doesn't name is left out."""
        engine = db.engine
        written, driver = self._for(engine.dialect), cast(Any, engine.dialect.loaded_dbapi)
        if written.only_reads:
            try:
                if not needs_session():
                    return written.rows_alone(engine, values)
                return written.rows_beside(db.session.connection(), values)
            except driver.Error:  # SQLAlchemy has words for it, if it can't be asked either
                pass
        return written.rows(db.session.connection(), values)

    def rows_alone(self, engine: sa.Engine, **values: Any) -> Sequence[tuple[Any, ...]]:
        """The same of a statement that only reads and is alone in its transaction, without all that
        SQLAlchemy does around it, which takes four times as long.

        :raises engine.dialect.loaded_dbapi.Error: as the driver does.
        """
        return self._for(engine.dialect).rows_alone(engine, values)

    def write(self, rows: Sequence[dict[str, Any]]) -> None:
        """Send a statement that gives no rows, once for each of these values."""
        connection = db.session.connection()
        self._for(connection.dialect).write(connection, rows)

    def _for(self, dialect: Dialect) -> "_Written":
        name = dialect.name
        if name not in self._written:
            self._written[name] = _Written(self._build(), dialect, self._columns)
        return self._written[name]


class _Written:
    """A statement as one kind of database reads it, and what its driver's values are made of."""

    def __init__(self, statement: Any, dialect: Dialect, columns: list[str] | None) -> None:
        style = "named" if dialect.paramstyle == "qmark" else dialect.paramstyle
        of_style: Any = type(dialect)
        compiled = statement.compile(dialect=of_style(paramstyle=style), column_keys=columns)
        self.sql = str(compiled)
        self._into = {
            name: bound.type.dialect_impl(dialect).bind_processor(dialect)
            for name, bound in compiled.binds.items()
        }
        given = {name: bound.value for name, bound in compiled.binds.items() if not bound.required}
        self._given = self._processed(given)
        kinds = [column.type.dialect_impl(dialect) for column in statement.exported_columns]
        self._out_of = [kind.result_processor(dialect, None) for kind in kinds]
        self._is_plain = not any(self._out_of)
        self._is_postgresql = dialect.name == "postgresql"
        self.only_reads = isinstance(statement, sa.Select | sa.CompoundSelect)

    def rows(self, connection: sa.Connection, values: dict[str, Any]) -> Sequence[tuple[Any, ...]]:
        result = connection.exec_driver_sql(self.sql, self.asked(values))
        # As the driver has them: SQLAlchemy's own rows take longer than to ask for them.
        found: Any = result.cursor.fetchall() if result.cursor is not None else []
        result.close()
        return self._made(found)

    def rows_alone(self, engine: sa.Engine, values: dict[str, Any]) -> Sequence[tuple[Any, ...]]:
        asked = self.asked(values)
        connection = engine.raw_connection()
        try:
            driver: Any = connection.driver_connection
            # No BEGIN, no ROLLBACK: each is another way to the server. SQLite's are so always.
            if self._is_postgresql:
                driver.autocommit = True
            try:
                return self._fetched(driver, engine, asked)
            finally:
                if self._is_postgresql:
                    driver.autocommit = False
        finally:
            connection.close()

    def rows_beside(
        self, connection: sa.Connection, values: dict[str, Any]
    ) -> Sequence[tuple[Any, ...]]:
        """In the connection's transaction, without SQLAlchemy's result, which asks itself what each
        column is.
        """
        driver = connection.connection.driver_connection
        return self._fetched(driver, connection.engine, self.asked(values))

    def _fetched(self, driver: Any, engine: sa.Engine, asked: dict[str, Any]) -> Any:
        cursor = driver.cursor()
        for hears in engine.dispatch.before_cursor_execute:
            hears(None, cursor, self.sql, asked, None, False)
        return self._made(cursor.execute(self.sql, asked).fetchall())

    def _made(self, found: Sequence[tuple[Any, ...]]) -> Sequence[tuple[Any, ...]]:
        if self._is_plain:
            return found
        made = self._out_of
        return [
            tuple([one if of is None else of(one) for of, one in zip(made, row, strict=True)])
            for row in found
        ]

    def write(self, connection: sa.Connection, rows: Sequence[dict[str, Any]]) -> None:
        asked = [self.asked(values) for values in rows]
        connection.exec_driver_sql(self.sql, asked if len(asked) > 1 else asked[0])

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
