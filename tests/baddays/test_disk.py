"""The disk is full while all of it runs, or its file system turns read-only then, or is so when it
starts.

Full: no file of BookMe's processes may grow any further (RLIMIT_FSIZE), their logs included.
Read-only: none may be opened to be written, and none that is open takes a write. A file system does
both when it finds an error in itself; tried by hand with one on a loop device (ext4 with
``errors=remount-ro`` and ``trigger_fs_error``), which a test cannot mount everywhere.
"""

import os
import resource
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.baddays.conftest import Machine
from tests.baddays.test_others_away import dashboard, says
from tests.patience import wait_until
from tests.people import Host, Offer, book, free_times, letter, name_of, new_booker, subjects
from tests.visitor import Visitor

#: Root may write anywhere; a process without these may not.
_AS_OTHERS = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]


@contextmanager
def full_disk(machine: Machine) -> Iterator[None]:
    """For all processes of BookMe, and those that they start, within the block."""
    try:
        _let_files_grow(machine, 0)
        yield
    finally:
        _let_files_grow(machine, resource.RLIM_INFINITY)


@contextmanager
def without_roots_rights(machine: Machine) -> Iterator[None]:
    """BookMe's processes run anew, as somebody whom modes keep from writing."""
    if os.geteuid() == 0 and not _root_can_be_as_others():
        pytest.skip("root may write here, and may not give that up")
    usual = {part.name: part.command for part in machine.system.parts}
    for part in machine.system.parts:
        part.stop()
        part.command = [*(_AS_OTHERS if os.geteuid() == 0 else []), *part.command]
    try:
        yield
    finally:
        for part in machine.system.parts:
            part.command = usual[part.name]


@contextmanager
def read_only(machine: Machine) -> Iterator[None]:
    """The folder of the state takes no new files, and those in it are not opened to be written."""
    state = machine.system.folder / "state"
    _set_modes(state, 0o500, 0o400)
    try:
        yield
    finally:
        _set_modes(state, 0o700, 0o600)


def _let_files_grow(machine: Machine, size: int) -> None:
    for _again in range(2):  # one may have been about to start another
        for pid in [pid for part in machine.system.parts for pid in part.pids]:
            with suppress(ProcessLookupError):
                resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def test_the_disk_is_full(machine: Machine, host: Host, offer: Offer) -> None:
    system, before, during = machine.system, new_booker(), new_booker()
    slow = {"operation": "create", "kind": "slow", "seconds": 2, "count": 1}
    system.sandbox.control("faults", slow)
    made = len(system.sandbox.calls("create"))
    book(offer, before)
    wait_until(lambda: len(system.sandbox.calls("create")) > made, "Zoom is asked")
    browser = Visitor(offer.url).open(offer.url)
    browser.open(free_times(browser)[-1])
    with full_disk(machine):
        browser.press("Book this time", name=name_of(during), email=during)
        assert browser.status == 503
        assert "We’ve kept what you typed" in browser.text
        machine.clock.jump(seconds=6)  # /readyz tries no oftener than each five seconds
        health = system.health()
        assert health["status"] == "degraded", "pages can still be read"
        assert says(health["degraded"], "database: takes no writes (the disk")
        assert "can’t save anything" in dashboard(host)
        wait_until(lambda: len(offer.meetings()) == 1, "Zoom has answered, and nobody noted it")
    browser.press("Try again")
    assert "You’re booked" in browser.text
    machine.clock.jump(minutes=10)  # whoever held the booking has lost it
    for reader in (before, during):
        letter(system, reader, "Confirmed")
    wait_until(lambda: len(offer.meetings()) == 2, "both meetings")
    wait_until(lambda: machine.late() == [], "nothing is late")
    assert len(offer.meetings()) == 2, "the first was found, and not made again"
    for reader in (before, during):
        told = subjects(system, reader)
        assert len(told) == len(set(told)), told
    assert not says(system.health()["degraded"], "database")


def test_the_file_system_turns_read_only_under_open_files(
    machine: Machine, host: Host, offer: Offer
) -> None:
    system, before, during = machine.system, new_booker(), new_booker()
    with without_roots_rights(machine):
        for part in system.parts:
            part.start()
        wait_until(lambda: system.health(), "the web answers")
        book(offer, before)
        letter(system, before, "Confirmed", seconds=40)
        browser = Visitor(offer.url).open(offer.url)
        browser.open(free_times(browser)[-1])
        with read_only(machine), full_disk(machine):
            browser.press("Book this time", name=name_of(during), email=during)
            assert browser.status == 503
            assert "We’ve kept what you typed" in browser.text
            machine.clock.jump(seconds=6)
            health = system.health()
            assert health["status"] == "degraded", "pages can still be read"
            assert says(health["degraded"], "database: takes no writes (")
            assert "can’t save anything" in dashboard(host)
            assert Visitor(offer.url).open(offer.url).status == 200
        browser.press("Try again")
        assert "You’re booked" in browser.text
        letter(system, during, "Confirmed", seconds=40)
    assert all(part.is_running for part in system.parts), "nobody had to start it anew"
    assert len(offer.meetings()) == 2
    machine.clock.jump(seconds=6)
    wait_until(lambda: not says(system.health()["degraded"], "database"), "it takes writes again")
    wait_until(lambda: machine.late() == [], "nothing is late")


def test_the_folder_of_the_state_is_read_only(machine: Machine, host: Host, offer: Offer) -> None:
    system, reader = machine.system, new_booker()
    browser, typed = Visitor(offer.url).open(offer.url), {"name": name_of(reader), "email": reader}
    browser.open(free_times(browser)[-1])
    with without_roots_rights(machine), read_only(machine):
        for part in system.parts:
            part.start()
        health = wait_until(lambda: system.health(), "the web answers")
        # Whether it can still be read depends on what the last process has left beside it.
        assert health["status"] in ("degraded", "unavailable")
        assert says(health["degraded"], "database:", "(it is read-only)")
        assert browser.press("Book this time", **typed).status == 503
        assert "We’ve kept what you typed" in browser.text
        for part in system.parts:
            assert part.is_running, part.said()
    browser.press("Try again")
    assert "You’re booked" in browser.text
    letter(system, reader, "Confirmed", seconds=40)
    assert len(offer.meetings()) == 1


def _root_can_be_as_others() -> bool:
    if shutil.which(_AS_OTHERS[0]) is None:
        return False
    return subprocess.run([*_AS_OTHERS, "true"], capture_output=True, check=False).returncode == 0


def _set_modes(folder: Path, of_folder: int, of_files: int) -> None:
    folder.chmod(0o700)
    for path in folder.iterdir():
        path.chmod(of_folder if path.is_dir() else of_files)
    folder.chmod(of_folder)
