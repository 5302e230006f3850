"""Those whom BookMe needs are away for a day: nothing is lost, pages, ``/readyz`` and the doctor
say what waits for whom, and all of it follows by itself once they are back.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from tests.baddays.conftest import Machine
from tests.patience import wait_until
from tests.people import Host, Offer, book, letter, letters, new_booker, subjects


def says(lines: list[str], *words: str) -> bool:
    """Whether one of the lines has all these words."""
    return any(all(word in line for word in words) for line in lines)


def dashboard(host: Host) -> str:
    return host.open("/dashboard").text


@contextmanager
def refusing(machine: Machine) -> Iterator[None]:
    """The mail server takes nothing within the block."""
    machine.system.sandbox.control("settings", {"mail": "defer"})
    try:
        yield
    finally:
        machine.system.sandbox.control("settings", {"mail": "up"})


def test_the_mail_server_refuses_everything_for_a_day(
    machine: Machine, host: Host, offer: Offer
) -> None:
    reader = new_booker()
    with refusing(machine):
        book(offer, reader)
        late = ("messages have been waiting", "smtp 451")
        wait_until(lambda: "messages" in machine.system.health()["waiting"], "a first try")
        machine.clock.jump(hours=1)
        wait_until(lambda: says(machine.late(), *late), "/readyz names the mail server")
        health = machine.system.health()
        assert health["status"] == "degraded"
        assert health["overdue_seconds"] >= 3600
        assert says(machine.doctor(), "late:", "mail server", "451")
        assert "Your e-mails are delayed" in dashboard(host)
        assert "Sent" not in host.look_at_booking(reader).text
        machine.clock.jump(hours=24)
        assert machine.system.health()["overdue_seconds"] >= 25 * 3600
    machine.clock.jump(hours=1)
    letter(machine.system, reader, "Confirmed")
    wait_until(lambda: machine.late() == [], "nothing is late")
    assert subjects(machine.system, reader) == ["Confirmed"]
    assert "delayed" not in dashboard(host)


def test_the_certificate_of_zoom_has_expired(machine: Machine, host: Host, offer: Offer) -> None:
    reader = new_booker()
    valid, machine.door.context = machine.door.context, machine.authority.context(-timedelta(1))
    try:
        booker = book(offer, reader)
        worker, expired = machine.system.workers[0], "its certificate has expired"
        wait_until(lambda: says([worker.said()], expired), "the worker has tried")
        wait_until(lambda: "meetings" in machine.system.health()["waiting"], "and noted it")
        late = "zoom: meetings have been waiting for it"
        machine.clock.jump(minutes=10)
        wait_until(lambda: says(machine.late(), late), "/readyz names Zoom")
        assert f"zoom: cannot be reached ({expired})" in machine.doctor()
        assert "Zoom isn't working" in dashboard(host).replace("’", "'")
        letter(machine.system, reader, "Confirmed")  # which says that the link follows
        assert offer.meetings() == []
    finally:
        machine.door.context = valid
    machine.clock.jump(hours=1)
    link = wait_until(lambda: booker.open(booker.url).links("#meeting a.main"), "the link")[0]
    [meeting] = offer.meetings()
    assert meeting["join_url"] == link
    letter(machine.system, reader, "Video link")
    wait_until(lambda: machine.late() == [], "nothing is late")


def test_redis_is_away_for_a_day_and_comes_back_empty(
    machine: Machine, host: Host, offer: Offer
) -> None:
    system, reader = machine.system, new_booker()
    system.redis.stop()
    shutil.rmtree(system.redis.folder)
    system.redis.folder.mkdir()
    try:
        booker = book(offer, reader)
        machine.clock.jump(hours=24)
        health = system.health()
        assert health["status"] == "degraded"
        assert {"redis: does not answer"} < set(health["degraded"])
        assert says(machine.late(), "jobs: bookings have been due since")
        found = machine.doctor()
        assert says(found, "redis: does not answer")
        assert says(found, "late:", "due since")
        assert "BookMe is running late" in dashboard(host)
        assert booker.open(booker.url).status == 200
    finally:
        system.redis.start()
    wait_until(lambda: len(offer.meetings()) == 1, "the meeting", 40)
    letter(system, reader, "Confirmed")
    wait_until(lambda: machine.late() == [], "nothing is late")
    assert len(letters(system, reader)) == 1
