"""What a CalDAV server is asked, and what it answers. The package ``caldav`` writes and reads it.

Its client is not used: it would hand the password to any host that the server names.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, ClassVar
from urllib.parse import quote

from caldav.elements import cdav, dav, ical
from caldav.elements.base import BaseElement
from caldav.lib.error import DAVError
from caldav.response import DAVResponse

from bookme.answers import Answer
from bookme.errors import ProviderUnavailable

# It would quote what it has read.
for _name in ("caldav", "caldav.response"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)

#: The names of what is asked for, as the answers have them.
PRINCIPAL = dav.CurrentUserPrincipal.tag
HOME = cdav.CalendarHomeSet.tag
KIND = dav.ResourceType.tag
CALENDAR_KIND = "{urn:ietf:params:xml:ns:caldav}calendar"
DISPLAY_NAME = dav.DisplayName.tag
COLOR = ical.CalendarColor.tag
COMPONENTS = cdav.SupportedCalendarComponentSet.tag
PRIVILEGES = dav.CurrentUserPrivilegeSet.tag
TIME_ZONE = cdav.CalendarTimeZone.tag

#: What a path may have as it is, besides letters and digits.
_UNQUOTED = "/@:+,;=!$&'()*~"


def who() -> bytes:
    """Ask whose calendars these are."""
    return _properties_of(dav.CurrentUserPrincipal())


def where() -> bytes:
    """Ask where somebody's calendars are."""
    return _properties_of(cdav.CalendarHomeSet())


def which() -> bytes:
    """Ask which calendars there are."""
    return _properties_of(
        dav.DisplayName(),
        dav.ResourceType(),
        dav.CurrentUserPrivilegeSet(),
        ical.CalendarColor(),
        cdav.SupportedCalendarComponentSet(),
        cdav.CalendarTimeZone(),
    )


def entries_between(begin: datetime, end: datetime) -> bytes:
    """Ask for the entries that touch a stretch of time, those that repeat included."""
    when = cdav.TimeRange(begin.astimezone(UTC), end.astimezone(UTC))
    only = cdav.CompFilter("VCALENDAR") + (cdav.CompFilter("VEVENT") + when)
    return _bytes(cdav.CalendarQuery() + [dav.Prop() + cdav.CalendarData(), cdav.Filter() + only])


def _properties_of(*names: BaseElement) -> bytes:
    return _bytes(dav.Propfind() + (dav.Prop() + list(names)))


def _bytes(element: BaseElement) -> bytes:
    return str(element).encode()


def properties(provider: str, answer: Answer) -> list[tuple[str, dict[str, Any]]]:
    """The path of each thing in the answer, with those of its properties that it has.

    :raises ProviderUnavailable: if the answer makes no sense.
    """
    with _reading(provider):
        found = _reply(answer).parse_propfind()
        return [(quote(one.href, safe=_UNQUOTED), one.properties) for one in found]


def entries(provider: str, answer: Answer) -> list[str]:
    """The entries in the answer, as iCalendar.

    :raises ProviderUnavailable: if the answer makes no sense.
    """
    with _reading(provider):
        found = _reply(answer).parse_calendar_query()
        return [one.calendar_data for one in found if one.calendar_data]


class _Reply:
    """An answer as ``caldav`` expects it. It logs bodies of other types, if they are no XML."""

    headers: ClassVar[dict[str, str]] = {"Content-Type": "text/plain"}
    reason = text = ""

    def __init__(self, answer: Answer) -> None:
        self.status_code = answer.status
        self.content = answer.content


def _reply(answer: Answer) -> DAVResponse:
    reply = DAVResponse(_Reply(answer))
    if reply.tree is None:
        raise ValueError("no XML")
    return reply


@contextmanager
def _reading(provider: str) -> Iterator[None]:
    try:
        yield
    except (DAVError, AttributeError, TypeError, ValueError):
        # Without its cause, which quotes the body.
        raise ProviderUnavailable(provider, "answered without sensible XML", sent=True) from None
