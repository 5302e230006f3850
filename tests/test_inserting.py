"""Rows that are written from values: what isn't given begins as the models say."""

import sqlalchemy as sa

from bookme.models import (
    Attendee,
    Booking,
    BookingEvent,
    CalendarEntry,
    Email,
    Hold,
    Meeting,
)

#: Of which rows are written so.
WRITTEN = (Attendee, Booking, BookingEvent, CalendarEntry, Email, Hold, Meeting)


def test_every_new_row_begins_the_same() -> None:
    """An INSERT that is written once holds it; a clock's or a random value would stand still."""
    begun = [
        (str(column), column.default.arg)
        for model in WRITTEN
        for column in sa.inspect(model).local_table.columns
        if column.default is not None and column.default.is_callable
    ]
    assert "booking.meeting_options" in [name for name, _begins in begun]
    assert [name for name, begins in begun if begins(None) != begins(None)] == []
