"""Why signing in at a provider came to nothing."""

from enum import StrEnum

from bookme.errors import BookMeError


class Refusal(StrEnum):
    """The reasons, as far as somebody can do something about them."""

    STALE = "stale"  # no such attempt, too old, another browser's, or served already
    DECLINED = "declined"  # they said no at the provider
    UNAVAILABLE = "unavailable"  # the provider doesn't answer as it should
    NOT_BELIEVED = "not_believed"  # what it said doesn't hold
    NO_EMAIL = "no_email"  # it said no address
    UNVERIFIED = "unverified"  # it hasn't checked the address
    ANOTHER_ADDRESS = "another_address"  # not the account's
    ANOTHER_ACCOUNT = "another_account"  # that person signs in to another account
    NOT_YOURS = "not_yours"  # shows who is there, and it is somebody else
    NOT_RECENT = "not_recent"  # didn't sign in anew
    CLOSING = "closing"  # the account is being deleted
    NOT_ADMITTED = "not_admitted"  # may not make an account here


class NotSignedIn(BookMeError):
    """Somebody came back from a provider, and it came to nothing.

    ``str()`` is for the log: no personal data.
    """

    def __init__(self, refusal: Refusal, detail: str = "") -> None:
        super().__init__(detail or refusal.value)
        self.refusal = refusal
