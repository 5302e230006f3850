"""Pictures of every kind of mail: on a phone and wider, light and dark, and without any
styles, as ``make pictures`` takes them.
"""

import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import product
from pathlib import Path
from typing import Any, Literal

import time_machine
from bs4 import BeautifulSoup
from playwright.sync_api import Browser, Page, Route

from bookme import create_app
from bookme.accounts.owed import Letter
from bookme.bookings.messages import letters, own_letters, reminder_letters
from bookme.bookings.messages.message_state import Told, truth
from bookme.bookings.messages.outbox import MessageKind
from bookme.bookings.messages.timed import TimedKind, Times
from bookme.connections.calendars import letters as calendar_letters
from bookme.connections.grants import disconnecting
from bookme.extensions import db
from bookme.jobs.messages import contexts
from bookme.mail import message
from bookme.mail.message import Words
from bookme.models import (
    Actor,
    Attendee,
    Booking,
    BookingStatus,
    Email,
    LocationKind,
    Role,
    Trouble,
    User,
)
from bookme.web.words import BOOKERS, FOLDER, HOSTS, languages, spoken_to
from tests import databases, factories, reused
from tests.conftest import NOW, settings

LIGHTS: list[Literal["light", "dark"]] = ["light", "dark"]
WIDTHS = {"phone": 390, "desktop": 760}
_PICTURE = (
    "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 1 1'>"
    "<path fill='#c96' d='M0 0h1v1H0z'/></svg>"
)
_TEAMS = "https://teams.microsoft.com/l/meetup-join/19%3ameeting_" + "Nzk4" * 40 + "%40thread.v2/0"
_CONNECTIONS: dict[str, dict[str, Any]] = {
    disconnecting.LOST: {
        "provider": "Zoom",
        "account": "mara@example.com",
        "what": "Zoom no longer lets BookMe in.",
        "remedy": "Connect Zoom again. Meetings that are waiting will be created then.",
        "until": ["Until then, new bookings get no video link."],
        "schedules": ["Intro call", "Review"],
        "is_waiting": True,
    },
    disconnecting.REPLACED: {
        "provider": "Zoom",
        "account": "mara@example.com",
        "schedules": ["Intro call"],
    },
    disconnecting.REMOVED: {"provider": "Zoom", "schedules": ["Intro call"]},
    calendar_letters.FAILING: {
        "provider": "Google",
        "calendars": [("Work", "Google isn't responding properly. We'll keep trying.")],
        "closes_at": "Monday, 1 March 2027, 10:00",
        "zone": "Berlin time",
    },
    calendar_letters.CLOSED: {
        "provider": "Google",
        "calendars": [("Work", "Google isn't responding properly. We'll keep trying.")],
    },
}


@dataclass
class Shown:
    """Every mail there is, by the name of its picture.

    :ivar language: of all readers; when empty, each has their own.
    """

    language: str
    mails: dict[str, Words] = field(default_factory=dict)

    def add(self, name: str, words: Words) -> None:
        self.mails[f"mail.{name}"] = words


def take(browser: Browser, folder: Path, names: tuple[str, ...] = ("",), language: str = "") -> int:
    """Take pictures of all mails whose names begin so; return how many mails there are.

    :param language: of all who read them, such as ``pt_BR``; when empty, each has their own.
    """
    mails = {name: one for name, one in written(language).items() if name.startswith(names)}
    context = browser.new_context()
    page = context.new_page()
    page.route(re.compile("^https?:"), _outside)
    for name, words in mails.items():
        for (device, width), light in product(WIDTHS.items(), LIGHTS):
            page.emulate_media(color_scheme=light)
            _picture(page, words.html, width, folder / f"{name}.{device}.{light}.png")
        page.emulate_media(color_scheme="light")
        _picture(page, without_styles(words.html), 390, folder / f"{name}.bare.png")
    context.close()
    return len(mails)


