"""How often a password may be tried.

A stranger's tries are counted by account and network, and by account from everywhere. A browser in
which the host has signed in before is counted by itself: however often strangers try, whoever sits
there with the right password gets in.
"""

from datetime import datetime

from bookme.accounts import entering
from bookme.guard import tally
from bookme.guard.tally import Counter
from bookme.models import User
from bookme.web import limits

_KNOWN = tally.limits("10/minute", "60/hour")
_FROM_ONE_NETWORK = tally.limits("10/minute", "40/hour")
_FROM_EVERYWHERE = tally.limits("30/minute", "100/hour", "500/day")


def refused(email: str, user: User | None) -> datetime | None:
    """Count a try; when the next one is possible if this one is too many.

    Ends the open transaction.

    :param email: folded, as it was typed; there may be no account.
    """
    browser = entering.source(user) if user is not None else ""
    if browser:
        return limits.refused([Counter("passwords of a browser", browser, _KNOWN)])
    return limits.refused(
        [
            Counter("passwords from", f"{email}\0{limits.network()}", _FROM_ONE_NETWORK),
            Counter("passwords", email, _FROM_EVERYWHERE),
        ]
    )
