"""Hosts and bookings in every state that pages tell of. What they typed is Greek."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from bookme.bookings.messages import reminders
from bookme.bookings.messages.outbox import MessageKind, owe
from bookme.connections.calendars import unclear
from bookme.connections.grants import seals
from bookme.crypto import fingerprint
from bookme.extensions import db
from bookme.hours import service as hours
from bookme.models import (
    OFFICE_HOURS,
    Actor,
    Attendee,
    Booking,
    BookingEvent,
    BookingLink,
    Calendar,
    CalendarEntry,
    Caller,
    Connection,
    ConnectionStatus,
    EventKind,
    LocationKind,
    MeetingState,
    MessageRule,
    Question,
    QuestionKind,
    Role,
    Schedule,
    TimeOff,
    Timing,
    Trouble,
    User,
    Visibility,
)
from bookme.providers.calendar import Unclear
from bookme.providers.http.grant import Grant
from bookme.providers.video import Account, Plan
from tests import factories
from tests.conftest import NOW
from tests.words.pseudo import LOCALE

DAY = timedelta(days=1)
_OFFERED: dict[str, dict[str, Any]] = {
    "person": {"title": "Γνωριμία", "description": "Μια πρώτη κουβέντα."},
    "zoom": {"location_kind": LocationKind.VIDEO, "video_provider": "zoom",
             "durations": [15, 30, 60], "max_per_booker": 1, "dates_from": date(2027, 3, 1),
             "dates_until": date(2027, 4, 30)},
    "meet": {"location_kind": LocationKind.VIDEO, "video_provider": "google_meet"},
    "default": {"location_kind": LocationKind.VIDEO},
    "teams": {"location_kind": LocationKind.VIDEO, "video_provider": "teams", "active": False},
    "phone": {"location_kind": LocationKind.PHONE},
    "call": {"location_kind": LocationKind.PHONE, "caller": Caller.BOOKER, "phone": "+30 210"},
    "long": {"duration_minutes": 90, "max_per_day": 1, "max_per_week": 2, "notice_minutes": 60,
             "buffer_before_minutes": 5, "buffer_after_minutes": 10,
             "location_kind": LocationKind.VIDEO, "video_provider": "zoom",
             "overrides": {"2027-03-09": [], "2027-03-10": [[600, 660]]}},
    "asked": {"needs_approval": True, "confirms_email": True, "visibility": Visibility.HIDDEN,
              "reschedule_notice_minutes": 1440, "cancel_notice_minutes": 90},
    "late": {"reschedule_notice_minutes": 40 * 1440, "cancel_notice_minutes": 40 * 1440},
    "later": {"reschedule_notice_minutes": 40 * 1440, "cancel_notice_minutes": 0},
    "latest": {"reschedule_notice_minutes": 0, "cancel_notice_minutes": 40 * 1440},
    "start": {"reschedule_notice_minutes": 0, "cancel_notice_minutes": 0},
    "day": {"reschedule_notice_minutes": 1440, "cancel_notice_minutes": 1440},
    "link": {"visibility": Visibility.BY_LINK},
}  # fmt: skip


@dataclass
class World:
    """What there is, by name.

    :ivar mara: has everything, also trouble with a calendar.
    :ivar noor: has lost a permission.
    :ivar jonas: has nothing, not even a confirmed address.
    :ivar held: bookings whose booker's address isn't confirmed, which no page but theirs shows.
    """

    mara: User
    noor: User
    jonas: User
    schedules: dict[str, Schedule] = field(default_factory=dict)
    bookings: dict[str, Booking] = field(default_factory=dict)
    held: dict[str, Booking] = field(default_factory=dict)
    connections: dict[str, Connection] = field(default_factory=dict)


def build() -> World:
    """The rows of a world; commits."""
    world = World(
        mara=_host("μάρα", "mara", default_video_provider="zoom", contact="+30 212"),
        noor=_host("νουρ", "noor"),
        jonas=_host(
            "ιωνάς", "jonas", email_confirmed_at=None, new_email="new@example.com", set_up_step=1
        ),
    )
    for slug, columns in _OFFERED.items():
        defaults = {"title": "Συνάντηση", "slug": slug, "address": "Οδός 1"}
        world.schedules[slug] = factories.schedule(host=world.mara, **defaults | columns)
    world.schedules["noor"] = factories.schedule(
        host=world.noor,
        title="Συνάντηση",
        slug="zoom",
        address="",
        location_kind=LocationKind.VIDEO,
        video_provider="zoom",
    )
    _ask(world.schedules["person"])
    _give_hours(world)
    _connect(world)
    _book(world)
    db.session.commit()
    return world


def _give_hours(world: World) -> None:
    """Two sets of hours, of which one is used by many, and time off of every kind."""
    for name, zone in (("Ωράριο", "UTC"), ("Πρωί", "Asia/Tokyo")):
        hours.create(
            world.mara,
            {"name": name, "zone": zone, "week": OFFICE_HOURS, "overrides": {}},
            now=NOW,
        )
    used = hours.of_host(world.mara)
    for slug, of in world.schedules.items():
        if of.host is world.mara:
            of.opening_hours_id = used[slug == "long"].id
    midnight = NOW.replace(day=20, hour=0)
    for zone, begin, length in (
        ("UTC", midnight, DAY),
        ("UTC", midnight, 3 * DAY),
        ("UTC", NOW + DAY * 20, DAY / 4),
        ("Asia/Tokyo", NOW + DAY * 20, 3 * DAY),
    ):
        ends = {"starts_at": begin, "ends_at": begin + length, "created_at": NOW}
        db.session.add(TimeOff(host=world.mara, label="Άδεια", zone=zone, **ends))
    db.session.commit()


def _host(name: str, handle: str, **columns: Any) -> User:
    email = f"{handle}@example.com"
    made: User = factories.host(
        name=name.title(), handle=handle, email=email, locale=LOCALE, **columns
    )
    return made


def _connect(world: World) -> None:
    made = world.connections
    made["zoom"] = connection(world.mara, "zoom", plan="basic", last_used_at=NOW)
    made["google"] = connection(world.mara, "google")
    made["microsoft"] = connection(world.mara, "microsoft")
    made["noor"] = connection(
        world.noor, "zoom", status=ConnectionStatus.NEEDS_RECONNECT, problem_at=NOW
    )
    of = made["google"]
    calendar(of, "a", is_primary=True, is_checked=True, takes_bookings=True, read_at=NOW)
    calendar(of, "b", may_write=False)
    checked = calendar(made["microsoft"], "c", is_primary=True, is_checked=True, read_at=NOW)
    odd = [Unclear("e1", NOW + DAY, "Γιορτή"), *[Unclear("e2")] * 9]
    unclear.note(checked, odd, now=NOW)
    broken = {"failing_since": NOW - DAY, "trouble": Trouble.UNAVAILABLE, "is_checked": True}
    made["closed"] = connection(world.noor, "google")
    calendar(made["closed"], "c", is_primary=True, **broken)


def connection(host: User, provider: str, **columns: Any) -> Connection:
    """A host's connection to an account at a provider."""
    seal_id = f"{provider}{host.id}"
    account = Account("u1", "a1", "account@example.com", Plan.LICENSED, "active")
    made = Connection(
        **{
            "host_id": host.id,
            "provider": provider,
            "status": ConnectionStatus.ACTIVE,
            "seal_id": seal_id,
            "generation": 1,
            "connected_at": NOW - DAY,
            "refreshed_at": NOW,
            "checked_at": NOW,
        }
        | seals.pair(seal_id, Grant("access", "refresh", 86400, frozenset()), now=NOW)
        | seals.account(seal_id, provider, account)
        | columns
    )
    db.session.add(made)
    db.session.commit()
    return made


