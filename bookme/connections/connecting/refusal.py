"""Why a consent, or a password, did not lead to a connection."""

import re
from enum import StrEnum

from bookme.connections import providers
from bookme.errors import (
    BookMeError,
    ClientRefused,
    NotAllowed,
    ProviderError,
    ProviderUnavailable,
    ScopeMissing,
)
from bookme.providers.calendar import HOST_NOT_ALLOWED


class Refusal(StrEnum):
    """Why a consent did not lead to a connection."""

    DECLINED = "declined"  # the host, or the provider, said no
    ADMIN_NEEDED = "admin_needed"  # the account's administrator has to agree first
    STALE = "stale"  # no such attempt in this browser: too old, used, or somebody else's
    SERVED = "served"  # used, by the look of it, and the host is connected by now
    NO_CODE = "no_code"
    CODE_REFUSED = "code_refused"  # expired or used
    SCOPE_MISSING = "scope_missing"
    OTHER_ACCOUNT = "other_account"  # than the one that is connected, and that was not agreed
    UNAVAILABLE = "unavailable"
    CLIENT_REFUSED = "client_refused"  # the operator has to mend it
    NOT_ALLOWED = "not_allowed"
    NO_CALENDARS = "no_calendars"  # an account without a mailbox
    HOST_NOT_ALLOWED = "host_not_allowed"  # the password would have gone elsewhere
    PASSWORD_REFUSED = "password_refused"


#: What Microsoft and Google call it when an administrator has to agree first; Microsoft also
#: sends it as "access_denied", with the number in the description.
_ADMIN_NEEDED = frozenset(
    {"consent_required", "admin_policy_enforced", "org_internal"}
    | {f"AADSTS{number}" for number in (65001, 90093, 90094, 90095)}
)
#: What RFC 6749 (4.1.2.1) has for a provider that cannot answer for now.
_AWAY = ("temporarily_unavailable", "server_error")
_WORD = re.compile(r"\w+")
#: What an error comes to; the first that fits.
_REFUSALS = (
    (ScopeMissing, Refusal.SCOPE_MISSING),
    (ClientRefused, Refusal.CLIENT_REFUSED),
    (ProviderUnavailable, Refusal.UNAVAILABLE),
)


class NotConnected(BookMeError):
    """A consent that did not lead to a connection; nothing is stored of it.

    :ivar missing: the scopes that were not granted.
    :ivar account: the label of the account that it was about, for its host's eyes.
    """

    def __init__(
        self, refusal: Refusal, missing: frozenset[str] = frozenset(), account: str = ""
    ) -> None:
        super().__init__(refusal)
        self.refusal = refusal
        self.missing = missing
        self.account = account


def why_declined(error: str, description: str) -> Refusal:
    """What a provider means by the error with which it sends somebody back.

    https://learn.microsoft.com/entra/identity-platform/reference-error-codes
    """
    if error in _ADMIN_NEEDED or not _ADMIN_NEEDED.isdisjoint(_WORD.findall(description)):
        return Refusal.ADMIN_NEEDED
    return Refusal.UNAVAILABLE if error in _AWAY else Refusal.DECLINED


def why_failed(error: ProviderError, provider: str) -> Refusal:
    """What a provider's error comes to while a host connects it."""
    if error.code in _ADMIN_NEEDED:
        return Refusal.ADMIN_NEEDED
    if error.code == HOST_NOT_ALLOWED:
        return Refusal.HOST_NOT_ALLOWED
    if isinstance(error, NotAllowed) and providers.facts(provider).has_calendars:
        return Refusal.NO_CALENDARS
    found = (refusal for kind, refusal in _REFUSALS if isinstance(error, kind))
    return next(found, Refusal.NOT_ALLOWED)
