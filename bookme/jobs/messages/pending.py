"""What there is to tell each reader of a booking: what is owed, and what nobody owed yet."""

from dataclasses import replace
from datetime import datetime

from bookme.bookings.messages.message_state import Told, last_told, left_to_say, truth
from bookme.bookings.messages.outbox import MessageKind, owe_reader
from bookme.bookings.messages.timed import is_timed
from bookme.jobs.messages import posting
from bookme.models import Attendee, Booking, Email, EmailState, User


def waiting(booking: Booking, reader: Attendee | User, *, now: datetime) -> list[Email]:
    """The messages that wait for a reader, in order.

    A link that came, or will not come, after the reader was told otherwise is owed here: no change
    of the booking tells of it.
    """
    theirs = messages_to(booking, reader)
    found = [one for one in theirs if one.state is EmailState.WAITING]
    for email in [one for one in found if _said_otherwise(booking, reader, one)]:
        posting.drop(email)
        found.remove(email)
    if found or booking.is_over(now):
        return found
    if left_for(booking, reader, last_told(theirs)) is not MessageKind.LINK:
        return []
    mark = str(max(one.id for one in theirs))  # what others are owed just now has no id yet
    return [owe_reader(booking, reader, MessageKind.LINK, now=now, mark=mark)]


def _said_otherwise(booking: Booking, reader: Attendee | User, email: Email) -> bool:
    """Whether a message may be out with other news. Of two under one Message-ID a mail program may
    show the first alone, so it counts as told, and what is new goes out as another message.
    """
    said = last_told([email])
    if said is None:
        return False
    return left_for(booking, reader, said) is not None or not said.reads_like(truth(booking))


def messages_to(booking: Booking, reader: Attendee | User) -> list[Email]:
    """All news of a booking to one reader, in order; messages at times are none."""
    news = [email for email in booking.emails if not is_timed(email)]
    if isinstance(reader, User):
        return [email for email in news if email.user_id == reader.id]
    return [email for email in news if email.attendee_id == reader.id]


def left_for(booking: Booking, reader: Attendee | User, told: Told | None) -> MessageKind | None:
    """The kind of message that brings a reader from what was told to what is true, if any."""
    now_true = truth(booking)
    if isinstance(reader, Attendee) and reader.is_guest:
        # Only the booker is asked for another time, and what they entered is none of theirs.
        now_true = replace(now_true, asked=None, corrected=None)
    return left_to_say(told, now_true, to_host=isinstance(reader, User))
