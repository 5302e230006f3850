from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from bookme.extensions import db
from bookme.models import LocationKind, Schedule
from tests import factories

TYPED: dict[str, Any] = {
    "title": "Review",
    "slug": "",
    "description": "We look at it together.",
    "location_kind": "in_person",
    "video_provider": "",
    "waiting_room": "",
    "join_before_host": "",
    "passcode": "",
    "address": "1 Main Street",
    "caller": "host",
    "phone": "",
    "duration_minutes": "45",
    "step_minutes": "15",
    "zone": "Europe/Berlin",
    "open": ["0"],
    "windows-0-weekday": "0",
    "windows-0-opens": "09:00",
    "windows-0-closes": "17:00",
    "buffer_before_minutes": "0",
    "buffer_after_minutes": "10",
    "notice": "2",
    "notice_unit": "hours",
    "horizon_days": "30",
    "max_per_day": "",
    "max_per_week": "20",
    "visibility": "listed",
    "max_guests": "10",
}

AsHost = Callable[..., FlaskClient]


def sent_by(form: Any) -> MultiDict[str, str]:
    """What a browser sends of a form, without the names of buttons."""
    fields: MultiDict[str, str] = MultiDict()
    for control in form.select("input[name], select[name], textarea[name]"):
        if control.name == "select":
            chosen = control.select_one("[selected]") or control.option
            fields.add(control["name"], chosen["value"])
        elif control.name == "textarea":
            fields.add(control["name"], control.get_text())
        elif control.get("type") not in ("radio", "checkbox") or control.has_attr("checked"):
            fields.add(control["name"], control.get("value", ""))
    return fields


def test_a_schedule_is_created_from_what_was_typed(app: Flask, as_host: AsHost) -> None:
    host = factories.host()
    answer = as_host(host).post("/dashboard/schedules/new", data=TYPED)
    assert answer.status_code == 303
    made = db.session.query(Schedule).one()
    assert (made.host, made.title, made.slug, made.zone) == (
        host,
        "Review",
        "review",
        "Europe/Berlin",
    )
    assert (made.duration_minutes, made.step_minutes, made.notice_minutes) == (45, 15, 120)
    assert made.week == [[[540, 1020]], [], [], [], [], [], []]
    assert (made.max_per_day, made.max_per_week, made.buffer_after_minutes) == (None, 20, 10)


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("title", "", "Enter a title, such as Intro call."),
        ("duration_minutes", "4", "Enter a whole number of minutes from 5 to 1,440."),
        ("duration_minutes", "1441", "Enter a whole number of minutes from 5 to 1,440."),
        ("duration_minutes", "half an hour", "Enter a whole number of minutes from 5 to 1,440."),
        ("duration_minutes", "", "Enter a whole number of minutes from 5 to 1,440."),
        ("zone", "Mars/Olympus", "Choose a time zone from the list."),
        ("slug", "No Spaces", "Use lower-case letters, digits and single hyphens"),
        ("address", "", "Enter the address."),
        ("location_kind", "video", "Choose a video provider, or connect one first."),
        ("location_kind", "moon", "Not a valid choice"),
        ("windows-0-closes", "09:00", "Enter an end time other than the start, such as 17:00."),
        ("windows-0-opens", "", "Enter a start time, such as 09:00."),
        ("horizon_days", "731", "Enter a whole number of days from 1 to 730."),
        ("max_per_day", "0", "Enter a whole number from 1 to 1,000."),
        ("notice", "-1", "Enter a whole number from 0 to 10,000."),
        ("notice", "720", "The minimum notice is as long, so there would be no times."),
    ],
)
def test_a_mistake_is_said_beside_its_field_and_nothing_typed_is_lost(
    app: Flask, as_host: AsHost, field: str, typed: str, words: str
) -> None:
    client = as_host(factories.host())
    answer = client.post("/dashboard/schedules/new", data=TYPED | {field: typed})
    assert answer.status_code == 422
    page = BeautifulSoup(answer.text, "html.parser")
    beside = [error.get_text(" ", strip=True) for error in page.select("p.error")]
    assert any(words in error for error in beside)
    above = [item.get_text(" ", strip=True) for item in page.select("[role=alert] li")]
    assert any(words in item for item in above)
    assert (
        page.select_one("textarea[name=description]").get_text(strip=True) == TYPED["description"]
    )
    lengths = sent_by(page.select_one("#schedule-form")).getlist("duration_minutes")
    assert "".join(lengths) == (typed if field == "duration_minutes" else "45")
    assert db.session.query(Schedule).count() == 0


