"""The pages of hours, time off and limits, as a host without JavaScript uses them."""

from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from bookme.extensions import db
from bookme.hours import service
from bookme.models import OFFICE_HOURS, OpeningHours, Schedule, TimeOff
from tests import factories
from tests.factories import NOW

AsHost = Callable[..., FlaskClient]

HOURS = {
    "name": "Evenings",
    "zone": "Europe/Berlin",
    "windows-0-weekday": "0",
    "windows-0-opens": "18:00",
    "windows-0-closes": "01:00",
    "windows-1-weekday": "1",
    "windows-1-opens": "18:00",
    "windows-1-closes": "odd",
    "open": ["0", "3", "4", "5", "6"],
}
OFF = {"label": "Holiday", "first": "2027-03-08", "last": "2027-03-09", "opens": "", "closes": ""}
SCHEDULE = {
    "title": "Review",
    "location_kind": "in_person",
    "address": "1 Main Street",
    **dict.fromkeys(("video_provider", "waiting_room", "join_before_host", "passcode"), ""),
    "duration_minutes": "30",
    "step_minutes": "30",
    "buffer_before_minutes": "0",
    "buffer_after_minutes": "0",
    "notice": "2",
    "max_guests": "10",
    "notice_unit": "hours",
    "horizon_days": "30",
    "visibility": "listed",
    "use_hours": "own",
    "zone": "UTC",
    "open": ["0"],
    "windows-0-weekday": "0",
    "windows-0-opens": "09:00",
    "windows-0-closes": "11:00",
}


def soup(text: str) -> BeautifulSoup:
    return BeautifulSoup(text, "html.parser")


def errors(text: str) -> list[str]:
    return [one.get_text(" ", strip=True) for one in soup(text).select("p.error")]


def made(host: Any, **columns: Any) -> OpeningHours:
    values = {"name": "Working hours", "zone": "UTC", "week": OFFICE_HOURS, "overrides": {}}
    found = service.create(host, values | columns, now=NOW)
    db.session.commit()
    return found


def test_a_set_is_added_and_what_stands_on_a_closed_day_does_not_count(
    app: Flask, as_host: AsHost
) -> None:
    client = as_host(factories.host())
    assert client.post("/dashboard/hours/sets/new", data=HOURS).status_code == 303
    found = db.session.query(OpeningHours).one()
    assert (found.name, found.week) == ("Evenings", [[[1080, 60]], *[[]] * 6])
    again = client.post("/dashboard/hours/sets/new", data=HOURS | {"name": " "})
    assert again.status_code == 422
    assert errors(again.text) == ["Enter a name, such as Working hours."]
    page = soup(again.text)
    assert page.select_one("[name=windows-1-closes]")["value"] == "odd"
    assert [box["value"] for box in page.select("[name=open][checked]")] == HOURS["open"]


def test_what_is_wrong_in_a_row_is_said_with_its_day_or_date(app: Flask, as_host: AsHost) -> None:
    typed = HOURS | {"open": ["0", "1"], "overrides-0-on": "2027-12-24", "overrides-0-opens": "x"}
    answer = as_host(factories.host()).post("/dashboard/hours/sets/new", data=typed)
    listed = [one.get_text(strip=True) for one in soup(answer.text).select("[role=alert] li")]
    assert listed == [
        "Tuesday: Enter a time, such as 09:30.",
        "Fri 24 Dec 2027: Enter a time, such as 09:30.",
    ]
    assert errors(answer.text)[0] == "Enter a time, such as 09:30."


@pytest.mark.parametrize(
    ("week", "clock_hours", "said"),
    [
        (OFFICE_HOURS, 24, "Mon–Fri 09:00–17:00"),
        (
            [[[540, 720], [780, 1440]], [[540, 720], [780, 1440]], [], *[[]] * 3, [[600, 720]]],
            24,
            "Mon–Tue 09:00–12:00, 13:00–00:00 · Sun 10:00–12:00",
        ),
        ([[[540, 1020]]] * 7, 12, "Mon–Sun 9:00 am–5:00 pm"),
        ([[]] * 7, 24, "Closed every day"),
    ],
    ids=["office", "broken", "always", "never"],
)
def test_a_set_says_its_week_in_words(
    app: Flask, as_host: AsHost, week: Any, clock_hours: int, said: str
) -> None:
    host = factories.host(clock_hours=clock_hours)
    made(host, week=week)
    assert f"<p>{said}</p>" in as_host(host).get("/dashboard/hours").text


