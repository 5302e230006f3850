"""The calendar feed: its page, its secret address, and what it has."""

from collections.abc import Callable
from datetime import timedelta

import time_machine
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar

from bookme.extensions import db
from bookme.feed import service, tokens
from bookme.logs import masked_path
from bookme.models import Booking, BookingStatus, User
from tests import factories
from tests.factories import NOW
from tests.statements import statements

AsHost = Callable[..., FlaskClient]
DAY = timedelta(days=1)


def path_of(host: User) -> str:
    return f"/feed/{tokens.token(host)}.ics"


def with_feed(**columns: object) -> User:
    made: User = factories.host(feed_epoch=7, **columns)
    return made


def events(file: bytes) -> dict[str, str]:
    """Status by reference."""
    found = Calendar.from_ical(file).walk("VEVENT")
    return {str(event["uid"]).partition("@")[0]: str(event["status"]) for event in found}


def test_the_page_makes_renews_and_switches_off_the_feed(
    app: Flask, as_host: AsHost, client: FlaskClient
) -> None:
    booking = factories.booking()
    host, mara = booking.host, as_host(booking.host)
    assert "Create a calendar feed" in mara.get("/dashboard/feed").text
    old = []
    for pressed in ("/dashboard/feed", "/dashboard/feed"):
        assert mara.post(pressed).status_code == 303
        path = path_of(host)
        assert f"http://localhost{path}" in mara.get("/dashboard/feed").text
        assert client.get(path).status_code == 200
        for before in old:
            assert client.get(before).status_code == 404
        old.append(path)
    assert mara.post("/dashboard/feed/off").status_code == 303
    assert "Create a calendar feed" in mara.get("/dashboard/feed").text
    mara.post("/dashboard/feed")
    assert {client.get(path).status_code for path in old} == {404}, "off ends them for good"


def test_whoever_does_not_know_the_address_is_told_nothing(app: Flask, client: FlaskClient) -> None:
    host, off = with_feed(), factories.host(another=True)
    theirs = path_of(host)
    signer = tokens._signer()
    wrong = [
        "/feed/x.ics",
        f"{theirs.removesuffix('.ics')}x.ics",
        *(f"/feed/{signer.dumps(one)}.ics" for one in ([host.id, 6], [off.id, None], [99, 7])),
    ]
    host.closing_at = NOW
    db.session.commit()
    answers = [client.get(path) for path in (*wrong, theirs)]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.text for answer in answers}) == 1


def test_the_feed_has_what_takes_place_may_and_was_cancelled_lately(
    app: Flask, client: FlaskClient
) -> None:
    schedule = factories.schedule(host=with_feed())
    made: dict[str, Booking] = {}

    def book(name: str, day: int, status: BookingStatus, **columns: object) -> None:
        starts_at = NOW + day * DAY
        made[name] = factories.booking(
            schedule=schedule, starts_at=starts_at, status=status, **columns
        )

    book("confirmed", 1, BookingStatus.CONFIRMED)
    book("pending", 2, BookingStatus.PENDING)
    book("cancelled", 3, BookingStatus.CANCELLED, cancelled_at=NOW - DAY)
    book("over", -29, BookingStatus.CONFIRMED)
    book("long over", -31, BookingStatus.CONFIRMED)
    book("long cancelled", 4, BookingStatus.CANCELLED, cancelled_at=NOW - 31 * DAY)
    book("held", 5, BookingStatus.HELD)
    book("declined", 6, BookingStatus.DECLINED, cancelled_at=NOW - DAY)
    book("lapsed", 7, BookingStatus.LAPSED, cancelled_at=NOW - DAY)
    book("long declined", 8, BookingStatus.DECLINED, cancelled_at=NOW - 31 * DAY)
    factories.booking(schedule=factories.schedule(host=factories.host(another=True)))
    answer = client.get(path_of(schedule.host))
    assert answer.mimetype == "text/calendar"
    assert answer.headers["Cache-Control"] == "private, no-cache"
    shown = events(answer.data)
    assert {name: shown.pop(row.reference, "") for name, row in made.items()} == {
        "confirmed": "CONFIRMED",
        "pending": "TENTATIVE",
        "cancelled": "CANCELLED",
        "declined": "CANCELLED",
        "lapsed": "CANCELLED",
        "over": "CONFIRMED",
        **dict.fromkeys(("long over", "long cancelled", "held", "long declined"), ""),
    }
    assert shown == {}
    calendar = Calendar.from_ical(answer.data)
    assert calendar["method"] == "PUBLISH"
    assert calendar["refresh-interval"].dt == service.REFRESH
    assert b"ATTENDEE" not in answer.data
    assert b"ORGANIZER" not in answer.data


def test_what_people_typed_stays_in_its_line(app: Flask, client: FlaskClient) -> None:
    booking = factories.booking(schedule=factories.schedule(host=with_feed()))
    booking.title = "Kür; \\n,\u202e 東京"
    booking.attendees[0].name = "Ana\u2028BEGIN:VALARM" + "ä" * 80
    booking.attendees[0].notes = "one\r\nBEGIN:VALARM\r\ntwo"
    db.session.commit()
    file = client.get(path_of(booking.host)).data
    assert max(map(len, file.split(b"\r\n"))) <= 75
    calendar = Calendar.from_ical(file)
    assert [part.name for part in calendar.walk()] == ["VCALENDAR", "VEVENT"]
    assert "東京" in str(calendar.walk("VEVENT")[0]["summary"])


def test_a_program_that_knows_the_feed_already_is_sent_nothing(
    app: Flask, client: FlaskClient
) -> None:
    booking = factories.booking(schedule=factories.schedule(host=with_feed()))
    path = path_of(booking.host)
    tag = client.get(path).headers["ETag"]
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        again = client.get(path, headers={"If-None-Match": tag})
        assert (again.status_code, again.data) == (304, b"")
        booking.starts_at += timedelta(minutes=5)
        booking.sequence += 1
        db.session.commit()
        changed = client.get(path, headers={"If-None-Match": tag})
    assert changed.status_code == 200
    assert changed.headers["ETag"] != tag


def test_the_feed_is_bounded_and_costs_the_same_however_many_bookings(
    app: Flask, client: FlaskClient, monkeypatch: object
) -> None:
    schedule = factories.schedule(host=with_feed())
    path, asked = path_of(schedule.host), []
    for count in (1, 5):
        schedule = db.session.merge(schedule)
        for n in range(count):
            at = NOW + DAY * (10 * count + n)
            factories.booking(schedule=schedule, starts_at=at, video_provider="zoom")
        with statements() as seen:
            assert len(events(client.get(path).data)) == (1 if count == 1 else 6)
        asked.append(len(seen))
    assert asked[0] == asked[1] <= 6


def test_no_log_has_the_address(app: Flask) -> None:
    assert masked_path(path_of(with_feed())) == "/feed/***"
