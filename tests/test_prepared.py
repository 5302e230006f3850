"""A statement that is compiled once gives what SQLAlchemy would, on both databases."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, cast

import pytest
import sqlalchemy as sa
from flask import Flask

from bookme import database
from bookme.extensions import db
from bookme.models import Booking, BookingStatus, Schedule, User
from bookme.prepared import Prepared, among, columns_of, fixed, held
from tests import factories
from tests.factories import NOW
from tests.statements import statements

pytestmark = pytest.mark.both_databases
OPEN = (BookingStatus.PENDING, BookingStatus.CONFIRMED)


def built() -> Any:
    since = sa.bindparam("since", type_=Booking.starts_at.type)
    columns = Booking.id, Booking.starts_at, Booking.status, Booking.lapses_at, Schedule.week
    query = sa.select(*columns).join(Booking.schedule).order_by(Booking.id).limit(2)
    return query.where(Booking.starts_at >= since, among(Booking.status, OPEN))


def test_values_of_each_kind_come_back_as_models_have_them(app: Flask) -> None:
    first = factories.booking()
    later = [first.starts_at + timedelta(days=nth) for nth in (1, 2, 3)]
    rows = [factories.booking(schedule=first.schedule, starts_at=at) for at in later]
    rows[0].status = BookingStatus.DECLINED
    db.session.commit()
    prepared = Prepared(built)
    for since in (NOW, later[1], later[2] + timedelta(seconds=1)):
        usual = [tuple(row) for row in db.session.execute(built(), {"since": since})]
        assert prepared.rows(since=since, another=1) == usual
    assert prepared.rows(since=NOW)[0][1:] == (
        first.starts_at,
        BookingStatus.CONFIRMED,
        None,
        first.schedule.week,
    )


def test_a_value_that_is_missing_is_an_error(app: Flask) -> None:
    with pytest.raises(sa.exc.StatementError):
        Prepared(built).rows()
    db.session.rollback()


def test_a_statement_alone_gives_the_same_and_leaves_nothing_open(app: Flask) -> None:
    first = factories.booking()
    query = sa.select(Booking.id).where(Booking.token == sa.bindparam("token", type_=sa.String))
    prepared, engine = Prepared(lambda: query), db.engine
    db.session.commit()
    for _ in range(2):
        assert [tuple(row) for row in prepared.rows_alone(engine, token=first.token)] == [
            (first.id,)
        ]
    assert prepared.rows_alone(engine, token="none") == []
    db.session.remove()
    pool: Any = engine.pool
    assert pool.checkedout() == 0


def test_a_fixed_value_is_no_value_that_the_database_is_told(app: Flask) -> None:
    first = factories.booking()
    query = sa.select(Booking.id).where(Booking.status == fixed(BookingStatus.CONFIRMED))
    assert db.session.scalars(query).all() == [first.id]
    assert not query.compile(db.engine).params


def hosts_row() -> Any:
    """The first host's, as the database has it."""
    return Prepared(lambda: sa.select(*columns_of(User))).rows()[0]


def test_a_row_becomes_the_sessions_own_object(app: Flask) -> None:
    host_id = factories.host(name="Mara").id
    with statements() as sent:
        host = held(User, hosts_row())
        assert (host.name, host.created_at, host.is_confirmed) == ("Mara", NOW, True)
        assert db.session.get(User, host_id) is host
    assert len(sent) == 1
    assert not db.session.is_modified(host)
    host.name = "Mara Lindqvist"
    db.session.commit()
    db.session.remove()
    assert db.session.scalars(sa.select(User.name)).one() == "Mara Lindqvist"


def test_an_object_that_is_there_keeps_what_it_knows_and_learns_the_rest(app: Flask) -> None:
    host = factories.host(name="Mara")
    db.session.expire(host, ["zone"])
    row, host.name = hosts_row(), "Ana"
    assert held(User, row) is host
    assert "zone" not in sa.inspect(host).expired_attributes
    assert (host.name, host.zone) == ("Ana", "UTC")


@pytest.fixture
def reads(app: Flask) -> Iterator[None]:
    """A request that only reads, whose session has not begun."""
    factories.booking()
    db.session.commit()
    db.session.remove()
    with database.reading():
        yield


def number() -> Any:
    return sa.select(sa.func.count(Booking.id))


def test_who_only_reads_is_answered_without_a_session(reads: None) -> None:
    prepared, pool = Prepared(number), cast(Any, db.engine.pool)
    with statements() as said:
        assert [tuple(row) for row in prepared.rows()] == [(1,)]
    assert len(said) == 1
    assert not db.session.registry.has()
    assert pool.checkedout() == 0


def test_values_come_back_without_a_session_as_with_one(reads: None) -> None:
    prepared = Prepared(built)
    alone = prepared.rows(since=NOW)
    assert not db.session.registry.has()
    db.session.connection()
    assert alone == prepared.rows(since=NOW)
    assert alone


def test_a_session_that_has_begun_is_asked_itself(reads: None) -> None:
    booking = db.session.scalars(sa.select(Booking)).one()
    booking.token = "another"
    db.session.flush()
    query = sa.select(Booking.id).where(Booking.token == "another")
    assert len(Prepared(lambda: query).rows()) == 1
    db.session.rollback()


def test_what_writes_needs_a_session_even_where_only_reading_was_said(reads: None) -> None:
    renamed = sa.update(Schedule).values(title="Other").returning(Schedule.id)
    assert len(Prepared(lambda: renamed).rows()) == 1
    assert db.session.registry.has()
    db.session.rollback()
    assert db.session.scalar(sa.select(Schedule.title)) == "Intro call"


def test_who_may_write_asks_in_the_sessions_transaction(app: Flask) -> None:
    factories.booking()
    db.session.remove()
    assert len(Prepared(number).rows()) == 1
    assert db.session.registry.has()


def test_an_error_is_the_sessions(reads: None) -> None:
    nowhere = sa.select(sa.column("id", sa.Integer)).select_from(sa.table("nowhere"))
    with pytest.raises(sa.exc.DBAPIError):
        Prepared(lambda: nowhere).rows()
    db.session.rollback()


def test_a_connection_is_given_back_as_it_was(reads: None) -> None:
    Prepared(number).rows()
    connection = db.engine.raw_connection()
    try:
        driver: Any = connection.driver_connection
        is_postgresql = db.engine.dialect.name == "postgresql"
        assert driver.autocommit is False if is_postgresql else driver.isolation_level is None
    finally:
        connection.close()
