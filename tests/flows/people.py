"""What people do with BookMe, page by page."""

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
ALWAYS: dict[str, str] = {
    f"windows__{day}__{end}": time
    for day in range(7)
    for end, time in (("opens", "00:00"), ("closes", "00:00"))
}
_numbers = count(1)


@dataclass
class Host:
    """A host who is signed in."""

    email: str
    handle: str
    browser: Visitor
    system: System

    def connect_zoom(self, person: str = MARA) -> None:
        """Connections, Connect Zoom, Allow."""
        self.browser.open("/connections").press("Connect Zoom")
        allow(self.browser, person)
        assert "Zoom is connected." in self.browser.text, self.browser.text

    @property
    def title(self) -> str:
        """What :meth:`publish` calls a schedule; no other host's is called so."""
        return f"Call with {self.handle}"

    def publish(self, **typed: str | bool) -> str:
        """Make a schedule that is always open; its public address."""
        title = str(typed.pop("title", self.title))
        wanted = {"title": title, "location_kind": "video", "notice": "1", **ALWAYS, **typed}
        self.browser.open("/dashboard/schedules/new").press("Save", **wanted)
        assert self.browser.status == 200, self.browser.text
        self.browser.open("/dashboard/schedules").click(title).click("Public page")
        return self.browser.url


def new_host(system: System) -> Host:
    """A confirmed host of a test's own, signed in."""
    handle = f"mara{next(_numbers)}"
    email = f"{handle}@hosts.example"
    system.create_host(email, handle)
    return Host(email, handle, signed_in(system, email), system)


def signed_in(system: System, email: str) -> Visitor:
    browser = Visitor(system.url).open("/sign-in").press("Sign in", email=email, password=PASSWORD)
    assert "/dashboard" in browser.url, browser.text
    return browser


def allow(browser: Visitor, person: str = MARA) -> Visitor:
    """Be this person on Zoom's consent page, and press Allow."""
    choice = next(one for one in browser.page.select("label.choice") if person in one.get_text())
    radio = choice.select_one("input")
    assert radio is not None
    return browser.press("Allow", person=str(radio["value"]))


def new_booker() -> str:
    return f"ana{next(_numbers)}@bookers.example"


def free_times(browser: Visitor) -> list[str]:
    """The addresses of the times on the page."""
    return browser.links("a.time")


def book(page: str, email: str, *, nth: int = 0, zone: str = "Europe/Lisbon") -> Visitor:
    """Book the nth free time of a schedule's page, in a browser of its own."""
    booker = Visitor(page).open(f"{page}?zone={zone}")
    booker.open(free_times(booker)[nth])
    booker.press("Book this time", name="Ana Costa", email=email)
    assert "/booking/" in booker.url, booker.text
    return booker


def move(browser: Visitor, *, nth: int = 0) -> datetime:
    """On the page with a booking's other times: move it to the nth; its new start."""
    target = free_times(browser)[nth]
    browser.open(target).press("Move the booking")
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
    """All messages to somebody, the newest first."""
    return [one for one in system.sandbox.mail(to) if one["envelope_to"] == [to]]


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


def meetings(host: Host) -> list[dict[str, Any]]:
    """The living meetings at Zoom of the host's schedules."""
    return [one for one in host.system.sandbox.meetings() if host.title in one["topic"]]
