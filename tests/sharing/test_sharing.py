"""Copying times for a mail: ticking them, the text and the HTML, and where their links lead."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from bookme.extensions import db
from bookme.models import BookingLink, Schedule, Visibility
from tests import factories
from tests.factories import NOW
from tests.statements import statements

AsHost = Callable[..., FlaskClient]
TICKED = ["2027-03-02T09:00:00Z", "2027-03-03T11:30:00Z"]
LISBON = {"zone": "Asia/Kolkata", "language": "en"}


def here(schedule: Schedule, rest: str = "") -> str:
    return f"/dashboard/schedules/{schedule.id}/times{rest}"


def soup(text: str) -> BeautifulSoup:
    return BeautifulSoup(text, "html.parser")


def letter(client: FlaskClient, schedule: Schedule, **sent: object) -> BeautifulSoup:
    """The page with the text, after the form was sent."""
    data = {"at": TICKED, "minutes": 30} | LISBON | sent
    answer = client.post(here(schedule), data=data)
    assert answer.status_code == 303
    return soup(client.get(answer.location).text)


def links(page: BeautifulSoup) -> list[str]:
    return [str(one["href"]) for one in page.select("#rich a")]


def test_free_times_are_ticked_day_by_day(app: Flask, as_host: AsHost) -> None:
    schedule = factories.schedule()
    client, path = as_host(schedule.host), here(schedule)
    with statements() as seen:
        page = soup(client.get(path).text)
    assert len(seen) <= 9
    days = [one.get_text() for one in page.select("fieldset legend")]
    assert days[0] == "Monday, 1 March"
    assert len(days) == 7
    assert len(page.select("[name=at]")) == 7 * 6
    later = page.select_one("button[name=since]")["value"]
    assert later == "2027-03-10"
    next_page = soup(client.get(f"{path}?since={later}&at={TICKED[0]}").text)
    assert [one.get_text() for one in next_page.select("fieldset legend")][:2] == [
        "Ticked on other days",
        "Wednesday, 10 March",
    ]
    assert [one["value"] for one in next_page.select("[name=at][checked]")] == TICKED[:1]


def test_the_last_days_lead_no_further(app: Flask, as_host: AsHost) -> None:
    schedule = factories.schedule()
    page = soup(as_host(schedule.host).get(here(schedule, "?since=2199-01-01")).text)
    assert [one["value"] for one in page.select("button[name=since]")] == [""]


def test_a_mail_has_each_time_in_its_readers_zone_with_a_link_to_the_form(
    app: Flask, as_host: AsHost, client: FlaskClient
) -> None:
    schedule = factories.schedule(title="Intro <call>")
    page = letter(as_host(schedule.host), schedule)
    said = page.select_one("#rich").get_text(" ")
    for words in ("Intro <call>", "Mara", "30 minutes", "Tuesday, 2 March 2027", "14:30", "17:00"):
        assert words in said, words
    plain = page.select_one("#plain").get_text()
    assert "14:30: http://localhost/mara/intro/book?" in plain
    assert page.select_one("#html").get_text().startswith('<div lang="en" dir="ltr">')
    first, _second, everything = links(page)
    query = parse_qs(urlsplit(first).query)
    assert query == {
        "at": TICKED[:1],
        "minutes": ["30"],
        "zone": ["Asia/Kolkata"],
        "language": ["en"],
    }
    form = soup(client.get(first).text)
    assert form.select_one("form [name=starts_at]")["value"] == TICKED[0]
    assert "14:30" in form.get_text()
    assert client.get(everything).status_code == 200


def test_a_time_stands_under_the_day_that_it_has_where_it_is_read(
    app: Flask, as_host: AsHost
) -> None:
    late = [[[1200, 1440]]] * 7
    schedule = factories.schedule(week=late)
    ticked = {"at": "2027-03-02T21:00:00Z"}
    page = letter(as_host(schedule.host), schedule, **ticked, zone="Pacific/Auckland")
    for said in (page.select_one("#rich").get_text(), page.select_one("#plain").get_text()):
        assert "Wednesday, 3 March 2027" in said
        assert "10:00" in said
        assert "Tuesday" not in said


def test_a_time_that_is_gone_by_then_offers_others_with_words(
    app: Flask, as_host: AsHost, client: FlaskClient
) -> None:
    schedule = factories.schedule()
    first = links(letter(as_host(schedule.host), schedule))[0]
    factories.booking(schedule=schedule, starts_at=datetime(2027, 3, 2, 9, tzinfo=UTC))
    page = client.get(first).text
    assert "That time was just taken." in page
    assert "2027-03-02T09:30:00Z" in page


@pytest.mark.parametrize("visibility", [Visibility.HIDDEN, Visibility.BY_LINK])
def test_times_of_schedules_that_nobody_finds_can_be_booked_from_the_mail(
    app: Flask, as_host: AsHost, client: FlaskClient, visibility: Visibility
) -> None:
    schedule = factories.schedule(visibility=visibility)
    host = as_host(schedule.host)
    for address in links(letter(host, schedule)):
        assert client.get(address).status_code == 200
    made = db.session.query(BookingLink).count()
    assert made == (1 if visibility is Visibility.BY_LINK else 0), "one for all the times"
    again = host.get(here(schedule, f"/mail?at={TICKED[0]}"))
    assert again.status_code == (303 if made else 200), "a secret is shown once"


@pytest.mark.parametrize(
    ("ticked", "words"),
    [
        ([], "Tick at least one time."),
        (["soon"], "Tick at least one time."),
        ([f"2027-03-0{day}T09:{minute:02}:00Z" for day in (2, 3) for minute in range(20)], "most"),
        (["2027-03-02T03:00:00Z", TICKED[1]], "no longer free"),
    ],
)
def test_what_cannot_be_said_is_refused_and_the_rest_kept(
    app: Flask, as_host: AsHost, ticked: list[str], words: str
) -> None:
    schedule = factories.schedule()
    answer = as_host(schedule.host).post(here(schedule), data={"at": ticked} | LISBON)
    assert answer.status_code == 422
    page = soup(answer.text)
    assert words in page.select_one("#main .notice").get_text()
    kept = [one["value"] for one in page.select("[name=at][checked]")]
    assert "2027-03-02T03:00:00Z" not in kept
    assert (TICKED[1] in kept) == (TICKED[1] in ticked)
    assert page.select_one("[name=zone] [selected]")["value"] == "Asia/Kolkata"


def test_nonsense_in_the_address_gives_the_hosts_own(app: Flask, as_host: AsHost) -> None:
    schedule = factories.schedule()
    query = "?zone=Moon/Base&language=xx&since=soon&minutes=7&at=x"
    page = as_host(schedule.host).get(here(schedule, query))
    assert page.status_code == 200
    chosen = [one["value"] for one in soup(page.text).select("option[selected]")]
    assert chosen == ["UTC", "en"]


def test_a_schedule_without_times_says_so(app: Flask, as_host: AsHost) -> None:
    off = factories.schedule(active=False)
    assert "switched off" in as_host(off.host).get(here(off)).text
    never = factories.schedule(host=off.host, slug="never", week=[[]] * 7)
    assert "Nothing is free" in as_host(off.host).get(here(never)).text


def test_the_length_stands_in_the_links(app: Flask, as_host: AsHost) -> None:
    schedule = factories.schedule(durations=[30, 60])
    page = letter(as_host(schedule.host), schedule, minutes=60, at=TICKED[:1])
    assert "minutes=60" in links(page)[0]
    assert "1 hour" in page.select_one("#rich").get_text()


def test_another_hosts_schedule_is_not_there(app: Flask, as_host: AsHost) -> None:
    schedule = factories.schedule()
    stranger = as_host(factories.host(another=True))
    for answer in (
        stranger.get(here(schedule)),
        stranger.get(here(schedule, "/mail")),
        stranger.post(here(schedule), data={"at": TICKED}),
    ):
        assert answer.status_code == 404


def test_times_begin_at_the_next_free_one_however_far_it_is(app: Flask, as_host: AsHost) -> None:
    schedule = factories.schedule(notice_minutes=int(timedelta(days=30) / timedelta(minutes=1)))
    page = soup(as_host(schedule.host).get(here(schedule)).text)
    assert page.select("[name=at]")[0]["value"] == "2027-03-31T09:00:00Z"
    assert datetime(2027, 3, 31, tzinfo=UTC) > NOW


def test_what_can_be_shared_has_a_button_that_copies_it(app: Flask, as_host: AsHost) -> None:
    schedule = factories.schedule()
    shut = factories.schedule(host=schedule.host, slug="shut", visibility=Visibility.BY_LINK)
    client, page, own = as_host(schedule.host), "http://localhost/mara", f"address-{schedule.id}"
    for path, shared in {
        "/dashboard/bookings": {"page-address": page},
        "/dashboard/numbers": {"page-address": page},
        "/dashboard/book": {own: f"{page}/intro"},
        here(schedule): {own: f"{page}/intro"},
        here(shut): {},
    }.items():
        shown = soup(client.get(path).text)
        ids = [str(one["data-copy"]) for one in shown.select("[data-copy]")]
        assert {one: shown.select_one(f"#{one}").get_text() for one in ids} == shared, path
