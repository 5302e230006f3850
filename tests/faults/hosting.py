"""The hosts of a fault run, before it begins: with Zoom, calendars and schedules."""

import threading

from tests.faults.acts import AFTER, ASK, CALL, DISCONNECTED, LEAVING, OWN, PROVE, REMOVED
from tests.faults.owners import Owners
from tests.faults.persistent import Persistent
from tests.faults.persons import Host
from tests.people import ALWAYS
from tests.sandbox_process import BEN, CHLOE, MARA
from tests.system import PASSWORD, System

#: Who the hosts are at Zoom, and at the providers of their calendars.
PERSONS = (MARA, BEN, CHLOE)
#: With what a host's own schedule makes its meetings; the third's calendars make none.
_OWN = {REMOVED: "google_meet", DISCONNECTED: "microsoft_teams"}
_LENGTHS = ("30", "45", "20")
#: The second message of a schedule goes out once the appointment is over.
_FOLLOWS: dict[str, str | bool] = {
    "messages__1__number": "0",
    "messages__1__unit": "minutes",
    "messages__1__timing": "after_end",
    "messages__1__to_host": True,
}
#: BookMe refuses to look at more than a few passwords at once.
_IN_TURN = threading.Lock()


def begin(system: System, owners: Owners, number: int) -> Host:
    """A host with Zoom and calendars connected, and schedules that are always open."""
    email, name = email_of(number), f"Wilma Ostrander {number}"
    system.create_host(email, f"wilma{number}", name, "UTC")
    browser = Persistent(system.url)
    with _IN_TURN:
        for one in (browser, owners.browsers[number]):
            one.open("/sign-in").press("Sign in", email=email, password=PASSWORD)
            assert one.page.select_one("form[action='/sign-out']"), one.text
    host = Host(number, email, name, PERSONS[number], browser)
    owners.begin(number)
    _publish(system, host, CALL, "zoom", messages__1__to_host=True)
    _publish(system, host, ASK, "zoom", needs_approval=True)
    _publish(system, host, PROVE, "zoom", confirms_email=True, needs_approval=asks(number, PROVE))
    _publish(system, host, AFTER, "zoom", **_FOLLOWS)
    if number in _OWN:
        _publish(system, host, OWN, _OWN[number])
    for slug in (CALL, PROVE, AFTER):
        browser.open(f"{system.url}/dashboard/book")
        host.offers[slug] = browser.click(f"{slug.title()} {number}").url
    return host


def asks(host: int, schedule: str) -> bool:
    """Whether a host wants to be asked about a schedule's bookings."""
    return schedule == ASK or (schedule == PROVE and host == LEAVING)


def email_of(host: int) -> str:
    return f"wilma{host}@hosts.example"


def _publish(system: System, host: Host, slug: str, video: str, **more: str | bool) -> None:
    """:param more: what else is filled in; the second of the reminders is an hour before."""
    host.browser.open(f"{system.url}/dashboard/schedules/new").press(
        "Save",
        title=f"{slug.title()} {host.number}",
        slug=slug,
        location_kind="video",
        video_provider=video,
        duration_minutes=_LENGTHS[host.number],
        notice="1",
        **ALWAYS,
        **more,
    )
    host.pages[slug] = f"{system.url}/wilma{host.number}/{slug}"
