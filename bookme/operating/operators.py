"""Who may see the operator's page: hosts whom the command line has named."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from bookme import acts
from bookme.extensions import db
from bookme.models import Operator, User


def is_one(user: User) -> bool:
    """Whether a host may see the operator's page."""
    return user.closing_at is None and db.session.get(Operator, user.id) is not None


def everybody() -> Sequence[Operator]:
    """All of them, the oldest first, with the hosts that they are."""
    query = sa.select(Operator).join(Operator.user).options(contains_eager(Operator.user))
    return db.session.scalars(query.order_by(Operator.since, Operator.user_id)).all()


def add(user: User, *, now: datetime) -> bool:
    """Let a host see the operator's page; return whether they could not before."""
    changed = db.session.get(Operator, user.id) is None
    if changed:
        db.session.add(Operator(user_id=user.id, since=now))
    acts.note("operators add", user, changed=changed, now=now)
    return changed


def remove(user: User, *, now: datetime) -> bool:
    """Let them see it no more, from their next click on; return whether they could."""
    there = db.session.get(Operator, user.id)
    if there is not None:
        db.session.delete(there)
    acts.note("operators remove", user, changed=there is not None, now=now)
    return there is not None
