"""How long everything is kept that is not kept for as long as its host wants, and the end of it.

The one list of keeping times: the sweep follows it in small steps, ``bookme prune`` to its end,
the page about privacy takes its numbers from here, and ``docs/operating.md`` has all of it. Two
kinds of rows end elsewhere, in jobs: finished removals, which are remembered for a day, and grants
that wait for their host's answer, which have to be revoked first.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import current_app

from bookme import acts, wal
from bookme.accounts import handles
from bookme.accounts import service as accounts
from bookme.accounts.factors import authenticators, checking, known
from bookme.database import reading
from bookme.extensions import Model, db
from bookme.guard import coming, floods
from bookme.models import (
    Authenticator,
    AuthorizationAttempt,
    Booking,
    BookingEvent,
    BookingLink,
    CalendarEntry,
    Email,
    EmailState,
    Flood,
    GivenUpHandle,
    Heartbeat,
    Invitation,
    KnownBrowser,
    Meeting,
    OperatorAct,
    Origin,
    PendingLink,
    PendingProof,
    Reminder,
    Report,
    Schedule,
    Session,
    SignInAttempt,
    Tally,
    User,
    WrongCode,
)
from bookme.report import service as reports

#: So many rows of a kind go in one step: nobody waits for its transaction. Counts are small, and
#: come by the thousand.
STEP, STEP_OF_COUNTS = 500, 10_000
#: The minute of each hour in which the sweep looks for what no index finds.
SELDOM = 23
#: Deleted schedules that no booking needs, and single-use links that are over.
_SCHEDULES, _LINKS = timedelta(days=30), timedelta(days=365)
_DONE = (EmailState.SENT, EmailState.DROPPED, EmailState.FAILED)
_Settings = Mapping[str, Any]
_Conditions = tuple[sa.ColumnElement[bool], ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """For how long rows of one kind are kept.

    :ivar name: what other parts know its time by.
    :ivar what: in the plural, for the operator.
    :ivar since: what the time is counted from.
    :ivar lasts: how long, by the settings; None: for ever.
    :ivar oldest_first: the column by which they are looked through, indexed unless ``is_seldom``.
    :ivar is_over: what must hold of a row, given the instant before which its time was over.
    :ivar setting: which setting says how long.
    :ivar has_persons: people's data goes with the rows, and from SQLite's log too.
    """

    name: str
    what: str
    since: str
    lasts: Callable[[_Settings], timedelta | None]
    oldest_first: Any
    is_over: Callable[[datetime], _Conditions]
    setting: str = ""
    is_seldom: bool = False
    has_persons: bool = False

    def before(self, now: datetime) -> datetime | None:
        """Before which instant a row's time was over; None if no row's ever is."""
        lasts = self.lasts(current_app.config)
        return None if lasts is None else now - lasts

    def time(self, settings: _Settings) -> str:
        """How long they are kept, for the operator, such as ``30 days``."""
        lasts = self.lasts(settings)
        if lasts is None:
            return "for ever"
        number, unit = (lasts.days, "day") if lasts.days else (lasts.seconds // 60, "minute")
        return f"{number} {unit}{'' if number == 1 else 's'}" if number else "not longer"


def forget_old(now: datetime) -> int:
    """Delete what has been kept long enough, the oldest first, one small step of each kind; return
    how many rows. For the sweep. Commits.
    """
    _forget_failures(now)
    return sum(step(rule, now) for rule in RULES if now.minute == SELDOM or not rule.is_seldom)


def step(rule: Rule, now: datetime) -> int:
    """Delete some rows whose time is over, the oldest first; return how many. Commits.

    A row that has changed since it was found stays if its time is over no more.
    """
    before = rule.before(now)
    if before is None:
        return 0
    model, conditions = rule.oldest_first.class_, rule.is_over(before)
    key = sa.tuple_(*sa.inspect(model).primary_key)
    old = sa.select(*key).where(*conditions).order_by(rule.oldest_first)
    if not _some(old, 1):
        return 0
    those = key.in_(old.limit(STEP_OF_COUNTS if model is Tally else STEP))
    if model is Email:
        _forget_reminders(those)
    gone = _delete(model, those, *conditions)
    if gone and rule.has_persons:
        wal.owe_truncation(now=now)
    db.session.commit()
    return gone


def steps(rule: Rule, now: datetime) -> Iterator[int]:
    """Delete all rows whose time is over, step by step. Commits each."""
    while gone := step(rule, now):
        yield gone


def count(rule: Rule, now: datetime) -> int:
    """How many rows' time is over."""
    before = rule.before(now)
    if before is None:
        return 0
    over = sa.select(sa.func.count()).select_from(rule.oldest_first.class_)
    return db.session.scalar(over.where(*rule.is_over(before))) or 0


