"""Outlook's calendars for their owners."""

from sandbox.kept_book import KeptBook, digest
from sandbox.microsoft import shapes, teams


def _calendar_id(email: str, name: str) -> str:
    return f"AAMkAGI2{digest('microsoft', email, name)}AAA="


BOOK = KeptBook(
    name="microsoft",
    title="Outlook Calendar",
    main_name="Calendar",
    calendar_id=_calendar_id,
    new_id=shapes.new_id,
    body_of=shapes.body_of,
    entry_of=shapes.entry_of,
    changed_by_hand=shapes.changed_by_hand,
    link=teams.link,
)