def test_a_day_is_copied_to_the_others_and_closed_ones_stay_closed(
    app: Flask, as_host: AsHost
) -> None:
    client = as_host(factories.host())
    answer = client.post("/dashboard/hours/sets/new", data=HOURS | {"add": "copy-0"})
    assert answer.status_code == 200
    page = soup(answer.text)
    assert [one["value"] for one in page.select("[name$=-opens]")] == ["18:00"] * 7
    assert [box["value"] for box in page.select("[name=open][checked]")] == HOURS["open"]
    assert db.session.query(OpeningHours).count() == 0


def test_what_is_wrong_with_a_set_is_listed_in_the_order_of_the_page(
    app: Flask, as_host: AsHost
) -> None:
    wrong = HOURS | {"name": " ", "zone": "Mars"}
    answer = as_host(factories.host()).post("/dashboard/hours/sets/new", data=wrong)
    listed = [a["href"] for a in soup(answer.text).select("#hours-form [role=alert] a")]
    assert listed == ["#name", "#zone"]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"open": []}, "Enter at least one time, such as 09:00 to 17:00."),
        ({"zone": "Mars/Olympus"}, "Choose a time zone from the list."),
        ({"windows-0-closes": "18:00"}, "Enter an end time other than the start, such as 17:00."),
        ({"name": "x" * 61}, "Enter at most 60 characters."),
        (
            {"open": [], "overrides-0-on": "2027-02-28",
             "overrides-0-opens": "09:00", "overrides-0-closes": "10:00"},
            "Enter at least one time, such as 09:00 to 17:00.",
        ),
    ],
    ids=["always-closed", "zone", "empty", "name", "over"],
)  # fmt: skip
def test_what_is_wrong_with_a_set_is_said_and_nothing_stored(
    app: Flask, as_host: AsHost, typed: dict[str, Any], words: str
) -> None:
    answer = as_host(factories.host()).post("/dashboard/hours/sets/new", data=HOURS | typed)
    assert answer.status_code == 422
    assert words in errors(answer.text)
    assert db.session.query(OpeningHours).count() == 0


def test_a_changed_set_changes_its_schedules_and_the_page_says_which(
    app: Flask, as_host: AsHost
) -> None:
    schedule = factories.schedule(title="Intro <b>")
    used = made(schedule.host)
    schedule.opening_hours_id = used.id
    db.session.commit()
    client, here = as_host(schedule.host), f"/dashboard/hours/sets/{used.id}"
    assert "Changes apply to one schedule: Intro &lt;b&gt;." in client.get(here).text
    assert "Used by Intro &lt;b&gt;" in client.get("/dashboard/hours").text
    assert client.post(here, data=HOURS).status_code == 303
    assert (schedule.zone, schedule.week[0]) == ("Europe/Berlin", [[1080, 60]])
    schedule.durations = [30, 480]
    db.session.commit()
    answer = client.post(here, data=HOURS | {"name": "Other"})
    assert answer.status_code == 422
    assert "“Intro <b>” uses these hours and takes 8 hours." in errors(answer.text)[0]
    db.session.refresh(used)
    assert used.name == "Evenings"


def test_a_set_is_copied_deleted_after_asking_and_the_last_one_stays(
    app: Flask, as_host: AsHost
) -> None:
    schedule = factories.schedule()
    used = made(schedule.host)
    schedule.opening_hours_id = used.id
    db.session.commit()
    client, here = as_host(schedule.host), f"/dashboard/hours/sets/{used.id}"
    assert "You can’t delete your only set of hours." in client.get(f"{here}/delete").text
    assert client.post(f"{here}/delete").status_code == 422
    assert client.post(f"{here}/duplicate").status_code == 303
    asked = client.get(f"{here}/delete").text
    assert "This schedule keeps the hours as its own: Intro call." in asked
    assert client.post(f"{here}/delete").status_code == 303
    assert [one.name for one in service.of_host(schedule.host)] == ["Working hours (copy)"]
    assert schedule.opening_hours_id is None


