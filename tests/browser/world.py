"""A BookMe with people in it, as it might look after some weeks of use."""

import sqlite3
from contextlib import closing
from datetime import datetime, timedelta

from bookme.clock import utcnow
from tests.browser.studio import Studio
from tests.patience import wait_until
from tests.people import (
    Host,
    Offer,
    allow,
    fill_in,
    free_times,
    letter,
    move,
    new_host,
    signed_in,
)
from tests.sandbox_process import BEN, CHLOE, MARA
from tests.system import System
from tests.visitor import Visitor

#: Monday to Friday, as a new schedule suggests.
OFFICE: dict[str, str | bool] = {
    f"windows__{day}__{end}": ("09:00" if end == "opens" else "17:00") if day < 5 else ""
    for day in range(7)
    for end in ("opens", "closes")
} | {"use_hours": "own"}
#: Who books what, which of its next days and times, and what they write.
BOOKERS = [
    ("Ana Costa", "intro", 1, 2, "I would like to talk about the redesign of our shop."),
    ("Kwame Mensah", "intro", 2, 3, ""),
    ("Sofia Lindgren", "consulting", 3, 1, "Could we look at the second draft together?"),
    ("Yuki Tanaka", "intro", 3, 5, ""),
    ("Priya Raman", "office", 4, 1, ""),
    ("Liam O’Connor", "phone", 4, 6, ""),
    ("Nils Aas", "phone", 5, 4, "Call me on the other number."),
    ("Maximiliane von Hohenstein-Wittelsbach", "consulting", 5, 2, ""),
]


