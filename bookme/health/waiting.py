"""Since when work of each kind has waited, for everybody or for one host.

A try that fails moves the time of the next one, so that says nothing of how long work has waited:
since when is read from what no failed try moves.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import current_app

from bookme import waits
from bookme.extensions import db
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
    Trouble,
    User,
)
from bookme.providers.registry import PROVIDERS

#: What a calendar may suffer from without its host being the one to mend it.
_OUTAGES = (Trouble.UNAVAILABLE, Trouble.CLIENT_REFUSED)

#: The provider whose removals are owed an answer.
_TELLER = next(one.name for one in PROVIDERS.values() if one.tells_of_removals)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Work of one kind that waits.

    :ivar kind: such as ``meetings``.
    :ivar since: when the longest waiting of it should have been done.
    :ivar refused_by: whose fault that is: a provider's name or ``mail``; None if nobody has tried.
    :ivar why: the mail server's code.
    """

    kind: str
    since: datetime
    refused_by: str | None = None
    why: str | None = None


def everything(now: datetime) -> list[Waiting]:
    """All that waits; one for each kind, and for each provider that does not do its part."""
    kinds = (_bookings(now), _at_providers(now), _messages(now), _others(now))
    return [one for kind in kinds for one in kind if one.since <= now]


def of_host(host_id: int, now: datetime) -> list[Waiting]:
    """The same of one host's bookings and messages."""
    mine = Booking.host_id == host_id
    kinds = (_bookings(now, mine), _at_providers(now, mine), _messages(now, _to(host_id)))
    return [one for kind in kinds for one in kind if one.since <= now]


def _bookings(now: datetime, *of: sa.ColumnElement[bool]) -> Iterator[Waiting]:
    since = db.session.scalar(sa.select(sa.func.min(Booking.due_at)).where(*of))
    if since is not None and since < now:
        yield Waiting("bookings", since)


def _at_providers(now: datetime, *of: sa.ColumnElement[bool]) -> Iterator[Waiting]:
    kinds: tuple[tuple[str, Any], ...] = (("meetings", Meeting), ("entries", CalendarEntry))
    for name, kind in kinds:
        failing = (
            sa.select(kind.provider, sa.func.min(kind.failing_since))
            .join(Booking, Booking.id == kind.booking_id)
            .where(kind.failing_since.is_not(None), Booking.ends_at > now, *of)
            .group_by(kind.provider)
            .order_by(kind.provider)
        )
        for provider, since in db.session.execute(failing):
            yield Waiting(name, since, provider)


def _messages(now: datetime, *of: sa.ColumnElement[bool]) -> Iterator[Waiting]:
    if not current_app.config["MAIL_CONFIGURED"]:
        return  # they wait for a server, and that is said elsewhere
    waiting = sa.select(Email.created_at, Email.problem).where(
        Email.state == EmailState.WAITING, *of
    )
    refused = waiting.where(Email.attempts > 0).order_by(Email.created_at).limit(1)
    found = db.session.execute(refused).first()
    if found is not None:
        yield Waiting("messages", found.created_at, "mail", found.problem)
    untried = Email.attempts == 0, Email.booking_id.is_(None), Email.state == EmailState.WAITING
    since = db.session.scalar(sa.select(sa.func.min(Email.next_attempt_at)).where(*untried, *of))
    if since is not None and since < now:
        yield Waiting("messages", since)


def _to(host_id: int) -> sa.ColumnElement[bool]:
    """Messages to a host, or about his bookings."""
    about = Email.booking_id.in_(sa.select(Booking.id).where(Booking.host_id == host_id))
    return sa.or_(Email.user_id == host_id, about)


def _others(now: datetime) -> Iterator[Waiting]:
    readings = (
        sa.select(Connection.provider, sa.func.min(Calendar.failing_since))
        .join(Connection, Connection.id == Calendar.connection_id)
        .where(Calendar.is_checked, Calendar.trouble.in_(_OUTAGES))
        .where(Connection.status == ConnectionStatus.ACTIVE, Calendar.failing_since.is_not(None))
        .group_by(Connection.provider)
        .order_by(Connection.provider)
    )
    for provider, since in db.session.execute(readings):
        if since is not None:
            yield Waiting("readings", since, provider)
    removals = sa.select(sa.func.min(Deauthorization.received_at)).where(
        Deauthorization.finished_at.is_(None)
    )
    tried = Deauthorization.attempts > 0
    for refused_by, condition in ((_TELLER, tried), (None, ~tried)):
        received_at = db.session.scalar(removals.where(condition))
        if received_at is not None:
            yield Waiting("removals", received_at, refused_by)
    asked_at = db.session.scalar(sa.select(sa.func.min(User.closing_at)))
    if asked_at is not None:  # so long it waits for messages and meetings
        yield Waiting("closings", asked_at + waits.CLOSING_PATIENCE)
