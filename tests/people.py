"""What people do with BookMe, page by page, for tests of the whole system."""

from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any
from urllib.parse import parse_qs, urlsplit

from icalendar import Calendar, Event

from tests.patience import wait_until
from tests.sandbox_process import MARA
from tests.system import PASSWORD, System
from tests.visitor import Visitor

#: Open around the clock on all days, so that a flow works whenever it runs.
ALWAYS: dict[str, str | bool] = {
    f"windows__{day}__{end}": time
    for day in range(7)
    for end, time in (("opens", "00:00"), ("closes", "00:00"))
} | {"use_hours": "own", "open": True}
_numbers = count(1)


@dataclass
class Host:
    """A host who is signed in."""

    email: str
    handle: str
    browser: Visitor
    system: System

    def open(self, path: str) -> Visitor:
        """Go to a page of BookMe, wherever the browser was."""
        return self.browser.open(f"{self.system.url}{path}")

    def connect_zoom(self, person: str = MARA) -> None:
        """Connections, Connect Zoom, Allow."""
        self.open("/connections").press("Connect Zoom")
        allow(self.browser, person)
        assert "Zoom is connected." in self.browser.text, self.browser.text

    def publish(self, title: str = "", **typed: str | bool) -> "Offer":
        """Make a schedule that is always open, a video meeting unless said otherwise."""
        title = title or f"Call {next(_numbers)}"
        wanted = {"title": title, "location_kind": "video", "notice": "1", **ALWAYS, **typed}
        self.open("/dashboard/schedules/new").press("Save", **wanted)
        assert self.browser.status == 200, self.browser.text
        self.open("/dashboard/schedules").click(f"Public page of {title}")
        return Offer(self.browser.url, title, self.system)

    def look_at_booking(self, booker: str, show: str = "upcoming") -> Visitor:
        """Open the page of somebody's booking in the dashboard."""
        return self.open(f"/dashboard/bookings?show={show}").click(name_of(booker))

    def sees_rest(self) -> None:
        """Wait until nothing is on its way for the booking that is looked at."""
        browser, moving = self.browser, "#outside[hx-trigger]"
        wait_until(lambda: not browser.open(browser.url).page.select(moving), "nothing on its way")


@dataclass(frozen=True)
class Offer:
    """A schedule's public page."""

    url: str
    title: str
    system: System

    def meetings(self) -> list[dict[str, Any]]:
        """Its bookings' living meetings at Zoom."""
        return [one for one in self.system.sandbox.meetings() if f"{self.title}:" in one["topic"]]


def new_host(system: System, handle: str = "", name: str = "Mara Lindqvist") -> Host:
    """A confirmed host, in Berlin, signed in."""
    handle = handle or f"mara{next(_numbers)}"
    email = f"{handle}@hosts.example"
    system.create_host(email, handle, name)
    return Host(email, handle, signed_in(system, email), system)


def signed_in(system: System, email: str) -> Visitor:
    browser = Visitor(system.url).open("/sign-in").press("Sign in", email=email, password=PASSWORD)
    assert "/dashboard" in browser.url, browser.text
    return browser


def allow(browser: Visitor, person: str = MARA, button: str = "Allow") -> Visitor:
    """Be this person on a consent page, and press its button; Zoom's, unless it is another."""
    choice = next(one for one in browser.page.select("label.choice") if person in one.get_text())
    radio = choice.select_one("input")
    assert radio is not None
    return browser.press(button, person=str(radio["value"]))


def new_booker() -> str:
    """The address of somebody who has never booked."""
    return f"ana{next(_numbers)}@bookers.example"


def name_of(booker: str) -> str:
    """What a booker with this address is called."""
    return f"Ana {booker.partition('@')[0].removeprefix('ana')}"


def free_times(browser: Visitor, at_least: int = 1) -> list[str]:
    """The addresses of the times on the page; a later day's where it has fewer than these, as the
    rest of an evening may.
    """
    if len(browser.links("a.time")) < at_least:
        browser.open((browser.links("#later") or [browser.url])[0])
        browser.open(browser.links("a.day")[-1])
    return browser.links("a.time")


def book(offer: Offer, email: str) -> Visitor:
    """Book the first free time of a schedule's page, in a browser of its own."""
    booker = Visitor(offer.url).open(f"{offer.url}?zone=Europe/Lisbon")
    return fill_in(booker.open(free_times(booker)[0]), email)


def fill_in(booker: Visitor, email: str, name: str = "", **typed: str | bool) -> Visitor:
    """On the form behind a time: book it. The address is then the one that mails have."""
    booker.press("Book this time", name=name or name_of(email), email=email, **typed)
    assert "/booking/" in booker.url, booker.text
    booker.url = booker.url.partition("?done=")[0]
    return booker


def move(browser: Visitor, *, nth: int = 0) -> datetime:
    """On the page with a booking's other times: move it to the nth; its new start."""
    target = free_times(browser, nth + 1)[nth]
    browser.open(target).press("Reschedule booking")
    return start_of(target)


def start_of(address: str) -> datetime:
    """The time that an address of a free time names."""
    return datetime.fromisoformat(parse_qs(urlsplit(address).query)["at"][0])


def letter(system: System, to: str, subject: str, *, seconds: float = 30) -> dict[str, Any]:
    """The newest message to somebody whose subject begins so, as soon as it has come."""

    def look() -> dict[str, Any] | None:
        return next(
            (one for one in letters(system, to) if one["subject"].startswith(subject)), None
        )

    found = wait_until(look, f"a message {subject!r} to {to}", seconds)
    assert found is not None
    return found


def letters(system: System, to: str) -> list[dict[str, Any]]:
    """All messages to somebody, the newest first; one that arrived twice is there once."""
    mine = [one for one in system.sandbox.mail(to) if one["envelope_to"] == [to]]
    return list({one["message_id"]: one for one in reversed(mine)}.values())[::-1]


def subjects(system: System, to: str) -> list[str]:
    """How the subjects of all messages to somebody begin, the oldest first."""
    return [str(one["subject"]).partition(":")[0] for one in reversed(letters(system, to))]


def link_in(message: dict[str, Any], part: str) -> str:
    """The address in a message's text that has this part."""
    [found] = {word for word in str(message["text"]).split() if "://" in word and part in word}
    return found


def event(message: dict[str, Any]) -> tuple[str, Event]:
    """The method and the one event of the calendar that calendar programs find in a message."""
    parts = message["attachments"]
    [attached] = [one for one in parts if one["content_type"].startswith("text/calendar")]
    calendar = Calendar.from_ical(attached["text"])
    [found] = calendar.walk("VEVENT")
    method = str(calendar["method"])
    assert f"method={method}" in attached["content_type"].replace('"', "")
    return method, found
