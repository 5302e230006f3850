"""Absurd input: what no database can hold, or no calculation, is a 404 or 422 everywhere."""

import re
from collections.abc import Callable
from itertools import product
from urllib.parse import quote

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import DataError, IntegrityError, OperationalError, ProgrammingError

from bookme.extensions import db
from bookme.models import Attendee, Booking, Schedule
from bookme.web.bounds import row_id
from tests import factories
from tests.examples import IN_TWO_PARTS, of_part
from tests.factories import PASSWORD
from tests.public.pages import FORM_KEY
from tests.schedules.test_routes import TYPED

AsHost = Callable[..., FlaskClient]
LARGEST = 2147483647
#: No row can have these.
IDS = ["2147483648", "9223372036854775808", "9" * 40, "9" * 5000, "-1", "%C2%B2", "1.5", "0x1"]
#: No text of ours has these; the first is refused by PostgreSQL, and kept by SQLite.
TEXTS = ["%00", "a%00b", "%01", "%1B", "%7F", "%C2%80"]
#: Odd, but words: nothing is called so.
ODD = ["%FF", "%ED%A0%80", "x" * 5000, "%F0%9F%91%A9", "..%2F..", "'%22;--", "%25s"]


def walks(app: Flask) -> list[tuple[str, str, str]]:
    """Every (method, rule, placeholder) of an address that names something."""
    return [
        (method, rule.rule, name)
        for rule in app.url_map.iter_rules()
        for name in re.findall(r"<[^>]+>", rule.rule)
        for method in sorted((rule.methods or set()) - {"OPTIONS"})
    ]


def filled(rule: str, name: str, value: str) -> str:
    """The rule's address with a value in one place, and likely ones in the others."""
    path = rule.replace(name, value)
    path = re.sub(r"<int:\w+>", "1", path).replace("<provider>", "zoom")
    return re.sub(r"<[^>]+>", "mara", path)


def impossible(name: str) -> list[str]:
    return IDS if name.startswith("<int:") else TEXTS


@IN_TWO_PARTS
def test_every_address_that_names_something_refuses_what_there_cannot_be(
    app: Flask, as_host: AsHost, part: str
) -> None:
    browser = as_host(factories.schedule().host)
    found = walks(app)
    assert len(found) > 50
    sent = ((*walk, value) for walk in found for value in (*impossible(walk[2]), *ODD))
    wrong = []
    for method, rule, name, value in of_part(part, sent, one_in=4):
        answer = browser.open(filled(rule, name, value), method=method)
        wanted = (404,) if value in impossible(name) else range(200, 500)
        if method == "HEAD" and "callback" in rule:
            wanted = (404, 405)
        if answer.status_code not in wanted:
            wrong.append((method, rule, name, value[:20], answer.status_code))
    assert wrong == []


ARGUMENTS = {
    "/dashboard/bookings": ("q", "show", "schedule", "since", "until", "sort", "after"),
    "/dashboard/numbers": ("range", "since", "until", "schedule"),
    "/dashboard/schedules": ("after",),
    "/dashboard/embed": ("schedule", "way", "theme", "text"),
    "/mara": ("after",),
    "/mara/intro": ("month", "day", "zone", "clock", "choose", "embed", "theme"),
    "/mara/intro/book": ("at", "zone", "clock"),
    "/connections": ("open", "close"),
    "/connections/zoom/callback": ("state", "code", "error"),
    "/sign-in": ("next",),
}
VALUES = [
    *IDS,
    *ODD,
    "0001-01-01",
    "9999-12-31",
    "0001-01",
    "9999-12",
    "2027-W10",
    "0001-01-01T00:00:00%2B23:59",
    "9999-12-31T23:59:59-23:59",
    "0001-01-01T00:00:00%2B23:59~1",
    "9999-12-31T23:59:59-23:59~1",
    "2027-03-02T09:00:00%2B00:00~2147483648",
    "2027-03-02T09:00:00%2B00:00~" + "9" * 40,
    "2027-03-02T09:00:00%2B00:00~" + "9" * 5000,
]


@IN_TWO_PARTS
def test_absurd_arguments_are_no_error_of_ours(app: Flask, as_host: AsHost, part: str) -> None:
    browser = as_host(factories.schedule().host)
    arguments = [(path, name) for path, names in ARGUMENTS.items() for name in names]
    sent = product(arguments, (*VALUES, *TEXTS))
    wrong = []
    for (path, name), value in of_part(part, sent, one_in=4):
        answer = browser.get(f"{path}?{name}={value}")
        is_fine = answer.status_code == 404 if value in TEXTS else answer.status_code < 500
        if not is_fine:
            wrong.append((path, name, value[:40], answer.status_code))
    assert wrong == []


SCHEDULE = TYPED | {"title": "Coffee"}


def test_the_schedule_is_saved_as_it_is(app: Flask, as_host: AsHost) -> None:
    browser = as_host(factories.host())
    assert browser.post("/dashboard/schedules/new", data=SCHEDULE).status_code == 303


@pytest.mark.one_database
@pytest.mark.parametrize("field", ["title", "description", "address", "phone", "slug", "zone"])
@pytest.mark.parametrize("character", ["\0", "\x1b", "\x7f"])
def test_a_schedule_with_control_characters_is_refused_and_kept_on_the_page(
    app: Flask, as_host: AsHost, field: str, character: str
) -> None:
    browser = as_host(factories.host())
    typed = SCHEDULE | {field: f"Coffee{character}break"}
    answer = browser.post("/dashboard/schedules/new", data=typed)
    assert answer.status_code == 422
    assert f"Coffee{character}break" in answer.text or field == "zone"
    assert db.session.scalars(sa.select(Schedule)).all() == []


