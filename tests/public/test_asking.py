"""What a booker is asked, what an address fills in, and where bookers came from."""

from typing import Any

import pytest
from bs4 import Tag
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bookme.extensions import db
from bookme.models import (
    Attendee,
    Booking,
    Caller,
    LocationKind,
    Question,
    QuestionKind,
    Schedule,
)
from tests import factories
from tests.public.pages import book, hidden, link, soup, text

DETAILS = "/mara/intro/book?at=2027-03-02T09:00:00Z"


@pytest.fixture
def schedule(app: Flask) -> Schedule:
    made: Schedule = factories.schedule()
    return made


def ask(schedule: Schedule, kind: QuestionKind, name: str = "q", **columns: Any) -> None:
    place = len(schedule.questions)
    row = {"label": f"Question {name}", "position": place, **columns}
    schedule.questions.append(Question(name=name, kind=kind, **row))
    db.session.commit()


def answers() -> list[str]:
    return [str(one["answer"]) for one in db.session.scalars(db.select(Attendee)).one().answers]


def nothing_is_stored() -> bool:
    return db.session.query(Booking).count() == 0


def error(page: TestResponse, field: str) -> str:
    found = soup(page).select_one(f"#{field}-error")
    return found.text if found is not None else ""


def value(page: TestResponse, field: str) -> str:
    found = soup(page).select_one(f"#{field}")
    assert isinstance(found, Tag)
    return str(found.get("value") or found.get_text()).strip()


K = QuestionKind
CHOICES = ["red, or so", "grün", "<b>"]


@pytest.mark.parametrize(
    ("kind", "typed", "stored"),
    [
        (K.TEXT, "  Acme   Ltd ", "Acme Ltd"),
        (K.TEXT, "שלום 👩‍👩‍👧", "שלום 👩‍👩‍👧"),
        (K.LONG_TEXT, "one\r\n\r\ntwo", "one\n\ntwo"),
        (K.ONE, "grün", "grün"),
        (K.SEVERAL, ["red, or so", "<b>"], "red, or so, <b>"),
        (K.NUMBER, "-12,5", "-12,5"),
        (K.NUMBER, "٣", "٣"),
        (K.PHONE, "+351 (210) 000-000", "+351 21 000 0000"),
        (K.WEB, "https://example.com/ä?b=c", "https://example.com/ä?b=c"),
        (K.WEB, "example.com", "https://example.com"),
        (K.TICK, "y", "✓"),
    ],
)
def test_an_answer_is_kept_with_its_question(
    client: FlaskClient, schedule: Schedule, kind: QuestionKind, typed: Any, stored: str
) -> None:
    ask(schedule, kind, choices=CHOICES, required=True)
    assert book(client, answer_q=typed).status_code == 303
    booker = db.session.scalars(db.select(Attendee)).one()
    assert booker.answers == [{"name": "q", "question": "Question q", "answer": stored}]


@pytest.mark.parametrize(
    ("kind", "typed", "words"),
    [
        (K.TEXT, "", "Enter an answer."),
        (K.TEXT, "\u200b", "Enter an answer."),
        (K.TEXT, "ж" * 10_000, "Enter at most 200 characters."),
        (K.LONG_TEXT, "ж" * 10_000, "Enter at most 2,000 characters."),
        (K.ONE, "", "Choose an answer."),
        (K.ONE, "blue", "Choose from the list."),
        (K.ONE, None, "Choose an answer."),
        (K.ONE, ["grün", "<b>"], "Give one answer."),
        (K.SEVERAL, [], "Choose at least one answer."),
        (K.SEVERAL, ["grün", "blue"], "Choose from the list."),
        (K.TEXT, ["a", "b"], "Give one answer."),
        (K.NUMBER, "twelve", "Enter a number, such as 12."),
        (K.NUMBER, "1e5", "Enter a number, such as 12."),
        (K.NUMBER, "NaN", "Enter a number, such as 12."),
        (K.NUMBER, "9" * 10_000, "Enter at most 40 characters."),
        (K.PHONE, "call me", "Enter a phone number, such as +351 912 345 678."),
        (K.WEB, "javascript:alert(1)", "Enter a web address, such as https://example.com."),
        (K.WEB, "ftp://example.com", "Enter a web address, such as https://example.com."),
        (K.WEB, "https://exa mple.com", "Enter a web address, such as https://example.com."),
        (K.WEB, "https://" + "a" * 10_000, "Enter at most 500 characters."),
        (K.TICK, "", "Tick this box to go on."),
    ],
    ids=lambda value: str(value)[:20],
)
def test_what_is_no_answer_is_said_beside_it_and_kept(
    client: FlaskClient, schedule: Schedule, kind: QuestionKind, typed: Any, words: str
) -> None:
    ask(schedule, kind, choices=CHOICES, required=True)
    page = book(client, answer_q=typed)
    assert page.status_code == 422
    assert words in error(page, "answer_q")
    assert value(page, "name") == "Ana Costa"
    if kind in (K.TEXT, K.LONG_TEXT, K.NUMBER, K.PHONE) and isinstance(typed, str):
        assert value(page, "answer_q") == typed
    assert nothing_is_stored()


