import re
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bookme import create_app
from bookme.extensions import db
from bookme.models import Attendee, Booking, Caller, LocationKind, Schedule
from tests import factories
from tests.conftest import settings
from tests.public.pages import FORM_KEY, book, hidden, link, offered, soup, text

DETAILS = "/mara/intro/book?at=2027-03-02T09:00:00Z&zone=Europe/Lisbon&clock=12"


@pytest.fixture
def schedule(app: Flask) -> Schedule:
    """/mara/intro: Mondays to Fridays, 9 to 12 UTC; it is Monday 2027-03-01, 8:00."""
    schedule: Schedule = factories.schedule()
    return schedule


def booked() -> list[Booking]:
    return list(db.session.scalars(db.select(Booking)))


def test_the_details_form_shows_the_time_and_keeps_it(
    client: FlaskClient, schedule: Schedule
) -> None:
    page = client.get(DETAILS)
    assert "Tuesday, 2 March 2027, 9:00 am–9:30 am Lisbon time" in text(page)
    kept = hidden(page)
    assert re.fullmatch("[0-9a-f]{32}", kept.pop("form_key"))
    assert kept.pop("minutes") == "30"
    assert kept.pop("opened")
    assert kept == {"starts_at": "2027-03-02T09:00:00Z", "zone": "Europe/Lisbon", "clock": "12"}
    assert link(page, "Choose another time") == (
        "/mara/intro?day=2027-03-02&zone=Europe/Lisbon&clock=12"
    )


def test_every_form_has_a_key_of_its_own(client: FlaskClient, schedule: Schedule) -> None:
    assert hidden(client.get(DETAILS))["form_key"] != hidden(client.get(DETAILS))["form_key"]


@pytest.mark.both_databases
@pytest.mark.parametrize("at", ["", "soon", "2027-03-02T09:00:00", "9999-12-31T23:59:59Z"])
def test_without_a_time_there_is_nothing_to_fill_in(
    client: FlaskClient, schedule: Schedule, at: str
) -> None:
    page = client.get(f"/mara/intro/book?at={at}")
    assert (page.status_code, page.location) == (303, "/mara/intro")


def test_an_old_link_offers_fresh_times(client: FlaskClient, schedule: Schedule) -> None:
    factories.booking(schedule=schedule)
    page = client.get(DETAILS)
    assert "That time was just taken. Choose another time." in text(page)
    assert offered(page) == ["9:30 am", "10:00 am", "10:30 am", "11:00 am", "11:30 am"]


def test_the_times_nearest_to_one_that_is_gone_are_offered(
    client: FlaskClient, schedule: Schedule
) -> None:
    schedule.week = [[[540, 1080]]] * 7
    factories.booking(schedule=schedule, starts_at=datetime(2027, 3, 2, 16, tzinfo=UTC))
    page = client.get("/mara/intro/book?at=2027-03-02T16:00:00Z&zone=UTC&clock=24")
    half_hours = [f"{hour}:{minute:02}" for hour in range(9, 18) for minute in (0, 30)]
    half_hours.remove("16:00")
    assert offered(page) == half_hours[-12:]


def test_a_booker_books_without_any_cookie(
    client: FlaskClient, schedule: Schedule, hints: list[tuple[str, tuple[int, ...]]]
) -> None:
    client = client.application.test_client(use_cookies=False)
    page = client.get(DETAILS)
    typed = {"name": " Ana  Costa ", "email": "ana@example.com", "notes": "By bus."}
    answer = client.post("/mara/intro/book", data=hidden(page) | typed)
    assert answer.status_code == 303
    assert "Set-Cookie" not in answer.headers
    [booking] = booked()
    assert answer.location == f"/booking/{booking.token}?done=1"
    assert booking.booker is not None
    person = booking.booker
    assert (person.name, person.notes, person.zone) == ("Ana Costa", "By bus.", "Europe/Lisbon")
    assert (person.locale, person.clock_hours) == ("en_GB", 12)
    assert hints == [("sync.sync_booking", (booking.id,))]
    assert client.get(answer.location).status_code == 200


def test_a_booker_needs_no_csrf_token(app: Flask, database_url: str) -> None:
    factories.schedule()
    strict = create_app(
        settings(database_url, app.config["STATE_DIR"]) | {"WTF_CSRF_ENABLED": True}
    )
    try:
        with strict.app_context():
            assert book(strict.test_client(use_cookies=False)).status_code == 303
    finally:
        with strict.app_context():
            db.engine.dispose()


