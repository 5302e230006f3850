"""What the operator may do with an account. The command notes it (:mod:`bookme.acts`)."""

from datetime import datetime

from bookme.accounts import sessions
from bookme.accounts.factors import service
from bookme.models import User


def remove_second_factor(user: User, *, now: datetime) -> bool:
    """Remove all but the password, sign the host out everywhere, and owe them a message.

    :return: whether there was anything; without it nothing is changed.
    """
    if not service.remove_all(user):
        return False
    sessions.end_all(user)
    service.tell(user, service.Change.REMOVED_BY_OPERATOR, now=now)
    return True
