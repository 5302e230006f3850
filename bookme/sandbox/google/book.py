"""Google's calendars for their owners."""

from bookme.sandbox.google import meet, shapes
from bookme.sandbox.kept_book import KeptBook, digest


def _calendar_id(email: str, name: str) -> str:
    return f"{digest(email, name)}@group.calendar.google.com" if name else email


BOOK = KeptBook(
    name="google",
    title="Google Calendar",
    main_name=None,
    calendar_id=_calendar_id,
    body_of=shapes.body_of,
    entry_of=shapes.entry_of,
    link=meet.link,
)
