"""Messages at times against a simple model, over random lives of bookings.

The model knows nothing of rows: it asks, for each change and each step of the clock, which messages
are planned, which are owed, and which somebody must have had.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import sqlalchemy as sa
import time_machine
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from bookme import waits
from bookme.bookings.messages import reminders
from bookme.clock import utcnow
from bookme.errors import ProviderUnavailable
from bookme.extensions import db
from bookme.jobs import timed
from bookme.jobs.sync import sync_booking
from bookme.models import (
    Attendee,
    Booking,
    BookingStatus,
    MessageRule,
    ReminderState,
    Role,
    Timing,
)
from tests import factories
from tests.answers import Killed
from tests.conftest import NOW
from tests.examples import examples
from tests.jobs.meeting.test_killed import killed_at

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
LATE = "should have reached you earlier"
READERS = {"ana@example.com": "booker", "bo@example.com": "guest"}
#: A message: its reader, its rule's place, and the start it is about.
Key = tuple[str, int, datetime]


@dataclass(frozen=True)
class Rule:
    timing: Timing
    minutes: int
    to_booker: bool
    to_host: bool

    def send_at(self, starts_at: datetime) -> datetime:
        if self.timing is Timing.BEFORE_START:
            return starts_at - self.minutes * MINUTE
        return starts_at + 30 * MINUTE + self.minutes * MINUTE

    def until(self, starts_at: datetime) -> datetime:
        is_reminder = self.timing is Timing.BEFORE_START
        return starts_at if is_reminder else self.send_at(starts_at) + DAY


@dataclass
class Model:
    """One booking, as its people see it.

    :ivar planned: what waits for its time.
    :ivar owed: what has come, but no server has taken.
    :ivar must: what its reader has had, exactly once.
    :ivar may: what a worker was killed over: had once or not at all.
    """

    rules: list[Rule]
    starts_at: datetime
    confirmed: bool
    readers: set[str]
    planned: set[Key] = field(default_factory=set)
    owed: set[Key] = field(default_factory=set)
    must: set[Key] = field(default_factory=set)
    may: set[Key] = field(default_factory=set)

    def wanted(self) -> set[Key]:
        if not self.confirmed:
            return set()
        people = self.readers | {"host"}
        return {
            (who, place, self.starts_at)
            for place, rule in enumerate(self.rules)
            for who in people
            if (rule.to_host if who == "host" else rule.to_booker)
        }

    def changed(self, now: datetime) -> None:
        wanted = self.wanted()
        new = {key for key in wanted if self.send_at(key) > now}
        self.planned = (self.planned & wanted) | new
        self.may |= self.owed - wanted  # its time may be left, and come back
        self.owed &= wanted

    def ticks(self, now: datetime, *, works: bool, killed: bool) -> None:
        come = {key for key in self.planned if self.send_at(key) <= now}
        self.planned -= come
        self.owed = {key for key in self.owed | come if now < self.until(key)}
        if works and killed:
            self.may |= self.owed
        elif works:
            self.must |= self.owed
            self.owed = set()

    def key(self, message_id: str, address: str) -> Key:
        _, timing, minutes, starts_at, _ = message_id.split("@")[0].split(".")
        (place,) = (
            place
            for place, rule in enumerate(self.rules)
            if (rule.timing, rule.minutes) == (timing, int(minutes))
        )
        who = READERS.get(address, "host")
        return who, place, datetime.fromtimestamp(int(starts_at), tz=UTC)

    def send_at(self, key: Key) -> datetime:
        return self.rules[key[1]].send_at(key[2])

    def until(self, key: Key) -> datetime:
        return self.rules[key[1]].until(key[2])


class Server:
    """Takes mail, or nothing for a while; checks each message as it comes."""

    def __init__(self) -> None:
        self.works = True
        self.model: Model | None = None
        self.taken: dict[str, Key] = {}
        self.copies = 0

    def __call__(self, made: EmailMessage) -> None:
        if not self.works:
            raise ProviderUnavailable("smtp", "451", code=451)
        assert self.model is not None
        name = str(made["Message-ID"])
        key = self.model.key(name, str(made["To"].addresses[0].addr_spec))
        assert key in self.model.wanted(), "somebody is told of what is not so"
        assert utcnow() < self.model.until(key)
        plain = made.get_body(("plain",))
        assert plain is not None
        late = utcnow() - self.model.send_at(key) > 10 * MINUTE
        assert (LATE in plain.get_content()) is late
        self.copies += name in self.taken
        self.taken[name] = key


RULES = st.lists(
    st.builds(
        Rule,
        st.sampled_from(Timing),
        st.sampled_from([1, 5, 15, 30, 60, 120, 300]),
        st.booleans(),
        st.booleans(),
    ).filter(lambda rule: rule.to_booker or rule.to_host),
    min_size=2,
    max_size=4,
    unique_by=lambda rule: (rule.timing, rule.minutes),
)
#: What happens, and how many minutes have gone by.
ACTS = st.sampled_from(
    ["tick"] * 7
    + [
        "kill",
        "kill",
        "mail",
        "mail",
        "mail",
        "move",
        "back",
        "accept",
        "cancel",
        "guest",
        "leaves",
        "off",
    ]
)
LIVES = st.lists(
    st.tuples(ACTS, st.sampled_from([0, 1, 3, 7, 15, 25, 61, 130]), st.integers(1, 12)),
    min_size=8,
    max_size=20,
)


Act = tuple[str, int, int]


class Life:
    """A booking and its model, through everything that happens to it."""

    def __init__(self, app: Flask, rules: list[Rule], *, confirmed: bool, ahead: int) -> None:
        self.now, self.server, self.refused = NOW, Server(), 0
        app.extensions["mail"] = self.server
        schedule = factories.schedule(host=factories.host(another=True))
        for place, rule in enumerate(rules):
            columns = {name: getattr(rule, name) for name in Rule.__dataclass_fields__}
            schedule.message_rules.append(MessageRule(position=place, **columns))
        status = BookingStatus.CONFIRMED if confirmed else BookingStatus.PENDING
        starts_at = NOW + ahead * MINUTE
        self.booking = factories.booking(schedule=schedule, starts_at=starts_at, status=status)
        self.first = starts_at
        self.model = self.server.model = Model(rules, starts_at, confirmed, {"booker"})
        self.plan()

    def longest_wait(self) -> float:
        """Minutes after which all that was refused is due again."""
        return min(1 + 2**self.refused * waits.FIRST_RETRY / MINUTE, 61)

    def goes_on(self, minutes: float) -> None:
        self.now += minutes * MINUTE

    def plan(self) -> None:
        """As each verb of a booking ends."""
        self.booking.change(self.now)
        reminders.plan(self.booking, now=self.now)
        db.session.commit()
        self.model.changed(self.now)

    def happens(self, act: str, number: int) -> None:
        model, booking = self.model, self.booking
        is_open = booking.status in ("pending", "confirmed") and self.now < booking.ends_at
        if act == "mail":
            self.server.works = not self.server.works
            self.goes_on(self.longest_wait())
        elif act in ("tick", "kill"):
            self.tick(kill=number if act == "kill" else 0)
        elif act in ("move", "back") and is_open:
            self.moves(self.now + number * 37 * MINUTE if act == "move" else self.first)
        elif act == "accept" and booking.status is BookingStatus.PENDING:
            booking.status, model.confirmed = BookingStatus.CONFIRMED, True
            self.plan()
        elif act == "cancel" and is_open:
            ends = (BookingStatus.CANCELLED, BookingStatus.DECLINED, BookingStatus.LAPSED)
            booking.status, model.confirmed = ends[number % 3], False
            self.plan()
        elif act in ("guest", "leaves", "off"):
            getattr(self, act)()

    def moves(self, starts_at: datetime) -> None:
        if starts_at > self.now:
            self.booking.starts_at, self.booking.ends_at = starts_at, starts_at + 30 * MINUTE
            self.model.starts_at = starts_at
            self.plan()

    def guest(self) -> None:
        if not self.booking.guests:
            guest = Attendee(name="Bo", email="bo@example.com", zone="UTC", role=Role.GUEST)
            self.booking.attendees.append(guest)
            self.model.readers.add("guest")
            self.plan()

    def leaves(self) -> None:
        for guest in self.booking.guests:
            self.booking.attendees.remove(guest)
            self.model.readers.discard("guest")
            self.plan()

    def off(self) -> None:
        assert self.booking.booker is not None
        reminders.stop(self.booking.booker, now=self.now)
        db.session.commit()
        self.model.readers.discard("booker")
        self.model.changed(self.now)

    def tick(self, *, kill: int = 0) -> None:
        """What the sweep and a worker do; killed at a commit, or not at all."""
        killed = False
        with time_machine.travel(self.now, tick=False):
            timed.wake(self.now)
            due = sa.select(Booking.id).where(Booking.due_at <= self.now)
            if db.session.scalar(due.where(Booking.id == self.booking.id)) is not None:
                db.session.rollback()
                killed = works_on(self.booking.id, kill)
        db.session.rollback()
        db.session.expire_all()
        self.model.ticks(self.now, works=self.server.works, killed=killed)
        self.refused += not self.server.works
        if killed:
            self.goes_on(3)  # until its lease has ended

    def ends(self) -> None:
        """Nothing happens any more, and everything works."""
        self.server.works = True
        self.goes_on(self.longest_wait())
        self.tick()
        for at in sorted({self.model.send_at(key) for key in self.model.planned}):
            self.now = max(self.now, at)
            self.tick()


def works_on(booking_id: int, kill: int) -> bool:
    """Sync a booking; say whether the worker was killed over it."""
    with killed_at(kill, "before_commit"):
        try:
            sync_booking(booking_id)
        except Killed:
            return True
    return False


def test_everybody_gets_the_right_messages_once(app: Flask) -> None:
    @examples(40 if db.engine.name == "sqlite" else 10)  # on PostgreSQL: that it is the same
    @given(rules=RULES, acts=LIVES, confirmed=st.booleans(), ahead=st.integers(60, 400))
    def check(rules: list[Rule], acts: list[Act], confirmed: bool, ahead: int) -> None:
        life = Life(app, rules, confirmed=confirmed, ahead=ahead)
        for act, minutes, number in acts:
            life.goes_on(minutes)
            life.happens(act, number)
        life.ends()
        model, server = life.model, life.server
        had = list(server.taken.values())
        assert len(had) == len(set(had)), "one message under two names"
        assert model.must <= set(had) <= model.must | model.may
        assert server.copies == 0 or "kill" in {act for act, _, _ in acts}
        assert not model.planned
        states = {row.state for row in life.booking.reminders}
        assert ReminderState.WAITING not in states
        lively.append(len(had))

    lively: list[int] = []
    check()
    assert sum(lively) > len(lively) // 4, "hardly anybody got anything"
