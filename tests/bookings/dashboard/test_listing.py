"""Finding bookings: states, filters, search, order and pages."""

from collections.abc import Callable
from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from bookme import searched
from bookme.bookings import people
from bookme.bookings.dashboard import agenda, listing, search
from bookme.bookings.dashboard.filters import Filter, Sort, State
from bookme.extensions import db
from bookme.models import Attendee, Booking, BookingStatus, Role, SearchWord, User
from tests import factories
from tests.factories import NOW
from tests.statements import statements

AsHost = Callable[..., FlaskClient]
DAY = timedelta(days=1)
#: What is found under each state, by name.
FOUND = {
    State.UPCOMING: {"soon", "now", "pending"},
    State.PENDING: {"pending"},
    State.PAST: {"past", "missed"},
    State.CONFIRMED: {"soon", "now", "past", "missed"},
    State.CANCELLED: {"cancelled"},
    State.DECLINED: {"declined"},
    State.LAPSED: {"lapsed"},
    State.NO_SHOW: {"missed"},
    State.ALL: {"soon", "now", "pending", "past", "missed", "cancelled", "declined", "lapsed"},
}


def of_every_state() -> tuple[User, dict[str, Booking]]:
    """A booking in each state by name, and "held", which waits for its booker's e-mail address."""
    schedule = factories.schedule()
    at = {
        "soon": (NOW + DAY, BookingStatus.CONFIRMED),
        "now": (NOW - timedelta(minutes=10), BookingStatus.CONFIRMED),
        "pending": (NOW + 2 * DAY, BookingStatus.PENDING),
        "past": (NOW - DAY, BookingStatus.CONFIRMED),
        "missed": (NOW - 2 * DAY, BookingStatus.CONFIRMED),
        "cancelled": (NOW + 3 * DAY, BookingStatus.CANCELLED),
        "declined": (NOW + 4 * DAY, BookingStatus.DECLINED),
        "lapsed": (NOW + 5 * DAY, BookingStatus.LAPSED),
        "held": (NOW + 6 * DAY, BookingStatus.HELD),
    }
    rows = {
        name: factories.booking(schedule=schedule, starts_at=starts_at, status=status)
        for name, (starts_at, status) in at.items()
    }
    rows["missed"].attendees[0].no_show_at = NOW
    people.keep_missed(rows["missed"])
    db.session.commit()
    return schedule.host, rows


def names(rows: dict[str, Booking], found: list[Booking]) -> set[str]:
    return {name for name, row in rows.items() if row in found}


def test_each_state_finds_its_own_and_none_finds_what_waits_for_the_booker(app: Flask) -> None:
    host, rows = of_every_state()
    for state in State:
        page = listing.page(host, Filter(state), now=NOW)
        assert names(rows, page.bookings) == FOUND[state], state
    assert listing.find(host, rows["held"].reference) is None
    assert listing.find(host, rows["soon"].reference) == rows["soon"]
    ahead = agenda.ahead(host, now=NOW)
    found = [one.reference for day in (*ahead.week.values(), ahead.coming) for one in day]
    assert rows["soon"].reference in found
    assert rows["held"].reference not in found


def test_the_page_of_each_state_shows_what_it_finds(app: Flask, as_host: AsHost) -> None:
    host, rows = of_every_state()
    client = as_host(host)
    for state in State:
        page = client.get(f"/dashboard/bookings?show={state}").text
        assert {name for name, row in rows.items() if row.reference in page} == FOUND[state]


def test_pages_follow_each_other_without_gaps_or_repeats_in_every_order(app: Flask) -> None:
    schedule = factories.schedule()
    hour = timedelta(hours=1)
    rows = [
        # Three are booked at the same time: then the id decides.
        factories.booking(
            schedule=schedule, starts_at=NOW + n * hour, created_at=NOW - (n * 7 % 8) // 3 * hour
        )
        for n in range(1, 9)
    ]
    key: dict[Sort, Any] = {
        Sort.SOONEST: lambda row: row.starts_at,
        Sort.LATEST: lambda row: (NOW - row.starts_at, -row.id),
        Sort.BOOKED: lambda row: (NOW - row.created_at, -row.id),
    }
    for state, sort in product((State.UPCOMING, State.ALL), Sort):
        seen = walked(schedule.host, Filter(state, sort), size=3)
        assert seen == sorted(rows, key=key[sort]), (state, sort)


