"""Since when work of each kind has waited, for everybody or for one host.

A try that fails moves the time of the next one, so that says nothing of how long work has waited:
since when is read from what no failed try moves.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
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
from bookme.prepared import Prepared
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


_EVER = datetime(1970, 1, 1, tzinfo=UTC)
#: All kinds; a host's own come first, in the order in which they are said.
KINDS = ("bookings", "meetings", "entries", "messages", "readings", "removals", "closings")
_Rows = sa.Select[Any]


def everything(now: datetime) -> list[Waiting]:
    """All that waits; one for each kind, and for each provider that does not do its part."""
    parts = _of_bookings(now, has_mail=current_app.config["MAIL_CONFIGURED"])
    found = [*_waiting(db.session.execute(sa.union_all(*parts))), *_others(now)]
    return [one for one in found if one.since <= now]


def of_host(host_id: int, now: datetime) -> list[Waiting]:
    """The same of one host's bookings and messages. One query."""
    has_mail = current_app.config["MAIL_CONFIGURED"]
    found = _OF_HOST[has_mail].rows(host=host_id, now=now)
    return [one for one in _waiting(found) if one.since <= now]


def _of_bookings(now: Any, host_id: Any = None, *, has_mail: bool) -> Iterator[_Rows]:
    mine = () if host_id is None else (Booking.host_id == host_id,)
    yield _row("bookings", sa.func.min(Booking.due_at)).where(Booking.due_at.is_not(None), *mine)
    # Found by what fails, which is little, and not by an index of the host's bookings.
    of_host = () if host_id is None else (Booking.host_id + 0 == host_id,)
    kinds: tuple[tuple[str, Any], ...] = (("meetings", Meeting), ("entries", CalendarEntry))
    for name, kind in kinds:
        yield (
            _row(name, sa.func.min(kind.failing_since), kind.provider)
            .join(Booking, Booking.id == kind.booking_id)
            .where(kind.failing_since > _EVER, Booking.ends_at > now, *of_host)
            .group_by(kind.provider)
        )
    if has_mail:  # else they wait for it, and that is said elsewhere
        yield from _messages(() if host_id is None else (_to(host_id),))


def _messages(of: tuple[sa.ColumnElement[bool], ...]) -> Iterator[_Rows]:
    waiting = Email.state == EmailState.WAITING
    refused = (
        sa.select(Email.created_at, Email.problem)
        .where(waiting, Email.attempts > 0, *of)
        .order_by(Email.created_at)
        .limit(1)
        .subquery()
    )
    yield _row("messages", refused.c.created_at, sa.literal("mail"), refused.c.problem)
    untried = Email.attempts == 0, Email.booking_id.is_(None), waiting
    yield _row("messages", sa.func.min(Email.next_attempt_at)).where(*untried, *of)


def _row(kind: str, since: Any, refused_by: Any = None, why: Any = None) -> _Rows:
    """A row of what becomes a :class:`Waiting`."""
    nothing = sa.cast(sa.null(), sa.String)
    return sa.select(
        sa.literal(kind),
        since,
        nothing if refused_by is None else refused_by,
        nothing if why is None else why,
    )


def _waiting(rows: Iterable[Any]) -> list[Waiting]:
    found = [Waiting(*row) for row in rows if row[1] is not None]
    return sorted(found, key=lambda one: (KINDS.index(one.kind), one.refused_by or "~"))


def _to(host_id: Any) -> sa.ColumnElement[bool]:
    """Messages to a host, or about his bookings."""
    about = sa.select(sa.literal(1)).where(
        Booking.id == Email.booking_id, Booking.host_id == host_id
    )
    return sa.or_(Email.user_id == host_id, about.exists())


def _of_host(has_mail: bool) -> sa.CompoundSelect[Any]:
    now = sa.bindparam("now", type_=Booking.ends_at.type)
    host = sa.bindparam("host", type_=sa.Integer)
    return sa.union_all(*_of_bookings(now, host, has_mail=has_mail))


_OF_HOST = {known: Prepared(partial(_of_host, known)) for known in (True, False)}


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