def test_questions_that_need_no_answer_may_stay_open(
    client: FlaskClient, schedule: Schedule
) -> None:
    for kind in set(QuestionKind) - {K.TICK}:
        ask(schedule, kind, str(kind), choices=CHOICES)
    ask(schedule, K.ONE, "many", choices=[str(number) for number in range(8)])
    empty = {f"answer_{one.name}": "" for one in schedule.questions if one.kind is not K.SEVERAL}
    assert book(client, **empty).status_code == 303
    assert answers() == []


@pytest.mark.parametrize("name", ["other", "q_2", ""])
def test_an_answer_to_what_the_schedule_does_not_ask_is_refused(
    client: FlaskClient, schedule: Schedule, name: str
) -> None:
    other = factories.schedule(host=schedule.host, slug="other")
    ask(other, K.TEXT, "other")
    ask(schedule, K.TEXT)
    page = book(client, **{"answer_q": "A", f"answer_{name}": "B"})
    assert page.status_code == 422
    assert "The questions have changed. Check your answers, then book again." in text(page)
    assert value(page, "answer_q") == "A"
    assert nothing_is_stored()


def test_answers_are_shown_as_words_to_the_booker_and_the_host(
    client: FlaskClient, schedule: Schedule, as_host: Any
) -> None:
    ask(schedule, K.TEXT, label="<i>Why?</i>")
    answer = book(client, answer_q="<script>x</script>")
    schedule.questions[0].label = "Something else"
    db.session.commit()
    made = db.session.query(Booking).one()
    for page in (
        client.get(answer.location),
        as_host(schedule.host).get(f"/dashboard/bookings/{made.reference}"),
    ):
        assert "<i>Why?</i> <script>x</script>" in text(page)
        assert b"<script>x" not in page.data
        assert b"<i>Why" not in page.data


def test_a_move_asks_nothing_again(client: FlaskClient, schedule: Schedule) -> None:
    ask(schedule, K.TEXT, required=True)
    page = book(client, answer_q="A").location
    moved = client.post(
        page.replace("?", "/reschedule?"), data={"starts_at": "2027-03-02T10:00:00Z"}
    )
    assert moved.status_code == 303
    assert answers() == ["A"]


def test_an_address_fills_in_the_form_and_is_carried_through_the_picker(
    client: FlaskClient, schedule: Schedule
) -> None:
    ask(schedule, K.TEXT, "company")
    ask(schedule, K.SEVERAL, "topics", choices=CHOICES)
    ask(schedule, K.ONE, "color", choices=CHOICES)
    ask(schedule, K.TICK, "terms")
    query = (
        "name=Bo+Berg&email=bo%40example.com&guests=a%40example.com&company=Acme+%26+Co"
        "&topics=gr%C3%BCn&topics=%3Cb%3E&topics=blue&color=gr%C3%BCn&terms=y&unknown=x&notes=x"
    )
    page = client.get(f"/mara/intro?{query}&day=2027-03-02")
    there = link(page, "10:00")
    form = client.get(there)
    assert (value(form, "name"), value(form, "email")) == ("Bo Berg", "bo@example.com")
    assert value(form, "guests") == "a@example.com"
    assert value(form, "answer_company") == "Acme & Co"
    checked = {str(box["value"]) for box in soup(form).select("[checked]")}
    assert checked == {"grün", "<b>"}
    assert value(form, "notes") == "x"
    assert not soup(form).select("#details .error, #details [role=alert]")
    back = link(form, "Choose another time")
    assert "company=Acme" in back
    assert "unknown" not in back
    zones = client.get(f"/mara/intro?{query}&choose=zone")
    kept = {(str(one["name"]), str(one["value"])) for one in soup(zones).select("[type=hidden]")}
    assert {("name", "Bo Berg"), ("topics", "grün"), ("topics", "<b>")} <= kept
    for page in (zones, client.get(f"/mara/intro?{query}&month=2027-04")):
        days = [str(one["href"]) for one in soup(page).select("a.day, #earlier, #later")]
        assert all("company=Acme" in address for address in days)


