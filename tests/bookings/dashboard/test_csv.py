"""The list as a file for spreadsheets."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from bookme.bookings.dashboard import csv as files
from bookme.bookings.dashboard.filters import Filter, State
from bookme.extensions import db
from bookme.models import Attendee, Booking, BookingStatus, Question, QuestionKind, Role, User
from tests import factories
from tests.factories import NOW
from tests.statements import statements

AsHost = Callable[..., FlaskClient]
DAY = timedelta(days=1)


def rows_of(text: str) -> list[dict[str, str]]:
    assert text.startswith("\ufeff"), "Excel reads it as UTF-8"
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def downloaded(client: FlaskClient, query: str = "") -> list[dict[str, str]]:
    answer = client.get(f"/dashboard/bookings.csv?{query}")
    assert (answer.status_code, answer.mimetype) == (200, "text/csv")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="bookings.csv"'
    return rows_of(answer.text)


def test_a_row_has_times_in_both_zones_the_people_and_a_column_for_each_question(
    app: Flask, as_host: AsHost
) -> None:
    host = factories.host(zone="America/New_York")
    booking = factories.booking(schedule=factories.schedule(host=host))
    for position, label in enumerate(("Zweck", "Anrede")):
        kind = QuestionKind.TEXT
        asked = Question(position=position, kind=kind, label=label, name=label.lower())
        booking.schedule.questions.append(asked)
    booker = booking.booker
    assert booker is not None
    booker.phone, booker.notes = "+351 21", "Zwei\nZeilen; und 東京"
    booker.source = {"utm_source": "letter", "ref": "x"}
    given = {"Old one": "yes", "Anrede": "Ärztin", "Zweck": ["a", "b"]}
    booker.answers = [{"question": name, "answer": answer} for name, answer in given.items()]
    guest = {"email": "emil@example.com", "zone": "UTC", "role": Role.GUEST}
    booking.attendees.append(Attendee(name="Emil Sand", **guest))
    db.session.commit()
    [row] = downloaded(as_host(host))
    assert list(row.items()) == [
        ("Reference", booking.reference),
        ("Schedule", "Intro call"),
        ("State", "Confirmed"),
        ("Start, your time (America/New_York)", "2027-03-02 04:00"),
        ("End, your time (America/New_York)", "2027-03-02 04:30"),
        ("Start (UTC)", "2027-03-02 09:00"),
        ("End (UTC)", "2027-03-02 09:30"),
        ("Name", "Ana Costa"),
        ("E-mail", "ana@example.com"),
        ("Phone", "'+351 21"),
        ("Guests", "Emil Sand <emil@example.com>"),
        ("Zweck", "a; b"),
        ("Anrede", "Ärztin"),
        ("Old one", "yes"),
        ("Other answers", ""),
        ("Notes", "Zwei\nZeilen; und 東京"),
        ("Source", "utm_source=letter; ref=x"),
        ("Booked, your time (America/New_York)", "2027-03-01 03:00"),
    ]


def test_nothing_in_a_cell_is_taken_for_a_formula(app: Flask, as_host: AsHost) -> None:
    booking = factories.booking(title="=1+1")
    booker = booking.booker
    assert booker is not None
    booker.name, booker.notes = "@SUM(A1)", "\t=cmd|'/c calc'!A1"
    booker.answers = [{"question": '=HYPERLINK("x")', "answer": "-2+3;=4"}]
    db.session.commit()
    text = as_host(booking.host).get("/dashboard/bookings.csv").text
    [row] = rows_of(text)
    assert row["Schedule"] == "'=1+1"
    assert row["Name"] == "'@SUM(A1)"
    assert row["Notes"] == "'\t=cmd|'/c calc'!A1"
    assert row["""'=HYPERLINK("x")"""] == "'-2+3;=4"
    assert all(line.startswith('"') for line in text.removeprefix("\ufeff").splitlines())


def test_texts_that_spreadsheets_calculate_are_defused() -> None:
    for text in ("=1", "+1", "-1", "@x", "\tx", "\rx", "\n=x", " =1", "＝1"):
        assert files.defused(text) == f"'{text}"
    for text in ("", "Ana", "1=1", "'=1", "a@b.example", "2027-03-02 04:00"):
        assert files.defused(text) == text


