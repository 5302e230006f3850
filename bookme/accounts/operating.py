"""What the operator may do with an account. The command notes it (:mod:`bookme.acts`)."""

from dataclasses import dataclass
from datetime import datetime

from bookme.accounts import credentials, sessions
from bookme.accounts.factors import service
from bookme.accounts.oidc import identities
from bookme.accounts.oidc import service as sign_ins
from bookme.models import Email, User


@dataclass(frozen=True, slots=True)
class Unlinked:
    """What came of unlinking.

    :ivar emails: to hurry after the commit.
    """

    number: int
    emails: list[Email]


def remove_second_factor(user: User, *, now: datetime) -> bool:
    """Remove all but the password, sign the host out everywhere, and owe them a message.

    :return: whether there was anything; without it nothing is changed.
    """
    if not service.remove_all(user):
        return False
    sessions.end_all(user)
    service.tell(user, service.Change.REMOVED_BY_OPERATOR, now=now)
    return True


def unlink_sign_ins(user: User, *, provider: str = "", email: str = "", now: datetime) -> Unlinked:
    """Let the people at providers who sign in to an account sign in no longer, sign the host out
    everywhere, and owe them messages. What was on its way to being linked is ended, too.

    The way back in is the host's mailbox: where passwords are off, a link there confirms another
    sign-in, once nothing else lets the host in; where they are on, it has a new password chosen.

    :param user: locked.
    :param provider: only of this one, by the operator's name for it.
    :param email: the host's address from now on, folded, for who has lost the mailbox as well.
    :raises bookme.accounts.service.AddressTaken: if another host has that address.
    """
    emails = []
    if email and email != user.email:
        user.new_email = email
        emails += [credentials.take_new_email(user, now=now)]
    gone = [one for one in identities.of(user) if provider in ("", one.provider)]
    emails += [sign_ins.unlink(user, one, by_operator=True, now=now) for one in gone]
    if gone or emails:
        user.epoch += 1
        sessions.end_all(user)
    return Unlinked(len(gone), [one for one in emails if one is not None])
