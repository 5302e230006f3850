from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bookme.extensions import db
from bookme.models import Caller, Connection, ConnectionStatus, LocationKind, Schedule
from tests import factories
from tests.public.pages import free_days, link, soup, text, times


@pytest.fixture
def schedule(app: Flask) -> Schedule:
    """/mara/intro: Mondays to Fridays, 9 to 12 UTC; it is Monday 2027-03-01, 8:00."""
    schedule: Schedule = factories.schedule(
        description="Bring your questions.\n\nNo need to prepare."
    )
    return schedule


def test_a_host_s_page_lists_what_there_is_to_book(client: FlaskClient, schedule: Schedule) -> None:
    host = schedule.host
    factories.schedule(host=host, slug="off", title="Switched off", active=False)
    factories.schedule(host=host, slug="gone", title="Deleted", deleted_at=factories.NOW)
    page = client.get("/mara")
    assert page.status_code == 200
    assert [a["href"] for a in soup(page).select("a.cover")] == ["/mara/intro"]
    assert "Intro call 30 minutes · In person Bring your questions." in text(page)


def test_a_host_without_schedules_says_so(app: Flask, client: FlaskClient) -> None:
    factories.host()
    assert "Nothing to book at the moment" in text(client.get("/mara"))


@pytest.mark.both_databases
def test_what_there_is_not_is_not_found(
    app: Flask, client: FlaskClient, schedule: Schedule
) -> None:
    factories.schedule(host=schedule.host, slug="gone", deleted_at=factories.NOW)
    for address in (
        "/nobody",
        "/mara/nothing",
        "/mara/gone",
        "/mara/gone/book",
        "/a%00b",
        "/mara/%00",
    ):
        assert client.get(address).status_code == 404, address


@pytest.mark.parametrize("columns", [{"email_confirmed_at": None}, {"closing_at": factories.NOW}])
def test_a_host_who_is_not_published_is_not_found(
    app: Flask, client: FlaskClient, columns: dict[str, object]
) -> None:
    factories.schedule(host=factories.host(**columns))
    for address in ("/mara", "/mara/intro", "/mara/intro/book?at=2027-03-02T09:00:00Z"):
        assert client.get(address).status_code == 404, address


def test_a_handle_may_be_written_in_capitals(client: FlaskClient, schedule: Schedule) -> None:
    assert client.get("/Mara/Intro").status_code == 200


def test_a_schedule_that_is_switched_off_says_so(client: FlaskClient, schedule: Schedule) -> None:
    schedule.active = False
    db.session.commit()
    page = client.get("/mara/intro")
    assert page.status_code == 200
    assert "Not taking bookings at the moment." in text(page)
    assert times(page) == []


def test_the_page_says_what_is_booked(client: FlaskClient, schedule: Schedule) -> None:
    page = client.get("/mara/intro")
    words = text(page)
    assert "Mara Lindqvist Intro call Bring your questions. No need to prepare." in words
    assert "Length 30 minutes Where 1 Main Street Time zone UTC, now 08:00" in words


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        (
            {"location_kind": LocationKind.VIDEO, "video_provider": "zoom"},
            "Video call. Mara Lindqvist will send you the link.",
        ),
        (
            {"location_kind": LocationKind.VIDEO},
            "Video call. Mara Lindqvist will send you the link.",
        ),
        ({"location_kind": LocationKind.PHONE}, "Phone. Mara Lindqvist will call you."),
        (
            {"location_kind": LocationKind.PHONE, "caller": Caller.BOOKER, "phone": "+351 210"},
            "Phone. You call Mara Lindqvist.",
        ),
    ],
    ids=["not connected", "no provider", "host calls", "booker calls"],
)
def test_the_page_says_where_it_takes_place(
    app: Flask, client: FlaskClient, columns: dict[str, object], words: str
) -> None:
    factories.schedule(**columns)
    page = text(client.get("/mara/intro"))
    assert f"Where {words}" in page
    assert "+351" not in page  # the number is for bookers


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("active", "Zoom. We’ll send you the link by e-mail."),
        ("needs_reconnect", "Video call. Mara Lindqvist will send you the link."),
    ],
)
def test_a_link_is_promised_only_by_a_provider_that_works(
    app: Flask, client: FlaskClient, status: str, words: str
) -> None:
    schedule = factories.schedule(location_kind=LocationKind.VIDEO, video_provider="zoom")
    columns = {"provider": "zoom", "seal_id": "s", "connected_at": factories.NOW}
    db.session.add(Connection(host=schedule.host, status=ConnectionStatus(status), **columns))
    db.session.commit()
    assert f"Where {words}" in text(client.get("/mara/intro"))


