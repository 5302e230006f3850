"""What the messages about connections say, put together when they are sent."""

from datetime import datetime
from typing import Any

from flask import current_app

from bookme.connections import providers, service, usage
from bookme.connections.calendars import rows
from bookme.connections.grants import disconnecting, tokens
from bookme.connections.page import words
from bookme.extensions import db
from bookme.models import Connection, Email, Problem, User


def context(email: Email, *, now: datetime) -> dict[str, Any] | None:
    """What the templates of this kind need; None if nobody needs the message any more."""
    provider, user = str(email.facts["provider"]), email.user
    if user is None or user.closing_at is not None:
        return None
    connection = db.session.get(Connection, email.facts["connection_id"])
    if email.kind == disconnecting.REMOVED:
        found = _removed(user, provider)
    else:
        found = _broken(connection, provider)
    if found is None:
        return None
    return {
        "provider": providers.label(provider),
        "schedules": [one.title for one in usage.schedules_using(user, provider) if one.active],
        "connections": f"{current_app.config['PUBLIC_URL']}/connections",
        "support": current_app.config["SUPPORT_EMAIL"],
        **found,
    }


def _broken(connection: Connection | None, provider: str) -> dict[str, Any] | None:
    if connection is None or not connection.needs_reconnect:
        return None  # reconnected or disconnected meanwhile
    what, remedy = words.problem(connection.problem or Problem.GRANT_ENDED, provider)
    looks = bool(rows.checked(connection.id))
    return {
        "account": tokens.label(connection),
        "what": what,
        "remedy": remedy,
        "until": words.until_mended(provider, is_checked=looks),
    }


def _removed(user: User, provider: str) -> dict[str, Any] | None:
    return None if service.live(user.id, provider) else {}