class World:
    """The system with its people.

    :ivar mara: has everything: schedules of all kinds, Zoom, bookings to come, past and cancelled.
    :ivar jonas: has just signed up and has nothing, not even a confirmed address.
    :ivar lea: has a Basic plan at Zoom, and schedules that are longer than its meetings.
    :ivar noor: has lost her permission at Zoom, and has a booking without a link.
    :ivar ines: has calendars and no Zoom: Google's, with Meet, and an iCloud that she has locked.
    :ivar ben: has the address under which somebody is known elsewhere, too.
    :ivar olga: runs the place.
    :ivar pat: is paused.
    :ivar by_invitation: where the same BookMe is for those who are invited, and knows no passwords.
    :ivar vera: has a studio: schedules that ask, wait, hold and admit (studio.py).
    :ivar bookings: addresses of bookers' pages by who has booked.
    """

    def __init__(self, system: System) -> None:
        self.system = system
        self.bookings: dict[str, str] = {}
        self.mara = new_host(system, "mara")
        self.offers = self._publish()
        for name, what, day, nth, notes in BOOKERS:
            self._book(self.offers[what], name, day, nth, notes)
        self._change()
        self.jonas = self._signed_up()
        self.lea = self._with_a_basic_plan()
        self.noor = self._with_a_dead_grant()
        self.ines = self._with_calendars()
        self.vera = new_host(system, "vera", "Vera Marques")
        self.studio = Studio(self.vera)
        self.studio.open()
        self._take_time_off()
        self.ben = self._known_elsewhere()
        self.pat, self.olga = self._paused(), self._operator()
        self.by_invitation = system.another_door(SIGN_UP="invited", PASSWORDS="off")
        self.waiting = self._without_an_answer()

    def _publish(self) -> dict[str, Offer]:
        self.mara.connect_zoom(MARA)
        self.mara.open("/connections/settings").press("Save", default_video_provider="zoom")
        publish = self.mara.publish
        return {
            "intro": publish(
                "Intro call",
                description="A first conversation: what you need, and whether I can help.",
                **OFFICE,
            ),
            "consulting": publish(
                "Project consultation",
                description="An hour for one question. Please send what I should read before.",
                duration_minutes="60",
                step_minutes="60",
                buffer_after_minutes="15",
                **OFFICE,
            ),
            "office": publish(
                "Coaching at the office",
                location_kind="in_person",
                address="Torstraße 140\n10119 Berlin",
                duration_minutes="90",
                **OFFICE,
            ),
            "phone": publish(
                "Quick question",
                location_kind="phone",
                caller="booker",
                phone="+49 30 1234567",
                duration_minutes="15",
                step_minutes="15",
                **OFFICE,
            ),
        }

    def _book(self, offer: Offer, name: str, day: int, nth: int, notes: str) -> Visitor:
        booker = Visitor(offer.url).open(f"{offer.url}?zone=Europe/Lisbon")
        days = booker.links("a.day")
        if len(days) <= day:
            booker.open(booker.links("#later")[0])
            days = booker.links("a.day")
        times = free_times(booker.open(days[day]))
        email = f"{name.split()[0].lower()}@bookers.example"
        fill_in(booker.open(times[min(nth, len(times) - 1)]), email, name, notes=notes)
        letter(self.system, email, "Confirmed")
        self.bookings[name.split()[0]] = booker.url
        return booker

    def _change(self) -> None:
        """One booking moves, two are cancelled, one is over."""
        kwame = Visitor(self.bookings["Kwame"]).open(self.bookings["Kwame"])
        move(kwame.click("Reschedule booking"), nth=4)
        intro = self.offers["intro"]
        self._book(intro, "Rosa Klein", 2, 1, "").click("Cancel booking").press(
            "Cancel booking", reason="I have found somebody, thank you."
        )
        self._book(intro, "Tomas Novak", 2, 4, "")
        self.mara.open("/dashboard/bookings").click("Tomas Novak").click("Cancel booking")
        self.mara.browser.press("Cancel booking", reason="I am ill. Please choose again.")
        past = self._book(intro, "Greta Holm", 1, 1, "")
        letter(self.system, self.mara.email, "New booking: Greta Holm")
        self._let_be_over(past.url.rpartition("/")[2])

    def _take_time_off(self) -> None:
        """Mara is away in two months; and who did not come is noted."""
        day = (utcnow() + timedelta(days=60)).date()
        last = day + timedelta(days=4)
        self.mara.open("/dashboard/hours/off/new").press(
            "Save time off", label="Holiday", first=f"{day}", last=f"{last}"
        )
        self.mara.open("/dashboard/bookings?show=past").click("Greta Holm")
        self.mara.browser.press("Mark Greta Holm as no-show")

    def _let_be_over(self, token: str) -> None:
        """Nobody can book the past, so the row is put there: a week and more ago."""
        path = self.system.folder / "state" / "bookme.sqlite"
        with closing(sqlite3.connect(path, timeout=30)) as db, db:
            query = "SELECT id, starts_at, ends_at FROM booking WHERE token = ?"
            [(number, *times)] = db.execute(query, (token,))
            week = timedelta(days=14)
            begins, ends = (str(datetime.fromisoformat(one) - week) for one in times)
            for table in ("hold", "reminder"):
                db.execute(f"DELETE FROM {table} WHERE booking_id = ?", (number,))
            db.execute(
                "UPDATE booking SET starts_at = ?, ends_at = ?, due_at = NULL WHERE id = ?",
                (begins, ends, number),
            )

    def _signed_up(self) -> Host:
        email = "jonas@hosts.example"
        browser = Visitor(self.system.url).open("/sign-up")
        password = "a long enough password"
        browser.press("Sign up", name="Jonas Weber", email=email, password=password)
        browser.open("/sign-in").press("Sign in", email=email, password=password)
        return Host(email, "jonas-weber", browser, self.system)

    def _with_a_basic_plan(self) -> Host:
        lea = new_host(self.system, "lea", "Léa Moreau")
        lea.connect_zoom(BEN)
        lea.publish("Deep dive", duration_minutes="60", video_provider="zoom", **OFFICE)
        return lea

    def _with_a_dead_grant(self) -> Host:
        noor = new_host(self.system, "noor", "Noor Haddad")
        noor.connect_zoom(CHLOE)
        offer = noor.publish("Mentoring", video_provider="zoom", **OFFICE)
        self.system.sandbox.control("grants/kill", {"user": CHLOE})
        self._book(offer, "Emil Sand", 1, 1, "")
        letter(self.system, noor.email, "Reconnect Zoom")
        return noor

    def _with_calendars(self) -> Host:
        ines, sandbox = new_host(self.system, "ines", "Inês Duarte"), self.system.sandbox
        ines.open("/connections").press("Connect Google")
        allow(ines.browser, MARA, "Continue")
        sandbox.wake_icloud()
        password = sandbox.app_password(BEN)
        ines.open("/connections/icloud/password")
        ines.browser.press("Connect iCloud", username=BEN, password=password)
        offer = ines.publish("Portfolio review", video_provider="google_meet", **OFFICE)
        self._book(offer, "Aiko Mori", 2, 1, "")
        sandbox.control("calendars/icloud/passwords", {"user": BEN})
        ines.open("/connections?open=icloud")
        if "Test connection" in ines.browser.text:  # else a reading has found out
            ines.browser.press("Test connection")
        return ines

    def _known_elsewhere(self) -> Host:
        email = "ben@example.com"  # the sandbox has him, too
        self.system.create_host(email, "ben", "Ben Okafor")
        return Host(email, "ben", signed_in(self.system, email), self.system)

    def _paused(self) -> Host:
        pat = new_host(self.system, "pat", "Pat Doyle")
        pat.publish("Quick loan", **OFFICE, location_kind="phone")
        self.system.command("hosts", "pause", pat.email)
        return pat

    def _operator(self) -> Host:
        olga = new_host(self.system, "olga", "Olga Brandt")
        self.system.command("operators", "add", olga.email)
        words = "They asked for my password on the page that comes after booking."
        for page, kind in (("/pat", "phishing"), ("/mara/intro-call", "spam")):
            reporter = Visitor(self.system.url).open(f"/report?page={page}")
            reporter.press("Send report", kind=kind, words=words, email="ana@bookers.example")
            assert reporter.url.endswith("/sent"), reporter.errors()
        return olga

    def _without_an_answer(self) -> str:
        """A booking of Léa's for which Zoom does not answer for now; the booker's page."""
        self.system.sandbox.control("faults", {"operation": "create", "kind": "503", "count": None})
        offer = Offer(f"{self.system.url}/lea/deep-dive", "Deep dive", self.system)
        booker = Visitor(offer.url).open(f"{offer.url}?zone=Europe/Lisbon")
        fill_in(booker.open(free_times(booker)[0]), "finn@bookers.example", "Finn Berg")
        wait_until(
            lambda: "taking longer than usual" in booker.open(booker.url).text, "Zoom is slow"
        )
        return booker.url
