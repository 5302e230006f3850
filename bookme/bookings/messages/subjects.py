"""The subject of each message about a booking: what has happened, what is booked, and when.

All follow one pattern and fit into :data:`MOST` characters, because a phone shows no more. What is
too long is the name of what is booked, so that is cut, at a word, and the time stays.
"""

from datetime import date, datetime, timedelta

from babel.dates import format_skeleton
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from bookme.bookings import summary
from bookme.bookings.messages.message_state import Video
from bookme.bookings.messages.outbox import MessageKind
from bookme.bookings.messages.timed import TimedKind
from bookme.models import Attendee, Booking, User
from bookme.typed import closed, cut, line
from bookme.web.filters import clock, day, short_day, written
from bookme.zone_names import distance, name

MOST = 60
#: With less of what is booked, a zone is better written shorter.
_LEAST = 12
#: From so far ahead a date has its year.
_FAR = timedelta(days=180)

_CONFIRMED = _l("Confirmed: %(what)s, %(start)s")
_PATTERNS = {
    MessageKind.CONFIRM: _l("Confirm your booking: %(what)s, %(start)s"),
    MessageKind.MOVED: _l("Rescheduled: %(what)s, %(start)s"),
    MessageKind.CORRECTED: _l("Details changed: %(what)s, %(start)s"),
    MessageKind.CANCELLED: _l("Cancelled: %(what)s, %(start)s"),
    MessageKind.DECLINED: _l("Declined: %(what)s, %(start)s"),
    MessageKind.LAPSED: _l("Not answered: %(what)s, %(start)s"),
    MessageKind.ASKED: _l("Pick another time: %(what)s, %(start)s"),
    TimedKind.REMINDER: _l("Reminder: %(what)s, %(start)s"),
    TimedKind.FOLLOW_UP: _l("Follow-up: %(what)s, %(start)s"),
}


def subject(
    kind: MessageKind | TimedKind,
    booking: Booking,
    reader: Attendee | User,
    video: Video,
    *,
    was_asked: bool = False,
    has_new_link: bool = False,
    now: datetime,
) -> str:
    """The subject of a message to one reader.

    :param video: what there is to say of a video link.
    :param was_asked: the reader was told of a request before.
    :param has_new_link: the reader was told of another link before.
    """
    if kind is MessageKind.BOOKED:
        pattern = _booked(reader, video, was_asked=was_asked)
    elif kind is MessageKind.LINK:
        pattern = _link(video, has_new_link=has_new_link)
    elif kind is MessageKind.REQUESTED or (kind is MessageKind.MOVED and booking.awaits_answer):
        pattern = _asked(reader, is_new=kind is MessageKind.REQUESTED)
    else:
        pattern = str(_PATTERNS[kind])
    return _fitting(pattern, _what(booking, reader), _starts(booking, reader, now))


def _booked(reader: Attendee | User, video: Video, *, was_asked: bool) -> str:
    if isinstance(reader, Attendee):
        return _("Invitation: %(what)s, %(start)s") if reader.is_guest else str(_CONFIRMED)
    if video is Video.HOST:
        return _("New booking, no link: %(what)s, %(start)s")
    return str(_CONFIRMED) if was_asked else _("New booking: %(what)s, %(start)s")


def _link(video: Video, *, has_new_link: bool) -> str:
    if video is not Video.READY:
        return _("Link needed: %(what)s, %(start)s")
    if has_new_link:
        return _("New video link: %(what)s, %(start)s")
    return _("Video link: %(what)s, %(start)s")


def _asked(reader: Attendee | User, *, is_new: bool) -> str:
    """Of a request, also of one that its booker has moved: nothing is confirmed by that."""
    if isinstance(reader, User):
        if is_new:
            return _("Answer needed: %(what)s, %(start)s")
        return _("Answer needed, new time: %(what)s, %(start)s")
    if is_new:
        return _("Requested: %(what)s, %(start)s")
    return _("Requested, new time: %(what)s, %(start)s")


def _what(booking: Booking, reader: Attendee | User) -> str:
    """The title; for the host first with whom, as that tells bookings apart."""
    if not isinstance(reader, User) or booking.booker is None:
        return line(booking.title)
    booker = summary.booker_name(booking)
    return line(_("%(booker)s, %(title)s", booker=booker, title=booking.title))


def _starts(booking: Booking, reader: Attendee | User, now: datetime) -> list[str]:
    """The start as a reader reads it, from the whole of it to what is left where room is short: the
    zone's city, its distance from UTC, and at last no year.
    """
    at, zone, locale = booking.starts_at, reader.zone, reader.locale
    on = day(at, zone)
    brief = _brief_day(on, locale)
    whole = short_day(on, locale) if at - now > _FAR else brief
    time = clock(at, zone, reader.clock_hours)
    return [
        _("%(day)s, %(time)s (%(zone)s)", day=written_on, time=time, zone=place)
        for written_on, place in (
            (whole, name(zone)),
            (whole, distance(zone, at)),
            (brief, distance(zone, at)),
        )
    ]


def _brief_day(on: date, locale: str) -> str:
    """``Thu 11 Mar``, ``Thu, Mar 11``."""
    ours = written(locale)
    said = format_skeleton("MMMEd", on, locale=ours)
    return said.replace(",", "") if ours == "en_GB" else said


def _fitting(pattern: str, what: str, starts: list[str]) -> str:
    for start in starts:
        room = MOST - len(pattern % {"what": "", "start": start})
        if room >= min(_LEAST, len(what)):
            break
    return shortened(pattern % {"what": shortened(what, max(room, 2)), "start": start}, MOST)


def shortened(text: str, most: int) -> str:
    """The beginning of a line, at most so many characters with the ellipsis that ends it; whole
    words where half of them fit.
    """
    if len(text) <= most:
        return text
    length = most - 1
    while length > 0:
        kept = cut(text, length)
        words, blank, __ = kept.rpartition(" ")
        if blank and text[len(kept) : len(kept) + 1] != " " and 2 * len(words) >= len(kept):
            kept = words
        said = closed(kept.rstrip(" ,;:.–-")) + "…"
        if len(said) <= most:
            return said
        length -= 1
    return "…"
