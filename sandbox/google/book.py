"""Google's calendars for their owners."""

import secrets

from sandbox.google import meet, shapes
from sandbox.kept_book import KeptBook, digest


def _calendar_id(email: str, name: str) -> str:
    return f"{digest(email, name)}@group.calendar.google.com" if name else email


BOOK = KeptBook(
    name="google",
    title="Google Calendar",
    main_name=None,
    calendar_id=_calendar_id,
    new_id=lambda: secrets.token_hex(13),
    body_of=shapes.body_of,
    entry_of=shapes.entry_of,
    changed_by_hand=lambda old, new: {**old, **new},
    link=meet.link,
)
