"""What a host has settled for other sites that show their pages."""

from collections.abc import Iterable

import sqlalchemy as sa

from bookme.extensions import db
from bookme.models import Schedule, User, Visibility
from bookme.schedules.listing import MOST_TITLES


def set_sites(host: User, origins: Iterable[str]) -> None:
    """Let these sites, and no others, show the host's public pages. Each counts once. Flushes and
    leaves the commit to the caller.

    :param origins: as ``sites.origin`` makes them.
    """
    host.embed_sites = list(dict.fromkeys(origins))
    db.session.flush()


def offered(host: User) -> list[Schedule]:
    """The schedules that a site can show: those that take bookings and need no single-use link."""
    query = sa.select(Schedule).where(
        Schedule.host_id == host.id,
        Schedule.deleted_at.is_(None),
        Schedule.active,
        Schedule.visibility != Visibility.BY_LINK,
    )
    query = query.order_by(Schedule.title, Schedule.id).limit(MOST_TITLES)
    return list(db.session.scalars(query))
