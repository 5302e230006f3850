"""A line on each calendar of a provider's card."""

from flask_babel import gettext as _

from bookme.connections.page import calendar_words
from bookme.connections.page.cards import Row
from bookme.models import Calendar
from bookme.web import filters


def notes(of: Row, locale: str) -> dict[int, str]:
    """A line on each calendar of a provider: when it was read, or why it was not."""
    return {one.id: _note(one, of.provider, locale) for one in of.calendars}


def _note(calendar: Calendar, provider: str, locale: str) -> str:
    read = _("Not read yet.")
    if calendar.read_at is None and calendar.failing_since is None:
        read = _("We're reading it now.")
    elif calendar.read_at is not None:
        read = _("Last read %(ago)s.", ago=filters.ago(calendar.read_at, locale))
    if calendar.trouble is not None or calendar.failing_since is not None:
        return f"{calendar_words.reading(calendar.trouble, provider)} {read}"
    if not calendar.is_checked:
        return "" if calendar.may_write else _("Read-only. Bookings can't be added to it.")
    return read
