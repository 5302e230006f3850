from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

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
    assert "Length 30 minutes Where 1 Main Street" in words
    assert "Times are in Mara Lindqvist’s time zone. Time zone UTC, now 08:00" in words
    assert "Time zone UTC, now 08:00" in text(client.get("/mara/intro?zone=UTC"))


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
        link(page, "Next free time: Monday, 8 March, 09:00") == "/mara/intro?day=2027-03-08#times"
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


@pytest.mark.parametrize(
    ("remembered", "first"),
    [
        ("Asia/Tokyo", "18:00"),
        ("Asia/Tokyo@Europe/Lisbon", "18:00"),
        ("Asia/Calcutta", "14:30"),
        ("Europe/Nowhere", "09:00"),
        ("../../etc/passwd", "09:00"),
    ],
)
def test_the_zone_that_the_browser_remembers_is_shown_at_once(
    client: FlaskClient, schedule: Schedule, remembered: str, first: str
) -> None:
    client.set_cookie("zone", remembered)
    assert times(client.get("/mara/intro"))[0] == first
    assert times(client.get("/mara/intro?zone=Europe/Lisbon"))[0] == "09:00"


def test_an_old_name_of_a_zone_is_today_s(client: FlaskClient, schedule: Schedule) -> None:
    page = client.get("/mara/intro?zone=Europe/Kiev")
    assert "zone=Europe%2FKyiv" in link(page, "11:00")


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
    assert words["America/New_York"] == "New York, United States · 3:00 am (UTC−5)"
    assert words["Asia/Kolkata"] == "Kolkata, India · 1:30 pm (UTC+5:30)"
    assert words["Europe/Lisbon"] == "Lisbon, Portugal · 8:00 am (UTC+0)"
    assert words["Asia/Singapore"] == "Singapore · 4:00 pm (UTC+8)"
    assert not {"Europe/Kiev", "Asia/Calcutta", "US/Eastern", "Etc/UTC"} & set(words)


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


def test_the_landing_page_leads_to_signing_up_and_shows_the_picker(client: FlaskClient) -> None:
    page = soup(client.get("/"))
    assert page.select_one("main a[href='/sign-up']")
    (shot,) = page.select("picture img")
    assert shot["alt"]
    for address in (shot["src"], page.select("picture source")[0]["srcset"]):
        answer = client.get(str(address))
        assert len(answer.data) < 60_000
        size = Image.open(BytesIO(answer.data)).size
        assert size == (int(str(shot["width"])), int(str(shot["height"])))
        answer.close()


def test_times_up_to_the_horizon_are_shown_and_none_after(
    client: FlaskClient, schedule: Schedule
) -> None:
    last = factories.NOW + timedelta(days=60)  # Friday, 30 April, 8:00
    assert last.day == 30
    assert free_days(client.get("/mara/intro?month=2027-04"))[-1] == 29


def test_a_month_that_is_nearly_over_is_shown_as_five_weeks(
    client: FlaskClient, schedule: Schedule
) -> None:
    with time_machine.travel(datetime(2027, 3, 30, 8, tzinfo=UTC), tick=False):  # a Tuesday
        page = client.get("/mara/intro")
        day = client.get(link(page, "Friday, 2 April"))
        april = client.get("/mara/intro?month=2027-04")
        march = client.get("/mara/intro?month=2027-03")
    assert "29 Mar – 2 May" in text(page)
    assert len(soup(page).select("table.month tbody tr")) == 5
    assert soup(page).select(".day")[0].text == "29"
    assert "Tuesday, 30 March" in text(page)
    assert times(page)[0] == "09:00"
    assert link(page, "May 2027") == "/mara/intro?month=2027-05"
    assert soup(page).select_one("#earlier") is None
    assert "29 Mar – 2 May" in text(day)
    assert [one.text for one in soup(april).select(".day")][:2] == ["1", "2"]
    assert "29 Mar – 2 May" in text(march)


def test_a_picker_opens_at_the_month_of_the_first_free_time(
    client: FlaskClient, schedule: Schedule
) -> None:
    with time_machine.travel(datetime(2027, 3, 31, 13, tzinfo=UTC), tick=False):
        page = client.get("/mara/intro")  # after that day's last time
    assert "April 2027" in text(page)
    assert "Thursday, 1 April" in text(page)
    assert soup(page).select_one("#earlier") is None


def test_weeks_that_are_over_are_not_shown(client: FlaskClient, schedule: Schedule) -> None:
    with time_machine.travel(datetime(2027, 3, 9, 8, tzinfo=UTC), tick=False):
        days = soup(client.get("/mara/intro")).select(".day")
    assert [days[0].text, days[-1].text] == ["8", "31"]


