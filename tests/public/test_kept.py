"""A kept page is the page that would be made now, for this reader."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from bookme.extensions import db
from bookme.models import (
    BusyTime,
    Calendar,
    Connection,
    ConnectionStatus,
    Hold,
    Schedule,
    TimeOff,
    User,
)
from bookme.public.kept import Kept, Page, Pages
from tests import factories
from tests.examples import examples
from tests.public.pages import book, times
from tests.statements import statements

PAGE = "/mara/intro"
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
Act = Callable[[int], None]


@pytest.fixture(autouse=True)
def pages(app: Flask) -> Pages:
    """What this process keeps."""
    app.extensions["kept_pages"] = found = Pages()
    return found


@pytest.fixture
def schedule(app: Flask) -> Schedule:
    made: Schedule = factories.schedule(durations=[15, 30])
    return made


def asked(client: FlaskClient, path: str = PAGE, **headers: str) -> int:
    """How many statements a page takes."""
    with statements() as said:
        assert client.get(path, headers=headers).status_code == 200
    return len(said)


def test_the_second_reader_costs_one_statement(
    client: FlaskClient, schedule: Schedule, pages: Pages
) -> None:
    pages.answers = Kept(0)  # that reader asks in other words
    assert asked(client) > 1
    assert asked(client) == 1
    assert asked(client, "/mara") > 1
    assert asked(client, "/mara") == 1


def test_a_repeated_visit_is_told_that_its_page_is_right(
    client: FlaskClient, schedule: Schedule
) -> None:
    first = client.get(PAGE)
    assert first.headers["Cache-Control"] == "private, no-cache"
    tag = {"If-None-Match": first.headers["ETag"]}
    again = client.get(PAGE, headers=tag)
    assert (again.status_code, again.data) == (304, b"")
    for name in ("ETag", "Vary", "Cache-Control", "Content-Security-Policy"):
        assert again.headers[name] == first.headers[name]
    book(client)
    assert client.get(PAGE, headers=tag).status_code == 200


def test_a_process_that_has_not_made_the_page_knows_it_by_its_tag(
    app: Flask, client: FlaskClient, schedule: Schedule
) -> None:
    tag = client.get(PAGE).headers["ETag"]
    app.extensions["kept_pages"] = Pages()
    assert client.get(PAGE, headers={"If-None-Match": tag}).status_code == 304


def test_what_the_page_varies_by_is_said(client: FlaskClient, schedule: Schedule) -> None:
    for _ in range(2):
        vary = client.get(PAGE).vary
        for header in ("Cookie", "Accept-Language", "Accept-Encoding", "HX-Request"):
            assert header in vary


def test_no_kept_page_has_a_cookie_of_somebody(client: FlaskClient, schedule: Schedule) -> None:
    for _ in range(2):
        assert "Set-Cookie" in client.get(f"{PAGE}?language=en").headers
        client.delete_cookie("language")
    assert "Set-Cookie" not in client.get(PAGE).headers


@pytest.mark.parametrize(
    "query",
    ["name=Ana", "email=ana@example.com", "utm_source=mail", "ref=x", "link=x", "x=1"],
)
def test_no_page_is_kept_that_brings_something_of_its_reader(
    client: FlaskClient, schedule: Schedule, pages: Pages, query: str
) -> None:
    for _ in range(2):
        client.get(f"{PAGE}?{query}")
    assert pages.size == 0


def test_no_page_is_kept_of_somebody_with_a_session(
    app: Flask, client: FlaskClient, schedule: Schedule, pages: Pages
) -> None:
    with client.session_transaction() as session:
        session["_flashes"] = [("good", "Only for you")]
    assert "Only for you" in client.get(PAGE).text
    assert pages.size == 0
    assert "Only for you" not in app.test_client().get(PAGE).text


@pytest.mark.parametrize(
    "path", ["/mara/intro/book?at=2027-03-02T09:00:00Z", "/mara/nothing", "/nobody", "/"]
)
def test_nothing_else_is_kept(
    client: FlaskClient, schedule: Schedule, pages: Pages, path: str
) -> None:
    client.get(path)
    assert pages.size == 0


def test_times_that_were_found_serve_the_other_days_for_that_minute_and_version(
    client: FlaskClient, schedule: Schedule, clock: time_machine.Traveller
) -> None:
    days = [f"{PAGE}?day=2027-03-{day:02}" for day in range(2, 7)]
    assert asked(client, PAGE) == 3
    assert asked(client, days[0]) == 1
    assert asked(client, f"{days[1]}&minutes=15") == 2  # other times are free for that
    assert asked(client, f"{days[1]}&zone=Asia/Tokyo") == 2  # whose month is another
    clock.shift(MINUTE)
    assert asked(client, days[2]) == 2
    book(client)
    assert asked(client, days[3]) == 3
    assert asked(client, days[4]) == 1


def test_what_is_kept_of_a_schedule_is_of_one_language_and_one_site(
    app: Flask, client: FlaskClient, schedule: Schedule, pages: Pages
) -> None:
    app.config["LANGUAGES"] = ("en", "de")
    factories.schedule(host=schedule.host, slug="short")
    said = {}
    for query in ("", "?language=de", "?embed=1", "?embed=1&theme=dark", "?language=en"):
        pages.answers, page = Kept(0), app.test_client().get(f"/mara/short{query}")
        said[query] = page.text[page.text.index('id="picker"') :]
    assert "30 Minuten" in said["?language=de"]
    assert "30 Minuten" not in said["?language=en"]
    assert "embed=1" not in said[""]
    assert "theme=dark" not in said["?embed=1"]
    assert 'href="/mara?embed=1&amp;theme=dark"' in said["?embed=1&theme=dark"]
    assert all(one.parts for one in pages.schedules._kept.values())


def test_no_schedule_has_parts_without_end(
    app: Flask, client: FlaskClient, schedule: Schedule, pages: Pages
) -> None:
    app.config["LANGUAGES"] = ("en", "de", "fr")
    factories.schedule(host=schedule.host, slug="short")
    for language in app.config["LANGUAGES"]:
        for more in ("", "&embed=1", "&embed=1&theme=dark"):
            assert client.get(f"/mara/short?language={language}{more}").status_code == 200
    # An address with a language may bring answers, so the schedule is read with its questions.
    assert [len(one.parts) for one in pages.schedules._kept.values()] == [8]


def test_a_closed_page_is_not_kept(client: FlaskClient, schedule: Schedule, pages: Pages) -> None:
    schedule.active = False
    db.session.commit()
    assert "Not taking bookings" in client.get(PAGE).text
    assert pages.size == 0


def test_what_is_kept_is_bounded_in_bytes() -> None:
    pages = Pages(most_bytes=10_000)
    for number in range(50):
        pages.keep(str(number), Page(b"x" * 500, (), (), hurries=False))
        assert pages.size <= 10_000
    assert pages.get("49") is not None
    assert pages.get("0") is None
    pages.keep("long", Page(b"x" * 20_000, (), (), hurries=False))
    assert pages.get("long") is None


def test_a_kept_page_has_calendars_read_as_a_fresh_one(
    client: FlaskClient, schedule: Schedule, hints: list[tuple[str, tuple[int, ...]]]
) -> None:
    calendar_of(schedule)
    for visits in (1, 2):
        client.get(PAGE)
        assert hints == [("calendars.reading.hurry", (schedule.host_id,))] * visits
    db.session.execute(sa.update(Calendar).values(visited_at=factories.NOW))
    db.session.commit()
    client.get(PAGE)
    assert len(hints) == 2


def calendar_of(schedule: Schedule) -> Calendar:
    """A calendar that is checked."""
    schedule = db.session.merge(schedule)
    connection = Connection(
        host=schedule.host,
        provider="google",
        status=ConnectionStatus.ACTIVE,
        seal_id="s",
        connected_at=factories.NOW,
    )
    db.session.add(connection)
    db.session.commit()
    calendar = Calendar(
        host_id=connection.host_id, connection=connection, external_id="c", name="Work"
    )
    calendar.is_checked = True
    calendar.read_until = factories.NOW + timedelta(days=90)
    db.session.add(calendar)
    db.session.commit()
    return calendar


class Life:
    """What may happen to a host, chosen by numbers."""

    def __init__(self, app: Flask, schedule: Schedule, calendar: Calendar) -> None:
        self.client, self.slot = app.test_client(), 0
        self.schedule, self.calendar = schedule.id, calendar.id
        self.now = factories.NOW
        self.acts: list[Act] = [
            self.book, self.let_go, self.off, self.busy, self.free, self.rename, self.limit,
            self.fails, self.loses, self.host, self.switch, self.waits, self.reads,
        ]  # fmt: skip

    def act(self, which: int, number: int) -> None:
        self.acts[which % len(self.acts)](number)
        db.session.commit()
        db.session.remove()

    def book(self, number: int) -> None:
        found = times(self.client.get(PAGE))
        if found:
            at = self.now.replace(hour=9) + timedelta(days=1 + number % 3)
            self.client.post(
                f"{PAGE}/book",
                data={
                    "starts_at": f"{at + number % 6 * 30 * MINUTE:%Y-%m-%dT%H:%M:%SZ}",
                    "form_key": f"{self.slot:032x}",
                    "zone": "UTC",
                    "name": "Ana",
                    "email": "ana@example.com",
                },
            )
            self.slot += 1

    def let_go(self, number: int) -> None:
        hold = db.session.scalar(sa.select(Hold).order_by(Hold.id.desc()).limit(1))
        if hold is not None:
            db.session.delete(hold)

    def off(self, number: int) -> None:
        db.session.add(TimeOff(host_id=1, zone="UTC", created_at=self.now, **self._stretch(number)))

    def busy(self, number: int) -> None:
        row = {"calendar_id": self.calendar, "entry_id": "e", **self._stretch(number)}
        db.session.execute(sa.insert(BusyTime), [row])

    def free(self, number: int) -> None:
        db.session.execute(sa.delete(BusyTime))

    def rename(self, number: int) -> None:
        db.session.execute(sa.update(Schedule).values(title=f"Call {number}"))

    def limit(self, number: int) -> None:
        values = {"max_per_day": 1 + number % 3, "notice_minutes": number % 3 * 60}
        db.session.execute(sa.update(Schedule).values(values))

    def fails(self, number: int) -> None:
        since = self.now - number % 3 * HOUR / 2 if number % 2 else None
        db.session.execute(sa.update(Calendar).values(failing_since=since))

    def loses(self, number: int) -> None:
        status = list(ConnectionStatus)[number % 3]
        values = {"status": status, "problem_at": self.now - number % 3 * HOUR}
        db.session.execute(sa.update(Connection).values(values))

    def host(self, number: int) -> None:
        accent = ["#112233", None][number % 2]
        db.session.execute(sa.update(User).values(name=f"Mara {number}", accent=accent))

    def switch(self, number: int) -> None:
        db.session.execute(sa.update(Schedule).values(active=number % 4 > 0))

    def waits(self, number: int) -> None:
        self.now += number % 50 * timedelta(seconds=7)

    def reads(self, number: int) -> None:
        until = self.now + timedelta(days=number % 40)
        db.session.execute(sa.update(Calendar).values(read_until=until))

    def _stretch(self, number: int) -> dict[str, datetime]:
        begin = self.now.replace(minute=0) + timedelta(days=number % 4, hours=number % 7)
        return {"starts_at": begin, "ends_at": begin + HOUR}


#: How readers differ, in address and headers.
READERS: list[tuple[str, dict[str, str]]] = [
    (PAGE, {}),
    (f"{PAGE}?zone=Asia/Tokyo&clock=12", {}),
    (PAGE, {"Cookie": "zone=America/New_York"}),
    (PAGE, {"Accept-Language": "en-US"}),
    (PAGE, {"HX-Request": "true"}),
    (f"{PAGE}?embed=1&theme=dark", {}),
    (f"{PAGE}?month=2027-04&minutes=15", {"HX-Request": "true"}),
    (f"{PAGE}?day=2027-03-03", {"Accept-Encoding": "gzip"}),
    ("/mara", {}),
    ("/mara/short", {}),
    ("/mara/short?language=de", {}),
    ("/mara/short?embed=1&theme=dark&language=fr", {"HX-Request": "true"}),
    ("/mara/short?day=2027-03-04", {"HX-Request": "true", "Cookie": "zone=Asia/Tokyo"}),
]


def shown(answer: TestResponse) -> tuple[Any, ...]:
    own = ("Date", "X-Request-Id")
    headers = {name: value for name, value in answer.headers if name not in own}
    return answer.status_code, answer.data, headers


@pytest.fixture
def fresh(app: Flask) -> Callable[..., TestResponse]:
    """A page as it is made now."""

    def get(path: str, headers: dict[str, str]) -> TestResponse:
        pages = app.extensions["kept_pages"]
        app.extensions["kept_pages"] = Pages(most_bytes=0)
        try:
            return app.test_client(use_cookies=False).get(path, headers=headers)
        finally:
            app.extensions["kept_pages"] = pages

    return get


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(factories.NOW, tick=False) as moved:
        yield moved


STEPS = st.lists(
    st.tuples(
        st.integers(0, 12),
        st.integers(0, 30),
        st.lists(st.integers(0, len(READERS) - 1), max_size=3),
    ),
    min_size=3,
    max_size=6,
)


def test_a_kept_page_is_the_fresh_one_through_any_life_of_a_host(
    app: Flask,
    schedule: Schedule,
    fresh: Callable[..., TestResponse],
    clock: time_machine.Traveller,
    pages: Pages,
) -> None:
    app.config["LANGUAGES"] = ("en", "de", "fr")
    factories.schedule(host=schedule.host, slug="short")  # of one length, as most have
    life = Life(app, schedule, calendar_of(schedule))
    hits = []

    some = max(6, examples(20).max_examples)  # fewer may happen to see no page twice
    seen = [HealthCheck.function_scoped_fixture]

    @settings(parent=examples(20), max_examples=some, suppress_health_check=seen)
    @given(STEPS)
    def lives(steps: list[tuple[int, int, list[int]]]) -> None:
        for which, number, readers in steps:
            life.act(which, number)
            clock.move_to(life.now)
            for reader in (*readers, *readers):
                path, headers = READERS[reader]
                with statements() as said:
                    answer = app.test_client(use_cookies=False).get(path, headers=headers)
                hits.append(len(said) <= 1)
                assert shown(answer) == shown(fresh(path, headers)), (which, path, headers)

    lives()
    assert any(hits)
