"""What goes wrong in other schedulers, by their public reports, and has to be right here."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bookme.extensions import db
from bookme.models import Booking, BookingStatus, TimeOff
from tests import factories
from tests.factories import NOW
from tests.public.pages import book, free_days, link, soup, text, times

CLOSED: list[list[list[int]]] = [[] for _day in range(7)]
NEW_YORK, AUCKLAND = "America/New_York", "Pacific/Auckland"


def every_day(*windows: list[int]) -> list[list[list[int]]]:
    return [list(windows) for _day in range(7)]


def shown(client: FlaskClient, day: str, zone: str) -> list[str]:
    return times(client.get(f"/mara/intro?day={day}&zone={zone}&clock=24"))


def bookings() -> list[Booking]:
    return list(db.session.scalars(db.select(Booking)))


@pytest.mark.parametrize("on", ["2027-03-13", "2027-03-14", "2027-03-15"], ids=str)
def test_an_afternoon_is_offered_at_its_hours_on_the_day_the_clocks_change(
    app: Flask, client: FlaskClient, on: str
) -> None:
    factories.schedule(zone=NEW_YORK, week=every_day([13 * 60, 15 * 60]), duration_minutes=60)
    utc = "17:00" if on >= "2027-03-14" else "18:00"
    assert shown(client, on, NEW_YORK)[0] == "13:00"
    assert shown(client, on, "UTC")[0] == utc


@pytest.mark.parametrize("days", [12, 13, 14])
def test_a_notice_that_ends_about_a_change_of_clocks_moves_no_time(
    app: Flask, client: FlaskClient, days: int
) -> None:
    factories.schedule(zone=NEW_YORK, week=every_day([540, 660]), notice_minutes=days * 24 * 60)
    for day in ("2027-03-16", "2027-03-20"):
        assert shown(client, day, NEW_YORK) == ["09:00", "09:30", "10:00", "10:30"]


def test_a_time_of_fifty_minutes_never_runs_over_the_end_of_the_hours(
    app: Flask, client: FlaskClient
) -> None:
    factories.schedule(week=every_day([960, 1080]), duration_minutes=50, step_minutes=10)
    assert shown(client, "2027-03-02", "UTC")[-1] == "17:10"


def test_hours_over_midnight_are_one_stretch(app: Flask, client: FlaskClient) -> None:
    factories.schedule(week=every_day([22 * 60 + 30, 90]), duration_minutes=60, step_minutes=30)
    assert shown(client, "2027-03-02", "UTC") == ["00:00", "00:30", "22:30", "23:00", "23:30"]
    assert book(client, "2027-03-02T23:30:00Z", zone="UTC").status_code == 303


def test_hours_in_utc_are_on_the_right_days_on_the_other_side_of_the_world(
    app: Flask, client: FlaskClient
) -> None:
    factories.schedule(week=[[[1200, 1260]], *[[]] * 6])  # Mondays, 20:00 to 21:00
    page = client.get(f"/mara/intro?month=2027-03&zone={AUCKLAND}&clock=24")
    assert free_days(page) == [2, 9, 16, 23, 30]
    assert shown(client, "2027-03-02", AUCKLAND) == ["09:00", "09:30"]


def test_dates_with_hours_of_their_own_are_free_though_no_weekday_is(
    app: Flask, client: FlaskClient
) -> None:
    dates = ["2027-03-04", "2027-03-13", "2027-04-10"]
    factories.schedule(week=CLOSED, overrides={on: [[540, 600]] for on in dates})
    assert free_days(client.get("/mara/intro?month=2027-03&zone=UTC")) == [4, 13]
    assert free_days(client.get("/mara/intro?month=2027-04&zone=UTC")) == [10]


def test_time_off_of_several_days_covers_the_days_between(app: Flask, client: FlaskClient) -> None:
    host = factories.schedule().host
    off = {"starts_at": NOW + timedelta(days=1), "ends_at": NOW + timedelta(days=3, hours=12)}
    db.session.add(TimeOff(host=host, label="", zone="UTC", created_at=NOW, **off))
    db.session.commit()
    for day in ("2027-03-03", "2027-03-04"):
        assert shown(client, day, "UTC") == []
        page = book(client, f"{day}T09:00:00Z")
        assert page.status_code == 422
    assert bookings() == []


@pytest.mark.parametrize(
    "at",
    [
        "2027-03-02T04:30:00Z",
        "2027-03-06T09:00:00Z",
        "2027-03-02T09:10:00Z",
        "2028-03-02T09:00:00Z",
    ],
    ids=["night", "Saturday", "between", "far"],
)
def test_a_time_that_was_typed_into_the_address_is_not_booked(
    app: Flask, client: FlaskClient, at: str
) -> None:
    factories.schedule()
    assert book(client, at).status_code == 422
    assert bookings() == []


def test_two_requests_cannot_have_the_same_time(app: Flask, client: FlaskClient) -> None:
    factories.schedule(needs_approval=True)
    assert book(client).status_code == 303
    assert book(client, email="bo@example.com", form_key="f" * 32).status_code == 422
    assert [one.status for one in bookings()] == [BookingStatus.PENDING]


def test_an_unconfirmed_address_holds_its_time(app: Flask, client: FlaskClient) -> None:
    factories.schedule(confirms_email=True)
    assert book(client).status_code == 303
    assert book(client, email="bo@example.com", form_key="f" * 32).status_code == 422
    assert "09:00" not in shown(client, "2027-03-02", "UTC")


def test_an_address_in_capitals_is_the_same_person(app: Flask, client: FlaskClient) -> None:
    factories.schedule(max_per_booker=1)
    assert book(client, email="Ana@Example.COM").status_code == 303
    again = book(client, "2027-03-03T09:00:00Z", email="ana@example.com", form_key="f" * 32)
    assert again.status_code == 422
    assert len(bookings()) == 1


@pytest.mark.parametrize(
    "given",
    [
        {"email": "foo+bar@example.com"},
        {"name": "Juan Miguel Dela Cruz", "email": "juan@example.com"},
        {"notes": '50 % & more, "soon"?'},
    ],
    ids=["plus", "spaces", "no name"],
)
def test_what_is_given_in_the_address_is_in_the_form_as_it_was_given(
    app: Flask, client: FlaskClient, given: dict[str, str]
) -> None:
    factories.schedule()
    picker = client.get(f"/mara/intro?day=2027-03-02&{urlencode(given)}")
    form = soup(client.get(str(soup(picker).select_one("a.time")["href"])))  # type: ignore[index]
    for name, value in given.items():
        field = form.select_one(f"[name={name}]")
        assert field is not None
        assert (field.get("value") or field.get_text().strip()) == value


def test_another_zone_changes_how_a_time_is_said_and_not_which_it_is(
    app: Flask, client: FlaskClient
) -> None:
    factories.schedule()
    picker = client.get("/mara/intro?day=2027-03-02&zone=UTC&clock=24")
    there = client.get(link(picker, "09:00").replace("zone=UTC", f"zone={AUCKLAND}"))
    assert "Tuesday, 2 March 2027, 22:00–22:30" in text(there)
    done = book(client, zone=AUCKLAND)
    page = client.get(done.location)
    assert "Tuesday, 2 March 2027, 22:00–22:30" in text(page)
    assert [one.starts_at for one in bookings()] == [NOW + timedelta(days=1, hours=1)]


def test_a_taken_time_is_gone_for_who_goes_back(app: Flask, client: FlaskClient) -> None:
    schedule = factories.schedule()
    assert "09:00" in shown(client, "2027-03-02", "UTC")
    factories.booking(schedule=schedule)
    page = client.get("/mara/intro?day=2027-03-02&zone=UTC&clock=24")
    assert "09:00" not in times(page)
    assert "max-age" not in page.headers["Cache-Control"]
