"""The messages that a schedule sends at times: the rows of its rules."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bookme.extensions import db
from bookme.models import Booking, MessageRule, Schedule, Timing, User

#: The columns of a rule that a host sets.
_SET = ("timing", "minutes", "to_booker", "to_host", "words")
_DAY, _HOUR = 24 * 60, 60
#: So long after its start a booking may still have messages to come: after a day at most it is
#: over, and a follow-up waits for 30.
_LONGEST_AFTER = timedelta(days=31)


def usual_values() -> list[dict[str, Any]]:
    """What a new schedule begins with: reminders to booker and guests, a day and an hour before."""
    columns = {"timing": Timing.BEFORE_START, "to_booker": True, "to_host": False, "words": ""}
    return [{"minutes": minutes, **columns} for minutes in (_DAY, _HOUR)]


def usual() -> list[MessageRule]:
    """The same as rules."""
    return made(usual_values())


def made(wanted: Iterable[Mapping[str, Any]]) -> list[MessageRule]:
    """Rules of a schedule that has none yet."""
    return [MessageRule(position=place, **one) for place, one in enumerate(wanted)]


def copied(schedule: Schedule) -> list[MessageRule]:
    """The same rules for another schedule."""
    return made([_columns(rule) for rule in schedule.message_rules])


def change(schedule: Schedule, wanted: Sequence[Mapping[str, Any]], *, now: datetime) -> None:
    """Set a schedule's rules, for bookings that are made already as well: those that may
    have messages to come become due, and their sync plans their messages again. Flushes.

    Locked before any rule is written: the host, whom every change of a booking locks first, and
    then the bookings, as their syncs do.
    """
    if [_columns(rule) for rule in schedule.message_rules] == [dict(one) for one in wanted]:
        return
    _make_due(schedule, now)
    rules = _kept(schedule)
    for place, values in enumerate(wanted):
        rule = rules[place] if place < len(rules) else MessageRule(schedule_id=schedule.id)
        rule.position = place
        for name, value in values.items():
            setattr(rule, name, value)
        db.session.add(rule)
    for rule in rules[len(wanted) :]:
        db.session.delete(rule)
    db.session.flush()
    db.session.expire(schedule, ["message_rules"])


def _kept(schedule: Schedule) -> list[MessageRule]:
    """The rules as they are once the locks are had: somebody may have changed them meanwhile."""
    query = sa.select(MessageRule).where(MessageRule.schedule_id == schedule.id)
    ordered = query.order_by(MessageRule.position)
    return list(db.session.scalars(ordered.execution_options(populate_existing=True)))


def _columns(rule: MessageRule) -> dict[str, Any]:
    return {name: getattr(rule, name) for name in _SET}


def _make_due(schedule: Schedule, now: datetime) -> None:
    host = sa.select(User.id).where(User.id == schedule.host_id)
    db.session.execute(host.with_for_update(key_share=True))
    theirs = Booking.schedule_id == schedule.id, Booking.starts_at > now - _LONGEST_AFTER
    locked = sa.select(Booking.id).where(*theirs).order_by(Booking.id)
    db.session.execute(locked.with_for_update(key_share=True)).all()
    due = sa.update(Booking).where(*theirs).values(due_at=now, queued_at=None)
    db.session.execute(due.execution_options(synchronize_session=False))