@pytest.mark.one_database
@pytest.mark.parametrize(
    "odd",
    [
        {"horizon_days": "9" * 40},
        {"notice": "9" * 5000},
        {"max_per_day": "2147483648"},
        {"duration_minutes": "-1"},
        {"duration_minutes": "\u00b2"},
        {"windows-0-opens": "99:99"},
        {"overrides-0-on": "9" * 40},
        {"overrides-0-on": "2027-13-45"},
        {"windows-0-opens": "\0"},
    ],
    ids=str,
)
def test_a_number_that_no_column_holds_is_refused_beside_its_field(
    app: Flask, as_host: AsHost, odd: dict[str, str]
) -> None:
    browser = as_host(factories.host())
    answer = browser.post("/dashboard/schedules/new", data=SCHEDULE | odd)
    assert answer.status_code == 422
    assert 'class="error"' in answer.text


@pytest.mark.one_database
@pytest.mark.parametrize("row", ["\u00b2", "9" * 5000, "9" * 40, "-1", "x", ""])
def test_a_row_that_no_page_of_ours_has_is_not_read(app: Flask, as_host: AsHost, row: str) -> None:
    browser = as_host(factories.host())
    typed = SCHEDULE | {f"windows-{row}-opens": "10:00", f"overrides-{row}-on": "2027-03-02"}
    assert browser.post("/dashboard/schedules/new", data=typed).status_code == 303
    for button in (f"windows-{row}", "\0", "9" * 5000):
        answer = browser.post("/dashboard/schedules/new", data=SCHEDULE | {"add": button})
        assert answer.status_code < 500


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/sign-up", {"name": "No\0ra", "email": "n@example.com", "password": PASSWORD}),
        ("/sign-in", {"email": "ma\0ra@example.com", "password": "\0" * 20}),
        ("/forgot-password", {"email": "\x1b"}),
        ("/account", {"name": "Ma\0ra", "handle": "mara", "zone": "UTC", "clock_hours": "24"}),
        ("/account", {"name": "Mara", "handle": "ma\0ra", "zone": "UTC", "clock_hours": "24"}),
        ("/account", {"name": "Mara", "handle": "mara", "zone": "\0", "clock_hours": "9" * 40}),
        ("/account/email", {"new_email": "\0", "password": PASSWORD}),
        ("/connections/icloud/password", {"username": "ma\0ra@example.com", "password": "x"}),
        ("/connections/icloud/password", {"username": "mara@example.com", "password": "\0"}),
        ("/dashboard/embed", {"sites": "https://exa\0mple.com"}),
        ("/connections/settings", {"default_video_provider": "\0"}),
    ],
)
def test_forms_of_hosts_refuse_what_cannot_be_kept(
    app: Flask, as_host: AsHost, path: str, form: dict[str, str]
) -> None:
    answer = as_host(factories.host()).post(path, data=form)
    assert 400 <= answer.status_code < 500, answer.status_code


def test_what_a_booker_types_is_kept_without_control_characters(
    app: Flask, client: FlaskClient
) -> None:
    factories.schedule()
    typed = {
        "starts_at": "2027-03-02T09:00:00Z",
        "form_key": FORM_KEY,
        "name": "Ana\0 Costa",
        "email": "ana\0@example.com",
        "notes": "a\0b",
        "zone": "\0",
        "clock": "9" * 40,
    }
    assert client.post("/mara/intro/book", data=typed).status_code == 303
    person = db.session.scalars(sa.select(Attendee)).one()
    assert (person.name, person.email, person.notes) == ("Ana Costa", "ana@example.com", "ab")


@pytest.mark.one_database
@pytest.mark.parametrize("name", ["\u200b", "\u2060", "\u3164"])
def test_a_booker_without_a_visible_name_is_asked_for_one(
    app: Flask, client: FlaskClient, name: str
) -> None:
    factories.schedule()
    typed = {
        "starts_at": "2027-03-02T09:00:00Z",
        "form_key": FORM_KEY,
        "name": name,
        "email": "ana@example.com",
    }
    answer = client.post("/mara/intro/book", data=typed)
    assert answer.status_code == 422
    assert "Enter your name." in answer.text
    assert db.session.scalars(sa.select(Booking)).all() == []


@pytest.mark.parametrize("text", ["-1", str(LARGEST + 1), "9" * 40, "9" * 5000, "", "x", "\u00b2"])
def test_what_is_no_id_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - int has words of its own
        row_id(text)


def test_the_largest_id_is_one() -> None:
    assert row_id(str(LARGEST)) == LARGEST


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("error", "status"),
    [
        (OperationalError("", {}, Exception()), 503),
        (DataError("", {}, Exception()), 500),
        (IntegrityError("", {}, Exception()), 500),
        (ProgrammingError("", {}, Exception()), 500),
        (ProgrammingError("", {}, Exception(), connection_invalidated=True), 503),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_database_error_is_an_outage_only_when_it_is_one(
    app: Flask, error: Exception, status: int
) -> None:
    def fail() -> str:
        raise error

    app.add_url_rule("/fail/now", view_func=fail)
    answer = app.test_client().get("/fail/now")
    assert answer.status_code == status


def test_a_search_for_a_quoted_name_still_works(app: Flask, as_host: AsHost) -> None:
    booking = factories.booking()
    found = as_host(booking.host).get(f"/dashboard/bookings?q={quote('Ana Costa')}")
    assert found.status_code == 200
    assert "Ana Costa" in found.text