def test_a_new_schedule_begins_with_the_oldest_set(app: Flask, as_host: AsHost) -> None:
    host = factories.host()
    oldest = made(host, week=[[[600, 660]]] * 7)
    made(host, name="Other")
    client = as_host(host)
    page = soup(client.get("/dashboard/schedules/new").text)
    options = [one.get_text() for one in page.select("[name=use_hours] option")]
    assert options == ["Working hours", "Other", "Own hours for this schedule"]
    assert page.select_one("[name=use_hours] [selected]")["value"] == str(oldest.id)
    typed = SCHEDULE | {"use_hours": str(oldest.id), "zone": "?", "windows-0-opens": "odd"}
    assert client.post("/dashboard/schedules/new", data=typed).status_code == 303
    schedule = db.session.query(Schedule).one()
    assert (schedule.opening_hours_id, schedule.week) == (oldest.id, oldest.week)
    own = client.post(f"/dashboard/schedules/{schedule.id}", data=SCHEDULE)
    assert own.status_code == 303
    assert (schedule.opening_hours_id, schedule.week[0]) == (None, [[540, 660]])


def test_another_hosts_set_cannot_be_used_nor_seen(app: Flask, as_host: AsHost) -> None:
    strange = made(factories.host(another=True))
    ends = {"starts_at": NOW, "ends_at": NOW.replace(year=2028)}
    off = TimeOff(host=strange.host, zone="UTC", created_at=NOW, **ends)
    db.session.add(off)
    db.session.commit()
    client = as_host(factories.host())
    answer = client.post("/dashboard/schedules/new", data=SCHEDULE | {"use_hours": strange.id})
    assert answer.status_code == 422
    for path in ("", "/duplicate", "/delete"):
        here = f"/dashboard/hours/sets/{strange.id}{path}"
        assert client.post(here, data=HOURS).status_code == 404
    for path in ("", "/delete"):
        assert client.post(f"/dashboard/hours/off/{off.id}{path}", data=OFF).status_code == 404
    assert db.session.query(TimeOff).count() == 1


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"other_lengths": "15, 121"}, "The opening hours are too short for this."),
        ({"duration_minutes": "121"}, "The opening hours are too short for this."),
        ({"other_lengths": "4"}, "Enter minutes from 5 to 1,440, separated by commas"),
        ({"other_lengths": "half"}, "Enter minutes from 5 to 1,440, separated by commas"),
        ({"other_lengths": "5 6 7 8 9 10"}, "Enter at most five other lengths."),
        ({"horizon": "dates"}, "Enter a date, such as 2027-12-24."),
        (
            {"horizon": "dates", "dates_from": "2027-01-01", "dates_until": "2027-02-28"},
            "These dates are over. Enter a later last date.",
        ),
        (
            {"horizon": "dates", "dates_from": "2027-05-02", "dates_until": "2027-05-01"},
            "Enter a last date that isn't before the first.",
        ),
        (
            {"horizon": "dates", "dates_from": "2027-05-02", "dates_until": "2031-05-01"},
            "Enter a date in the next two years.",
        ),
        ({"max_per_booker": "0"}, "Enter a whole number from 1 to 1,000."),
    ],
)
def test_what_is_wrong_with_lengths_dates_and_limits_is_said(
    app: Flask, as_host: AsHost, typed: dict[str, str], words: str
) -> None:
    client = as_host(factories.host())
    answer = client.post("/dashboard/schedules/new", data=SCHEDULE | typed)
    assert answer.status_code == 422
    assert any(words in error for error in errors(answer.text)), errors(answer.text)
    for name, value in typed.items():
        kept = {one["value"] for one in soup(answer.text).select(f"[name={name}][value]")}
        assert value in kept or name == "other_lengths"
    if "other_lengths" in typed:
        boxes = soup(answer.text).select("[name=other_lengths][checked]")
        boxes += soup(answer.text).select("[name=other_lengths][type=text]")
        kept = {length for one in boxes for length in one["value"].replace(",", " ").split()}
        assert kept == set(typed["other_lengths"].replace(",", " ").split())
    assert db.session.query(Schedule).count() == 0