def test_what_an_address_fills_in_is_checked_like_typed_input(
    client: FlaskClient, schedule: Schedule
) -> None:
    ask(schedule, K.NUMBER, "size")
    form = client.get(f"{DETAILS}&size=big&email=nobody&name=%3Cb%3E{'x' * 900}&color=%22%3E")
    assert value(form, "answer_size") == "big"
    assert len(value(form, "name")) == 500
    sent = hidden(form) | {"name": value(form, "name"), "email": "nobody", "answer_size": "big"}
    page = client.post("/mara/intro/book", data=sent)
    assert page.status_code == 422
    assert "Enter a number" in error(page, "answer_size")
    assert error(page, "email")
    assert error(page, "name")


def test_where_a_booker_came_from_is_kept_and_shown_to_the_host(
    client: FlaskClient, schedule: Schedule, as_host: Any
) -> None:
    query = "utm_source=news&utm_medium=%3Cb%3E&ref=" + "r" * 300 + "&utm_X=1&utm_=2&other=3"
    page = client.get(f"/mara/intro?day=2027-03-02&{query}")
    form = client.get(link(page, "10:00"))
    answer = client.post(
        "/mara/intro/book", data=hidden(form) | {"name": "Ana", "email": "ana@example.com"}
    )
    assert answer.status_code == 303
    booker = db.session.scalars(db.select(Attendee)).one()
    assert booker.source == {"utm_source": "news", "utm_medium": "<b>", "ref": "r" * 200}
    made = booker.booking
    shown = as_host(schedule.host).get(f"/dashboard/bookings/{made.reference}")
    assert "utm_source : news" in text(shown)
    assert b"<b>" not in shown.data
    assert "news" not in text(client.get(answer.location))


def test_a_forged_source_has_bounds(client: FlaskClient, schedule: Schedule) -> None:
    many = {f"utm_{chr(97 + nth)}": "v" * 5000 for nth in range(26)}
    assert book(client, **many).status_code == 303
    source = db.session.scalars(db.select(Attendee)).one().source
    assert len(source) == 10
    assert {len(text) for text in source.values()} == {200}


def test_the_summary_names_the_fields_that_lack_an_answer(
    client: FlaskClient, schedule: Schedule
) -> None:
    ask(schedule, K.TEXT, "a", required=True, label="Company & <b>")
    ask(schedule, K.TEXT, "b", required=True, label="Role")
    summary = soup(book(client, name="")).select("[role=alert] li")
    assert [one.get_text() for one in summary] == [
        "Your name",
        "Company & <b>",
        "Role",
    ]


@pytest.mark.parametrize(
    ("query", "field", "filled"),
    [
        ("phone=+351210000000", "phone", "+351210000000"),
        ("phone=%2B351210000000", "phone", "+351210000000"),
        ("phone=+0210000000", "phone", "0210000000"),
        ("mobile=+351 210", "answer_mobile", "+351 210"),
        ("company=+1+Ltd", "answer_company", "1 Ltd"),
        ("email=ana+shop@example.com", "email", "ana+shop@example.com"),
        ("email=ana%2Bshop@example.com", "email", "ana+shop@example.com"),
        ("name=Ana+Costa", "name", "Ana Costa"),
        ("guests=bo+x@example.com,+Ida+<i+y@example.com>", "guests", "bo+x@example.com,Ida <i y@"),
    ],
)
def test_a_plus_in_an_address_is_read_as_it_was_meant(
    client: FlaskClient, schedule: Schedule, query: str, field: str, filled: str
) -> None:
    schedule.location_kind, schedule.caller = LocationKind.PHONE, Caller.HOST
    ask(schedule, K.PHONE, "mobile")
    ask(schedule, K.TEXT, "company")
    assert value(client.get(f"{DETAILS}&{query}"), field).startswith(filled)
    picked = soup(client.get(f"/mara/intro?day=2027-03-02&{query}")).select("a.time")[0]["href"]
    assert value(client.get(str(picked)), field).startswith(filled), "also from page to page"


def test_what_a_host_typed_keeps_its_direction_among_other_words(
    client: FlaskClient, schedule: Schedule
) -> None:
    ask(schedule, K.ONE, label="كم (تقريبًا)؟", choices=["C++", "غير ذلك."])
    page = soup(client.get(DETAILS))
    isolated = [one.text for one in page.select("#details legend bdi, #details .choice bdi")]
    assert isolated == ["كم (تقريبًا)؟", "C++", "غير ذلك.", "No answer"]
