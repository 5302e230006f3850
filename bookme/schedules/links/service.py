"""The verbs of single-use links, and their lists. A booking uses one up
(:mod:`bookme.bookings.links`).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from bookme.bookings.links import LinkState, shown_state
from bookme.crypto import fingerprint, new_token
from bookme.errors import LinkSpent
from bookme.extensions import db
from bookme.models import BookingLink, Schedule

PAGE = 25
#: How much of a secret is kept in clear; the rest is far beyond guessing.
_HINT = 6


@dataclass(frozen=True, slots=True)
class Page:
    """Some links, the newest first.

    :ivar more: the last one's id, before which the next page begins; None on the last page.
    """

    links: list[BookingLink]
    more: int | None


def create(schedule: Schedule, *, days: int | None, now: datetime) -> str:
    """Add a link and return its secret, which nobody can find out later.

    :param days: after how many it expires; None: never.
    """
    secret = new_token()
    link = BookingLink(
        schedule=schedule,
        token_hash=fingerprint(secret),
        hint=secret[:_HINT],
        expires_at=now + timedelta(days=days) if days is not None else None,
        created_at=now,
    )
    db.session.add(link)
    db.session.flush()
    return secret


def revoke(link: BookingLink, *, now: datetime) -> None:
    """Let a link admit nobody. One that is revoked stays so.

    :raises LinkSpent: if somebody has booked with it.
    """
    db.session.refresh(link, with_for_update={"key_share": True})
    if shown_state(link, now=now) is LinkState.USED:
        raise LinkSpent(LinkState.USED)
    link.revoked_at = link.revoked_at or now
    db.session.flush()


def find(schedule: Schedule, link_id: int) -> BookingLink | None:
    """One link of a schedule."""
    query = sa.select(BookingLink).where(
        BookingLink.id == link_id, BookingLink.schedule_id == schedule.id
    )
    return db.session.scalar(query)


def page(schedule: Schedule, *, before: int | None = None) -> Page:
    """One page of a schedule's links, with the bookings they were used for."""
    query = sa.select(BookingLink).where(BookingLink.schedule_id == schedule.id)
    if before is not None:
        query = query.where(BookingLink.id < before)
    query = query.order_by(BookingLink.id.desc()).limit(PAGE + 1)
    found = list(db.session.scalars(query.options(selectinload(BookingLink.booking))))
    return Page(found[:PAGE], found[PAGE - 1].id if len(found) > PAGE else None)
