"""The clock of the machine jumps by an hour, ahead and back, while all of it runs."""

from tests.baddays.conftest import Machine
from tests.patience import wait_until
from tests.people import (
    Host,
    Offer,
    book,
    fill_in,
    free_times,
    letter,
    move,
    new_booker,
    subjects,
)
from tests.visitor import Visitor


def test_nothing_waits_for_a_clock_that_was_wrong(
    machine: Machine, host: Host, offer: Offer
) -> None:
    system, before, after = machine.system, new_booker(), new_booker()
    # What fails now is to be tried again at a time of this clock.
    rule = {"operation": "create", "kind": "api_429_qps", "count": 2}
    system.sandbox.control("faults", rule)
    first = book(offer, before)
    opened = Visitor(offer.url).open(offer.url)
    opened.open(free_times(opened)[-1])
    during = [new_booker()]
    for hours in (1, -1):
        machine.clock.jump(hours=hours)
        during.append(new_booker())
        book(offer, during[-1])
        machine.clock.jump(hours=-hours)
    fill_in(opened, during[0])
    wait_until(lambda: len(offer.meetings()) == 4, "the meetings", 40)
    book(offer, after)
    start = move(first.open(first.url).click("Reschedule booking"), nth=5)
    starts = f"{start:%Y-%m-%dT%H:%M:%SZ}"
    readers = (before, *during, after)
    for reader in readers:
        letter(system, reader, "Confirmed")
    letter(system, before, "Rescheduled")
    wait_until(lambda: starts in [one["start_time"] for one in offer.meetings()], "the new start")
    assert len(offer.meetings()) == 5
    for reader in readers:
        told = subjects(system, reader)
        assert len(told) == len(set(told)), told
    assert host.open("/dashboard").status == 200, "still signed in"
    wait_until(system.is_ready, "all is well", 40)
    assert machine.doctor() == []
