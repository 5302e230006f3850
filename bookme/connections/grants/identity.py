"""Whose account a connection is: the one shape of it, whatever kind of provider said it."""

from dataclasses import dataclass, field

from bookme.connections import providers
from bookme.connections.providers import Provider
from bookme.models import Connection
from bookme.providers.calendar import Account as CalendarAccount
from bookme.providers.video import Account as VideoAccount

#: What ``Connection.plan`` says of a calendar's account: whether its entries can carry meetings.
MEETS, NO_MEETINGS = "meet", "no_meetings"


@dataclass(frozen=True, slots=True)
class Identity:
    """Whose account it is. Its ``repr`` is fit for a log.

    :ivar plan: of Zoom, what the account has paid for; of a calendar, :data:`MEETS` or
        :data:`NO_MEETINGS`.
    """

    user_id: str = field(repr=False)
    account_id: str = field(repr=False)
    label: str = field(repr=False)
    plan: str


def ask(provider: Provider) -> Identity:
    """Ask a provider whose grant it is.

    :raises ProviderError: as ``me`` of the provider.
    """
    return identity(provider.me())


def identity(account: VideoAccount | CalendarAccount) -> Identity:
    """What is stored of an account."""
    if isinstance(account, VideoAccount):
        return Identity(account.user_id, account.account_id, account.label, account.plan)
    plan = MEETS if account.can_meet else NO_MEETINGS
    return Identity(account.user_id, "", account.label, plan)


def can_meet(connection: Connection) -> bool:
    """Whether meetings can be made over a connection; its account may not be allowed to."""
    return connection.plan != NO_MEETINGS


def longest_meeting(connection: Connection) -> int | None:
    """After how many minutes the account's plan ends every meeting; None if it ends none."""
    meetings = providers.facts(connection.provider).meetings
    return meetings.longest.get(connection.plan or "") if meetings is not None else None
