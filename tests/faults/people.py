"""What the hosts and bookers of a fault run do, page by page, whatever is broken meanwhile."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from urllib.parse import urlsplit

from tests.faults.acts import CALL, DISCONNECTED, HOSTS, OWN, REMOVED, Act
from tests.faults.observed import Seen
from tests.faults.owners import Owner, Owners
from tests.faults.persistent import Persistent
from tests.patience import wait_until
from tests.people import ALWAYS, start_of
from tests.sandbox_process import BEN, CHLOE, MARA
from tests.system import PASSWORD, System

#: Days ahead that are booked: all of them within a schedule's horizon.
_DAYS = 28
#: Seconds that a booker waits for a page with times.
_PATIENCE = 60
#: Who the hosts are at Zoom, and at the providers of their calendars.
_PERSONS = (MARA, BEN, CHLOE)
#: With what a host's own schedule makes its meetings; the third's calendars make none.
_OWN = {REMOVED: "google_meet", DISCONNECTED: "microsoft_teams"}


@dataclass
class Host:
    """:ivar zoom: his e-mail address at Zoom; :ivar pages: his public pages, by schedule."""

    number: int
    email: str
    name: str
    zoom: str
    browser: Persistent
    pages: dict[str, str]


@dataclass
class Booked:
    """A booking as its booker knows it."""

    host: Host
    email: str
    name: str
    browser: Persistent
    starts_at: datetime
    is_cancelled: bool = False

    @property
    def token(self) -> str:
        return urlsplit(self.browser.url).path.split("/")[2]


class People:
    """Carries out what a plan says of people.

    :ivar booked: by number.
    """

    def __init__(self, system: System) -> None:
        self.done: Counter[str] = Counter()
        self.booked: dict[int, Booked] = {}
        self._system, self._url = system, system.url
        owners = [Owner(_email(host), _PERSONS[host], Persistent(system.url)) for host in HOSTS]
        self.owners = Owners(system, owners)
        with ThreadPoolExecutor() as pool:
            self.hosts = list(pool.map(self._new_host, HOSTS, _PERSONS))

    def do(self, act: Act) -> None:
        getattr(self, act.do)(act)

    @property
    def browsers(self) -> list[Persistent]:
        mine = [one.browser for one in (*self.hosts, *self.booked.values())]
        return [*mine, *self.owners.browsers]

    def book(self, act: Act) -> None:
        host: Host = self.hosts[act.given["host"]]
        name, email = f"Quirin Zabel {act.number:03}", f"quirin{act.number:03}@bookers.example"
        page = host.pages.get(act.given["schedule"], host.pages[CALL])
        browser, typed = Persistent(page), {"name": name, "email": email}
        typed["notes"] = f"Vertraulich {act.number:03}: see www.example.com"
        times = f"{page}?zone=Europe/Lisbon&day={_day(act.chance)}"
        starts_at = self._taken(browser, times, act.chance, "Book this time", typed)
        assert "/booking/" in browser.url, browser.text
        self.booked[act.number] = Booked(host, email, name, browser, starts_at)
        self.done["booked"] += 1

    def move(self, act: Act) -> None:
        booked = self.booked[act.number]
        browser, token = booked.browser, booked.token
        times = f"/booking/{token}/reschedule?day={_day(act.chance)}"
        starts_at = self._taken(browser, times, act.chance, "Move the booking", {})
        assert urlsplit(browser.url).path == f"/booking/{token}", browser.text
        booked.starts_at = starts_at
        self.done["moved"] += 1

    def cancel(self, act: Act) -> None:
        booked, token = self.booked[act.number], self.booked[act.number].token
        booked.browser.open(f"/booking/{token}/cancel").press("Cancel this booking")
        assert urlsplit(booked.browser.url).path == f"/booking/{token}", booked.browser.text
        booked.is_cancelled = True
        self.done["cancelled"] += 1

    def cancel_as_host(self, act: Act) -> None:
        booked = self.booked[act.number]
        browser = booked.host.browser.open(f"{self._url}/dashboard/bookings?q={booked.email}")
        browser.click(booked.name).click("Cancel this booking").press("Cancel this booking")
        booked.is_cancelled = True
        self.done["cancelled by the host"] += 1

    def lose_at_zoom(self, act: Act) -> None:
        """The host deletes a booking's meeting at Zoom, if it is made already."""
        booked = self.booked[act.number]
        for meeting in self._system.sandbox.meetings():
            if meeting["user"] == booked.host.zoom and booked.name in meeting["topic"]:
                self._system.sandbox.control(f"meetings/{meeting['id']}", {"delete": True})
                self.done["meeting deleted at Zoom"] += 1

    def lose_entry(self, act: Act) -> None:
        """The host deletes a booking's calendar entry by hand, if it is made already."""
        booked = self.booked[act.number]
        self.owners.lose(booked.host.number, booked.name)

    def try_again(self, seen: Seen) -> None:
        """Hosts press "Try again" where BookMe has given up because that is for them to mend."""
        hosts = {host.email: host for host in self.hosts}
        for booking in seen.bookings:
            if booking.has_failed:
                browser = hosts[booking.host].browser
                browser.open(f"{self._url}/dashboard/bookings/{booking.reference}")
                if browser.page.find("button", string="Try again"):
                    browser.press("Try again")
                    self.done["pressed Try again"] += 1

    def _taken(
        self, browser: Persistent, times: str, chance: float, button: str, typed: dict[str, str]
    ) -> datetime:
        """Take one of the free times on a page; its start. One that is taken meanwhile, by an entry
        that a calendar showed just then, is given up for another.
        """
        while True:
            starts_at = self._pick(browser, times, chance)
            browser.press(button, **typed)
            if browser.status != HTTPStatus.UNPROCESSABLE_ENTITY:
                return starts_at
            self.done["found a time taken"] += 1

    def _pick(self, browser: Persistent, times: str, chance: float) -> datetime:
        """Go on with one of the free times of a page; its start. There are none as long as a
        calendar is still to be read for the first time.
        """
        found = wait_until(lambda: _free(browser, times), f"free times: {times}", _PATIENCE)
        target = found[int(chance * 1000) % len(found)]
        browser.open(target)
        return start_of(target)

    def _new_host(self, number: int, person: str) -> Host:
        """A host with Zoom and calendars connected, and schedules that are always open."""
        email, name = _email(number), f"Wilma Ostrander {number}"
        self._system.create_host(email, f"wilma{number}", name, "UTC")
        browser = Persistent(self._system.url)
        for one in (browser, self.owners.browsers[number]):
            one.open("/sign-in").press("Sign in", email=email, password=PASSWORD)
        host = Host(number, email, name, person, browser, {})
        self.owners.begin(number)
        self._publish(host, CALL, "zoom")
        if number in _OWN:
            self._publish(host, OWN, _OWN[number])
        return host

    def _publish(self, host: Host, slug: str, video: str) -> None:
        host.browser.open(f"{self._url}/dashboard/schedules/new").press(
            "Save",
            title=f"{slug.title()} {host.number}",
            slug=slug,
            location_kind="video",
            video_provider=video,
            duration_minutes=("30", "45", "20")[host.number],
            notice="1",
            **ALWAYS,
        )
        host.pages[slug] = f"{self._url}/wilma{host.number}/{slug}"


def _email(host: int) -> str:
    return f"wilma{host}@hosts.example"


def _free(browser: Persistent, times: str) -> list[str]:
    """The free times of a page's day; of another day if the host is away on that one."""
    days = browser.open(times).links("a.day")
    if days and not browser.links("a.time"):
        browser.open(days[-1])
    return browser.links("a.time")


def _day(chance: float) -> str:
    at = datetime.now(UTC) + timedelta(days=2 + int(chance * _DAYS))
    return at.date().isoformat()
