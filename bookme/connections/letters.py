"""What the messages about connections say, put together when they are sent."""

from datetime import datetime
from typing import Any

from flask import current_app

from bookme.connections import providers, service, usage, waiting
from bookme.connections.calendars import rows
from bookme.connections.grants import disconnecting, tokens
from bookme.connections.page import words
from bookme.extensions import db
from bookme.models import Connection, Email, Problem, User


def _broken(email: Email, user: User, now: datetime) -> dict[str, Any] | None:
    provider = str(email.facts["provider"])
    connection = db.session.get(Connection, email.facts["connection_id"])
    if user.closing_at is not None or connection is None or not connection.needs_reconnect:
        return None  # reconnected or disconnected meanwhile
    what, remedy = words.problem(connection.problem or Problem.GRANT_ENDED, provider)
    looks = bool(rows.checked(connection.id))
    return _with_schedules(user, provider) | {
        "account": tokens.label(connection),
        "is_waiting": waiting.is_any(user.id, provider, now=now),
        "what": what,
        "remedy": remedy,
        "until": words.until_mended(provider, is_checked=looks),
    }


def _removed(email: Email, user: User, _now: datetime) -> dict[str, Any] | None:
    provider = str(email.facts["provider"])
    if user.closing_at is not None or service.live(user.id, provider):
        return None
    return _with_schedules(user, provider)


def _with_schedules(user: User, provider: str) -> dict[str, Any]:
    return {
        "provider": providers.label(provider),
        "schedules": [one.title for one in usage.schedules_using(user, provider) if one.active],
        "connections": f"{current_app.config['PUBLIC_URL']}/connections",
    }


BUILDERS = {
    disconnecting.LOST: _broken,
    disconnecting.REPLACED: _broken,
    disconnecting.REMOVED: _removed,
}
