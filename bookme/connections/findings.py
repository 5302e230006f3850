"""What asking a provider about a connection shows."""

from enum import StrEnum

from bookme.errors import ClientRefused, ConnectionRevoked, ProviderError, ProviderUnavailable
from bookme.providers.calendar import HOST_NOT_ALLOWED


class Finding(StrEnum):
    """What a test of a connection found."""

    WORKS = "works"
    DEAD = "dead"  # and so it is marked now
    UNAVAILABLE = "unavailable"  # the provider does not answer
    CLIENT_REFUSED = "client_refused"  # the operator has to mend it
    REFUSED = "refused"  # the provider says no to this account
    LED_ELSEWHERE = "led_elsewhere"  # to a host that this server does not trust
    ASKS_TO_WAIT = "asks_to_wait"  # and is not called until then


def finding(error: ProviderError) -> Finding:
    if error.code == HOST_NOT_ALLOWED:
        return Finding.LED_ELSEWHERE
    if isinstance(error, ConnectionRevoked):
        return Finding.DEAD
    if isinstance(error, ClientRefused):
        return Finding.CLIENT_REFUSED
    if isinstance(error, ProviderUnavailable) and error.retry_at is not None:
        return Finding.ASKS_TO_WAIT
    return Finding.UNAVAILABLE if isinstance(error, ProviderUnavailable) else Finding.REFUSED
