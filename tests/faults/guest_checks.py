"""Whether guests who have taken themselves off are left alone, and single-use links admit one
booking. Complaints, as :mod:`.checks` gives them.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from bookme.crypto import fingerprint
from tests.faults.checks import name
from tests.faults.observed import Seen
from tests.faults.persons import GONE

#: What is handed over as somebody leaves may arrive so long afterwards.
_ON_ITS_WAY = timedelta(seconds=15)


def has_left(seen: Seen, message: dict[str, Any]) -> bool:
    """Whether a message went to a guest who has taken themselves off since."""
    return " ".join(message["envelope_to"]) in seen.left


def guests(seen: Seen) -> Iterator[str]:
    """Who has left gets no more messages, and calendars name exactly who comes."""
    for message in seen.mail:
        if has_left(seen, message):
            left_at = seen.left[" ".join(message["envelope_to"])]
            if datetime.fromisoformat(message["at"]) > left_at + _ON_ITS_WAY:
                yield f"{message['message_id']} came to a guest who had left"
    for one in seen.bookings:
        shown = one.is_confirmed and (one.host, one.entry.provider) in seen.connected
        for entry in seen.entries_of(one.reference) if shown else ():
            yield from (
                f"{name(one)}: its entry does not name a guest"
                for guest in one.guests
                if guest not in entry.text
            )
            yield from (
                f"{name(one)}: its entry names a guest who has left"
                for guest in seen.left
                if guest in entry.text
            )


def links(seen: Seen, made: list[Any]) -> Iterator[str]:
    """A single-use link has admitted the booking that was shown, and none besides; what was held in
    vain has given its link back.
    """
    used = {}
    for booked in made:
        if booked.link:
            is_gone = booked.status == GONE
            used[fingerprint(booked.link)] = (1, "") if is_gone else (0, booked.email)
    for key, there in seen.links.items():
        if there != used.get(key, (1, "")):
            yield f"a single-use link is {there}, not {used.get(key, (1, ''))}"
    if set(used) - set(seen.links):
        yield "a single-use link is gone"
