"""A host's schedules as pages: by title, paged by key."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import sqlalchemy as sa

from bookme.extensions import db
from bookme.models import LocationKind, Schedule, User, Visibility
from bookme.prepared import Prepared

PAGE = 25
#: So many schedules there are to choose from where bookings are filtered.
MOST_TITLES = 200

#: PostgreSQL refuses to be asked for more.
_LAST_ID = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Page:
    """Some schedules in order.

    :ivar more: the last one's id, after which the next page begins; None on the last page.
    """

    schedules: list[Schedule]
    more: int | None


def page(host: User, *, after: int | None = None, only_listed: bool = False) -> Page:
    """One page of the host's schedules; deleted ones are left out.

    :param after: the id of the schedule after which the page begins; one that is not the host's
        means the beginning.
    :param only_listed: leave out what doesn't stand on the host's public page.
    """
    key = sa.tuple_(Schedule.title, Schedule.id)
    query = sa.select(Schedule).where(Schedule.host_id == host.id, Schedule.deleted_at.is_(None))
    if only_listed:
        query = query.where(Schedule.active, Schedule.visibility == Visibility.LISTED)
    last = _of(host, after)
    if last is not None:
        query = query.where(key > sa.tuple_(sa.literal(last.title), sa.literal(last.id)))
    query = query.order_by(Schedule.title, Schedule.id).limit(PAGE + 1)
    found = list(db.session.scalars(query))
    return Page(found[:PAGE], found[PAGE - 1].id if len(found) > PAGE else None)


class Brief(NamedTuple):
    """As much of a schedule as lists of links and of connections need."""

    id: int
    title: str
    slug: str
    active: bool
    visibility: Visibility
    location_kind: LocationKind
    video_provider: str | None

    @property
    def is_listed(self) -> bool:
        """Whether it stands on the host's public page."""
        return self.active and self.visibility is Visibility.LISTED


def brief(host: User) -> list[Brief]:
    """The host's living schedules by title, those that take bookings first; the first of many."""
    return [Brief(*row) for row in _BRIEF.rows(host=host.id)]


def _brief() -> Any:
    columns = (getattr(Schedule, name) for name in Brief._fields)
    mine = Schedule.host_id == sa.bindparam("host", type_=sa.Integer)
    query = sa.select(*columns).where(mine, Schedule.deleted_at.is_(None))
    return query.order_by(Schedule.active.desc(), Schedule.title, Schedule.id).limit(MOST_TITLES)


_BRIEF = Prepared(_brief)


def has_any(host: User) -> bool:
    """Whether the host has a schedule that is not deleted."""
    living = sa.exists().where(Schedule.host_id == host.id, Schedule.deleted_at.is_(None))
    return bool(db.session.scalar(sa.select(living)))


def first(host: User) -> Schedule | None:
    """The host's first schedule that is not deleted; one that takes bookings, if there is any."""
    query = sa.select(Schedule).where(Schedule.host_id == host.id, Schedule.deleted_at.is_(None))
    return db.session.scalar(query.order_by(Schedule.active.desc(), Schedule.id).limit(1))


def _of(host: User, schedule_id: int | None) -> Schedule | None:
    """A schedule of the host, also one that is deleted by now: its place in the order stays."""
    if schedule_id is None or not 0 < schedule_id <= _LAST_ID:
        return None
    query = sa.select(Schedule).where(Schedule.id == schedule_id, Schedule.host_id == host.id)
    return db.session.scalar(query)


def titles(host: User) -> list[tuple[int, str]]:
    """The host's schedules to filter bookings by, as (id, title), deleted ones last."""
    return [(number, title) for number, title in _TITLES.rows(host=host.id)]


def _titles() -> Any:
    mine = Schedule.host_id == sa.bindparam("host", type_=sa.Integer)
    query = sa.select(Schedule.id, Schedule.title).where(mine)
    query = query.order_by(Schedule.deleted_at.is_not(None), Schedule.title, Schedule.id)
    return query.limit(MOST_TITLES)


_TITLES = Prepared(_titles)