def test_htmx_is_led_to_the_booking(htmx: FlaskClient, schedule: Schedule) -> None:
    answer = book(htmx)
    assert answer.status_code == 204
    assert answer.headers["HX-Redirect"].startswith("/booking/")


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", " ", "Enter your name."),
        ("name", "a" * 101, "Enter at most 100 characters."),
        ("email", "", "Enter your e-mail address, such as ana@example.com."),
        ("email", "ana", "Enter an e-mail address, such as ana@example.com."),
        ("email", "ana@example", "Enter an e-mail address"),
        ("email", "ana@exa mple.com", "Enter an e-mail address"),
        ("email", "ana@example.com,bo@example.com", "Enter an e-mail address"),
        ("email", f"{'a' * 60}@{'b.' * 100}com", "Enter an e-mail address"),
        ("notes", "a" * 2001, "Enter at most 2,000 characters."),
    ],
    ids=lambda value: value[:20] if isinstance(value, str) else None,
)
def test_what_is_wrong_stands_beside_its_field_and_the_rest_is_kept(
    client: FlaskClient, schedule: Schedule, field: str, value: str, words: str
) -> None:
    page = book(client, **{field: value})
    assert page.status_code == 422
    found = soup(page)
    error = found.select_one(f"#{field}-error")
    assert error is not None
    assert words in error.text
    assert found.select(f"#{field}[aria-describedby~={field}-error][aria-invalid=true]")
    kept = {"name": "Ana Costa", "email": "ana@example.com"}
    for name in kept.keys() - {field}:
        assert found.select_one(f"#{name}")["value"] == kept[name]  # type: ignore[index]
    assert hidden(page)["starts_at"] == "2027-03-02T09:00:00Z"
    assert hidden(page)["form_key"] == FORM_KEY
    assert booked() == []


@pytest.mark.parametrize(
    ("at", "columns", "words"),
    [
        ("2027-03-01T07:00:00Z", {}, "That time has passed."),
        ("2027-03-02T09:00:00Z", {"notice_minutes": 2880}, "That time is too soon. Mara Lindqvist"),
        ("2027-06-01T09:00:00Z", {}, "That time is too far ahead."),
        ("2027-03-02T09:10:00Z", {}, "No appointment starts at that time."),
        ("2027-03-02T07:00:00Z", {}, "Mara Lindqvist isn’t available at that time."),
        ("2027-03-02T09:30:00Z", {"max_per_day": 1}, "take more appointments on that day"),
        ("2027-03-02T09:00:00Z", {"step_minutes": 15}, "That time was just taken."),
    ],
    ids=["past", "notice", "horizon", "off the grid", "outside", "limit", "taken"],
)
def test_a_refused_time_says_why_and_offers_others(
    app: Flask, client: FlaskClient, at: str, columns: dict[str, object], words: str
) -> None:
    factories.booking(schedule=factories.schedule(**columns))
    page = book(client, at)
    assert page.status_code == 422
    assert words in text(page)
    assert offered(page)
    assert "starts_at" not in hidden(page)
    assert soup(page).select_one("#name")["value"] == "Ana Costa"  # type: ignore[index]
    assert "By bus." in text(page)
    assert len(booked()) == 1


def test_every_time_offered_instead_can_be_booked(client: FlaskClient, schedule: Schedule) -> None:
    factories.booking(schedule=schedule)
    page = book(client)
    first = soup(page).select_one("input[name=starts_at]")
    assert first is not None
    assert book(client, str(first["value"])).status_code == 303


def test_on_a_full_day_the_days_after_are_offered(client: FlaskClient, schedule: Schedule) -> None:
    schedule.overrides = {"2027-03-02": []}
    db.session.commit()
    page = book(client)
    assert [day.get_text() for day in soup(page).select("fieldset p")] == [
        "Wednesday, 3 March",
        "Thursday, 4 March",
    ]
    assert len(offered(page)) == 12