def days(settings: _Settings) -> dict[str, int]:
    """How many whole days each kind is kept, by the rules' names; 0 for ever, or less than one."""
    lasts = {rule.name: rule.lasts(settings) for rule in RULES}
    return {name: time.days if time is not None else 0 for name, time in lasts.items()}


def _some(old: Any, most: int) -> list[Any]:
    with reading():  # mostly there is nothing to write
        found = [tuple(row) for row in db.session.execute(old.limit(most))]
        db.session.rollback()
    return found


def _delete(model: type[Model], *conditions: sa.ColumnElement[bool]) -> int:
    gone = sa.delete(model).where(*conditions).execution_options(synchronize_session=False)
    return db.session.execute(gone).rowcount  # type: ignore[attr-defined]


def _forget_failures(now: datetime) -> None:
    """What failed until its appointment was over waits no more: who looks for what does, need not
    pass it by. Commits.
    """
    before = now - _days("KEEP_MESSAGES_DAYS")
    for kind in (Meeting, CalendarEntry):
        old = (
            sa.select(kind.id)
            .join(Booking, Booking.id == kind.booking_id)
            .where(kind.failing_since < before, Booking.ends_at < before)
            .order_by(kind.failing_since)
        )
        ids = [row[0] for row in _some(old, STEP)]
        if ids:
            change = sa.update(kind).where(kind.id.in_(ids))
            db.session.execute(change.values(failing_since=None))
            db.session.commit()


def _forget_reminders(of: sa.ColumnElement[bool]) -> None:
    """Of those bookings whose messages go: none is sent so long after the end."""
    bookings = sa.select(Email.booking_id).where(of, Email.booking_id.is_not(None))
    _delete(Reminder, Reminder.booking_id.in_(bookings))


def _days(setting: str) -> timedelta:
    return timedelta(days=current_app.config[setting])


def _by_setting(name: str) -> dict[str, Any]:
    def lasts(settings: _Settings) -> timedelta | None:
        days = settings[name]
        return timedelta(days=days) if days else None

    return {"lasts": lasts, "setting": name}


def _for(lasts: timedelta) -> Callable[[_Settings], timedelta]:
    return lambda _settings: lasts


def _ended(before: datetime) -> sa.ColumnElement[bool]:
    return Email.booking.has(Booking.ends_at < before) | Email.booking_id.is_(None)


def _messages(state: EmailState) -> Rule:
    return Rule(
        "messages",
        f"{state} messages (what they said is never kept)",
        "the appointment's end, or their own time if they are about none",
        oldest_first=Email.created_at,
        is_over=lambda before: (
            Email.state == state,
            Email.created_at < before,
            _ended(before),
        ),
        **_by_setting("KEEP_MESSAGES_DAYS"),
    )