def test_every_invalid_field_names_its_error_for_screen_readers(
    app: Flask, as_host: AsHost
) -> None:
    wrong = TYPED | {"title": "", "horizon_days": "x", "windows-0-closes": "09:00"}
    page = BeautifulSoup(
        as_host(factories.host()).post("/dashboard/schedules/new", data=wrong).text, "html.parser"
    )
    invalid = page.select("[aria-invalid=true]")
    assert len(invalid) == 3
    for control in invalid:
        ids = control["aria-describedby"].split()
        assert any(page.find(id=name).get_text(strip=True) for name in ids if "error" in name)


def test_a_taken_slug_is_said_beside_the_address(app: Flask, as_host: AsHost) -> None:
    schedule = factories.schedule()
    answer = as_host(schedule.host).post("/dashboard/schedules/new", data=TYPED | {"slug": "intro"})
    assert answer.status_code == 422
    assert "Another of your schedules has this address." in answer.text


def test_a_new_schedule_says_video_meeting_and_my_default(app: Flask, as_host: AsHost) -> None:
    host = factories.host(default_video_provider="zoom")
    page = BeautifulSoup(as_host(host).get("/dashboard/schedules/new").text, "html.parser")
    assert page.select_one("[name=location_kind][checked]")["value"] == "video"
    first = page.select_one("[name=video_provider] option")
    assert (first["value"], first.get_text()) == ("", "My default (Zoom)")


def test_the_form_shows_what_is_stored(app: Flask, as_host: AsHost) -> None:
    schedule = factories.schedule(
        notice_minutes=2880,
        overrides={"2027-12-24": [[540, 600]]},
        location_kind=LocationKind.VIDEO,
        video_provider="zoom",
        meeting_options={"waiting_room": False},
    )
    client = as_host(schedule.host)
    page = BeautifulSoup(client.get(f"/dashboard/schedules/{schedule.id}").text, "html.parser")

    def shown(name: str) -> Any:
        control = page.select_one(f"[name={name}]")
        chosen = control.select_one("[selected]") if control.name == "select" else control
        return chosen["value"]

    assert (shown("notice"), shown("notice_unit")) == ("2", "days")
    assert (shown("overrides-0-on"), shown("overrides-0-opens")) == ("2027-12-24", "09:00")
    assert (shown("video_provider"), shown("waiting_room")) == ("zoom", "off")
    fields = sent_by(page.select_one("#schedule-form"))
    before = {c.key: getattr(schedule, c.key) for c in Schedule.__table__.columns}
    answer = client.post(f"/dashboard/schedules/{schedule.id}", data=fields)
    assert answer.status_code == 303
    db.session.refresh(schedule)
    assert {c.key: getattr(schedule, c.key) for c in Schedule.__table__.columns} == before


@pytest.mark.parametrize(("what", "row"), [("0", "windows-1-opens"), ("date", "overrides-0-on")])
def test_a_row_is_added_without_saving_and_without_losing_anything(
    app: Flask, as_host: AsHost, what: str, row: str
) -> None:
    typed = TYPED | {"add": what, "title": "", "windows-0-opens": "odd"}
    answer = as_host(factories.host()).post("/dashboard/schedules/new", data=typed)
    assert answer.status_code == 200
    page = BeautifulSoup(answer.text, "html.parser")
    assert page.select_one(f"[name={row}]") is not None
    assert page.select_one("[name=windows-0-opens]")["value"] == "odd"
    assert page.select("p.error") == []
    assert db.session.query(Schedule).count() == 0


