"""Zoom, Redis or the mail server are away at the moment of booking: the booking stands, is answered
as fast as ever, and everything follows by itself. While the database is away nothing can be booked,
and everybody is told so.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from icalendar import Event

from tests.databases import Postgres
from tests.patience import wait_until
from tests.people import (
    Host,
    Offer,
    book,
    event,
    fill_in,
    free_times,
    letter,
    letters,
    move,
    name_of,
    new_booker,
    new_host,
    start_of,
    subjects,
)
from tests.system import System
from tests.visitor import Visitor

#: Seconds in which nobody has waited for a time limit: of Zoom it is 10, of a web server's patience
#: with Redis 0.2 for each thing it wants.
AT_ONCE = 3.0

Step = Callable[[], Any]


@pytest.fixture(scope="module")
def host(system: System) -> Host:
    host = new_host(system)
    host.connect_zoom()
    return host


@pytest.fixture
def offer(host: Host) -> Offer:
    return host.publish(video_provider="zoom")


@pytest.fixture
def zoom_fails(system: System) -> Iterator[Callable[..., Any]]:
    """Lets coming calls to Zoom fail until the test's end."""
    yield lambda **rule: system.sandbox.control("faults", {"operation": "create", **rule})
    system.sandbox.control("faults/clear")


def link_of(booker: Visitor) -> str:
    """The link on the booking's page, as soon as it is there."""
    return wait_until(lambda: booker.open(booker.url).links("#meeting a.main"), "the link")[0]


@pytest.mark.parametrize("kind", ["503", "reset-after", "api_429_qps"])
def test_zoom_fails_and_the_link_follows(
    host: Host, offer: Offer, zoom_fails: Callable[..., Any], kind: str
) -> None:
    zoom_fails(kind=kind, count=1)
    reader = new_booker()
    booker = book(offer, reader)
    assert booker.seconds < AT_ONCE
    assert "creating your" in booker.text
    link = link_of(booker)
    [meeting] = offer.meetings()
    assert meeting["join_url"] == link
    wait_until(lambda: with_link(host.system, reader, link), "the link in a mail")


def with_link(system: System, reader: str, link: str) -> bool:
    return any(link in one["text"] for one in letters(system, reader))


def test_zoom_is_away_for_longer_and_a_second_message_brings_the_link(
    host: Host, offer: Offer, zoom_fails: Callable[..., Any]
) -> None:
    zoom_fails(kind="503", count=None)
    reader = new_booker()
    booker = book(offer, reader)
    first = letter(host.system, reader, "Confirmed")
    assert "We’ll send the video link in a second message." in first["text"]
    assert "We’ll send you the link by e-mail." in booker.open(booker.url).text
    host.system.sandbox.control("faults/clear")
    second = letter(host.system, reader, "Video link")
    [meeting] = offer.meetings()
    assert meeting["join_url"] in second["text"]
    assert event(second)[1]["sequence"] > event(first)[1]["sequence"]
    assert subjects(host.system, reader) == ["Confirmed", "Video link"]


@pytest.fixture(params=["stopped", "frozen"])
def redis_away(request: pytest.FixtureRequest, system: System) -> tuple[Step, Step]:
    """Two functions: Redis goes away, Redis comes back."""
    redis = system.redis
    return {"stopped": (redis.stop, redis.start), "frozen": (redis.freeze, redis.thaw)}[
        request.param
    ]


def test_redis_is_away_and_the_sweep_completes_the_bookings(
    host: Host, offer: Offer, redis_away: tuple[Step, Step]
) -> None:
    goes, comes_back = redis_away
    reader = new_booker()
    goes()
    try:
        for email in (reader, new_booker(), new_booker()):
            booker = book(offer, email)
            assert booker.seconds < AT_ONCE
            assert "You’re booked" in booker.text
        assert "redis: does not answer" in host.system.health()["degraded"]
        assert offer.meetings() == []
    finally:
        comes_back()
    wait_until(lambda: len(offer.meetings()) == 3, "all meetings", 60)
    assert "Passcode" in letter(host.system, reader, "Confirmed")["text"]


