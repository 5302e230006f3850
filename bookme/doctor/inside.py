"""What can be seen of a running BookMe without asking anybody outside, quick enough for a page."""

import shutil
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask import current_app
from flask_babel import gettext as _
from flask_babel import ngettext
from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy.exc import DBAPIError

from bookme.doctor import own, waiting
from bookme.doctor.finding import Finding
from bookme.extensions import db
from bookme.guard import floods as flooded
from bookme.models import Connection, ConnectionStatus, Email, EmailState, Flood, Report
from bookme.providers.registry import PROVIDERS

#: Less room than this on the disk is too little.
LEAST_FREE = 512 * 1024 * 1024
#: A provider has ended so many grants within a day, and no fewer than it left: that is no host's
#: doing.
_MANY, _LATELY = 3, timedelta(days=1)


def look(now: datetime) -> list[Finding]:
    """Check all that can be seen from inside; never raises."""
    checks: tuple[Callable[[datetime], Iterator[Finding]], ...] = (
        *(own.addresses, own.operator, own.database, disk, own.keys, redis, mail),
        *(own.processes, waiting.late, connections, floods, reports, own.rung),
    )
    return [finding for check in checks for finding in checked(check, now)]


def checked(check: Callable[[datetime], Iterator[Finding]], now: datetime) -> list[Finding]:
    """What a check finds. Whatever it asked the database, and however that ended, the next one
    begins anew.
    """
    found = list(check(now))
    db.session.rollback()
    return found


def disk(_now: datetime) -> Iterator[Finding]:
    """The disk that the state folder is on; a PostgreSQL elsewhere says by itself that its is
    full.
    """
    try:
        free = shutil.disk_usage(current_app.config["STATE_DIR"]).free
    except OSError as error:
        words = _("The state folder can’t be read (%(why)s).", why=_why(error))
        yield Finding("disk", False, words)
        return
    words = _("%(free)s MB are free where the state folder is.", free=free // 2**20)
    to_do = _("Make room before it is full: then nothing can be booked.")
    yield Finding("disk", free >= LEAST_FREE, words, "" if free >= LEAST_FREE else to_do)


def redis(_now: datetime) -> Iterator[Finding]:
    """As the web sees it, which gives up at once."""
    try:
        Redis(connection_pool=current_app.extensions["redis_pool"]).ping()
    except RedisError as error:
        words = _("does not answer (%(why)s): jobs wait", why=_why(error))
        yield Finding("redis", False, words, _("Start it, or check %(name)s.", name="REDIS_URL"))
        return
    yield Finding("redis", True, _("answers"))


def mail(now: datetime) -> Iterator[Finding]:
    """What it has taken lately. That it refuses shows in what waits."""
    if not current_app.config["MAIL_CONFIGURED"]:
        yield no_mail()
        return
    lately = Email.state == EmailState.SENT, Email.created_at > now - _LATELY
    try:
        number = db.session.scalar(sa.select(sa.func.count(Email.id)).where(*lately)) or 0
    except DBAPIError:
        return
    words = ngettext(
        "%(num)s message of the last 24 hours was sent",
        "%(num)s messages of the last 24 hours were sent",
        number,
    )
    yield Finding("mail", True, words)


def no_mail() -> Finding:
    """No mail server is set."""
    return Finding(
        "mail",
        False,
        _("%(name)s is not set: messages wait", name="MAIL_URL"),
        _("Set it and restart BookMe. What waits is sent then."),
    )


def connections(now: datetime) -> Iterator[Finding]:
    """Hosts' connections, provider by provider, and whether one has ended many at once."""
    lately = Connection.problem_at > now - _LATELY
    live = Connection.status != ConnectionStatus.INACTIVE
    needs = Connection.status == ConnectionStatus.NEEDS_RECONNECT
    held = sa.or_(Connection.blocked_until > now, Connection.calls_after > now)
    counted = (
        sa.select(
            Connection.provider,
            sa.func.count().filter(~needs),
            sa.func.count().filter(needs),
            sa.func.count().filter(needs, lately),
            sa.func.count().filter(~needs, held),
        )
        .where(live, Connection.provider.in_(PROVIDERS))
        .group_by(Connection.provider)
        .order_by(Connection.provider)
    )
    try:
        found = db.session.execute(counted).all()
    except DBAPIError:
        return
    for provider, works, ended, ended_lately, waits in found:
        yield _connected(provider, works, ended, ended_lately, waits)


def _connected(provider: str, works: int, ended: int, lately: int, waits: int) -> Finding:
    name = waiting.label(provider)
    said = [
        ngettext(
            "%(num)s connection to %(provider)s works.",
            "%(num)s connections to %(provider)s work.",
            works,
            provider=name,
        )
    ]
    if waits:
        said.append(
            ngettext(
                "%(num)s of them waits because of a limit at %(provider)s.",
                "%(num)s of them wait because of a limit at %(provider)s.",
                waits,
                provider=name,
            )
        )
    if ended:
        said.append(
            ngettext("%(num)s host has to reconnect.", "%(num)s hosts have to reconnect.", ended)
        )
    if lately:
        said.append(
            ngettext(
                "%(num)s connection ended in the last 24 hours.",
                "%(num)s connections ended in the last 24 hours.",
                lately,
            )
        )
    good = lately < _MANY or lately < works
    to_do = _(
        "Check your app at %(provider)s: it may be switched off, or its secret changed.",
        provider=name,
    )
    return Finding("connections", good, " ".join(said), "" if good else to_do)


def floods(now: datetime) -> Iterator[Finding]:
    """Hosts' pages that get far more bookings than usual."""
    coming = sa.select(sa.func.count()).select_from(Flood)
    try:
        number = db.session.scalar(coming.where(Flood.last_at > now - flooded.OVER_AFTER)) or 0
    except DBAPIError:
        return
    if not number:
        yield Finding("floods", True, _("No host gets far more bookings than usual."))
        return
    words = ngettext(
        "%(num)s host gets far more bookings than usual.",
        "%(num)s hosts get far more bookings than usual.",
        number,
    )
    to_do = _("They’ve been told. If they don’t act, look at their pages and pause them.")
    yield Finding("floods", False, words, to_do)


def reports(_now: datetime) -> Iterator[Finding]:
    """Reported pages that nobody has dealt with."""
    waiting_ones = sa.select(sa.func.count(Report.id)).where(Report.closed_at.is_(None))
    try:
        number = db.session.scalar(waiting_ones) or 0
    except DBAPIError:
        return
    if not number:
        yield Finding("reports", True, _("No report of a page is open."))
        return
    words = ngettext(
        "%(num)s report of a page is open.", "%(num)s reports of pages are open.", number
    )
    to_do = _("Look at the page, pause its host if need be, and close the report.")
    yield Finding("reports", False, words, to_do)


def _why(error: Exception) -> str:
    return type(error).__name__