def test_days_with_free_times_are_links_and_others_are_not(
    client: FlaskClient, schedule: Schedule
) -> None:
    page = client.get("/mara/intro?month=2027-03")
    weekdays = [day for day in range(1, 32) if datetime(2027, 3, day, tzinfo=UTC).weekday() < 5]
    assert free_days(page) == weekdays
    assert [int(day.text) for day in soup(page).select("span.day")] == [
        day for day in range(1, 32) if day not in weekdays
    ]


def test_the_first_free_day_is_shown_at_once(client: FlaskClient, schedule: Schedule) -> None:
    page = client.get("/mara/intro")
    assert "Monday, 1 March" in text(page)
    assert times(page) == ["09:00", "09:30", "10:00", "10:30", "11:00", "11:30"]


def test_a_day_shows_its_times(client: FlaskClient, schedule: Schedule) -> None:
    factories.booking(schedule=schedule)
    page = client.get("/mara/intro?day=2027-03-02")
    assert times(page) == ["09:30", "10:00", "10:30", "11:00", "11:30"]
    current = soup(page).select("[aria-current=date]")
    assert [day.text for day in current] == ["2"]


def test_a_day_without_times_says_so_and_leads_on(client: FlaskClient, schedule: Schedule) -> None:
    page = client.get("/mara/intro?day=2027-03-06")
    assert "No free times on this day." in text(page)
    assert (
        link(page, "Next free time: Monday, 1 March, 09:00") == "/mara/intro?day=2027-03-01#times"
    )


def test_without_a_wish_the_month_of_the_next_free_time_is_shown(
    client: FlaskClient, schedule: Schedule
) -> None:
    schedule.overrides = {f"2027-03-{day:02}": [] for day in range(1, 32)}
    db.session.commit()
    assert "April 2027" in text(client.get("/mara/intro"))
    page = client.get("/mara/intro?month=2027-03")
    assert "March 2027 No free times in this month." in text(page)
    assert link(page, "Next free time: Thursday, 1 April, 09:00")


def test_a_schedule_without_any_times_says_so(client: FlaskClient, schedule: Schedule) -> None:
    schedule.week = [[]] * 7
    db.session.commit()
    assert "There are no free times up to Friday, 30 April." in text(client.get("/mara/intro"))


def test_months_lead_on_as_far_as_there_can_be_times(
    client: FlaskClient, schedule: Schedule
) -> None:
    march, april = (client.get(f"/mara/intro?month=2027-0{number}") for number in (3, 4))
    assert link(march, "April 2027") == "/mara/intro?month=2027-04"
    assert link(april, "March 2027") == "/mara/intro?month=2027-03"
    assert soup(march).select_one("#earlier") is None
    assert soup(april).select_one("#later") is None


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("query", "notice"),
    [
        ("month=2027-13", "We couldn’t read the date"),
        ("month=banana", "We couldn’t read the date"),
        ("day=2027-02-30", "We couldn’t read the date"),
        ("day=0000-00-00", "We couldn’t read the date"),
        ("month=2027-02", "That month isn’t available."),
        ("month=9999-12", "That month isn’t available."),
        ("day=2027-02-28", "That day isn’t available."),
        ("day=9999-12-31", "That day isn’t available."),
        ("zone=Europe/Nowhere", "We don’t know the time zone"),
        ("zone=../../etc/passwd", "We don’t know the time zone"),
    ],
)
def test_what_an_address_cannot_mean_is_said_and_the_page_still_works(
    client: FlaskClient, schedule: Schedule, query: str, notice: str
) -> None:
    page = client.get(f"/mara/intro?{query}")
    assert page.status_code == 200
    assert notice in text(page)
    assert times(page)[0] == "09:00"


def test_links_keep_zone_and_clock_once_chosen(client: FlaskClient, schedule: Schedule) -> None:
    plain = client.get("/mara/intro")
    assert link(plain, "2 March") == "/mara/intro?day=2027-03-02#times"
    assert link(plain, "09:30") == "/mara/intro/book?at=2027-03-01T09%3A30%3A00Z&zone=UTC&clock=24"
    chosen = client.get("/mara/intro?zone=Asia/Kolkata&clock=12&day=2027-03-02")
    assert (
        link(chosen, "3 March") == "/mara/intro?day=2027-03-03&zone=Asia%2FKolkata&clock=12#times"
    )
    assert link(chosen, "April") == "/mara/intro?month=2027-04&zone=Asia%2FKolkata&clock=12"
    assert "clock=24" in link(chosen, "24h")
    assert "day=2027-03-02" in link(chosen, "24h")
    assert link(chosen, "3:00 pm").endswith(
        "at=2027-03-02T09%3A30%3A00Z&zone=Asia%2FKolkata&clock=12"
    )


