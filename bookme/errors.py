"""The errors BookMe raises on purpose.

* BookMeError
  + SlotTaken                someone else got there first        show the times again
  + LinkSpent                the single-use link was used        say so
  + BookingClosed            it is over, or cancelled            show it as it is
    - TooLate                the booker's time for it is over    say so, name the host's contact
  + TooMuchMail              an address has had enough today     say so beside it
  + Busy                     too much to hash at once            ask to press again
  + StillToCome              bookings stand in the way           ask to cancel them first
  + ProviderError            Zoom, Google, Microsoft or Apple failed
    - ProviderUnavailable    network, 429, 5xx: may pass         try later
      . ClientRefused        BookMe's own credentials refused    alarm the operator, try later
    - TokenRefused           access token refused                refresh once, try once more
    - ConnectionRevoked      grant refused                       ask the host to reconnect
      . ScopeMissing         grant lacks a permission            name the permission as well
      . WrongAccount         not this user's, or no such user    gone, if older than the connection
    - NotAllowed             the account may not do this         tell the host in words
    - NotFound               gone at the provider                often what we wanted
    - Rejected               our request was wrong               stop, and tell us

``str(error)`` is for the log. Whoever catches it chooses the words a person reads.
"""

from datetime import datetime
from typing import Any


class BookMeError(Exception):
    """Something that BookMe expects to go wrong now and then."""


class SlotTaken(BookMeError):
    """The time is not, or no longer, on offer.

    :param reason: why, for the log.
    """

    def __init__(self, reason: str = "taken") -> None:
        super().__init__(reason)
        self.reason = reason


class LinkSpent(BookMeError):
    """A single-use link admits nobody any more, or one is needed and there is none.

    :param reason: why, for the log.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class BookingClosed(BookMeError):
    """The appointment is over, or the booking ended or gone: nothing can be done to it."""


class TooLate(BookingClosed):
    """So shortly before the start the booker may not do this any more; the host may."""


class RequestMoved(BookMeError):
    """The booker has moved a request since its host was shown it: what the host would answer is
    another one.
    """


class TooMuchMail(BookMeError):
    """Addresses to which no more messages go for now.

    :ivar to: those addresses, as they were given; empty if their sender has caused enough.
    :ivar again_at: when there is room again.
    """

    def __init__(self, to: set[str], again_at: datetime) -> None:
        super().__init__(f"{len(to)} addresses have had enough")
        self.to = to
        self.again_at = again_at


class Busy(BookMeError):
    """Too many ask for something costly at once; in some seconds it will be possible."""


class StillToCome(BookMeError):
    """Not while there are bookings to come."""


class ProviderError(BookMeError):
    """A provider did not do what we asked.

    :param provider: its short name, such as ``zoom``.
    :param detail: a status and code; no tokens, no personal details.
    :param request_id: the provider's own id for the request, which its support will ask for.
    :param retry_at: the instant it named for trying again, if it did; may be past, or absurd.
    :param sent: whether the request may have taken effect.
    :param code: the provider's own error code.
    """

    def __init__(
        self,
        provider: str,
        detail: str,
        *,
        request_id: str | None = None,
        retry_at: datetime | None = None,
        sent: bool = False,
        code: int | str | None = None,
    ) -> None:
        super().__init__(provider, detail)
        self.provider = provider
        self.detail = detail
        self.request_id = request_id
        self.retry_at = retry_at
        self.sent = sent
        self.code = code

    def __str__(self) -> str:
        request = f" (request {self.request_id})" if self.request_id else ""
        return f"{self.provider}: {self.detail}{request}"


class ProviderUnavailable(ProviderError):
    """The same request may work later.

    :param account_limit: whether a limit of the host's whole account is spent, so that other
        requests for it need not be tried before ``retry_at`` either.
    """

    def __init__(
        self, provider: str, detail: str, *, account_limit: bool = False, **rest: Any
    ) -> None:
        super().__init__(provider, detail, **rest)
        self.account_limit = account_limit


class ClientRefused(ProviderUnavailable):
    """The provider refused BookMe's own client id or secret, or has switched the app off.

    Says nothing about any grant, so none is ended.
    """


class TokenRefused(ProviderError):
    """The access token is expired or otherwise not accepted."""


class ConnectionRevoked(ProviderError):
    """The grant is dead; only the host can make another."""


class ScopeMissing(ConnectionRevoked):
    """The grant does not hold the permission that the request needs."""


class WrongAccount(ConnectionRevoked):
    """The provider does not know the user, or says that the thing belongs to somebody else.

    For a thing made over an earlier connection it means that the thing is out of reach, not that
    the present connection is broken; ``code`` says which of the two was said.
    """


class NotAllowed(ProviderError):
    """The account, its plan or the thing's state does not allow this."""


class NotFound(ProviderError):
    """There is no such thing at the provider, or not any more."""


class Rejected(ProviderError):
    """The request was malformed: a mistake of ours, which repeating does not mend."""