def test_a_schedule_keeps_the_language_that_its_host_chose(app: Flask, as_host: AsHost) -> None:
    app.config["LANGUAGES"] = ("en", "de", "fr")
    client = as_host(factories.host())
    assert (
        client.post("/dashboard/schedules/new", data=TYPED | {"language": "fr"}).status_code == 303
    )
    made = db.session.query(Schedule).one()
    assert made.language == "fr"
    here = f"/dashboard/schedules/{made.id}"
    page = BeautifulSoup(client.get(here).text, "html.parser")
    names = [one.get_text() for one in page.select("#language option")]
    assert names == ["Each visitor’s own", "English", "Deutsch", "français"]
    assert "Everyone · français" in page.select_one("#part-access > summary").get_text()
    assert client.post(here, data=TYPED | {"language": "xx"}).status_code == 422
    assert client.post(here, data=TYPED | {"language": ""}).status_code == 303
    assert made.language is None


def test_with_one_language_there_is_none_to_choose(app: Flask, as_host: AsHost) -> None:
    app.config["LANGUAGES"] = ("en",)
    page = as_host(factories.host()).get("/dashboard/schedules/new").text
    assert "Language of the booking page" not in page


def test_times_for_a_mail_are_offered_on_the_card_and_after_saving(
    app: Flask, as_host: AsHost
) -> None:
    schedule = factories.schedule()
    client, times = as_host(schedule.host), f"/dashboard/schedules/{schedule.id}/times"
    assert client.get("/dashboard/schedules").text.count(f'href="{times}"') == 1
    saved = client.get(f"/dashboard/schedules?saved={schedule.id}").text
    assert saved.count(f'href="{times}"') == 2


def test_htmx_gets_the_form_alone(app: Flask, as_host: AsHost) -> None:
    client = as_host(factories.host(), htmx=True)
    answer = client.post("/dashboard/schedules/new", data=TYPED | {"add": "0"})
    assert answer.text.lstrip().startswith('<form id="schedule-form"')
    assert client.post("/dashboard/schedules/new", data=TYPED).headers["HX-Redirect"]


def test_a_schedule_is_switched_off_and_on(app: Flask, as_host: AsHost) -> None:
    schedule = factories.schedule()
    client, htmx = as_host(schedule.host), as_host(schedule.host, htmx=True)
    here = f"/dashboard/schedules/{schedule.id}/switch"
    assert client.post(here, data={"on": "no"}).status_code == 303
    assert not schedule.active
    answer = htmx.post(here, data={"on": "yes"})
    assert schedule.active
    assert f'id="schedule-{schedule.id}"' in answer.text
    assert "<html" not in answer.text


def test_a_copy_opens_and_deleting_asks_first(app: Flask, as_host: AsHost) -> None:
    schedule = factories.schedule()
    client = as_host(schedule.host)
    answer = client.post(f"/dashboard/schedules/{schedule.id}/duplicate")
    copy = db.session.query(Schedule).filter(Schedule.id != schedule.id).one()
    assert answer.location.endswith(f"/dashboard/schedules/{copy.id}")
    here = f"/dashboard/schedules/{copy.id}/delete"
    assert "Existing bookings stay" in client.get(here).text
    assert copy.deleted_at is None
    assert client.post(here).status_code == 303
    assert copy.deleted_at is not None


PAGES = ["", "/duplicate", "/switch", "/delete"]


@pytest.mark.parametrize("page", PAGES)
def test_another_hosts_schedule_is_not_there(app: Flask, as_host: AsHost, page: str) -> None:
    schedule = factories.schedule()
    stranger = as_host(factories.host(another=True))
    assert stranger.post(f"/dashboard/schedules/{schedule.id}{page}").status_code == 404
    db.session.refresh(schedule)
    assert schedule.deleted_at is None
    assert schedule.active


@pytest.mark.parametrize("page", ["", "/new", "/1", "/1/delete"])
def test_a_visitor_is_led_to_sign_in(app: Flask, client: FlaskClient, page: str) -> None:
    answer = client.get(f"/dashboard/schedules{page}")
    assert answer.status_code == 303
    assert "/sign-in?next=" in answer.location


def test_the_list_is_empty_then_full(app: Flask, as_host: AsHost) -> None:
    host = factories.host()
    client = as_host(host)
    assert "No schedules yet" in client.get("/dashboard/schedules").text
    factories.schedule(host=host, title="<b>Bold</b>")
    page = client.get("/dashboard/schedules").text
    assert "&lt;b&gt;Bold&lt;/b&gt;" in page
    assert "http://localhost/mara" in page
