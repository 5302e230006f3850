"""What is kept of what meeting and calendar entry were sent: by it a job knows what differs."""

from bookme.models import Booking

#: What of it is words, in which people are named: of a meeting, and of an entry.
_WORDS = ("topic", "agenda", "title", "text", "location")


def forget_words(booking: Booking) -> None:
    """Keep none of the words. So they differ from what they should be, and the next sync puts that
    in their place, after the appointment too.
    """
    for copy in (booking.meeting, booking.entry):
        if copy is not None and copy.sent:
            copy.sent = copy.sent | {name: "" for name in _WORDS if name in copy.sent}
