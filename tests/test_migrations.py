"""The schema is what the models say, on both databases, and refuses overlapping holds by itself."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy.exc import IntegrityError

from bookme.extensions import db
from bookme.models import Hold
from tests import factories

HOUR = timedelta(hours=1)


def test_the_migrations_make_what_the_models_say(app: Flask) -> None:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, db.metadata) == []


def test_the_migrations_can_be_undone_and_done_again(app: Flask) -> None:
    downgrade(revision="base")
    assert set(sa.inspect(db.engine).get_table_names()) <= {"alembic_version"}
    upgrade()
    assert "hold" in sa.inspect(db.engine).get_table_names()


@pytest.mark.parametrize(
    ("begins", "ends"),
    [(0, 0), (-0.5, -0.5), (0.5, 0.5), (-1, 1), (0.25, -0.25)],
    ids=["same", "before", "after", "around", "inside"],
)
def test_an_overlapping_insert_is_refused(app: Flask, begins: float, ends: float) -> None:
    booking = factories.booking()
    first = booking.hold
    other = factories.booking(schedule=booking.schedule, starts_at=booking.starts_at + 24 * HOUR)
    db.session.delete(other.hold)
    db.session.flush()
    minutes = timedelta(minutes=30)
    starts_at, ends_at = first.starts_at + begins * minutes, first.ends_at + ends * minutes
    db.session.add(Hold(host=other.host, booking=other, starts_at=starts_at, ends_at=ends_at))
    with pytest.raises(IntegrityError, match="ex_hold_overlap"):
        db.session.flush()
    db.session.rollback()


def test_an_overlapping_update_is_refused(app: Flask) -> None:
    booking = factories.booking()
    other = factories.booking(schedule=booking.schedule, starts_at=booking.starts_at + 24 * HOUR)
    other.hold.starts_at = booking.hold.starts_at
    with pytest.raises(IntegrityError, match="ex_hold_overlap"):
        db.session.flush()
    db.session.rollback()


@pytest.mark.parametrize("days", [0, 1, 2.9])
def test_a_long_hold_is_seen_from_its_end(app: Flask, days: float) -> None:
    long = factories.booking()
    long.hold.ends_at = long.hold.starts_at + 72 * HOUR
    db.session.commit()
    with pytest.raises(IntegrityError, match="ex_hold_overlap"):
        factories.booking(schedule=long.schedule, starts_at=long.starts_at + days * 24 * HOUR)
    db.session.rollback()


def test_sqlite_refuses_a_hold_that_its_overlap_rule_could_not_see(app: Flask) -> None:
    if db.engine.dialect.name != "sqlite":
        pytest.skip("the constraint of PostgreSQL sees any length")
    hold = factories.booking().hold
    hold.ends_at = hold.starts_at + 73 * HOUR
    with pytest.raises(IntegrityError, match="ck_hold_length"):
        db.session.flush()
    db.session.rollback()


def test_touching_holds_and_other_hosts_holds_are_fine(app: Flask) -> None:
    booking = factories.booking()
    factories.booking(schedule=booking.schedule, starts_at=booking.ends_at)
    theirs = factories.schedule(host=factories.host(another=True))
    factories.booking(schedule=theirs, starts_at=booking.starts_at)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Hold)) == 3


def test_what_the_database_follows_when_a_row_is_deleted_has_an_index(app: Flask) -> None:
    inspector = sa.inspect(db.engine)
    for table in inspector.get_table_names():
        first = {one["column_names"][0] for one in inspector.get_indexes(table)}
        first |= {one["column_names"][0] for one in inspector.get_unique_constraints(table)}
        first |= set(inspector.get_pk_constraint(table)["constrained_columns"][:1])
        for key in inspector.get_foreign_keys(table):
            assert key["constrained_columns"][0] in first, (table, key["constrained_columns"])