def test_times_are_the_booker_s(client: FlaskClient, schedule: Schedule) -> None:
    page = client.get("/mara/intro?zone=Asia/Tokyo&day=2027-03-02&clock=12")
    assert times(page)[0] == "6:00 pm"


def test_a_day_is_the_booker_s_day(client: FlaskClient, schedule: Schedule) -> None:
    schedule.week = [[], [[1320, 1380]], [], [], [], [], []]  # Tuesdays, 22 to 23 UTC
    db.session.commit()
    page = client.get("/mara/intro?zone=Pacific/Auckland&month=2027-03")
    assert free_days(page) == [3, 10, 17, 24, 31]  # Wednesdays there


def test_an_hour_that_happens_twice_is_told_apart(client: FlaskClient, app: Flask) -> None:
    factories.schedule(
        zone="Europe/Lisbon", week=[[]] * 6 + [[[60, 150]]], horizon_days=300
    )  # Sundays, 1:00 to 2:30; on 31 October the clocks go from 2:00 back to 1:00
    page = client.get("/mara/intro?zone=Europe/Lisbon&day=2027-10-31")
    assert times(page) == [
        "01:00 (first)", "01:30 (first)", "01:00 (second)", "01:30 (second)", "02:00",
    ]  # fmt: skip
    assert link(page, "01:30 (second)").startswith("/mara/intro/book?at=2027-10-31T01%3A30%3A00Z")
    details = client.get("/mara/intro/book?at=2027-10-31T01:30:00Z&zone=Europe/Lisbon")
    assert "Sunday, 31 October 2027, 01:30 (second)" in text(details)


def test_the_browser_s_zone_is_asked_for_until_one_is_chosen(
    client: FlaskClient, schedule: Schedule
) -> None:
    asked = soup(client.get("/mara/intro")).select_one("[data-zone-link]")
    assert asked is not None
    assert asked["data-zone-link"] == "UTC"
    chosen = client.get("/mara/intro?zone=Europe/Lisbon")
    assert soup(chosen).select_one("[data-zone-link]") is None


def test_zones_are_chosen_from_a_list(client: FlaskClient, schedule: Schedule) -> None:
    page = client.get("/mara/intro?day=2027-03-02&zone=Europe/Lisbon&clock=12")
    chooser = soup(client.get(link(page, "Change time zone")))
    form = chooser.select_one("form[method=get]")
    assert form is not None
    assert form["action"] == "/mara/intro"
    assert {i["name"]: i["value"] for i in form.select("input")} == {
        "day": "2027-03-02",
        "clock": "12",
    }
    selected = form.select("option[selected]")
    assert [option["value"] for option in selected] == ["Europe/Lisbon"]
    words = {str(o["value"]): o.get_text() for o in form.select("optgroup[label] option")}
    assert words["America/New_York"] == "New York (UTC−05:00)"
    assert words["Asia/Kolkata"] == "Kolkata (UTC+05:30)"
    assert words["Europe/Lisbon"] == "Lisbon (UTC)"


def test_htmx_gets_the_picker_alone(htmx: FlaskClient, schedule: Schedule) -> None:
    page = htmx.get("/mara/intro?day=2027-03-02")
    root = soup(page).find()
    assert root is not None
    assert root["id"] == "picker"  # type: ignore[index]
    assert "HX-Request" in page.headers["Vary"]
    schedule.active = False
    db.session.commit()
    assert b"<html" not in htmx.get("/mara/intro").data


@pytest.mark.parametrize("header", ["HX-Boosted", "HX-History-Restore-Request"])
def test_a_boosted_link_and_the_back_button_get_the_whole_page(
    htmx: FlaskClient, schedule: Schedule, header: str
) -> None:
    page = htmx.get("/mara/intro?day=2027-03-02", headers={header: "true"})
    assert b"<html" in page.data


def test_a_page_sets_no_cookie(client: FlaskClient, schedule: Schedule) -> None:
    assert "Set-Cookie" not in client.get("/mara/intro").headers


def test_the_landing_page_is_there(client: FlaskClient) -> None:
    assert client.get("/").status_code == 200


def test_times_up_to_the_horizon_are_shown_and_none_after(
    client: FlaskClient, schedule: Schedule
) -> None:
    last = factories.NOW + timedelta(days=60)  # Friday, 30 April, 8:00
    assert last.day == 30
    assert free_days(client.get("/mara/intro?month=2027-04"))[-1] == 29
