"""Handles: the name of a host in the address of their pages, ``/<handle>``."""

import re
import secrets
import unicodedata
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask_babel import gettext as _

from bookme.extensions import db
from bookme.models import Booking, GivenUpHandle, User
from bookme.sealed import keys

SHORTEST = 2
LONGEST = 40
#: Nobody else gets a handle for so long after it was given up.
KEPT_FREE = timedelta(days=365)
_SHAPE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

_WORDS = """
about abuse account accounts admin administrator api app apps assets auth billing blog book
booking bookings bookme calendar calendars callback change-email confirm-email connect
connections contact dashboard dashboards default demo developer developers docs download email
embed error errors events faq favicon favicon-ico feed feedback files forgot-password guest health
healthz help home host hostmaster hosts icloud image images index info install invite jobs
legal live login logout mail mailbox mailer-daemon me meet metrics microsoft my new news
no-reply noreply null oauth operator pages password payment postmaster press pricing privacy profile
public readyz register reminder reminders report reset reset-password robots root sandbox schedule
schedules search secure security session sessions settings sign-in sign-out sign-up signin
signout signup site sitemap staff static status styleguide support system team teams terms test
undefined unsubscribe user users webhook webhooks webmaster well-known www zoom zoomverify
"""
#: Never a handle: our own addresses, words that people would take for ours, and what browsers and
#: crawlers ask every site for.
RESERVED = frozenset(_WORDS.split())


def problem(handle: str) -> str | None:
    """What is wrong with a handle, in words for its owner; None if nothing is."""
    if not SHORTEST <= len(handle) <= LONGEST:
        return _("Use %(shortest)s to %(longest)s characters.", shortest=SHORTEST, longest=LONGEST)
    if not _SHAPE.fullmatch(handle):
        return _("Use lowercase letters, digits and single hyphens between them.")
    if handle in RESERVED:
        return _("This handle is reserved for BookMe. Choose another one.")
    return None


def from_name(name: str) -> str:
    """A handle made of a person's name: ``Zoë Müller`` becomes ``zoe-muller``.

    Sound in shape, and not reserved, whatever the name; may be taken.
    """
    ascii_only = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    handle = re.sub(r"[^a-z0-9]+", "-", ascii_only)[: LONGEST - 10].strip("-")
    if len(handle) < SHORTEST:
        return "my-host"
    return handle if handle not in RESERVED else f"{handle}-host"


def give_up(user: User, *, now: datetime) -> None:
    """A host is about to have another handle, or none. Where they were booked under it, links to it
    are about, and nobody else gets it for :data:`KEPT_FREE`.
    """
    was_booked = sa.exists().where(Booking.host_id == user.id)
    if not db.session.scalar(sa.select(was_booked)):
        return
    row = db.session.get(GivenUpHandle, _digests(user.handle)[0])
    if row is None:
        row = GivenUpHandle(digest=_digests(user.handle)[0])
        db.session.add(row)
    row.user_id, row.given_up_at = user.id, now
    db.session.flush()


def is_kept_free(handle: str, user: User, *, now: datetime) -> bool:
    """Whether another host has given the handle up not long ago."""
    others = sa.or_(GivenUpHandle.user_id.is_(None), GivenUpHandle.user_id != user.id)
    found = sa.exists().where(
        GivenUpHandle.digest.in_(_digests(handle)),
        GivenUpHandle.given_up_at > now - KEPT_FREE,
        others,
    )
    return bool(db.session.scalar(sa.select(found)))


def _digests(handle: str) -> list[str]:
    """Keyed hashes of it, under today's key first."""
    return [keys().digest(handle, "handle"), *keys().digests(handle, "handle")]


def free(name: str, user: User, *, crowded: bool, now: datetime) -> str:
    """A handle made of a person's name that no other host has or had, as far as one can see.

    :param crowded: several of this name are at it right now, so it gets a random end.
    """
    wanted = from_name(name)
    if crowded:
        return f"{wanted}-{secrets.token_hex(4)}"
    others = sa.select(User.handle).where(User.handle.startswith(wanted), User.id != user.id)
    taken = set(db.session.scalars(others))
    numbered = (f"{wanted}-{number}" for number in range(2, 100))
    found = (
        handle
        for handle in (wanted, *numbered)
        if handle not in taken and not is_kept_free(handle, user, now=now)
    )
    return next(found, f"{wanted}-{secrets.token_hex(4)}")
