"""Which hosts the public sees."""

from bookme.models import User

#: Conditions on a host: the address is confirmed, and the account isn't being deleted.
PUBLISHED = (User.email_confirmed_at.is_not(None), User.closing_at.is_(None))


def is_shown(host: User) -> bool:
    """Whether a published host's pages are up: the operator hasn't paused them."""
    return host.paused_at is None
