"""Looks at both sides: what BookMe's database says, and what the sandbox holds."""

from collections.abc import Iterator
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bookme.models import (
    Booking,
    BookingEvent,
    BookingLink,
    Connection,
    ConnectionStatus,
    Deauthorization,
    Email,
    EmailState,
    EventKind,
    MeetingState,
    ReminderState,
    User,
)
from tests.faults.entries import placed
from tests.faults.observed import Known, KnownEntry, Rule, Seen, Span
from tests.system import System

#: Events of a booking that change what the outside has to show.
_BEGINNINGS = (EventKind.BOOKED, EventKind.ACCEPTED)
_ENDS = (EventKind.CANCELLED, EventKind.DECLINED, EventKind.LAPSED)
_CHANGES = (EventKind.REQUESTED, *_BEGINNINGS, EventKind.MOVED, *_ENDS)


class Observer:
    """Looks at a system, without touching it."""

    def __init__(self, system: System) -> None:
        self._system = system
        self._engine = sa.create_engine(system.environ["DATABASE_URL"])

    def look(self, *, inside_only: bool = False) -> Seen:
        """:param inside_only: leave out the sandbox, which takes a while to tell."""
        with Session(self._engine) as session:
            rows = session.scalars(sa.select(Booking)).all()
            found = [_known_or_gone(session, row) for row in rows]
            bookings = [known for known in found if known is not None]
            connected, owed = _connected(session), list(_owed(session))
            links = dict(_links(session))
        if inside_only:
            return Seen(bookings, connected, owed)
        sandbox, parts = self._system.sandbox, ("mail", "calls", "compliance", "webhooks")
        state = sandbox.state("meetings", *parts, "events", "icloud")
        entries = placed(state.pop("events"), state.pop("icloud"), sandbox.web_url)
        return Seen(bookings, connected, owed, entries=entries, links=links, **state)

    def connection_of(self, host: str) -> int:
        """The id of a host's active connection to Zoom."""
        with Session(self._engine) as session:
            found = session.scalars(
                sa.select(Connection.id)
                .join(User, User.id == Connection.host_id)
                .where(User.email == host, Connection.provider == "zoom")
                .where(Connection.status == ConnectionStatus.ACTIVE)
            )
            return found.one()

    def close(self) -> None:
        self._engine.dispose()


def _known_or_gone(session: Session, row: Booking) -> Known | None:
    """None if the booking vanished while it was looked at, as one does that was held in vain."""
    booking_id = row.id
    try:
        return _known(row)
    except AssertionError:
        still = sa.select(Booking.id).where(Booking.id == booking_id)
        if session.scalar(still) is not None:
            raise
        return None


def _known(row: Booking) -> Known:
    meeting, changes = row.meeting, [one for one in row.events if one.kind in _CHANGES]
    assert meeting is not None
    assert row.booker is not None
    starts = [one.facts["starts_at"] for one in changes if "starts_at" in one.facts]
    return Known(
        reference=row.reference,
        title=f"{row.title}: {row.booker.name}",
        token=row.token,
        host=row.host.email,
        booker=row.booker.email,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        minutes=row.schedule.duration_minutes,
        status=row.status,
        video=meeting.provider,
        due_at=row.due_at,
        lease_until=row.lease_until,
        waiting_mails=sum(one.state is EmailState.WAITING for one in row.emails),
        meeting_id=meeting.external_id,
        join_url=meeting.join_url,
        passcode=meeting.passcode,
        state=str(meeting.state),
        trouble=str(meeting.trouble) if meeting.trouble else None,
        is_unknown=meeting.attempted_at is not None and meeting.external_id is None,
        looks_again=meeting.look_again_at is not None,
        starts=frozenset({row.starts_at, *map(datetime.fromisoformat, starts)}),
        changed_at=max((one.at for one in changes), default=row.created_at),
        history=tuple(str(one.kind) for one in row.events),
        entry=_known_entry(row),
        guests=tuple(one.email for one in row.guests),
        spans=tuple(_spans(changes)),
        rules=tuple(
            Rule(one.minutes, one.to_booker, one.to_host, one.timing)
            for one in row.schedule.message_rules
        ),
        reminds_at=min(
            (one.send_at for one in row.reminders if one.state is ReminderState.WAITING),
            default=None,
        ),
    )


def _spans(changes: list[BookingEvent]) -> Iterator[Span]:
    starts_at, since = None, None
    for one in changes:
        if since is not None and starts_at is not None:
            yield Span(starts_at, since, one.at)
        if "starts_at" in one.facts:
            starts_at = datetime.fromisoformat(one.facts["starts_at"])
        if one.kind in _BEGINNINGS or (one.kind is EventKind.MOVED and since is not None):
            since = one.at
        elif one.kind in _ENDS:
            since = None
    if since is not None and starts_at is not None:
        yield Span(starts_at, since, None)


def _known_entry(row: Booking) -> KnownEntry:
    entry = row.entry
    if entry is None:  # made while its host had no calendar
        return KnownEntry("", None, "", is_there=False, is_unknown=False, is_moving=False)
    is_behind = entry.state is MeetingState.READY and entry.revision < row.revision
    attempts = entry.attempted_at, entry.next_attempt_at, entry.link_after
    waits = MeetingState.WAITING if row.is_confirmed else MeetingState.READY
    return KnownEntry(
        provider=entry.provider,
        id=entry.external_id,
        state=str(entry.state),
        is_there=entry.made_at is not None,
        is_unknown=entry.attempted_at is not None,
        is_moving=is_behind
        or entry.state is waits
        or (entry.state is not MeetingState.LEFT and any(attempts)),
    )


def _connected(session: Session) -> set[tuple[str, str]]:
    active = sa.select(Connection).where(Connection.status == ConnectionStatus.ACTIVE)
    return {(one.host.email, one.provider) for one in session.scalars(active)}


def _links(session: Session) -> Iterator[tuple[str, tuple[int, str]]]:
    for link in session.scalars(sa.select(BookingLink)):
        booker = link.booking.booker if link.booking is not None else None
        yield link.token_hash, (link.uses_left, booker.email if booker is not None else "")


def _owed(session: Session) -> Iterator[str]:
    letters = sa.select(Email).where(Email.booking_id.is_(None))
    for email in session.scalars(letters.where(Email.state == EmailState.WAITING)):
        yield f"message {email.kind}"
    open_ = sa.select(Deauthorization).where(Deauthorization.finished_at.is_(None))
    for removal in session.scalars(open_):
        yield f"removal {removal.id}"
    unread = sa.or_(
        Connection.access_token_sealed.is_not(None),
        Connection.refresh_token_sealed.is_not(None),
        Connection.user_digest.is_not(None),
        Connection.label_sealed.is_not(None),
    )
    left = sa.select(Connection.id).where(Connection.status == ConnectionStatus.INACTIVE, unread)
    for connection_id in session.scalars(left):
        yield f"what is left of connection {connection_id}"
