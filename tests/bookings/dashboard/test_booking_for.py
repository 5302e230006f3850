"""A host books for somebody."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from bookme.extensions import db
from bookme.models import (
    Actor,
    Booking,
    Caller,
    EventKind,
    LocationKind,
    Question,
    QuestionKind,
    Schedule,
)
from tests import factories
from tests.conftest import NOW

AsHost = Callable[..., FlaskClient]
KEY = "0" * 32
ANA = {"name": "Ana Costa", "email": "Ana@Example.com", "form_key": KEY}
FREE = "2027-03-02T09:00:00Z"
#: No hours, no grid: a Sunday night.
UNOFFERED = "2027-03-07T22:10:00Z"


@pytest.fixture
def schedule(app: Flask) -> Schedule:
    made: Schedule = factories.schedule()
    return made


def book(client: FlaskClient, schedule: Schedule, at: str = FREE, **data: str) -> int:
    answer = client.post(f"/dashboard/book/{schedule.id}/for", data=ANA | {"starts_at": at} | data)
    db.session.expire_all()
    return answer.status_code


def bookings() -> list[Booking]:
    return list(db.session.scalars(sa.select(Booking)))


def test_the_way_leads_from_what_to_when_to_whom(schedule: Schedule, as_host: AsHost) -> None:
    host = as_host(schedule.host)
    when = BeautifulSoup(host.get("/dashboard/book").text, "html.parser").select_one("main li a")
    assert when is not None
    times = BeautifulSoup(host.get(str(when["href"])).text, "html.parser").select("a.time")
    whom = host.get(str(times[0]["href"])).text
    form = BeautifulSoup(whom, "html.parser").select_one("form[action$='/for']")
    assert form is not None
    fields = {one["name"]: one.get("value", "") for one in form.select("input")}
    answer = host.post(str(form["action"]), data=fields | ANA)
    assert answer.status_code == 303
    [made] = bookings()
    assert made.events[0].kind is EventKind.BOOKED
    assert made.events[0].actor is Actor.HOST
    assert made.booker is not None
    assert made.booker.email == "ana@example.com"
    assert made.due_at == NOW
    assert sorted(one.kind for one in made.emails) == ["booked", "booked"]
    assert "Booked by you" in host.get(f"/dashboard/bookings/{made.reference}").text


def test_a_time_that_is_not_offered_is_booked_only_if_the_host_says_so(
    schedule: Schedule, as_host: AsHost
) -> None:
    host = as_host(schedule.host)
    assert book(host, schedule, UNOFFERED) == 422
    assert bookings() == []
    assert book(host, schedule, UNOFFERED, anywhere="yes") == 303
    assert len(bookings()) == 1


@pytest.mark.parametrize(
    "minutes", [-29, 0, 29], ids=["runs into it", "the same time", "begins in it"]
)
def test_not_even_the_host_books_what_is_taken(
    schedule: Schedule, as_host: AsHost, minutes: int
) -> None:
    taken = factories.booking(schedule=schedule)
    at = f"{taken.starts_at + timedelta(minutes=minutes):%Y-%m-%dT%H:%M:%SZ}"
    assert book(as_host(schedule.host), schedule, at, anywhere="yes") == 422
    assert bookings() == [taken]


@pytest.mark.parametrize("at", ["2027-03-01T07:59:00Z", "1990-01-01T09:00:00Z", "", "soon"])
def test_what_is_past_or_no_time_is_not_booked(
    schedule: Schedule, as_host: AsHost, at: str
) -> None:
    assert book(as_host(schedule.host), schedule, at, anywhere="yes") == 422
    assert bookings() == []


def test_the_same_form_twice_is_one_booking(schedule: Schedule, as_host: AsHost) -> None:
    host = as_host(schedule.host)
    assert [book(host, schedule), book(host, schedule)] == [303, 303]
    assert len(bookings()) == 1


def test_what_was_typed_stays_beside_what_is_wrong(schedule: Schedule, as_host: AsHost) -> None:
    page = as_host(schedule.host).post(
        f"/dashboard/book/{schedule.id}/for",
        data={"name": "Ana", "email": "ana@", "starts_at": FREE, "form_key": KEY},
    )
    assert page.status_code == 422
    assert 'value="Ana"' in page.text
    assert "Enter an e-mail address" in page.text


def test_a_phone_number_is_asked_for_where_the_host_calls(app: Flask, as_host: AsHost) -> None:
    schedule = factories.schedule(location_kind=LocationKind.PHONE, caller=Caller.HOST)
    host = as_host(schedule.host)
    assert "Phone number" in host.get(f"/dashboard/book/{schedule.id}/for?at={FREE}").text
    assert book(host, schedule, phone="+351 210 000 000") == 303
    assert bookings()[0].attendees[0].phone == "+351 21 000 0000"


def test_any_time_can_be_typed_and_one_that_the_clock_leaves_out_is_refused(
    app: Flask, as_host: AsHost
) -> None:
    schedule = factories.schedule(host=factories.host(zone="Europe/Berlin"))
    host, here = as_host(schedule.host), f"/dashboard/book/{schedule.id}"
    led = host.get(f"{here}?on=2027-03-07&at=23:10")
    assert led.status_code == 303
    assert "at=2027-03-07T22:10:00Z" in led.location.replace("%3A", ":")
    gap = host.get(f"{here}?on=2027-03-28&at=02:30")
    assert "The clock is put forward then." in gap.text
    wrong = host.get(f"{here}?on=never&at=25:00")
    assert wrong.status_code == 200
    assert 'value="never"' in wrong.text


def test_the_length_that_was_chosen_is_booked_and_no_other(app: Flask, as_host: AsHost) -> None:
    schedule = factories.schedule(durations=[30, 60])
    host = as_host(schedule.host)
    assert "minutes=60" in host.get(f"/dashboard/book/{schedule.id}?minutes=60").text
    for anywhere in ("", "yes"):
        assert book(host, schedule, minutes="45", anywhere=anywhere) == 422
    assert book(host, schedule, minutes="60") == 303
    [made] = bookings()
    assert made.ends_at - made.starts_at == timedelta(minutes=60)


def test_nobody_books_on_another_hosts_schedule(schedule: Schedule, as_host: AsHost) -> None:
    stranger = as_host(factories.host(another=True))
    assert book(stranger, schedule) == 404
    assert stranger.get(f"/dashboard/book/{schedule.id}").status_code == 404
    assert bookings() == []


def test_the_host_answers_as_much_as_they_know_and_names_guests(
    schedule: Schedule, as_host: AsHost
) -> None:
    kinds = (QuestionKind.TEXT, QuestionKind.TICK, QuestionKind.ONE, QuestionKind.LONG_TEXT)
    for place, kind in enumerate(kinds):
        named = {"name": f"q{place}", "label": f"Question {place}", "choices": ["a", "b"]}
        schedule.questions.append(Question(kind=kind, position=place, required=True, **named))
    db.session.commit()
    host = as_host(schedule.host)
    form = BeautifulSoup(
        host.get(f"/dashboard/book/{schedule.id}/for?at={FREE}").text, "html.parser"
    )
    assert [one["name"] for one in form.select("main [name^=answer_]:not([type=radio])")] == [
        *("answer_q0", "answer_q1", "answer_q3")
    ]
    assert book(host, schedule) == 303, "none is needed"
    typed = {"answer_q0": "Acme", "answer_q2": "b", "guests": "Bo <bo@example.com>"}
    assert book(host, schedule, "2027-03-02T10:00:00Z", form_key="a" * 32, **typed) == 303
    made = bookings()[1]
    assert made.booker is not None
    assert [one["answer"] for one in made.booker.answers] == ["Acme", "b"]
    assert [one.email for one in made.guests] == ["bo@example.com"]
    assert sorted(one.kind for one in made.emails) == ["booked"] * 3


@pytest.mark.parametrize(
    "forged",
    [
        {"answer_q0": "x" * 201},
        {"answer_other": "of another schedule"},
        {"guests": "\n".join(f"g{n}@example.com" for n in range(1000))},
        {"guests": "no address"},
    ],
    ids=["too long", "not asked", "a thousand", "nobody"],
)
def test_what_cannot_be_kept_books_nothing(
    schedule: Schedule, as_host: AsHost, forged: dict[str, str]
) -> None:
    text = {"kind": QuestionKind.TEXT, "position": 0, "name": "q0", "label": "Company"}
    schedule.questions.append(Question(**text))
    db.session.commit()
    assert book(as_host(schedule.host), schedule, **forged) == 422
    assert bookings() == []


def test_one_network_asks_sixty_times_a_minute_at_most(schedule: Schedule, as_host: AsHost) -> None:
    host = as_host(schedule.host)
    invited = [book(host, schedule, name="", guests="bo@example.com") for _ in range(61)]
    assert invited == [422] * 60 + [429]