def test_the_database_is_away_and_all_parts_go_on_after_it(
    postgres_system: System, postgres: Postgres
) -> None:
    host = new_host(postgres_system)
    host.connect_zoom()
    offer = host.publish(video_provider="zoom")
    during, after = new_booker(), new_booker()
    waiting = Visitor(offer.url).open(offer.url)
    waiting.open(free_times(waiting)[-1])
    with postgres.away():
        assert Visitor(offer.url).open(offer.url).status == 503
        assert postgres_system.health()["degraded"] == ["database: does not answer"]
        waiting.press("Book this time", name=name_of(during), email=during)
        assert waiting.status == 503
        assert "every booking is safe" in waiting.text
        for part in postgres_system.parts:  # what begins without a database waits for it, too
            part.kill()
            part.start()
        wait_until(lambda: postgres_system.health(), "the web answers")
        assert Visitor(offer.url).open(offer.url).status == 503
    wait_until(lambda: Visitor(offer.url).open(offer.url).status == 200, "pages are back")
    assert all(part.is_running for part in postgres_system.parts)
    assert waiting.press("Try again").heading == "You’re booked"
    letter(postgres_system, during, "Confirmed")
    book(offer, after)
    letter(postgres_system, after, "Confirmed")


@pytest.mark.parametrize("mode", ["refuse", "defer"])
def test_the_mail_server_is_away_and_messages_wait(host: Host, offer: Offer, mode: str) -> None:
    system, reader = host.system, new_booker()
    system.sandbox.control("settings", {"mail": mode})
    try:
        link_of(book(offer, reader))
        host.look_at_booking(reader)
        state = "#outside table .badge"
        wait_until(
            lambda: host.browser.open(host.browser.url).page.select(state), "messages on the page"
        )
        assert "Sent" not in host.browser.text
        assert letters(system, reader) == []
    finally:
        system.sandbox.control("settings", {"mail": "up"})
    letter(system, reader, "Confirmed")
    letter(system, host.email, f"New booking: {name_of(reader)}")
    host.sees_rest()
    assert subjects(system, reader) == ["Confirmed"]
    heard = [str(one["subject"]) for one in letters(system, host.email)]
    assert len([one for one in heard if one.startswith(f"New booking: {name_of(reader)}, ")]) == 1


def test_an_answer_of_the_mail_server_that_got_lost_makes_no_second_message(
    host: Host, offer: Offer
) -> None:
    system, reader = host.system, new_booker()
    system.sandbox.control("settings", {"mail": "cut"})
    try:
        book(offer, reader)
        wait_until(lambda: letter(system, reader, "Confirmed")["copies"] > 1, "it is sent again")
    finally:
        system.sandbox.control("settings", {"mail": "up"})
    host.look_at_booking(reader)
    host.sees_rest()
    assert subjects(system, reader) == ["Confirmed"]


@pytest.mark.parametrize("late", [False, True], ids=["jobs run meanwhile", "jobs are late"])
def test_booked_moved_and_cancelled_within_a_second(host: Host, offer: Offer, late: bool) -> None:
    system, reader = host.system, new_booker()
    made_before = len(system.sandbox.calls("create"))
    for worker in system.workers if late else []:
        worker.stop()
    try:
        booker = Visitor(offer.url).open(offer.url)
        target = free_times(booker)[0]
        fill_in(booker.open(target), reader)
        second = move(booker.click("Reschedule booking"), nth=3)
        booker.click("Cancel booking").press("Cancel booking")
    finally:
        for worker in system.workers if late else []:
            worker.start()
    host.look_at_booking(reader, "cancelled")
    host.sees_rest()
    assert offer.meetings() == []
    for to in (reader, host.email):
        told = [
            event(one) for one in reversed(letters(system, to)) if f"“{offer.title}”" in one["text"]
        ]
        assert is_truthful(told, start_of(target), second)
        assert not (late and told)
    if late:
        assert len(system.sandbox.calls("create")) == made_before


def is_truthful(told: list[tuple[str, Event]], first: datetime, second: datetime) -> bool:
    """Whether somebody heard only of states that were reached, in their order, and of the end
    exactly if they had heard of a beginning.
    """
    methods = [method for method, _ in told]
    starts = [found["dtstart"].dt for method, found in told if method == "REQUEST"]
    sequences = [found["sequence"] for _, found in told]
    ended = methods == ["REQUEST"] * (len(methods) - 1) + ["CANCEL"] * bool(methods)
    return (
        ended
        and (not methods or len(methods) > 1)
        and starts in ([], [first], [second], [first, second], [first, first, second])
        and sequences == sorted(set(sequences))
    )