def test_lengths_dates_and_a_cap_are_stored_and_shown(app: Flask, as_host: AsHost) -> None:
    client = as_host(factories.host())
    dates = {"horizon": "dates", "dates_from": "2027-02-01", "dates_until": "2027-03-01"}
    typed = {"other_lengths": "60, 15 15;30", "horizon_days": "x", "max_per_booker": "2"}
    assert client.post("/dashboard/schedules/new", data=SCHEDULE | dates | typed).status_code == 303
    schedule = db.session.query(Schedule).one()
    assert (schedule.duration_minutes, schedule.durations) == (30, [15, 30, 60])
    assert (str(schedule.dates_from), str(schedule.dates_until)) == ("2027-02-01", "2027-03-01")
    page = soup(client.get(f"/dashboard/schedules/{schedule.id}").text)
    ticked = page.select("[name=other_lengths][checked]")
    assert [one["value"] for one in ticked] == ["15", "60"]
    assert page.select_one("[name=horizon][checked]")["value"] == "dates"
    plain = {"horizon": "days", "other_lengths": "", "max_per_booker": ""}
    here = f"/dashboard/schedules/{schedule.id}"
    assert client.post(here, data=SCHEDULE | plain).status_code == 303
    assert (schedule.dates, schedule.durations, schedule.max_per_booker) == (None, [30], None)


def test_time_off_is_asked_about_saved_shown_and_deleted(app: Flask, as_host: AsHost) -> None:
    booking = factories.booking(starts_at=NOW.replace(day=9, hour=10))
    client = as_host(booking.host)
    asked = client.post("/dashboard/hours/off/new", data=OFF)
    assert "1 booking is in this time." in asked.text
    assert booking.reference in asked.text
    assert db.session.query(TimeOff).count() == 0
    count = soup(asked.text).select_one("[name=asked]")["value"]
    assert client.post("/dashboard/hours/off/new", data=OFF | {"asked": count}).status_code == 303
    off = db.session.query(TimeOff).one()
    assert (off.starts_at, off.ends_at) == (NOW.replace(day=8, hour=0), NOW.replace(day=10, hour=0))
    for page in ("/dashboard", "/dashboard/hours"):
        shown = client.get(page).text
        assert "Monday, 8 March to Tuesday, 9 March" in shown
        assert "Holiday" in shown
    part = OFF | {"last": "", "opens": "13:00", "closes": "15:30"}
    assert client.post(f"/dashboard/hours/off/{off.id}", data=part).status_code == 303
    page = soup(client.get(f"/dashboard/hours/off/{off.id}").text)
    values = [page.select_one(f"[name={name}]")["value"] for name in part]
    assert values == list(part.values())
    assert "Monday, 8 March, 13:00 to 15:30" in client.get("/dashboard/hours").text
    assert client.post(f"/dashboard/hours/off/{off.id}/delete").status_code == 303
    assert db.session.query(TimeOff).count() == 0


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"first": ""}, "Enter a date, such as 2027-12-24."),
        ({"first": "soon"}, "Enter a date, such as 2027-12-24."),
        ({"first": "0001-01-01"}, "That time is over. Enter a later date."),
        ({"last": "2027-03-07"}, "Enter a last day that isn't before the first."),
        ({"first": "2027-02-27", "last": "2027-02-28"}, "That time is over. Enter a later date."),
        ({"last": "2099-01-01"}, "Enter a date in the next three years."),
        ({"last": "9999-12-31"}, "Enter a date in the next three years."),
        ({"last": "", "opens": "12:00", "closes": "11:00"}, "Enter an end after the start"),
        ({"label": "x" * 121}, "Enter at most 120 characters."),
    ],
)
def test_what_is_wrong_with_time_off_is_said(
    app: Flask, as_host: AsHost, typed: dict[str, str], words: str
) -> None:
    answer = as_host(factories.host()).post("/dashboard/hours/off/new", data=OFF | typed)
    assert answer.status_code == 422
    assert any(words in error for error in errors(answer.text)), errors(answer.text)
    assert db.session.query(TimeOff).count() == 0


def test_limits_over_all_schedules_are_saved_or_refused(app: Flask, as_host: AsHost) -> None:
    host = factories.host()
    client = as_host(host)
    here = "/dashboard/hours/limits"
    assert client.post(here, data={"max_per_day": "3", "max_per_week": ""}).status_code == 303
    assert (host.max_per_day, host.max_per_week) == (3, None)
    assert client.post(here, data={"max_per_day": "0"}).status_code == 422
