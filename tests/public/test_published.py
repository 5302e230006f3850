"""A schedule that is read as columns is the one that a session would load, and stays as it is."""

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm.exc import DetachedInstanceError

from bookme.clock import utcnow
from bookme.extensions import db
from bookme.models import Picture, Question, QuestionKind, Schedule, User
from bookme.public import kept, lookups, published, versions
from bookme.public.versions import Seen
from tests import factories
from tests.statements import statements

pytestmark = pytest.mark.both_databases
PAGE = "/mara/intro"


@pytest.fixture
def schedule(app: Flask) -> Schedule:
    """With all that may hang on it."""
    made: Schedule = factories.schedule(durations=[15, 30], overrides={"2027-03-02": []})
    host, at = made.host, factories.NOW
    host.embed_sites, host.headline = ["https://example.com"], "Tax"
    host.picture = Picture(digest="d" * 64, small=b"s", large=b"l", made_at=at)
    texts: dict[str, Any] = {"kind": QuestionKind.ONE, "choices": ["a", "b"]}
    made.questions = [
        Question(position=place, name=f"q{place}", label="Which?", **texts) for place in (1, 0)
    ]
    db.session.commit()
    return made


def seen(handle: str = "mara") -> Seen:
    found = versions.seen(handle, now=utcnow())
    assert found is not None
    return found


def read(slug: str = "intro", *, asking: bool = True) -> Schedule:
    found = published.read(seen(), slug, asking=asking)
    assert found is not None
    return found.schedule


def columns(one: Any) -> dict[str, Any]:
    """What is known of an object, but for what belongs to it."""
    names = sa.inspect(type(one)).columns.keys()
    return {name: vars(one)[name] for name in names if name in vars(one)}


def test_all_that_is_read_is_as_the_session_has_it(schedule: Schedule) -> None:
    found, host = read(), schedule.host
    parts = [(found, schedule), (found.host, host), (found.host.picture, host.picture)]
    asked = sorted(schedule.questions, key=lambda one: one.position)
    parts += zip(found.questions, asked, strict=True)
    for mine, theirs in parts:
        assert columns(mine)
        assert columns(mine) == {name: getattr(theirs, name) for name in columns(mine)}
    assert [one.name for one in found.questions] == ["q0", "q1"]
    assert found.rules == schedule.rules
    assert columns(found).keys() == set(sa.inspect(Schedule).columns.keys())


def test_what_was_not_read_is_an_error(schedule: Schedule) -> None:
    found = read(asking=False)
    for one, name in (
        (found, "questions"),
        (found.host, "email"),
        (found.host, "password_hash"),
        (found.host, "connections"),
        (found.host.picture, "large"),
    ):
        with pytest.raises(DetachedInstanceError):
            getattr(one, name)


def test_a_schedule_without_questions_or_picture_has_none(app: Flask) -> None:
    factories.schedule()
    assert (read().questions, read().host.picture) == ([], None)


def test_what_is_not_published_is_not_read(schedule: Schedule) -> None:
    assert published.read(seen(), "other") is None
    schedule.deleted_at = factories.NOW
    db.session.commit()
    assert published.read(seen(), "intro") is None
    schedule.deleted_at, schedule.host.closing_at = None, factories.NOW
    db.session.commit()
    assert published.read(seen(), "intro") is None


def test_it_is_read_once_for_a_version(app: Flask, schedule: Schedule) -> None:
    other = factories.schedule(host=factories.host(another=True), title="Another host’s")
    versions_seen = seen(), seen(other.host.handle)
    with app.test_request_context(PAGE):
        found, theirs = (lookups.shown_schedule(one, "intro") for one in versions_seen)
        with statements() as said:
            assert lookups.shown_schedule(versions_seen[0], "intro") is found
        assert said == []
        assert lookups.shown_schedule(versions_seen[0], "intro", asking=True) is not found
    assert (found.title, theirs.title) == ("Intro call", "Another host’s")
    db.session.execute(sa.update(User).values(name="Renamed"))
    db.session.commit()
    with app.test_request_context(PAGE):
        assert lookups.shown_schedule(seen(), "intro").host.name == "Renamed"


def test_pages_leave_it_as_it_was_read(app: Flask, client: FlaskClient, schedule: Schedule) -> None:
    for query in ("", "?minutes=15", "?q0=a", "?choose=zone", "?embed=1", "?day=2027-03-03"):
        assert client.get(f"{PAGE}{query}").status_code == 200
    schedules = [one.schedule for one in kept.pages_of(app).schedules._kept.values()]
    assert len(schedules) == 2
    for one in (*schedules, *(one.host for one in schedules)):
        assert sa.inspect(one).detached
        assert not sa.inspect(one).modified
    assert [columns(one) for one in schedules] == [columns(read())] * 2


def test_answers_in_an_address_are_carried_on(client: FlaskClient, schedule: Schedule) -> None:
    assert "q0=a" in client.get(f"{PAGE}?q0=a").text
    assert "q7=a" not in client.get(f"{PAGE}?q7=a").text