def walked(host: User, asked: Filter, size: int) -> list[Booking]:
    """All pages, one after the other."""
    seen, after = list[Booking](), None
    while True:
        page = listing.page(host, asked, now=NOW, after=after, size=size)
        seen += page.bookings
        if page.more is None:
            return seen
        after = listing.Key.parse(str(page.more))
        assert after == page.more


@pytest.mark.parametrize("text", ["", "~", "x~1", "2027-03-01T08:00:00~1", "2027-03-01~x"])
def test_a_made_up_key_is_no_key(text: str) -> None:
    assert listing.Key.parse(text) is None


#: What finds Ana's booking, below, and what doesn't.
FINDS = [
    *("ana", "COSTA", "ana@ex", "ÄRZTIN", "ärzt", "москва", "МОСКВ", "東京", "שלום", "👩‍🎨"),
    *('say "hi"', "back\\slash", "Emil", "+351", "abcdef0123"),
]
FINDS_NOT = ["%", "_", "zoe", "Where from", "answer", "\\u00e4", "bcdef0123"]


def test_bookings_are_searched_by_person_reference_and_answer_in_any_script(app: Flask) -> None:
    booking = factories.booking(reference="abcdef0123" + "0" * 22)
    erased = factories.booking(schedule=booking.schedule, starts_at=NOW + 3 * DAY)
    db.session.delete(erased.attendees[0])
    said = ["Ich bin Ärztin.", 'say "hi" back\\slash', ["東京", "Москва"], "שלום 👩‍🎨", 3]
    booking.attendees[0].answers = [{"question": "Where from", "answer": one} for one in said]
    booking.attendees[0].phone = "+351 21"
    guest = {"email": "emil@example.com", "zone": "UTC", "role": Role.GUEST}
    booking.attendees.append(Attendee(name="Emil Sand", **guest))
    db.session.commit()
    for text in FINDS:
        assert found(booking.host, text), text
    for text in FINDS_NOT:
        assert not found(booking.host, text), text


def test_dates_are_those_of_the_hosts_own_calendar(app: Flask) -> None:
    host = factories.host(zone="America/New_York")
    schedule = factories.schedule(host=host)
    hours = (4, 5, 28, 29)  # on 14 March 2027 the clock goes from -5 to -4 hours
    begin = NOW.replace(day=14, hour=0)
    rows = [
        factories.booking(schedule=schedule, starts_at=begin + timedelta(hours=h, minutes=0))
        for h in hours
    ]
    on = date(2027, 3, 14)
    page = listing.page(host, Filter(since=on, until=on), now=NOW)
    assert page.bookings == rows[1:2]
    assert listing.page(host, Filter(since=on), now=NOW).bookings == rows[1:]
    assert listing.page(host, Filter(until=on), now=NOW).bookings == rows[:2]


def test_a_schedule_narrows_the_list_and_anothers_is_refused(app: Flask, as_host: AsHost) -> None:
    one, other = factories.booking(), factories.schedule(host=factories.host(another=True))
    second = factories.schedule(host=one.host, slug="second", title="Second")
    rest = factories.booking(schedule=second, starts_at=NOW + 3 * DAY)
    client = as_host(one.host)
    page = client.get(f"/dashboard/bookings?schedule={second.id}")
    assert (rest.reference in page.text, one.reference in page.text) == (True, False)
    page = client.get(f"/dashboard/bookings?schedule={other.id}")
    assert page.status_code == 422
    assert "Choose one of these." in page.text
    assert one.reference in page.text, "what is wrong is left out"


