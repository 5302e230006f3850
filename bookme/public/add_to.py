"""A booking for the booker's own calendar: where calendars on the web take an event.

They are other people's sites, so they learn what the event says and nothing more: never the address
of the booking's page, by which it can be changed. Blanks are ``%20``: Outlook shows a plus as one.
"""

from urllib.parse import quote, urlencode

from bookme.bookings import summary
from bookme.models import Booking
from bookme.typed import cut, line
from bookme.web.filters import instant

#: Of a text; so that no address becomes longer than servers take.
_LONGEST = 500
_OUTLOOK = "/calendar/0/deeplink/compose"


def calendars(booking: Booking) -> list[tuple[str, str]]:
    """Each calendar's name, and its address with the booking; none while nothing is certain."""
    if not booking.is_confirmed:
        return []
    return [
        ("Google", _google(booking)),
        ("Outlook.com", _outlook("outlook.live.com", booking)),
        ("Office 365", _outlook("outlook.office.com", booking)),
        ("Yahoo", _yahoo(booking)),
    ]


def _google(booking: Booking) -> str:
    return _address(
        "calendar.google.com/calendar/render",
        action="TEMPLATE",
        text=_title(booking),
        dates=f"{_basic(instant(booking.starts_at))}/{_basic(instant(booking.ends_at))}",
        location=_place(booking),
        details=_details(booking),
    )


def _outlook(site: str, booking: Booking) -> str:
    return _address(
        site + _OUTLOOK,
        path="/calendar/action/compose",
        rru="addevent",
        subject=_title(booking),
        startdt=instant(booking.starts_at),
        enddt=instant(booking.ends_at),
        location=_place(booking),
        body=_details(booking),
    )


def _yahoo(booking: Booking) -> str:
    return _address(
        "calendar.yahoo.com/",
        v="60",
        title=_title(booking),
        st=_basic(instant(booking.starts_at)),
        et=_basic(instant(booking.ends_at)),
        in_loc=_place(booking),
        desc=_details(booking),
    )


def _address(where: str, **said: str) -> str:
    return f"https://{where}?{urlencode(said, quote_via=quote, safe='/:')}"


def _title(booking: Booking) -> str:
    return cut(line(summary.title(booking, to_host=False)), _LONGEST)


def _place(booking: Booking) -> str:
    return cut(line(summary.location(booking, booking.meeting, to_host=False)), _LONGEST)


def _details(booking: Booking) -> str:
    where = summary.place(booking, to_host=False).text
    link = booking.meeting.join_url if booking.meeting is not None else None
    return "\n".join([cut(where, _LONGEST), *([link] if link else [])])


def _basic(written: str) -> str:
    """An instant as iCalendar writes it: ``20270311T140500Z``."""
    return written.replace("-", "").replace(":", "")
