"""A host's bookings as a file for spreadsheets, made piece by piece, however many they are.

A spreadsheet takes what begins with certain signs for a formula, and some split lines at semicolons
too. So every cell stands in quotes, and one that could be a formula begins with an apostrophe. The
mark at the beginning tells Excel that the letters are UTF-8.
"""

import csv
import io
import logging
from collections.abc import Iterable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask_babel import gettext as _

from bookme.bookings.dashboard import listing, search
from bookme.bookings.dashboard.filters import Filter
from bookme.bookings.dashboard.words import outcome
from bookme.extensions import db
from bookme.models import Attendee, Booking, Question, Schedule, User

log = logging.getLogger(__name__)

#: So many bookings are read at a time; with the one beyond them as many as their people are read
#: for by one statement.
CHUNK = 499
#: So many questions have a column of their own; answers to others share one.
MOST_QUESTIONS = 50
#: Wide ones too: some spreadsheets take them for the narrow ones.
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")
_MARK = "\ufeff"


def lines(host: User, asked: Filter, *, now: datetime) -> Iterator[str]:
    """The file, a piece at a time: its head, then a few hundred bookings each."""
    questions = _questions(host, asked, now)
    yield _MARK + _written([_head(questions, host.zone)])
    after, more = None, True
    while more:
        page = listing.page(host, asked, now=now, after=after, size=CHUNK)
        yield _written(_row(booking, questions, host.zone) for booking in page.bookings)
        after, more = page.more, page.more is not None


def with_its_end(head: str, rest: Iterator[str]) -> Iterator[str]:
    """The file of :func:`lines`, whose answer has begun. Where it breaks off, its last line says
    so: else it would look like all there is.
    """
    yield head
    try:
        yield from rest
    except Exception:
        log.exception("a file of bookings broke off")
        yield _written([[_("This file is incomplete: something went wrong. Download it again.")]])


def defused(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text


def _questions(host: User, asked: Filter, now: datetime) -> list[str]:
    """What the bookers were asked, as the host orders it today; what isn't asked any more last."""
    item = search.answers()
    text = item.c.value["question"].as_string()
    seen = listing.found(host, asked, now=now).join(Booking.attendees).join(item, sa.true())
    seen = seen.with_only_columns(text).group_by(text).order_by(sa.func.min(Attendee.id), text)
    found = [str(label) for label in db.session.scalars(seen.limit(MOST_QUESTIONS))]
    ordered = sa.select(Question.label, Question.position).join(Schedule)
    ordered = ordered.where(Schedule.host_id == host.id, Question.label.in_(found))
    place = dict(db.session.execute(ordered).all())
    return sorted(found, key=lambda label: place.get(label, len(found)))


def _head(questions: list[str], zone: str) -> list[str]:
    return [
        *(_("Reference"), _("Schedule"), _("State")),
        *(_("Start, your time (%(zone)s)", zone=zone), _("End, your time (%(zone)s)", zone=zone)),
        *(_("Start (UTC)"), _("End (UTC)")),
        *(_("Name"), _("E-mail"), _("Phone"), _("Guests")),
        *questions,
        *(
            _("Other answers"),
            _("Notes"),
            _("Source"),
            _("Booked, your time (%(zone)s)", zone=zone),
        ),
    ]


def _row(booking: Booking, questions: list[str], zone: str) -> list[str]:
    return [
        *(booking.reference, booking.title, outcome(booking)),
        *(_local(at, zone) for at in (booking.starts_at, booking.ends_at)),
        *(_local(at, "UTC") for at in (booking.starts_at, booking.ends_at)),
        *_person(booking.booker, [_named(guest) for guest in booking.guests], questions),
        _local(booking.created_at, zone),
    ]


def _person(booker: Attendee | None, guests: list[str], questions: list[str]) -> list[str]:
    """What is known of a booker; empty cells once that was erased."""
    if booker is None:
        return ["", "", "", "; ".join(guests), *("" for _question in questions), "", "", ""]
    said = {str(one["question"]): _text(one["answer"]) for one in booker.answers}
    return [
        *(booker.name, booker.email, booker.phone, "; ".join(guests)),
        *(said.pop(question, "") for question in questions),
        "\n".join(_("%(question)s: %(answer)s", question=q, answer=a) for q, a in said.items()),
        booker.notes,
        "; ".join(f"{name}={value}" for name, value in booker.source.items()),
    ]


def _named(guest: Attendee) -> str:
    return f"{guest.name} <{guest.email}>" if guest.name else guest.email


def _text(answer: object) -> str:
    return "; ".join(map(str, answer)) if isinstance(answer, list) else str(answer)


def _local(at: datetime, zone: str) -> str:
    return f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"


def _written(rows: Iterable[list[str]]) -> str:
    file = io.StringIO()
    writer = csv.writer(file, quoting=csv.QUOTE_ALL)
    writer.writerows([defused(cell) for cell in row] for row in rows)
    return file.getvalue()
