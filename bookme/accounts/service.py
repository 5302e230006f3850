"""The verbs of an account: signing up, proving an address, changing what a host is known by.

They flush and never commit. What they return is the message to hurry after the commit, if one is
owed; a caller says the same to everybody, whether there is one or not.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from bookme.accounts import admission, handles, sessions
from bookme.accounts.factors import known
from bookme.accounts.owed import Letter, owe
from bookme.errors import BookMeError
from bookme.extensions import db
from bookme.models import OFFICE_HOURS, Email, OpeningHours, Schedule, SetUpStep, TimeOff, User

#: How often a sign-up is tried again when another took the handle or the address meanwhile.
TRIES = 5
#: A sign-up whose address was never confirmed is forgotten after this.
UNCONFIRMED_FOR = timedelta(days=30)


class HandleTaken(BookMeError):
    """Another host has this handle."""


class AddressTaken(BookMeError):
    """Another host has this e-mail address."""


@dataclass(frozen=True, slots=True)
class Newcomer:
    """What somebody types to sign up, and what their browser says of them.

    :param email: folded, as :func:`bookme.addresses.folded` gives it.
    :param password_hash: empty for who signs in otherwise.
    """

    name: str
    email: str
    password_hash: str
    zone: str = "UTC"
    locale: str = "en_GB"
    clock_hours: int = 24


def find(email: str) -> User | None:
    """The host with this folded address."""
    return db.session.scalar(sa.select(User).where(User.email == email))


def sign_up(
    who: Newcomer, *, next_path: str | None = None, invitation: object = None, now: datetime
) -> Email | None:
    """Make an account, unless the address has a confirmed one: its owner is told by mail instead.

    An unconfirmed account is replaced, with all that was prepared in it: whoever made it has not
    shown that the address is theirs.

    :param invitation: what an invitation's link has, where it takes one. It is used up whether
        there is an account or not, so that it tells nobody.
    :raises admission.NotAdmitted: if whoever asks may not make an account here.
    """
    for attempt in range(TRIES):
        try:
            with db.session.begin_nested():
                admission.admit(who.email, invitation, now=now)
                return _sign_up(who, next_path, now, crowded=attempt > 1)
        except IntegrityError:
            continue  # somebody else took the address or the handle between our look and our write
    raise AddressTaken("lost every race")


def newcomer_of(email: Email | None) -> User | None:
    """Whose account a sign-up has made, by the message that it owes; None if there was one."""
    return email.user if email is not None and email.kind == Letter.CONFIRM_EMAIL else None


def new_host(who: Newcomer, *, now: datetime, crowded: bool = False) -> User:
    """Add an unconfirmed host, with a free handle made of the name.

    :param crowded: several of this name are at it right now, so the handle gets a random end.
    """
    user = User(email=who.email, created_at=now)
    # Not from 0: databases give the id of a deleted host to the next one, links name id and epoch.
    user.epoch = secrets.randbelow(2**30)
    _describe(user, who, crowded, now)
    db.session.add(user)
    _give_hours(user, now)
    db.session.flush()
    return user


def make_confirmed(who: Newcomer, *, now: datetime) -> User:
    """An account for somebody who has shown that the address is theirs. An unconfirmed one of this
    address gives way, as it would for a second sign-up.
    """
    user = find(who.email)
    if user is None:
        user = new_host(who, now=now)
    else:
        _start_over(user, who, now=now)
    confirm(user, now=now)
    return user


def confirm(user: User, *, now: datetime) -> None:
    """The host has shown that the address is theirs. Again changes nothing."""
    if user.email_confirmed_at is None:
        user.email_confirmed_at = now
        db.session.flush()


def owe_confirmation(user: User, *, next_path: str | None = None, now: datetime) -> Email | None:
    """Ask once more for a confirmation of the address."""
    if user.is_confirmed:
        return None
    return owe(user, Letter.CONFIRM_EMAIL, now=now, **({"next": next_path} if next_path else {}))


def change_profile(
    user: User,
    *,
    name: str,
    handle: str,
    contact: str,
    zone: str,
    locale: str,
    clock_hours: int,
    now: datetime,
) -> None:
    """Change what bookers see of a host and how times are shown.

    :raises HandleTaken: if the handle is another host's, or was not long ago; the transaction stays
        usable.
    """
    if handle != user.handle:
        if handles.is_kept_free(handle, user, now=now):
            raise HandleTaken(handle)
        handles.give_up(user, now=now)
    try:
        with db.session.begin_nested():
            user.name, user.handle, user.contact = name, handle, contact
            user.zone, user.locale, user.clock_hours = zone, locale, clock_hours
    except IntegrityError as error:
        raise HandleTaken(handle) from error


def _sign_up(who: Newcomer, next_path: str | None, now: datetime, *, crowded: bool) -> Email | None:
    # Locked, so that a confirmation of the account being replaced comes before or after.
    user = db.session.scalar(
        sa.select(User).where(User.email == who.email).with_for_update(key_share=True),
        execution_options={"populate_existing": True},
    )
    if user is not None and (user.is_confirmed or user.closing_at is not None):
        return owe(user, Letter.ALREADY_REGISTERED, now=now)
    if user is None:
        user = new_host(who, now=now, crowded=crowded)
    else:
        _start_over(user, who, now=now)
    return owe_confirmation(user, next_path=next_path, now=now)


def _start_over(user: User, who: Newcomer, *, now: datetime) -> None:
    sessions.end_all(user)
    known.forget_all(user)
    for kind in (Schedule, OpeningHours, TimeOff):
        db.session.execute(sa.delete(kind).where(kind.host_id == user.id))
    user.epoch += 1
    user.new_email = user.max_per_day = user.max_per_week = user.feed_epoch = None
    user.contact = ""
    user.created_at = now
    _describe(user, who, crowded=False, now=now)
    _give_hours(user, now)
    db.session.flush()


def _give_hours(user: User, now: datetime) -> None:
    """The set of hours that a host begins with."""
    name = _("Working hours")
    made = {"zone": user.zone, "week": OFFICE_HOURS, "overrides": {}}
    db.session.add(OpeningHours(host=user, name=name, created_at=now, **made))


def _describe(user: User, who: Newcomer, crowded: bool, now: datetime) -> None:
    user.name, user.password_hash = who.name, who.password_hash
    user.zone, user.locale, user.clock_hours = who.zone, who.locale, who.clock_hours
    user.handle = handles.free(who.name, user, crowded=crowded, now=now)
    user.set_up_step = SetUpStep.ADDRESS
