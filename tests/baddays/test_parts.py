"""A part of BookMe itself is missing, or there twice."""

import sys
import time
from pathlib import Path

from bookme.jobs.processes.worker import FAREWELL
from tests.baddays.conftest import Machine
from tests.baddays.test_others_away import dashboard, says
from tests.patience import wait_until
from tests.people import Host, Offer, book, letter, letters, name_of, new_booker
from tests.processes import Part


def test_no_worker_and_no_sweep_for_an_hour(machine: Machine, host: Host, offer: Offer) -> None:
    system, reader = machine.system, new_booker()
    missing = [system.workers[0], system.sweep]
    for part in missing:
        part.stop()
    try:
        booker = book(offer, reader)
        machine.clock.jump(hours=1)
        health = system.health()
        assert health["status"] == "degraded"
        assert {"worker: none is running", "sweep: none is running"} < set(health["degraded"])
        assert says(health["late"], "jobs: bookings have been due since")
        found = machine.doctor()
        for words in ("workers: 0 heard of", "sweep: 0 heard of", "due since"):
            assert says(found, words)
        assert "BookMe is running late" in dashboard(host)
        assert "Confirmed" in booker.open(booker.url).text
    finally:
        for part in missing:
            part.start()
    letter(system, reader, "Confirmed")
    assert len(offer.meetings()) == 1
    wait_until(system.is_ready, "all is well")
    assert machine.doctor() == []


def test_a_job_that_cannot_end_in_time_is_ended_and_done_by_the_next_worker(
    machine: Machine, offer: Offer
) -> None:
    system, reader, worker = machine.system, new_booker(), machine.system.workers[0]
    slow = {"operation": "create", "kind": "slow-after", "seconds": 9.5, "count": 1}
    system.sandbox.control("faults", slow)
    book(offer, reader)
    wait_until(lambda: len(offer.meetings()) == 1, "Zoom has made it, and says nothing")
    began = time.monotonic()
    assert worker.stop() == 0
    assert FAREWELL - 1 < time.monotonic() - began < FAREWELL + 4
    worker.start()
    machine.clock.jump(minutes=5)  # its lease is over, and Zoom can be asked what it made
    assert "Passcode" in letter(system, reader, "Confirmed", seconds=40)["text"]
    assert len(offer.meetings()) == 1


def test_two_sweeps_on_one_machine_do_once_what_is_due(
    machine: Machine, host: Host, offer: Offer, tmp_path: Path
) -> None:
    system = machine.system
    command = [sys.executable, "-m", "bookme.jobs.processes.sweep"]
    second = Part("second-sweep", command, system.sweep.environ, tmp_path / "sweep.log")
    machine.clock.rule(second)
    second.start()
    readers = [new_booker() for _ in range(3)]
    try:
        wait_until(lambda: system.health()["sweeps"] == 2, "both sweep")
        system.redis.client().flushall()  # no hint is left, so only the sweeps know
        for reader in readers:
            book(offer, reader)
            system.redis.client().flushall()
        machine.clock.jump(minutes=5)
        for reader in readers:
            letter(system, reader, "Confirmed")
            letter(system, host.email, f"New booking: {name_of(reader)}")
    finally:
        second.stop()
    assert len(offer.meetings()) == 3
    assert [len(letters(system, reader)) for reader in readers] == [1] * 3
    assert [letters(system, reader)[0]["copies"] for reader in readers] == [1] * 3
