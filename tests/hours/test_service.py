"""Sets of hours: whoever changes one changes every schedule that uses it, and no other."""

from typing import Any

import pytest
from flask import Flask

from bookme.accounts.service import Newcomer, new_host
from bookme.extensions import db
from bookme.hours import service
from bookme.models import OFFICE_HOURS, OpeningHours, Schedule, User
from bookme.schedules import service as schedules
from tests import factories
from tests.factories import NOW

MORNINGS = [[[480, 720]]] * 7


def hours(host: User, **columns: Any) -> OpeningHours:
    """Working hours: 9 to 17 UTC, Mondays to Fridays."""
    values = {"name": "Working hours", "zone": "UTC", "week": OFFICE_HOURS, "overrides": {}}
    return service.create(host, values | columns, now=NOW)


def using(used: OpeningHours, **columns: Any) -> Schedule:
    schedule: Schedule = factories.schedule(
        host=used.host, opening_hours_id=used.id, **{"week": used.week, **columns}
    )
    return schedule


def test_a_new_host_has_working_hours_in_their_zone(app: Flask) -> None:
    who = Newcomer(name="Mara", email="m@example.com", password_hash="x", zone="Asia/Tokyo")
    host = new_host(who, now=NOW)
    (made,) = service.of_host(host)
    assert (made.name, made.zone, made.week) == ("Working hours", "Asia/Tokyo", OFFICE_HOURS)


def test_a_change_reaches_every_schedule_that_uses_the_set_and_no_other(app: Flask) -> None:
    used = hours(factories.host())
    follower = using(used)
    other = factories.schedule(host=used.host, slug="other")
    asleep = using(used, slug="gone", deleted_at=NOW)
    changed = {"zone": "Europe/Berlin", "week": MORNINGS, "overrides": {"2027-03-09": []}}
    service.change(used, {"name": "Mornings", **changed}, now=NOW)
    db.session.commit()
    for schedule in (follower, asleep):
        assert {name: getattr(schedule, name) for name in changed} == changed
    assert (other.zone, other.week) == ("UTC", factories.WEEKDAYS)


def test_hours_in_which_an_appointment_does_not_fit_are_refused(app: Flask) -> None:
    used = hours(factories.host())
    using(used, title="Workshop", duration_minutes=60, durations=[60, 241])
    using(used, slug="gone", durations=[1000], deleted_at=NOW)
    with pytest.raises(service.TooShort) as refused:
        service.change(used, {"week": MORNINGS}, now=NOW)
    assert refused.value.schedule.title == "Workshop"


def test_schedules_keep_the_hours_of_a_set_that_is_deleted(app: Flask) -> None:
    host = factories.host()
    used, kept = hours(host), hours(host, name="Other")
    follower = using(used)
    service.delete(used)
    db.session.commit()
    assert (follower.opening_hours_id, follower.week) == (None, OFFICE_HOURS)
    assert service.of_host(host) == [kept]
    with pytest.raises(service.LastSet):
        service.delete(kept)


def test_a_schedule_takes_the_hours_of_its_set_as_they_are_now(app: Flask) -> None:
    host = factories.host()
    used, stranger = hours(host, week=MORNINGS), hours(factories.host(another=True))
    values = {"title": "Intro", "location_kind": "in_person", "address": "1 Main Street"}
    made = schedules.create(host, values | {"opening_hours_id": used.id}, now=NOW)
    db.session.commit()
    assert (made.week, made.zone) == (MORNINGS, "UTC")
    for wrong in (stranger.id, 10**6):
        with pytest.raises(schedules.NoSuchHours):
            schedules.update(made, {"opening_hours_id": wrong}, now=NOW)
        db.session.rollback()
    copy = schedules.duplicate(made, now=NOW)
    assert (copy.opening_hours_id, copy.week) == (used.id, MORNINGS)


def test_uses_name_some_schedules_and_count_the_others(app: Flask) -> None:
    used = hours(factories.host())
    for number in range(11):
        using(used, title=f"Call {number:02}", slug=f"call-{number}")
    use = service.uses(used.host)[used.id]
    assert (use.titles, use.others) == ([f"Call {number:02}" for number in range(8)], 3)


def test_there_are_not_endlessly_many_sets(app: Flask) -> None:
    host = factories.host()
    for _ in range(service.MOST):
        last = hours(host)
    with pytest.raises(service.TooManySets):
        service.duplicate(last, now=NOW)
