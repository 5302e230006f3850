"""What waits for longer than it should: how much, since when, because of whom, and what to do."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.exc import DBAPIError

from bookme import waits
from bookme.doctor.finding import Finding
from bookme.extensions import db
from bookme.health import waiting
from bookme.health.waiting import Waiting
from bookme.models import (
    Booking,
    Calendar,
    CalendarEntry,
    Connection,
    ConnectionStatus,
    Deauthorization,
    Email,
    EmailState,
    Meeting,
    User,
)
from bookme.providers.registry import PROVIDERS, meetings_label

_Count = Callable[[Waiting, datetime], sa.Select[Any]]


def late(now: datetime) -> Iterator[Finding]:
    """A finding for each kind of work that is late, and for each provider that refuses it."""
    try:
        found = [one for one in waiting.everything(now) if now - one.since > waits.QUEUED_FOR]
        for one in found:
            yield Finding("late", False, _words(one, _count(one, now)), _to_do(one))
    except DBAPIError:
        return
    if not found:
        yield Finding("work", True, _("Nothing is late."))


def _count(one: Waiting, now: datetime) -> int:
    return db.session.scalar(_COUNTS[one.kind](one, now)) or 0


def _failing(kind: Any) -> _Count:
    def counted(one: Waiting, now: datetime) -> sa.Select[Any]:
        late = kind.failing_since.is_not(None), kind.provider == one.refused_by
        query = sa.select(sa.func.count(kind.id)).join(Booking, Booking.id == kind.booking_id)
        return query.where(*late, Booking.ends_at > now)

    return counted


def _due_bookings(_one: Waiting, now: datetime) -> sa.Select[Any]:
    return sa.select(sa.func.count(Booking.id)).where(Booking.due_at <= now)


def _messages(one: Waiting, now: datetime) -> sa.Select[Any]:
    count = sa.select(sa.func.count(Email.id)).where(Email.state == EmailState.WAITING)
    if one.refused_by is not None:
        return count.where(Email.attempts > 0)
    untried = Email.attempts == 0, Email.booking_id.is_(None), Email.next_attempt_at <= now
    return count.where(*untried)


def _readings(one: Waiting, _now: datetime) -> sa.Select[Any]:
    failing = Calendar.is_checked, Calendar.failing_since.is_not(None)
    count = sa.select(sa.func.count(Calendar.id)).where(*failing)
    of = Connection.provider == one.refused_by, Connection.status == ConnectionStatus.ACTIVE
    return count.join(Connection, Connection.id == Calendar.connection_id).where(*of)


def _removals(one: Waiting, _now: datetime) -> sa.Select[Any]:
    tried = Deauthorization.attempts > 0 if one.refused_by else Deauthorization.attempts == 0
    count = sa.select(sa.func.count(Deauthorization.id))
    return count.where(Deauthorization.finished_at.is_(None), tried)


def _closings(_one: Waiting, now: datetime) -> sa.Select[Any]:
    over = User.closing_at <= now - waits.CLOSING_PATIENCE
    return sa.select(sa.func.count(User.id)).where(over)


_COUNTS: dict[str, _Count] = {
    "bookings": _due_bookings,
    "meetings": _failing(Meeting),
    "entries": _failing(CalendarEntry),
    "messages": _messages,
    "readings": _readings,
    "removals": _removals,
    "closings": _closings,
}


def _words(one: Waiting, number: int) -> str:
    since = one.since.strftime("%Y-%m-%d %H:%M %Z")
    said = {"since": since, "provider": label(one.refused_by)}
    if one.refused_by == "mail":
        said["why"] = one.why or _("no answer")
        return ngettext(
            "%(num)s message has waited since %(since)s because the mail server doesn’t take it"
            " (%(why)s).",
            "%(num)s messages have waited since %(since)s because the mail server doesn’t take them"
            " (%(why)s).",
            number,
            **said,
        )
    refused = one.refused_by is not None and one.kind in _REFUSED
    return (_REFUSED if refused else _UNTRIED)[one.kind](number, said)


def _to_do(one: Waiting) -> str:
    if one.refused_by is None:
        return _("Check that workers and the sweep run, and that there are enough of them.")
    if one.refused_by == "mail":
        return _(
            "Check %(setting)s and the mail server’s own log. Messages go out by themselves once it"
            " takes them.",
            setting="MAIL_URL",
        )
    return _(
        "Check whether %(provider)s has an outage. BookMe keeps trying and catches up by itself.",
        provider=label(one.refused_by),
    )


def label(provider: str | None) -> str:
    """The name of a provider, or of its meetings, as people know it."""
    facts = PROVIDERS.get(provider or "")
    return str(facts.label) if facts is not None else meetings_label(provider)


_REFUSED: dict[str, Callable[[int, dict[str, Any]], str]] = {
    "meetings": lambda number, said: ngettext(
        "%(num)s meeting has waited for %(provider)s since %(since)s.",
        "%(num)s meetings have waited for %(provider)s since %(since)s.",
        number,
        **said,
    ),
    "entries": lambda number, said: ngettext(
        "%(num)s calendar event has waited for %(provider)s since %(since)s.",
        "%(num)s calendar events have waited for %(provider)s since %(since)s.",
        number,
        **said,
    ),
    "readings": lambda number, said: ngettext(
        "%(num)s calendar hasn’t been read since %(since)s because %(provider)s doesn’t answer.",
        "%(num)s calendars haven’t been read since %(since)s because %(provider)s doesn’t answer.",
        number,
        **said,
    ),
    "removals": lambda number, said: ngettext(
        "%(num)s confirmation of deleted data has waited for %(provider)s since %(since)s.",
        "%(num)s confirmations of deleted data have waited for %(provider)s since %(since)s.",
        number,
        **said,
    ),
}
_UNTRIED: dict[str, Callable[[int, dict[str, Any]], str]] = {
    "bookings": lambda number, said: ngettext(
        "%(num)s booking has been due since %(since)s.",
        "%(num)s bookings have been due since %(since)s.",
        number,
        **said,
    ),
    "messages": lambda number, said: ngettext(
        "%(num)s message has been due since %(since)s, and nobody has tried to send it.",
        "%(num)s messages have been due since %(since)s, and nobody has tried to send them.",
        number,
        **said,
    ),
    "removals": lambda number, said: ngettext(
        "%(num)s removal at Zoom has been waiting since %(since)s.",
        "%(num)s removals at Zoom have been waiting since %(since)s.",
        number,
        **said,
    ),
    "closings": lambda number, said: ngettext(
        "%(num)s account should have been deleted at %(since)s.",
        "%(num)s accounts should have been deleted, the first of them at %(since)s.",
        number,
        **said,
    ),
}