def test_a_month_s_days_stay_while_they_are_chosen(client: FlaskClient, schedule: Schedule) -> None:
    april = client.get("/mara/intro?month=2027-04")
    assert link(april, "2 April") == "/mara/intro?month=2027-04&day=2027-04-02#times"
    page = client.get("/mara/intro?month=2027-04&day=2027-04-02")
    assert [day.text for day in soup(page).select("[aria-current=date]")] == ["2"]
    elsewhere = client.get("/mara/intro?month=2027-04&day=2027-03-02")
    assert "Tuesday, 2 March" in text(elsewhere)


@pytest.mark.parametrize(
    ("language", "first"),
    [
        ("en-US", "Sunday"),
        ("en-GB", "Monday"),
        ("ko", "Sunday"),
        ("ar-EG", "Saturday"),
        ("de", "Monday"),
    ],
)
def test_weeks_begin_as_the_reader_counts_them(
    client: FlaskClient, schedule: Schedule, language: str, first: str
) -> None:
    client.application.config["LANGUAGES"] = ("en",)
    page = soup(client.get("/mara/intro", headers={"Accept-Language": language}))
    assert str(page.select(".month abbr")[0]["title"]) == first
    rows = page.select(".month tbody tr")
    column = {"Monday": 0, "Sunday": 1, "Saturday": 2}[first]
    assert rows[0].select("td")[column].text == "1"  # 1 March is a Monday


def test_times_are_grouped_by_the_part_of_the_day(client: FlaskClient, schedule: Schedule) -> None:
    schedule.week = [[[0, 1440]]] * 7
    db.session.commit()
    page = client.get("/mara/intro?day=2027-03-02")
    parts = [head.text for head in soup(page).select("#times h3")]
    assert parts == ["Night", "Morning", "Afternoon", "Evening"]
    groups = [group.select("a")[0].text for group in soup(page).select("#times .times")]
    assert groups == ["00:00", "06:00", "12:00", "18:00"]


def test_the_first_free_time_of_all_is_marked_in_words(
    client: FlaskClient, schedule: Schedule
) -> None:
    for address, marked in (
        ("/mara/intro", ["09:00, first free time"]),
        ("/mara/intro?day=2027-03-01", ["09:00, first free time"]),
        ("/mara/intro?day=2027-03-02", []),
        ("/mara/intro?month=2027-04", []),
    ):
        found = soup(client.get(address)).select("a.time.first")
        assert [str(one["aria-label"]) for one in found] == marked, address


def test_no_later_time_leads_back_to_the_first(client: FlaskClient, schedule: Schedule) -> None:
    schedule.week = [[]] * 7
    schedule.overrides = {"2027-03-03": [[540, 570]]}
    db.session.commit()
    page = client.get("/mara/intro?day=2027-03-06")
    assert link(page, "First free time: Wednesday, 3 March, 09:00")
    assert "Next free time" not in text(page)


def test_what_changed_is_said_in_words(client: FlaskClient, schedule: Schedule) -> None:
    for query, said in (
        ("day=2027-03-02", "Tuesday, 2 March: 6 times"),
        ("month=2027-04", "April 2027: 21 days with free times"),
    ):
        picker = soup(client.get(f"/mara/intro?{query}")).select_one("#picker")
        assert picker is not None
        assert picker["data-said"] == said


def test_a_phone_shows_the_chosen_day_s_week_and_one_more_where_that_is_nearly_over(
    client: FlaskClient, schedule: Schedule
) -> None:
    for day, weeks in (("2027-03-02", ["1"]), ("2027-03-05", ["1", "8"])):
        page = soup(client.get(f"/mara/intro?day={day}"))
        assert [row.select(".day")[0].text for row in page.select("tr.near")] == weeks, day


def test_a_month_without_times_is_no_grid(client: FlaskClient, schedule: Schedule) -> None:
    schedule.overrides = {f"2027-03-{day:02}": [] for day in range(1, 32)}
    db.session.commit()
    page = soup(client.get("/mara/intro?month=2027-03"))
    assert page.select("table") == []
    assert page.select_one("#later") is not None


def test_a_time_is_offered_on_the_day_that_it_is_for_its_reader(
    client: FlaskClient, schedule: Schedule
) -> None:
    behind = client.get("/mara/intro?zone=Pacific/Pago_Pago")  # where it is still Sunday
    assert "Sunday, 28 February" in text(behind)
    assert times(behind)[0] == "22:00"
    assert len(soup(behind).select("table.month tbody tr")) == 5
    ahead = client.get("/mara/intro?zone=Pacific/Kiritimati&day=2027-03-02")
    expected = ["00:00", "00:30", "01:00", "01:30", "23:00", "23:30"]  # Monday's, and Tuesday's
    assert times(ahead) == expected