def test_with_nothing_free_near_it_the_next_times_are_offered(
    client: FlaskClient, schedule: Schedule
) -> None:
    schedule.overrides = {f"2027-03-{day:02}": [] for day in range(1, 32)}
    db.session.commit()
    days = [day.get_text() for day in soup(book(client)).select("fieldset p")]
    assert days[0] == "Thursday, 1 April"
    schedule.week, schedule.overrides = [[]] * 7, {}
    db.session.commit()
    page = book(client)
    assert (page.status_code, offered(page)) == (422, [])
    assert "No other times are free." in text(page)


@pytest.mark.parametrize("at", ["", "soon", "2027-03-02T09:00:00", "0001-01-01T00:00:00+14:00"])
def test_a_form_without_a_time_offers_some(
    client: FlaskClient, schedule: Schedule, at: str
) -> None:
    page = book(client, at)
    assert page.status_code == 422
    assert offered(page)[0] == "09:00"
    assert "starts_at" not in hidden(page)


@pytest.mark.parametrize(
    "at", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2199-12-31T23:59Z"]
)
def test_times_at_the_end_of_all_time_are_refused_like_others(
    client: FlaskClient, schedule: Schedule, at: str
) -> None:
    assert book(client, at, zone="Pacific/Kiritimati").status_code == 422
    assert book(client, at, zone="Pacific/Pago_Pago").status_code == 422


def test_a_zone_or_clock_that_there_is_not_becomes_the_schedule_s(
    client: FlaskClient, schedule: Schedule
) -> None:
    assert book(client, zone="Mars/Olympus", clock="13").status_code == 303
    person = db.session.scalars(db.select(Attendee)).one()
    assert (person.zone, person.clock_hours) == ("UTC", 24)


def test_the_same_form_twice_is_one_booking(client: FlaskClient, schedule: Schedule) -> None:
    first, second = book(client), book(client)
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.location == second.location
    assert len(booked()) == 1


def test_a_form_whose_key_is_guessable_leads_to_nobody_s_booking(
    client: FlaskClient, schedule: Schedule
) -> None:
    assert book(client, form_key="1").status_code == 303
    again = book(client, form_key="1")
    assert again.status_code == 422
    assert hidden(again)["form_key"] != "1"


@pytest.mark.both_databases
def test_what_cannot_be_seen_is_not_kept(client: FlaskClient, schedule: Schedule) -> None:
    answer = book(client, name="Ana\r\nBcc: \0x\u202eCosta", notes="one\r\ntwo\0")
    assert answer.status_code == 303
    person = db.session.scalars(db.select(Attendee)).one()
    assert (person.name, person.notes) == ("Ana Bcc: xCosta", "one\ntwo")


def test_an_address_beyond_ascii_is_kept_as_mail_servers_want_it(
    client: FlaskClient, schedule: Schedule
) -> None:
    assert book(client, email="ana@münchen.de").status_code == 303
    assert db.session.scalars(db.select(Attendee)).one().email == "ana@xn--mnchen-3ya.de"


def test_words_typed_by_strangers_are_shown_as_words(
    client: FlaskClient, schedule: Schedule
) -> None:
    page = book(client, name="<b>Ana</b>", email="no")
    assert b"<b>Ana" not in page.data
    assert soup(page).select_one("#name")["value"] == "<b>Ana</b>"  # type: ignore[index]


@pytest.mark.parametrize(
    ("caller", "asked"), [(Caller.HOST, True), (Caller.BOOKER, False)], ids=["host", "booker"]
)
def test_the_phone_number_is_asked_for_where_the_host_calls(
    app: Flask, client: FlaskClient, caller: Caller, asked: bool
) -> None:
    factories.schedule(location_kind=LocationKind.PHONE, caller=caller)
    assert (soup(client.get(DETAILS)).select_one("#phone") is not None) is asked
    assert book(client).status_code == (422 if asked else 303)
    assert book(client, form_key="a" * 32, phone="call me").status_code == 422
    book(client, "2027-03-02T10:00:00Z", form_key="b" * 32, phone="+351 (210) 000-000")
    last = db.session.scalars(db.select(Attendee).order_by(Attendee.id.desc())).first()
    assert last is not None
    assert last.phone == ("+351 21 000 0000" if asked else "")


def test_a_schedule_switched_off_meanwhile_takes_no_booking(
    client: FlaskClient, schedule: Schedule
) -> None:
    schedule.active = False
    db.session.commit()
    page = book(client)
    assert page.status_code == 422
    assert "Not taking bookings at the moment." in text(page)
    assert booked() == []
