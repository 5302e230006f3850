"""What the hosts and bookers of a fault run do, page by page, whatever is broken meanwhile."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from urllib.parse import urlsplit

from bookme.models import BookingStatus
from tests.faults.acts import AFTER, ASK, CALL, HOSTS, PROVE, Act
from tests.faults.coming import Coming, day_of
from tests.faults.hosting import PERSONS, asks, begin, email_of
from tests.faults.observed import Seen
from tests.faults.owners import Owner, Owners
from tests.faults.persistent import Persistent
from tests.faults.persons import Booked, Host
from tests.patience import wait_until
from tests.people import start_of
from tests.system import System

#: Seconds that a booker waits for a page with times.
_PATIENCE = 60
#: What begins so soon can still be booked on a busy machine.
_ABOUT_TO_BEGIN = timedelta(seconds=6)
#: When a new schedule reminds of its bookings.
REMINDERS = (timedelta(hours=1), timedelta(days=1))


class People(Coming):
    """Carries out what a plan says of people."""

    def __init__(self, system: System) -> None:
        super().__init__(system)
        owners = [Owner(email_of(host), PERSONS[host], Persistent(system.url)) for host in HOSTS]
        self.owners = Owners(system, owners)
        with ThreadPoolExecutor() as pool:
            self.hosts = list(pool.map(lambda number: begin(system, self.owners, number), HOSTS))

    def do(self, act: Act) -> None:
        getattr(self, act.do)(act)

    @property
    def browsers(self) -> list[Persistent]:
        mine = [one.browser for one in (*self.hosts, *self.booked.values())]
        return [*mine, *self.others, *self.owners.browsers]

    def book(self, act: Act) -> None:
        host, schedule = self.hosts[act.given["host"]], act.given["schedule"]
        page = host.pages.get(schedule, host.pages[CALL])
        name, typed = _booker(act.number)
        guests = _guests(act.number, act.given["guests"])
        browser = Persistent(page)
        link = self._new_link(host, schedule) if act.given["linked"] else ""
        times = f"{page}?zone=Europe/Lisbon&day={day_of(act.chance)}{link and f'&link={link}'}"
        button = "Request this time" if asks(host.number, schedule) else "Book this time"
        typed |= {"guests": "\n".join(guests)}
        starts_at = self._taken(browser, times, act.chance, button, typed)
        assert "/booking/" in browser.url, browser.text
        booked = Booked(host, typed["email"], name, browser, starts_at, guests, link=link)
        if schedule == PROVE:
            booked.status = BookingStatus.HELD
        else:
            booked.status = BookingStatus.PENDING if schedule == ASK else BookingStatus.CONFIRMED
            booked.arrive()
        self.booked[act.number] = booked
        self.done[f"booked: {booked.status}"] += 1

    def book_soon(self, act: Act) -> None:
        """A host books for somebody, to the second: the time of one of its reminders is soon."""
        ahead = REMINDERS[act.given["reminder"]] + timedelta(seconds=act.given["seconds"])
        self._book_for(act, CALL, ahead)

    def book_now(self, act: Act) -> None:
        """A host books what is about to begin."""
        self._book_for(act, AFTER, _ABOUT_TO_BEGIN)

    def _book_for(self, act: Act, schedule: str, ahead: timedelta) -> None:
        host: Host = self.hosts[act.given["host"]]
        name, typed = _booker(act.number)
        form = f"{host.offers[schedule]}/for?anywhere=yes"

        def try_it() -> datetime | None:
            starts_at = (datetime.now(UTC) + ahead).replace(microsecond=0)
            browser = host.browser.open(f"{form}&at={starts_at:%Y-%m-%dT%H:%M:%SZ}")
            browser.press("Book this time", **typed)
            return starts_at if browser.status == HTTPStatus.OK else None

        starts_at = wait_until(try_it, "a time that a host can take", _PATIENCE)
        assert starts_at is not None
        email, browser = typed["email"], Persistent(self._url)
        self.booked[act.number] = Booked(host, email, name, browser, starts_at)
        self.done["booked by the host"] += 1

    def move(self, act: Act) -> None:
        booked = self.booked[act.number]
        if not booked.is_open:
            return
        browser, token = booked.browser, booked.token
        times = f"/booking/{token}/reschedule?day={day_of(act.chance)}"
        starts_at = self._taken(browser, times, act.chance, "Reschedule booking", {})
        assert urlsplit(browser.url).path.endswith(token), browser.text
        booked.starts_at = starts_at
        self.done["moved"] += 1

    def move_as_host(self, act: Act) -> None:
        booked = self.booked[act.number]
        if not booked.is_open:
            return
        browser = self._page_of(booked)
        times = f"{browser.url}/reschedule?day={day_of(act.chance)}"
        booked.starts_at = self._taken(browser, times, act.chance, "Reschedule booking", {})
        assert browser.status == HTTPStatus.OK, browser.text
        self.done["moved by the host"] += 1

    def cancel(self, act: Act) -> None:
        booked = self.booked[act.number]
        if not booked.is_open:
            return
        booked.browser.open(f"/booking/{booked.token}/cancel").press("Cancel booking")
        assert urlsplit(booked.browser.url).path.endswith(booked.token), booked.browser.text
        booked.status = BookingStatus.CANCELLED
        self.done["cancelled"] += 1

    def cancel_as_host(self, act: Act) -> None:
        booked = self.booked[act.number]
        if booked.is_open:
            self._page_of(booked).click("Cancel booking").press("Cancel booking")
            booked.status = BookingStatus.CANCELLED
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
                words = [one.get_text(strip=True) for one in browser.page.select("form button")]
                if "Try again" in words:  # else it has been mended just now
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


def _booker(number: int) -> tuple[str, dict[str, str]]:
    """Who makes a booking, and what that person types."""
    name, email = f"Quirin Zabel {number:03}", f"quirin{number:03}@bookers.example"
    notes = f"Vertraulich {number:03}: see www.example.com"
    return name, {"name": name, "email": email, "notes": notes}


def _guests(number: int, how_many: int) -> tuple[str, ...]:
    return tuple(f"gast{number:03}{one}@guests.example" for one in "ab"[:how_many])


def _free(browser: Persistent, times: str) -> list[str]:
    """The free times of a page's day; of another day if the host is away on that one."""
    days = browser.open(times).links("a.day")
    if days and not browser.links("a.time"):
        browser.open(days[-1])
    return browser.links("a.time")
