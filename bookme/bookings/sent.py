"""What is kept of what meeting and calendar entry were sent: by it a job knows what differs."""

from collections.abc import Mapping

from bookme.bookings.entries import carried_by_entry
from bookme.models import Booking, CalendarEntry, Meeting

#: What of it is words, in which people are named: of a meeting, and of an entry.
_WORDS = ("topic", "agenda", "title", "text", "location")


def forget_words(booking: Booking) -> None:
    """Keep none of the words, and remember that they may stand there, so that the next sync puts
    what is true in their place, after the appointment too. Where the connection is broken, that
    waits until it is mended (:func:`bookme.connections.waiting.make_due`).
    """
    for copy in (booking.meeting, booking.entry):
        if copy is None:
            continue
        may_be_there = copy.made_at is not None or copy.attempted_at is not None
        if may_be_there and not (isinstance(copy, Meeting) and carried_by_entry(copy)):
            copy.forgotten = True
        if copy.sent:
            copy.sent = _wordless(copy.sent)


def keep(copy: Meeting | CalendarEntry, values: dict[str, object], *, revision: int) -> None:
    """Keep what was sent.

    :param revision: the booking's that it was made of. Words that were forgotten since are not kept
        anew, and still have to go.
    """
    if copy.forgotten and revision != copy.booking.revision:
        copy.sent = _wordless(values)
    else:
        copy.sent, copy.forgotten = values, False


def _wordless(values: Mapping[str, object]) -> dict[str, object]:
    return {name: "" if name in _WORDS else value for name, value in values.items()}
