"""Who may make an account here: anybody, who is invited, or who has an address at some domains."""

from datetime import datetime
from enum import StrEnum

from flask import current_app

from bookme.accounts import invitations
from bookme.errors import BookMeError
from bookme.sign_in_settings import SignUp


class Why(StrEnum):
    """Why somebody may not."""

    NOT_INVITED = "not_invited"
    ANOTHER_DOMAIN = "another_domain"


class NotAdmitted(BookMeError):
    """Somebody may not make an account here."""

    def __init__(self, why: Why) -> None:
        super().__init__(why.value)
        self.why = why


def mode() -> SignUp:
    """Who may."""
    found: SignUp = current_app.config["SIGN_UP"]
    return found


def domains() -> tuple[str, ...]:
    """Where addresses must be, if that matters."""
    found: tuple[str, ...] = current_app.config["SIGN_UP_DOMAINS"]
    return found


def looks_possible(invitation: object, *, now: datetime) -> bool:
    """Whether it's worth asking for anything: not without an invitation where it takes one."""
    return mode() is not SignUp.INVITED or invitations.find(invitation, now=now) is not None


def admits(email: str) -> bool:
    """Whether an account may have this address, folded, when it's made."""
    return mode() is not SignUp.DOMAINS or email.rpartition("@")[2] in domains()


def admit(email: str, invitation: object, *, now: datetime) -> None:
    """Let an account be made; an invitation that it takes is used up.

    :param email: folded.
    :raises NotAdmitted: if it may not be.
    """
    if not admits(email):
        raise NotAdmitted(Why.ANOTHER_DOMAIN)
    if mode() is SignUp.INVITED and not invitations.take(invitation, now=now):
        raise NotAdmitted(Why.NOT_INVITED)