def without_styles(html: str) -> str:
    """A mail as programs show it that know no styles at all."""
    page = BeautifulSoup(html, "html.parser")
    for styles in page.select("style"):
        styles.decompose()
    for styled in page.select("[style], [bgcolor], [class]"):
        for name in ("style", "bgcolor", "class"):
            del styled[name]
    return str(page)


def written(language: str = "") -> dict[str, Words]:
    """Every kind of mail to every reader; in English, unless another language is named."""
    with tempfile.TemporaryDirectory(prefix="bookme-") as state, time_machine.travel(NOW):
        url = f"sqlite:///{state}/bookme.sqlite"
        databases.migrate(url)
        made = settings(url, Path(state)) | {"PUBLIC_URL": "https://book.example"}
        app = create_app(made | _spoken()) if language else reused.application(made)
        with app.app_context():
            shown = Shown(language)
            _about_bookings(shown)
            _about_accounts(shown)
            db.session.remove()
    return shown.mails


def _spoken() -> dict[str, Any]:
    """The languages that there are, which tests do without."""
    return {
        "LANGUAGES": languages(FOLDER, BOOKERS),
        "HOST_LANGUAGES": languages(FOLDER, BOOKERS, HOSTS),
        "BABEL_TRANSLATION_DIRECTORIES": f"{FOLDER};{FOLDER}",
    }


def _about_bookings(shown: Shown) -> None:
    host = factories.host(zone="Europe/Berlin", name="Mara Lindqvist")
    online = _booking(host, "online", video_provider="microsoft_teams")
    assert online.meeting is not None
    online.meeting.join_url, online.meeting.passcode = _TEAMS, "Xy4Zt8"
    missing = _booking(host, "missing", video_provider="zoom")
    assert missing.meeting is not None
    missing.meeting.trouble = Trouble.NEEDS_RECONNECT
    met = _booking(host, "met", location_kind=LocationKind.IN_PERSON)
    asked = _booking(host, "asked", status=BookingStatus.PENDING)
    asked.lapses_at = NOW + timedelta(hours=5)
    ended = _booking(host, "ended", status=BookingStatus.CANCELLED)
    ended.cancelled_by, ended.cancel_reason = Actor.HOST, "I’m ill, sorry."
    ended.asked_to_move_at = NOW
    late = _booking(host, "late", video_provider="zoom")
    late.schedule.cancel_notice_minutes = late.schedule.reschedule_notice_minutes = 10_000
    for reader in (host, *db.session.query(Attendee)):
        reader.locale = shown.language or reader.locale
    db.session.commit()
    kinds = {
        "booked": (MessageKind.BOOKED, online),
        "booked-no-link": (MessageKind.BOOKED, missing),
        "booked-in-person": (MessageKind.BOOKED, met),
        "booked-late": (MessageKind.BOOKED, late),
        "moved": (MessageKind.MOVED, online),
        "moved-request": (MessageKind.MOVED, asked),
        "link": (MessageKind.LINK, online),
        "requested": (MessageKind.REQUESTED, asked),
        "cancelled": (MessageKind.CANCELLED, ended),
        "declined": (MessageKind.DECLINED, ended),
        "lapsed": (MessageKind.LAPSED, ended),
    }
    for name, (kind, booking) in kinds.items():
        for end, reader in _readers(booking):
            shown.add(f"{name}.{end}", _news(kind, booking, reader, _before(booking)))
    assert online.booker is not None
    shown.add("confirm.booker", _news(MessageKind.CONFIRM, asked, online.booker, None))
    online.asked_to_move_at, online.ask_words = NOW, "A meeting came in between. Would Friday do?"
    shown.add("asked.booker", _news(MessageKind.ASKED, online, online.booker, None))
    online.asked_to_move_at = None
    for end, reader in (("booker", online.booker), ("host", online.host)):
        news = _news(MessageKind.CORRECTED, online, reader, None)
        shown.add(f"corrected.{end}", news)
    _about_own_data(shown, online.booker)
    for kind, (end, reader) in product(TimedKind, _readers(online)):
        times = Times(NOW, online.starts_at)
        with spoken_to(reader.locale):
            said = reminder_letters.context(kind, online, reader, times, None, now=NOW)
            shown.add(f"{kind}.{end}", message.render(kind, said))