def calendar(of: Connection, external_id: str, **columns: Any) -> Calendar:
    made = Calendar(
        host_id=of.host_id,
        connection_id=of.id,
        external_id=external_id,
        **{"name": "Ημερολόγιο", "may_write": True} | columns,
    )
    db.session.add(made)
    db.session.commit()
    return made


def _book(world: World) -> None:
    made, offered = world.bookings, world.schedules
    made["person"] = booking(offered["person"], 1)
    made["zoom"] = booking(offered["zoom"], 2, video_provider="zoom")
    made["meet"] = booking(offered["meet"], 3, video_provider="google_meet")
    made["phone"] = booking(offered["phone"], 4)
    made["call"] = booking(offered["call"], 7, caller=Caller.BOOKER, phone="+30 210")
    made["waiting"] = booking(offered["zoom"], 8, video_provider="zoom")
    made["noor"] = booking(offered["noor"], 1, video_provider="zoom")
    made["unmovable"] = booking(offered["teams"], 15, video_provider="teams")
    made["past"] = booking(offered["person"], -7)
    made["past"].attendees[0].reminders_off_at = NOW
    over = {"status": "cancelled", "cancelled_at": NOW, "cancel_reason": "Ασθένεια."}
    for nth, by in enumerate(Actor):
        made[f"cancelled_{by}"] = booking(offered["person"], 9 + nth, cancelled_by=by, **over)
    _bring_guests(made)
    made["erased"] = booking(offered["person"], 14)
    made["erased"].attendees.clear()
    ready = made["zoom"].meeting
    assert ready is not None
    ready.state, ready.join_url, ready.passcode = MeetingState.READY, "https://zoom.us/j/8", "123"
    assert made["noor"].meeting is not None
    made["noor"].meeting.trouble = Trouble.NEEDS_RECONNECT
    for nth, slug in enumerate(("late", "later", "latest", "start", "day")):
        made[slug] = booking(offered[slug], 16 + nth)
    waits = {"status": "pending", "lapses_at": NOW + DAY}
    made["pending"] = booking(offered["asked"], 22, **waits)
    made["pending_video"] = booking(offered["zoom"], 23, video_provider="zoom", **waits)
    for nth, status in enumerate(("declined", "lapsed")):
        made[status] = booking(offered["asked"], 24 + nth, status=status, cancel_reason="Όχι.")
    for nth, slug in enumerate(("asked", "person", "link")):
        held = {"status": "held", "lapses_at": NOW + DAY}
        world.held[slug] = booking(offered[slug], 28 + nth, **held)
    _link(world)
    _tell(made["person"])
    _remind(made["person"])


