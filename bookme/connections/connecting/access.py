"""What opens an account, and what is in it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from bookme.connections import providers
from bookme.connections.grants import identity
from bookme.connections.grants.budget import Budget
from bookme.connections.grants.identity import Identity
from bookme.providers.calendar import CalendarInfo
from bookme.providers.http.grant import Grant

#: Seconds for exchanging the code, asking whose it is, and for the list of calendars.
PATIENCE = 5.0


@dataclass(frozen=True, slots=True)
class Access:
    """What opens an account, whose it is, and what is in it.

    :ivar key: a grant; or, where there is a password, the credentials.
    """

    key: Grant | str = field(repr=False)
    account: Identity
    calendars: Sequence[CalendarInfo] = ()


def read(provider: str, token: str, key: Grant | str, budget: Budget) -> Access:
    """Whose account it is and, if it has calendars, which."""
    account = identity.ask(providers.open_as(provider, token, deadline=budget.left))
    if not providers.facts(provider).has_calendars:
        return Access(key, account)
    listed = providers.open_calendars(provider, token, deadline=budget.left).calendars()
    return Access(key, account, listed)