def _about_own_data(shown: Shown, booker: Attendee) -> None:
    booker.new_email = "ana@new.example"
    _letter(shown, own_letters.owe_new_address(booker, now=NOW))
    _letter(shown, own_letters.owe_old_address(booker.booking, booker.email, "en_GB", now=NOW))
    _letter(shown, own_letters.owe_removed(booker, now=NOW))
    _letter(shown, own_letters.owe_links(booker.email, booker.locale, now=NOW))


def _booking(host: User, slug: str, **columns: object) -> Booking:
    schedule = factories.schedule(
        host=host,
        slug=slug,
        title="Intro call",
        zone="Europe/Berlin",
        address="Torstraße 1, 10119 Berlin",
        description="We get to know each other.",
        after_words="Bring your questions.",
    )
    nth = db.session.query(Booking).count()
    starts_at = NOW + timedelta(days=1 + nth, hours=2)
    made: Booking = factories.booking(schedule=schedule, starts_at=starts_at, **columns)
    assert made.booker is not None
    made.booker.zone, made.booker.locale = "America/New_York", "en_US"
    made.booker.clock_hours = 12
    made.booker.notes, made.booker.phone = "It’s about the roof.", "+1 212 555 0100"
    made.booker.answers = [{"question": "What for?", "answer": "A new website"}]
    guest = Attendee(name="Bo Berg", email="bo@example.com", zone="UTC", role=Role.GUEST)
    made.attendees.append(guest)
    return made


def _readers(booking: Booking) -> Iterator[tuple[str, Attendee | User]]:
    assert booking.booker is not None
    yield "booker", booking.booker
    yield "guest", booking.guests[0]
    yield "host", booking.host


def _before(booking: Booking) -> Told:
    now_true = truth(booking)
    earlier = timedelta(days=1)
    return Told(
        now_true.starts_at - earlier, now_true.ends_at - earlier, now_true.video, now_true.link
    )


def _news(kind: MessageKind, booking: Booking, reader: Attendee | User, told: Told | None) -> Words:
    with spoken_to(reader.locale):
        return message.render(kind, letters.context(kind, booking, reader, told, now=NOW))


def _about_accounts(shown: Shown) -> None:
    host = db.session.query(User).first()
    assert host is not None
    for letter in Letter:
        host.email_confirmed_at = None if letter is Letter.CONFIRM_EMAIL else NOW
        host.new_email = "new@example.com"
        host.closing_at = NOW if letter is Letter.ACCOUNT_CLOSING else None
        facts = {"to": "old@example.com", "bookings": 2, "change": "app_added", "label": "firefox"}
        _letter(shown, Email(kind=letter.value, user=host, facts=facts, created_at=NOW))
    support = {"support": "support@book.example", "connections": "https://book.example/connections"}
    with spoken_to(shown.language or "en"):
        for kind, said in _CONNECTIONS.items():
            shown.add(kind, message.render(kind, support | said))


def _letter(shown: Shown, email: Email) -> None:
    with db.session.no_autoflush, spoken_to(shown.language or "en"):
        said = contexts.context(email, now=NOW)
        if said is not None:
            shown.add(email.kind, message.render(email.kind, said))


def _picture(page: Page, html: str, width: int, path: Path) -> None:
    page.set_viewport_size({"width": width, "height": 400})
    page.set_content(html)
    page.screenshot(path=path, full_page=True)


def _outside(route: Route) -> None:
    route.fulfill(content_type="image/svg+xml", body=_PICTURE)