RULES: tuple[Rule, ...] = (
    Rule(
        "bookings",
        "bookings with all that belongs to them",
        "the appointment's end",
        oldest_first=Booking.ends_at,
        is_over=lambda before: (Booking.ends_at < before,),
        is_seldom=True,
        has_persons=True,
        **_by_setting("KEEP_BOOKINGS_DAYS"),
    ),
    Rule(
        "history",
        "lines of bookings' histories",
        "the appointment's end",
        oldest_first=BookingEvent.at,
        is_over=lambda before: (
            BookingEvent.at < before,
            BookingEvent.booking.has(Booking.ends_at < before),
        ),
        **_by_setting("KEEP_HISTORY_DAYS"),
    ),
    *(_messages(state) for state in _DONE),
    Rule(
        "unconfirmed",
        "accounts whose e-mail address was never confirmed",
        "the sign-up",
        _for(accounts.UNCONFIRMED_FOR),
        User.created_at,
        lambda before: (
            User.email_confirmed_at.is_(None),
            User.created_at < before,
        ),
        has_persons=True,
    ),
    Rule(
        "sessions",
        "sessions of hosts' browsers",
        "their last use",
        lambda settings: settings["PERMANENT_SESSION_LIFETIME"],
        Session.last_seen_at,
        lambda before: (Session.last_seen_at <= before,),
    ),
    Rule(
        "browsers",
        "browsers in which a host has signed in",
        "the last sign-in",
        _for(known.KEPT_FOR),
        KnownBrowser.last_seen_at,
        lambda before: (KnownBrowser.last_seen_at <= before,),
    ),
    Rule(
        "wrong_codes",
        "wrong codes of second factors",
        "the try",
        _for(checking.REMEMBERED),
        WrongCode.created_at,
        lambda before: (WrongCode.created_at <= before,),
    ),
    Rule(
        "set_ups",
        "authenticator apps that nobody has finished setting up",
        "the beginning",
        _for(authenticators.PATIENCE),
        Authenticator.created_at,
        lambda before: (Authenticator.confirmed_at.is_(None), Authenticator.created_at <= before),
        is_seldom=True,
    ),
    Rule(
        "proofs",
        "second steps and passkeys that were asked for",
        "their end, some minutes after they began",
        _for(timedelta(0)),
        PendingProof.expires_at,
        lambda before: (PendingProof.expires_at <= before,),
    ),
    Rule(
        "attempts",
        "attempts to connect an account",
        "their end, some minutes after they began",
        _for(timedelta(0)),
        AuthorizationAttempt.expires_at,
        lambda before: (
            AuthorizationAttempt.expires_at <= before,
            AuthorizationAttempt.holds_grant.is_(False),
        ),
    ),
    Rule(
        "sign_ins",
        "sign-ins at a provider that were begun",
        "their end, some minutes after they began",
        _for(timedelta(0)),
        SignInAttempt.expires_at,
        lambda before: (SignInAttempt.expires_at <= before,),
    ),
    Rule(
        "pending_links",
        "sign-ins that wait to be confirmed from inside an account",
        "their end, half an hour after they began",
        _for(timedelta(0)),
        PendingLink.expires_at,
        lambda before: (PendingLink.expires_at <= before,),
        has_persons=True,
    ),
    Rule(
        "invitations",
        "invitations that nobody has used",
        "their end, some days after they were made",
        _for(timedelta(0)),
        Invitation.expires_at,
        lambda before: (Invitation.expires_at <= before,),
    ),
    Rule(
        "counts",
        "counts of what strangers cause, as hashes",
        "the end of the hour or day that they count for",
        _for(timedelta(0)),
        Tally.until,
        lambda before: (Tally.until <= before,),
    ),
    Rule(
        "networks",
        "networks that bookings were made from, as hashes",
        "the booking",
        _for(coming.ORIGINS_KEPT),
        Origin.made_at,
        lambda before: (Origin.made_at <= before,),
    ),
    Rule(
        "handles",
        "handles that hosts were booked under and have given up, as hashes",
        "the change or deletion",
        _for(handles.KEPT_FREE),
        GivenUpHandle.given_up_at,
        lambda before: (GivenUpHandle.given_up_at <= before,),
    ),
    Rule(
        "floods",
        "floods of bookings that are over",
        "the last booking of too many",
        _for(floods.KEPT),
        Flood.last_at,
        lambda before: (Flood.last_at <= before,),
    ),
    Rule(
        "reports",
        "reports of pages",
        "the report",
        _for(reports.KEPT),
        Report.made_at,
        lambda before: (Report.made_at <= before,),
        has_persons=True,
    ),
    Rule(
        "schedules",
        "deleted schedules that no booking needs",
        "the deletion",
        _for(_SCHEDULES),
        Schedule.deleted_at,
        lambda before: (
            Schedule.deleted_at <= before,
            ~sa.exists().where(Booking.schedule_id == Schedule.id),
        ),
        is_seldom=True,
        has_persons=True,
    ),
    Rule(
        "links",
        "single-use links that are used up, revoked or expired",
        "the day they were made",
        _for(_LINKS),
        BookingLink.created_at,
        lambda before: (
            BookingLink.created_at <= before,
            (BookingLink.uses_left == 0)
            | BookingLink.revoked_at.is_not(None)
            | (BookingLink.expires_at <= before + _LINKS),
        ),
        is_seldom=True,
    ),
    Rule(
        "heartbeats",
        "signs of life of workers and sweeps that are gone",
        "the last one",
        _for(timedelta(days=1)),
        Heartbeat.at,
        lambda before: (Heartbeat.at <= before,),
        is_seldom=True,
    ),
    Rule(
        "acts",
        "notes of what the operator did",
        "the act",
        _for(acts.KEPT),
        OperatorAct.at,
        lambda before: (OperatorAct.at <= before,),
    ),
)
