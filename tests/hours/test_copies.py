"""No schedule is left behind with old hours when a set changes while the schedule is saved."""

import threading

from flask import Flask

from bookme.extensions import db
from bookme.hours import service
from bookme.models import OFFICE_HOURS, OpeningHours, Schedule
from bookme.schedules import service as schedules
from tests import factories
from tests.factories import NOW

#: Seconds for which a writer waits for the other.
PATIENCE = 20
MORNINGS = [[[480, 720]]] * 7


def test_a_set_that_changes_while_a_schedule_takes_it_over_leaves_no_old_copy(app: Flask) -> None:
    schedule = factories.schedule()
    host = schedule.host
    values = {"name": "Working hours", "zone": "UTC", "week": OFFICE_HOURS, "overrides": {}}
    used = service.create(host, values, now=NOW)
    db.session.commit()
    ids = used.id, schedule.id
    db.session.remove()
    taken, failures = threading.Event(), []

    def change() -> None:
        try:
            with app.app_context():
                assert taken.wait(PATIENCE)
                hours = db.session.get(OpeningHours, ids[0])
                assert hours is not None
                service.change(hours, {"week": MORNINGS}, now=NOW)
                db.session.commit()
                db.session.remove()
        except Exception as error:
            failures.append(error)

    other = threading.Thread(target=change)
    other.start()
    saved = db.session.get(Schedule, ids[1])
    assert saved is not None
    schedules.update(saved, {"opening_hours_id": ids[0]}, now=NOW)
    taken.set()
    other.join(0.3)  # it waits for the lock; on SQLite it may fail, and then nothing is changed
    db.session.commit()
    other.join(PATIENCE)
    assert not other.is_alive()
    db.session.expire_all()
    found, hours = db.session.get(Schedule, ids[1]), db.session.get(OpeningHours, ids[0])
    assert found is not None
    assert hours is not None
    assert found.week == hours.week
    assert failures == []