def test_the_file_has_what_is_filtered_of_this_host_alone(app: Flask, as_host: AsHost) -> None:
    mine = factories.booking()
    states = (BookingStatus.CANCELLED, BookingStatus.HELD, BookingStatus.LAPSED)
    others = [
        factories.booking(schedule=mine.schedule, starts_at=NOW + n * DAY, status=status)
        for n, status in enumerate(states, 2)
    ]
    theirs = factories.schedule(host=factories.host(another=True))
    factories.booking(schedule=theirs)
    client = as_host(mine.host)
    assert [row["Reference"] for row in downloaded(client)] == [mine.reference]
    [cancelled] = downloaded(client, "show=cancelled")
    assert (cancelled["Reference"], cancelled["State"]) == (others[0].reference, "Cancelled")
    shown = {row["Reference"] for row in downloaded(client, "show=all")}
    assert shown == {mine.reference, others[0].reference, others[2].reference}
    assert downloaded(client, f"q=nobody&schedule={mine.schedule_id}") == []


def test_an_erased_booker_leaves_empty_cells(app: Flask, as_host: AsHost) -> None:
    booking = factories.booking(starts_at=NOW - DAY)
    factories.booking(schedule=booking.schedule, starts_at=NOW - 2 * DAY)
    booking.attendees[0].answers = []
    db.session.delete(booking.attendees[0])
    db.session.commit()
    erased, kept = downloaded(as_host(booking.host), "show=past")
    assert (erased["Reference"], erased["Name"], erased["E-mail"]) == (booking.reference, "", "")
    assert kept["Name"] == "Ana Costa"


def crowd(amount: int) -> User:
    """A host with so many bookings, each with an answer to one of many questions."""
    first = factories.booking()
    columns = {
        column.name: getattr(first, column.name)
        for column in Booking.__table__.columns
        if column.name not in ("id", "reference", "token")
    }
    rows = [
        columns | {"reference": f"r{n}", "token": f"t{n}", "starts_at": NOW + n * DAY / 48,
                   "ends_at": NOW + (n + 1) * DAY / 48}
        for n in range(amount)
    ]  # fmt: skip
    db.session.execute(sa.insert(Booking), rows)
    ids = db.session.scalars(sa.select(Booking.id).where(Booking.reference.startswith("r")))
    people = [
        {"booking_id": number, "name": "Bo", "email": "bo@example.com", "zone": "UTC",
         "answers": [{"question": f"Question {n % 60:02}", "answer": f"Answer {n}"}]}
        for n, number in enumerate(sorted(ids))
    ]  # fmt: skip
    db.session.execute(sa.insert(Attendee), people)
    db.session.commit()
    return first.host


def test_thousands_of_bookings_come_in_pieces_with_a_few_statements_each(app: Flask) -> None:
    amount = 4 * files.CHUNK + 10
    host_id = crowd(amount).id
    with statements() as asked:
        host = db.session.get_one(User, host_id)
        pieces = []
        for piece in files.lines(host, Filter(State.ALL), now=NOW):
            pieces.append(piece)
            # Nothing of a piece is kept while the next is made.
            assert len(asked) <= 3 + 3 * len(pieces)
            assert len(piece) < 400 * files.CHUNK
    rows = rows_of("".join(pieces))
    assert len(pieces) == 6
    assert len({row["Reference"] for row in rows}) == len(rows) == amount + 1
    questions = [name for name in rows[0] if name.startswith("Question")]
    assert len(questions) == files.MOST_QUESTIONS
    told = [value for row in rows for name, value in row.items() if "Answer" in value]
    assert len(told) == amount, "what has no column of its own stands in the last"
    assert any(row["Other answers"].startswith("Question 5") for row in rows)


def test_a_file_that_breaks_off_says_so_and_one_that_never_began_is_an_error_page(
    app: Flask, as_host: AsHost, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    booking = factories.booking()
    client, said = as_host(booking.host), "This file is incomplete: something went wrong."
    monkeypatch.setattr(files, "_row", lambda *_: 1 / 0)
    answer = client.get("/dashboard/bookings.csv")
    assert answer.status_code == 200
    assert answer.text.splitlines()[-1] == f'"{said} Download it again."'
    assert "a file of bookings broke off" in caplog.text
    assert "ana@" not in caplog.text
    monkeypatch.setattr(files, "_questions", lambda *_: 1 / 0)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    assert client.get("/dashboard/bookings.csv").status_code == 500
