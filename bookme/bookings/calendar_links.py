"""Addresses that open a web calendar with an appointment filled in, for readers who have no use for
a calendar file.

They pass through their provider's logs, so they hold what the reader's own calendar needs and no
more: the booking's page, which can change it, and the passcode stay out.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote, urlencode

from bookme.bookings import summary
from bookme.models import Attendee, Booking, User
from bookme.typed import cut, line

#: Some programs and mail servers cut an address after about 2,000 characters; of a text that is not
#: in Latin letters each becomes six or nine.
_MOST_DETAILS = 120
_MOST_LINE = 120
_UTC = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True, slots=True)
class CalendarLink:
    """A web calendar by the name people know, and the address that fills in the appointment."""

    name: str
    url: str


def calendar_links(booking: Booking, *, reader: Attendee | User | None) -> list[CalendarLink]:
    """Google, Outlook, Office 365 and Yahoo, in this order.

    :param reader: the host, the booker or a guest; None for the booker's page without a booker.
    """
    to_host = isinstance(reader, User)
    to_guest = isinstance(reader, Attendee) and reader.is_guest
    title = cut(line(summary.title(booking, to_host=to_host)), _MOST_LINE)
    where = summary.location(booking, booking.meeting, to_host=to_host, to_guest=to_guest)
    # A link is whole or of no use.
    where = line(where) if where.startswith("https://") else cut(line(where), _MOST_LINE)
    details = cut(booking.schedule.description, _MOST_DETAILS)
    start, end = booking.starts_at.astimezone(UTC), booking.ends_at.astimezone(UTC)
    google = {"action": "TEMPLATE", "text": title, "dates": f"{start:{_UTC}}/{end:{_UTC}}"}
    yahoo = {"v": "60", "title": title, "st": f"{start:{_UTC}}", "et": f"{end:{_UTC}}"}
    return [
        CalendarLink(
            "Google",
            _address(
                "https://calendar.google.com/calendar/render",
                google | {"details": details, "location": where},
            ),
        ),
        CalendarLink(
            "Outlook.com", _outlook("outlook.live.com", title, start, end, details, where)
        ),
        CalendarLink(
            "Office 365", _outlook("outlook.office.com", title, start, end, details, where)
        ),
        CalendarLink(
            "Yahoo",
            _address("https://calendar.yahoo.com/", yahoo | {"desc": details, "in_loc": where}),
        ),
    ]


def _outlook(
    host: str, title: str, start: datetime, end: datetime, details: str, where: str
) -> str:
    return _address(
        f"https://{host}/calendar/0/deeplink/compose",
        {
            "path": "/calendar/action/compose",
            "rru": "addevent",
            "subject": title,
            "startdt": f"{start:%Y-%m-%dT%H:%M:%SZ}",
            "enddt": f"{end:%Y-%m-%dT%H:%M:%SZ}",
            "body": details,
            "location": where,
        },
    )


def _address(base: str, values: dict[str, str]) -> str:
    """Blanks as ``%20``: Outlook and Yahoo show a ``+`` as it is."""
    said = {name: value for name, value in values.items() if value}
    return f"{base}?{urlencode(said, quote_via=quote, safe='/')}"
