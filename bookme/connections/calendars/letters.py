"""Telling a host that a calendar which is checked for conflicts cannot be read: at the first
failure that does not pass, and again when no times are offered any more.
"""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import current_app
from flask_babel import lazy_gettext as _l

from bookme import outbox, waits
from bookme.connections import providers
from bookme.extensions import db
from bookme.mail.defuse import theirs
from bookme.models import Calendar, Connection, ConnectionStatus, Email, Trouble, User
from bookme.web.filters import when, zone_time

FAILING = "calendar_failing"
CLOSED = "calendar_closed"

#: Why a calendar cannot be read, and what helps. ``%(provider)s`` is the provider's name.
TROUBLES: dict[Trouble | None, str] = {
    Trouble.NEEDS_RECONNECT: _l("%(provider)s no longer lets BookMe in. Reconnect %(provider)s."),
    Trouble.CALENDAR_GONE: _l(
        "%(provider)s no longer has this calendar, or no longer shares it with you. Check another "
        "calendar instead."
    ),
    Trouble.NOT_ALLOWED: _l("%(provider)s doesn't let your account read this calendar."),
    Trouble.LED_ELSEWHERE: _l(
        "%(provider)s redirected us to an address that isn't one of Apple's, so we didn't send "
        "your password there. We'll keep trying. If this continues, contact support."
    ),
    Trouble.UNAVAILABLE: _l("%(provider)s isn't responding properly. We'll keep trying."),
    Trouble.CLIENT_REFUSED: _l(
        "%(provider)s isn't accepting requests from this site. We've told the people who run this "
        "site, and we'll keep trying."
    ),
    Trouble.REJECTED: _l(
        "%(provider)s didn't accept our request. This is our mistake. We'll keep trying. If this "
        "continues, contact support."
    ),
}
_CUT_OFF = _l("Reading this calendar was interrupted. We'll keep trying.")


def owe(calendar: Calendar, connection: Connection, *, now: datetime) -> None:
    """Owe the host word of a calendar that has failed, once at each stage; lock its connection
    first. Flushes and leaves the commit to the caller.

    The first word waits a moment, because most failures pass, and is not owed for a connection
    that has ended: of that the host is told anyway. One letter tells of all of its calendars.
    """
    if calendar.failing_since is None:
        return
    if calendar.told_failing_at is None:
        if connection.is_active and not _told(calendar, Calendar.told_failing_at):
            _letter(FAILING, calendar, connection, now=now, at=now + waits.TELL_AFTER)
        calendar.told_failing_at = now
    if calendar.told_closed_at is None and calendar.failing_since <= now - waits.CLOSED_AFTER:
        if not _told(calendar, Calendar.told_closed_at):
            _letter(CLOSED, calendar, connection, now=now, at=now)
        calendar.told_closed_at = now
    db.session.flush()


def trouble(calendar: Calendar, provider: str) -> str:
    """Why a calendar cannot be read, and what helps.

    :param provider: its provider's name for people.
    """
    return str(TROUBLES.get(calendar.trouble, _CUT_OFF) % {"provider": provider})


def _context(email: Email, user: User, now: datetime) -> dict[str, Any] | None:
    connection = db.session.get(Connection, email.facts["connection_id"])
    if user.closing_at is not None or connection is None:
        return None
    failing = _failing(connection)
    since = min((row.failing_since for row in failing if row.failing_since), default=None)
    if since is None or (email.kind == FAILING and connection.needs_reconnect):
        return None  # it works again, or the host is told of the connection
    closes_at = since + waits.CLOSED_AFTER
    if email.kind == CLOSED and closes_at > now:
        return None
    name = providers.label(connection.provider)
    return {
        "provider": name,
        "calendars": [(theirs(row.name), trouble(row, name)) for row in failing],
        "closes_at": when(closes_at, user.zone, user.clock_hours, user.locale),
        "zone": zone_time(user.zone),
        "is_closed": closes_at <= now,
        "connections": f"{current_app.config['PUBLIC_URL']}/connections",
    }


def _failing(connection: Connection) -> list[Calendar]:
    if connection.status is ConnectionStatus.INACTIVE:
        return []
    return list(
        db.session.scalars(
            sa.select(Calendar)
            .where(Calendar.connection_id == connection.id, Calendar.is_checked)
            .where(Calendar.failing_since.is_not(None))
            .order_by(Calendar.is_primary.desc(), Calendar.id)
        )
    )


def _told(calendar: Calendar, stage: sa.ColumnElement[Any] | Any) -> bool:
    """Whether the host was told of another calendar of the same connection at this stage."""
    others = sa.exists().where(
        Calendar.connection_id == calendar.connection_id,
        Calendar.id != calendar.id,
        Calendar.is_checked,
        Calendar.failing_since.is_not(None),
        stage.is_not(None),
    )
    return bool(db.session.scalar(sa.select(others)))


def _letter(
    kind: str, calendar: Calendar, connection: Connection, *, now: datetime, at: datetime
) -> None:
    since = calendar.failing_since or now
    key = f"{kind}.{calendar.id}.{int(since.timestamp())}"
    facts = {"provider": connection.provider, "connection_id": connection.id}
    outbox.owe(kind, calendar.host_id, key=key, now=now, at=at, facts=facts)


BUILDERS = {FAILING: _context, CLOSED: _context}
