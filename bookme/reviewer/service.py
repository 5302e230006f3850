"""Making a reviewer's account with all that there is to try, and ending one.

It is known by the operator's act that made it: the same host, at the very moment at which the
account was made. An id alone could be somebody else's by now, since databases give it out again.
"""

from datetime import datetime

import sqlalchemy as sa

from bookme import acts
from bookme.accounts import closing
from bookme.accounts import service as accounts
from bookme.accounts.service import Newcomer
from bookme.extensions import db
from bookme.face import service as face
from bookme.models import Booking, Email, OperatorAct, User
from bookme.reviewer import examples

COMMAND = "reviewer"
#: What everybody reads who comes upon its page.
NAME = "Test Account"
_HEADLINE = "A test account for app reviews: nothing here is a real offer"


def is_ours(user: User) -> bool:
    """Whether an account was made by :func:`make`, so that nobody's real data is in it."""
    made = sa.exists().where(
        OperatorAct.command == COMMAND,
        OperatorAct.host_id == user.id,
        OperatorAct.at == user.created_at,
    )
    return bool(db.session.scalar(sa.select(made)))


def make(email: str, password_hash: str, *, zone: str, now: datetime) -> tuple[User, list[Booking]]:
    """A confirmed host with schedules of every kind, open around the clock, and bookings to answer,
    to move and to cancel. Whoever has booked them has the account's own address.

    :return: the account, and the bookings to be hurried.
    """
    user = accounts.new_host(Newcomer(NAME, email, password_hash, zone=zone), now=now)
    accounts.confirm(user, now=now)
    face.change(user, headline=_HEADLINE, welcome="", accent=None, is_searchable=False)
    acts.note(COMMAND, user, now=now)
    return user, examples.fill(user, now=now)


def end(user: User, *, now: datetime) -> Email | None:
    """Let an account end with all that is in it, as its host could; see
    :mod:`bookme.accounts.closing`. Return the message to hurry, if one is owed.
    """
    acts.note(COMMAND, user, changed=user.closing_at is None, now=now)
    return closing.begin(user, now=now)