@pytest.mark.parametrize("htmx", [False, True])
def test_a_filter_that_is_wrong_is_said_and_left_out(
    app: Flask, as_host: AsHost, htmx: bool
) -> None:
    booking = factories.booking()
    client = as_host(booking.host, htmx=htmx)
    for query, said in {
        "show=nothing": "Choose one of these.",
        "sort=up": "Choose one of these.",
        "schedule=-1": "Choose one of these.",
        "since=31.12.2027": "Enter a date, such as 2027-12-24.",
        "until=9999-12-31": "Enter a date between 1970 and 2199.",
        "since=1900-01-01": "Enter a date between 1970 and 2199.",
        "since=2027-03-02&until=2027-03-01": "Enter a date that isn’t before the first one.",
        "q=" + "x" * 101: "Enter at most 100 characters.",
    }.items():
        answer = client.get(f"/dashboard/bookings?{query}")
        assert answer.status_code == 422
        assert said in answer.text
        assert booking.reference in answer.text
        assert answer.text.count("<h1>") == (not htmx)
        assert client.get(f"/dashboard/bookings.csv?{query}").status_code == 422


def test_what_narrows_the_list_is_shown_and_can_be_taken_away(app: Flask, as_host: AsHost) -> None:
    booking = factories.booking()
    asked = (
        f"q=%3Cb%3Eana&schedule={booking.schedule_id}&since=2027-03-01&until=2027-03-09&sort=booked"
    )
    page = as_host(booking.host).get(f"/dashboard/bookings?show=no-show&{asked}")
    assert page.status_code == 200
    assert "<b>ana" not in page.text
    chips = BeautifulSoup(page.text, "html.parser").select(".chips a")
    words = [chip.get_text(" ", strip=True) for chip in chips]
    assert [one.removesuffix(" (remove this filter)") for one in words] == [
        "State: No-show",
        "Search: <b>ana",
        "Schedule: Intro call",
        "From Mon 1 Mar 2027",
        "To Tue 9 Mar 2027",
        "Order: Last booked first",
        "Clear filters",
    ]
    for name, chip in zip(("show", "q", "schedule", "since", "until", "sort"), chips, strict=False):
        left = str(chip["href"]).partition("?")[2]
        assert f"{name}=" not in left
        assert left.count("=") == 5


def test_an_address_says_only_what_is_not_as_usual() -> None:
    assert Filter().arguments() == {}
    assert Filter(State.PAST, Sort.LATEST).arguments() == {"show": "past"}
    assert Filter(State.PAST, Sort.SOONEST, "a").arguments() == {
        "show": "past",
        "sort": "soonest",
        "q": "a",
    }


def test_what_a_list_shows_is_what_its_page_finds(app: Flask) -> None:
    host, _rows = of_every_state()
    by_schedule = Filter(schedule_id=1, since=date(2027, 3, 1), until=date(2027, 3, 9))
    for asked in (*(Filter(*one) for one in product(State, Sort)), by_schedule):
        after = None
        while True:
            page = listing.page(host, asked, now=NOW, after=after, size=2)
            shown = listing.shown(host, asked, now=NOW, after=after, size=2)
            assert [one.id for one in shown.bookings] == [one.id for one in page.bookings], asked
            assert shown.more == page.more
            after = page.more
            if after is None:
                break
    missed = listing.shown(host, Filter(State.NO_SHOW), now=NOW).bookings
    assert [(one.missed, one.name) for one in missed] == [(True, "Ana Costa")]


def found(host: User, search: str) -> list[Booking]:
    return listing.page(host, Filter(search=search), now=NOW).bookings


def test_a_search_keeps_up_with_a_person_until_they_are_erased(app: Flask) -> None:
    booking = factories.booking()
    host, person = booking.host, booking.attendees[0]
    person.name, person.answers = "Zoë Quux", [{"question": "Topic", "answer": "Plans"}]
    db.session.commit()
    assert found(host, "zoë plans")
    assert not found(host, "costa")
    kept = sa.select(sa.func.count()).select_from(SearchWord)
    assert db.session.scalar(kept)
    db.session.delete(person)
    db.session.commit()
    assert not found(host, "zoë")
    assert db.session.scalar(kept) == 0