def _remind(of: Booking) -> None:
    """Messages at times are planned; the booker of the past booking has ended them."""
    for place, timing in enumerate(Timing):
        rule = {"minutes": 60, "to_host": True, "words": "Τα λέμε."}
        of.schedule.message_rules.append(MessageRule(position=place, timing=timing, **rule))
    reminders.plan(of, now=NOW)


def _link(world: World) -> None:
    """One single-use link in each state, whose secret is its state."""
    of, was = world.schedules["link"], NOW - DAY
    for state, columns in {
        "open": {"expires_at": NOW + DAY},
        "used": {"uses_left": 0, "booking": world.bookings["person"]},
        "held": {"uses_left": 0, "booking": world.held["link"]},
        "expired": {"expires_at": was},
        "revoked": {"revoked_at": was},
    }.items():
        secret = {"token_hash": fingerprint(state), "hint": "123456"}
        db.session.add(BookingLink(schedule=of, created_at=was, **secret, **columns))


def _ask(of: Schedule) -> None:
    for place, kind in enumerate(QuestionKind):
        choices = ["ναι", "όχι"] if kind in (QuestionKind.ONE, QuestionKind.SEVERAL) else []
        words = {"label": f"Ερώτηση {place}", "help": "Βοήθεια", "choices": choices}
        of.questions.append(Question(name=f"q{place}", kind=kind, position=place, **words))
    many = {"kind": QuestionKind.ONE, "choices": [f"{number}" for number in range(9)]}
    of.questions.append(Question(name="q9", label="Ερώτηση 9", position=9, **many))
    of.after_words, of.redirect_url = "Τα λέμε.", "https://example.com/thanks"


def _bring_guests(made: dict[str, Booking]) -> None:
    for name in ("person", "phone", "call", "cancelled_booker"):
        guest = Attendee(name="Βασίλης", email="b@b.example", zone="UTC", locale=LOCALE)
        guest.role = Role.GUEST
        made[name].attendees.append(guest)
    booker = made["person"].booker
    assert booker is not None
    booker.answers = [{"name": "q0", "question": "Ερώτηση 0", "answer": "Απάντηση."}]
    booker.source = {"utm_source": "Ενημερωτικό"}


def _tell(of: Booking) -> None:
    """Everything has happened to this booking, by everybody."""
    entry = {"provider": "google", "state": MeetingState.READY, "made_at": NOW}
    of.entry = CalendarEntry(calendar_external_id="a", external_id="e1", **entry)
    for kind in EventKind:
        for actor in Actor:
            for message in MessageKind:
                for end in ("booker", "guest"):
                    facts = {"message": message.value, "to": end}
                    of.events.append(BookingEvent(kind=kind, actor=actor, at=NOW, facts=facts))
    for message in MessageKind:
        owe(of, message, now=NOW)


def booking(of: Schedule, day: int, **columns: Any) -> Booking:
    """A booking of Άννα's at ten of the day so far from NOW's."""
    starts_at = NOW + timedelta(days=day, hours=2)
    made: Booking = factories.booking(schedule=of, starts_at=starts_at, **columns)
    booker = made.attendees[0]
    booker.name, booker.locale, booker.notes = "Άννα", LOCALE, "Θα έρθω με λεωφορείο."
    booker.phone = "+30 211"
    db.session.commit()
    return made
