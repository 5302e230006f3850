"""Why a calendar cannot be read, by the error."""

from collections.abc import Sequence

from bookme.errors import (
    ClientRefused,
    ConnectionRevoked,
    NotAllowed,
    NotFound,
    ProviderError,
    ProviderUnavailable,
)
from bookme.models import Trouble
from bookme.providers.calendar import HOST_NOT_ALLOWED, STORAGE_FULL


def trouble(error: ProviderError) -> Trouble:
    """Why a calendar cannot be read, as it is put into words."""
    if error.code == STORAGE_FULL:
        return Trouble.STORAGE_FULL
    if error.code == HOST_NOT_ALLOWED:
        return Trouble.LED_ELSEWHERE
    kinds: Sequence[tuple[type[ProviderError], Trouble]] = (
        (ClientRefused, Trouble.CLIENT_REFUSED),
        (ConnectionRevoked, Trouble.NEEDS_RECONNECT),
        (NotFound, Trouble.CALENDAR_GONE),
        (NotAllowed, Trouble.NOT_ALLOWED),
        (ProviderUnavailable, Trouble.UNAVAILABLE),
    )
    return next((said for kind, said in kinds if isinstance(error, kind)), Trouble.REJECTED)