def test_a_search_for_a_common_word_finds_the_same_as_for_a_rare_one(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    schedule = factories.schedule()
    rows = [factories.booking(schedule=schedule, starts_at=NOW + n * DAY) for n in range(1, 8)]
    for number, row in enumerate(rows):
        row.attendees[0].name = f"Ana Costa{number % 2}"
    db.session.commit()
    theirs = factories.schedule(host=factories.host(another=True))
    factories.booking(schedule=theirs, starts_at=NOW + DAY)
    for few in (1000, 5, 2):
        monkeypatch.setattr(search, "FEW", few)
        assert found(schedule.host, "ana") == rows
        assert found(schedule.host, "Ana costa1") == rows[1::2]
        assert not found(schedule.host, "ana zoe")


def test_every_word_is_kept_alike_on_both_databases(app: Flask) -> None:
    person = factories.booking().attendees[0]
    person.name, person.email = "Zoë (Ärztin) O’Neill-Smith", "zoë@example.com"
    person.notes = "x" * 300 + " a_b c--d 東京タワー _ “hi” " + "é" * 30
    person.answers = [{"question": "Q", "answer": one} for one in ("Ja!", ["東", "b c"], 3)]
    db.session.commit()
    texts = person.name, person.email, person.phone, person.notes, "Ja!", '["東", "b c"]', "3"
    kept = db.session.scalars(sa.select(SearchWord.word).order_by(SearchWord.word)).all()
    assert kept == sorted(searched.words(*texts))
    assert {"zoë", "ärztin)", "neill-smith", "smith", "京タワー", "hi”", "example.com"} <= {*kept}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_search_is_answered_by_indexes(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    host = factories.booking().host
    for few in (1000, 0):
        monkeypatch.setattr(search, "FEW", few)
        for steps in plans_of(host, Filter(State.ALL, search="ana abcd")):
            assert not [step for step in steps if step.startswith("SCAN")], steps


def test_a_list_costs_the_same_however_many_bookings(app: Flask, as_host: AsHost) -> None:
    schedule = factories.schedule()
    client, counts = as_host(schedule.host), []
    for amount in (1, 12):
        schedule = db.session.merge(schedule)
        for number in range(amount):
            start = NOW + DAY * (number + 1 + 20 * amount)
            factories.booking(schedule=schedule, starts_at=start, video_provider="zoom")
        with statements() as seen:
            assert client.get("/dashboard/bookings").status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1] == 3
    with statements() as seen:
        assert client.get("/dashboard/bookings?q=ana").status_code == 200
    assert len(seen) == 4


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_page_is_read_in_its_order_by_an_index(app: Flask) -> None:
    booking = factories.booking()
    day = date(2027, 3, 2)
    for state, sort in product(State, Sort):
        for asked in (Filter(state, sort), Filter(state, sort, since=day, until=day)):
            steps = plan_of(booking.host, asked)
            assert "USING INDEX ix_booking_host_" in steps[0], (asked, steps)
            sorts = any("TEMP B-TREE" in step for step in steps)
            assert not sorts or (sort is Sort.BOOKED and asked.since), (asked, steps)
            if state is State.NO_SHOW:  # of those alone
                assert "INDEX ix_booking_host_missed" in steps[0], (asked, steps)


def plan_of(host: User, asked: Filter) -> list[str]:
    """How SQLite finds a page. (PostgreSQL's way depends on how much there is.)"""
    return plans_of(host, asked)[0]


def plans_of(host: User, asked: Filter) -> list[list[str]]:
    """How SQLite answers each statement that a page needs."""
    seen: list[tuple[str, Any]] = []

    def note(*call: Any) -> None:
        seen.append((call[2], call[3]))

    sa.event.listen(db.engine, "before_cursor_execute", note)
    listing.page(host, asked, now=NOW)
    sa.event.remove(db.engine, "before_cursor_execute", note)
    run = db.session.connection().exec_driver_sql
    return [
        [str(step[-1]) for step in run(f"EXPLAIN QUERY PLAN {statement}", values)]
        for statement, values in seen
        if "LIMIT" in statement
    ]
