"""A booker's booking as its page shows it: read as columns in one statement, as ``published.py``
reads schedules. Its history isn't read along.
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm.attributes import set_committed_value

from bookme.models import Attendee, Booking, BookingStatus, Meeting, Picture, Schedule, User
from bookme.prepared import Prepared, fixed
from bookme.public.published import OF_HOST, OF_PICTURE, Kinds, detached, split

_OF_SCHEDULE = (
    *("id", "host_id", "slug", "zone", "description", "language", "visibility"),
    *("active", "deleted_at", "reschedule_notice_minutes", "cancel_notice_minutes"),
    *("after_words", "redirect_url", "redirect_passes"),
)


def _columns(model: Any, *but: str) -> list[str]:
    return [one.key for one in model.__table__.columns if one.key not in but]


_KINDS: Kinds = (
    (Booking, _columns(Booking)),
    (User, OF_HOST),
    (Picture, OF_PICTURE),
    (Schedule, _OF_SCHEDULE),
    (Meeting, _columns(Meeting, "sent")),
    (Attendee, _columns(Attendee, "host_notes")),
)


def read(token: str) -> Booking | None:
    """The booking with this token, unless it is held for an e-mail address."""
    rows = _FOUND.rows(token=token)
    return _booking(rows) if rows else None


def _booking(rows: Sequence[tuple[Any, ...]]) -> Booking:
    parts = [split(_KINDS, row) for row in rows]
    booking, host, picture, schedule, meeting, _person = parts[0]
    host["picture"] = detached(Picture, picture) if picture["digest"] is not None else None
    booking["host"] = schedule["host"] = detached(User, host)
    booking["schedule"] = detached(Schedule, schedule)
    booking["meeting"] = detached(Meeting, meeting) if meeting["id"] is not None else None
    found = detached(Booking, booking)
    people = [detached(Attendee, one[-1]) for one in parts if one[-1]["id"] is not None]
    set_committed_value(found, "attendees", people)
    return found


def _statement() -> Any:
    columns = [getattr(model, name) for model, names in _KINDS for name in names]
    return (
        sa.select(*columns)
        .join(Booking.host)
        .outerjoin(User.picture)
        .join(Schedule, Schedule.id == Booking.schedule_id)
        .outerjoin(Booking.meeting)
        .outerjoin(Booking.attendees)
        .where(
            Booking.token == sa.bindparam("token"),
            Booking.status != fixed(BookingStatus.HELD),
        )
        .order_by(Attendee.id)
    )


_FOUND = Prepared(_statement)
