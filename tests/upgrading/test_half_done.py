"""An upgrade that is half done: the tables are today's, and so is one web process; the previous
release still has another, the worker and the sweep.
"""

import compileall
import copy
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa

from tests.databases import Postgres
from tests.patience import wait_until
from tests.people import (
    Host,
    Offer,
    allow,
    book,
    letter,
    link_in,
    move,
    new_booker,
    subjects,
)
from tests.processes import Part, ReservedPort
from tests.system import PASSWORD, System
from tests.system_logs import pytest_runtest_makereport
from tests.test_version import headings
from tests.upgrading import previous
from tests.visitor import Visitor

__all__ = ["pytest_runtest_makereport"]

#: Pages of one host that are opened, at most.
_MOST_PAGES = 80
#: What a log has when something went wrong that nobody foresaw.
_WRONG = re.compile(r"Traceback|a round failed|\b50[0-9] \d|ERROR")


@dataclass
class HalfDone:
    """Both releases on one database.

    :ivar now: today's web, and the outside.
    :ivar before: the same system as it is seen at the previous release's web.
    """

    now: System
    before: System
    parts: list[Part]


@pytest.fixture(scope="module")
def code(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The previous release's code, compiled, as it is where it was installed."""
    unpacked = previous.unpack(tmp_path_factory.mktemp("previous"))
    compileall.compile_dir(unpacked, quiet=1)
    return unpacked


@pytest.fixture(params=["sqlite", "postgresql"])
def half_done(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, code: Path
) -> Iterator[HalfDone]:
    folder = tmp_path_factory.mktemp("half")
    url = ""
    if request.param == "postgresql":
        postgres: Postgres = request.getfixturevalue("postgres")
        url = postgres.empty()
    with System(folder, database_url=url, web=1, workers=1) as now:
        for part in (*now.workers, now.sweep):
            part.stop()
        port = ReservedPort()
        parts = list(_parts(now, code, port.number))
        before = copy.copy(now)
        before.url = f"http://localhost:{port.number}"
        try:
            for part in parts:
                part.start()
            wait_until(lambda: before.health().get("status") == "ok", "the previous release", 60)
            yield HalfDone(now, before, parts)
        finally:
            for part in parts:
                part.kill()
            port.close()


def _parts(now: System, code: Path, port: int) -> Iterator[Part]:
    # Named so that it is started anew, and not forked from a process that has imported today's.
    python = [sys.executable, "-B", "-m"]
    environ = now.environ | {"PORT": str(port)}
    for name in ("running.web", "jobs.processes.worker", "jobs.processes.sweep"):
        log = now.folder / "log" / f"previous-{name}.log"
        yield Part(f"previous {name}", [*python, f"bookme.{name}"], environ, log, code)


def test_the_previous_release_works_on_todays_tables_beside_todays(half_done: HalfDone) -> None:
    now, before = half_done.now, half_done.before
    host = signs_up(before)
    connects(host)
    old_offer = host.publish(video_provider="zoom")
    host_now = Host(host.email, host.handle, host.browser, now)
    new_offer = host_now.publish(video_provider="zoom")
    at_old, at_new = new_booker(), new_booker()
    first = book(old_offer, at_old)
    second = book(Offer(_at(now, new_offer.url), new_offer.title, now), at_new)
    for reader in (at_old, at_new):  # the previous release's worker has made the meetings
        assert "Passcode" in letter(now, reader, "Confirmed")["text"]
    move(first.open(_at(now, first.url)).click("Reschedule booking"), nth=2)
    move(second.open(_at(before, second.url)).click("Reschedule booking"), nth=2)
    for reader in (at_old, at_new):
        letter(now, reader, "Rescheduled")
    second.open(_at(before, second.url)).click("Cancel booking").press("Cancel booking")
    letter(now, at_new, "Cancelled")
    assert subjects(now, at_old) == ["Confirmed", "Rescheduled"]
    wait_until(lambda: len(old_offer.meetings()) == 1, "the meeting that is left")
    assert new_offer.meetings() == []
    for system in (before, now):
        assert len(walk(host, system)) > 40
    deletes_the_account(host)
    wait_until(lambda: not rows(now, host.email), "the account is gone", 40)
    assert before.health()["waiting"] == {}
    for part in (*half_done.parts, now.web):
        assert part.is_running, part.said()
        assert not _WRONG.findall(part.said(10**6)), part.said()


def signs_up(system: System) -> Host:
    host = Host("nadia@hosts.example", "nadia", Visitor(system.url), system)
    typed = {"name": "Nadia Rossi", "email": host.email, "password": PASSWORD}
    host.open("/sign-up").press("Sign up", **typed)
    address = link_in(letter(system, host.email, "Confirm your e-mail"), "/confirm-email/")
    host.browser.open(_at(system, address)).press("Confirm my e-mail address")
    assert host.browser.heading == "Page address and time zone", host.browser.text
    host.browser.press("Continue", zone="Europe/Rome")
    return host


def connects(host: Host) -> None:
    """The way back from a provider leads to the public address, which today's release answers."""
    host.connect_zoom()
    host.open("/connections").press("Connect Google")
    allow(host.browser, button="Continue")
    assert "Google" in host.browser.text


def walk(host: Host, system: System) -> set[str]:
    """Open every page that a host's pages lead to; those that were opened."""
    seen: set[str] = set()
    waiting = ["/dashboard"]
    while waiting and len(seen) < _MOST_PAGES:
        path = waiting.pop(0)
        page = host.browser.open(f"{system.url}{path}")
        assert page.status < 500, f"{path}: {page.status}"
        seen.add(path)
        for address in page.links("a[href]"):
            parts = urlsplit(address)
            is_ours = f"{parts.scheme}://{parts.netloc}" == system.url
            if is_ours and parts.path not in (*seen, *waiting) and "sign-out" not in parts.path:
                waiting.append(parts.path)
    return seen


def deletes_the_account(host: Host) -> None:
    page = host.open("/account/data")
    page.press("Delete my account", password=PASSWORD, agreed=True)
    assert page.status == 200, page.text


def rows(system: System, email: str) -> int:
    engine = sa.create_engine(system.environ["DATABASE_URL"])
    with engine.connect() as connection:
        ask = sa.text('SELECT count(*) FROM "user" WHERE email = :email')
        found = int(connection.scalar(ask, {"email": email}))
    engine.dispose()
    return found


def _at(system: System, address: str) -> str:
    """The same page at one of the two."""
    parts = urlsplit(address)
    return f"{system.url}{parts.path}" + (f"?{parts.query}" if parts.query else "")


def test_what_is_kept_is_the_release_before_this_one() -> None:
    newest, *earlier = headings()
    assert previous.version() == (earlier[0] if earlier else f"before-{newest}")
