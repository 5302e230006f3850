"""What bookers and guests can do with their own data by the links in their mails."""

import json
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from bookme import retention
from bookme.bookings import new_address
from bookme.bookings.guests import link as guest_link
from bookme.bookings.messages.outbox import MessageKind, owe
from bookme.bookings.own_data import COLUMNS
from bookme.extensions import db
from bookme.jobs.messages.account import send_email
from bookme.jobs.sync import sync_booking
from bookme.models import (
    Actor,
    Attendee,
    Booking,
    BookingStatus,
    Caller,
    Email,
    EmailState,
    EventKind,
    LocationKind,
    Question,
    QuestionKind,
    Role,
)
from tests import factories
from tests.mails import sent
from tests.public.pages import link, soup, text
from tests.statements import statements

NOW = factories.NOW
PAST = NOW - timedelta(days=3)
ANSWERS = [
    {"name": "firm", "question": "Your firm?", "answer": "Costa & Filhos"},
    {"name": "days", "question": "Which days?", "answer": "Monday, Friday"},
    {"name": "gone", "question": "Asked before?", "answer": "Long ago"},
]


@pytest.fixture
def booking(app: Flask) -> Booking:
    """Ana's, with notes, answers and a guest; tomorrow. Everybody was told of it."""
    return made()


def made(**columns: object) -> Booking:
    booking: Booking = factories.booking(**columns)
    booker = booking.booker
    assert booker is not None
    booker.notes, booker.answers = "My knee hurts.", ANSWERS
    of = booking.schedule
    for nth, (name, kind) in enumerate([("firm", "text"), ("days", "several"), ("new", "text")]):
        choices = ["Monday", "Tuesday", "Friday"] if kind == "several" else []
        asked = {"name": name, "label": f"{name}?", "choices": choices, "required": name != "days"}
        kind_of = QuestionKind(kind)
        db.session.add(Question(schedule=of, position=nth, kind=kind_of, **asked))
    guest = Attendee(role=Role.GUEST, name="Bo", email="bo@example.com", zone="UTC")
    booking.attendees.append(guest)
    db.session.flush()
    owe(booking, MessageKind.BOOKED, now=NOW)
    booking.due_at = NOW
    db.session.commit()
    if booking.starts_at > NOW:
        sync_booking(booking.id)
    return booking


def here(booking: Booking) -> str:
    return f"/booking/{booking.token}/data"


def typed(client: FlaskClient, booking: Booking, **changes: str | list[str]) -> dict[str, object]:
    """What the form of corrections holds, with these changes."""
    form = soup(client.get(f"{here(booking)}/correct")).select_one("main form")
    assert form is not None
    found: dict[str, object] = {}
    for field in form.select("input:not([type=checkbox]), textarea"):
        found[str(field["name"])] = str(field.get("value") or field.get_text())
    for box in form.select("input[type=checkbox][checked]"):
        chosen = found.setdefault(str(box["name"]), [])
        assert isinstance(chosen, list)
        chosen.append(str(box["value"]))
    return found | changes


def to(app: Flask, address: str) -> list[str]:
    return [mail.subject for mail in sent(app) if mail.to == [address]]


def booker_of(booking: Booking) -> Attendee:
    db.session.refresh(booking)
    assert booking.booker is not None
    return booking.booker


# To see, and to take along


def test_the_page_shows_all_that_was_entered_who_sees_it_and_for_how_long(
    client: FlaskClient, booking: Booking
) -> None:
    words = text(client.get(here(booking)))
    for said in (
        *("Ana Costa", "ana@example.com", "Lisbon", "My knee hurts.", "bo@example.com"),
        *("Your firm? Costa & Filhos", "Asked before? Long ago", "Confirmation"),
        *("Mara Lindqvist sees what you entered", "Your guests see your name."),
    ):
        assert said in words
    days = retention.days(client.application.config)
    for kept in ("history", "messages", "networks"):
        assert f"{days[kept]} days" in words


def test_the_file_has_all_of_it(client: FlaskClient, booking: Booking) -> None:
    booker_of(booking).host_notes = "Talks a lot."
    db.session.commit()
    answer = client.get(link(client.get(here(booking)), "Download data"))
    assert answer.headers["Content-Disposition"] == 'attachment; filename="booking.json"'
    found = json.loads(answer.text)
    assert found["you"]["email"] == "ana@example.com"
    assert found["you"]["answers"] == ANSWERS
    assert found["guests"] == [{"role": "guest", "name": "Bo", "email": "bo@example.com"}]
    assert [one["kind"] for one in found["messages_to_you"]] == ["booked"]
    assert found["kept_for_days"] == retention.days(client.application.config)
    assert booking.token not in answer.text
    assert "Talks" not in answer.text, "that is the host's own"


def test_every_column_of_a_person_is_given_or_known_to_be_another_s(app: Flask) -> None:
    given = set(COLUMNS[Attendee].split())
    hosts_own, of_no_use = {"host_notes", "no_show_at"}, {"id", "booking_id"}
    assert {one.name for one in Attendee.__table__.columns} == given | hosts_own | of_no_use
    assert not given & (hosts_own | of_no_use)


def test_no_one_without_the_link_sees_it_nor_does_a_search_engine(
    client: FlaskClient, booking: Booking
) -> None:
    assert client.get("/booking/" + "x" * 32 + "/data").status_code == 404
    answer = client.get(here(booking))
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"


def test_mails_and_the_booking_s_page_lead_there(
    app: Flask, client: FlaskClient, booking: Booking
) -> None:
    bodies = [mail.body for mail in sent(app) if mail.to == ["ana@example.com"]]
    assert bodies
    assert all(f"http://localhost{here(booking)}" in body for body in bodies)
    others = [mail.body for mail in sent(app) if mail.to != ["ana@example.com"]]
    assert others
    assert not any(booking.token in body for body in others)
    assert link(client.get(f"/booking/{booking.token}"), "See, correct or delete") == here(booking)


# To correct


def test_corrections_reach_the_host_once_and_the_search(
    app: Flask, client: FlaskClient, booking: Booking
) -> None:
    changes = {"name": "Ana Prado", "notes": "", "answer_firm": "Prado", "answer_days": ["Tuesday"]}
    answer = client.post(f"{here(booking)}/correct", data=typed(client, booking, **changes))
    assert answer.status_code == 303
    assert "Your details are saved." in text(client.get(str(answer.location)))
    booker = booker_of(booking)
    assert (booker.name, booker.notes) == ("Ana Prado", "")
    assert [one["answer"] for one in booker.answers] == ["Prado", "Tuesday", "Long ago"]
    assert [one["question"] for one in booker.answers] == [one["question"] for one in ANSWERS]
    sync_booking(booking.id)
    (told,) = to(app, "mara@example.com")[1:]
    assert told.startswith("Details changed: Ana Prado, Intro")
    assert len(to(app, "bo@example.com")) == 1, "guests read none of it"
    words = sent(app)[-1].body
    assert "Prado" in words


def test_sending_the_form_unchanged_tells_nobody(
    app: Flask, client: FlaskClient, booking: Booking
) -> None:
    revision = booking.revision
    answer = client.post(f"{here(booking)}/correct", data=typed(client, booking))
    assert answer.status_code == 303
    db.session.refresh(booking)
    assert booking.revision == revision
    assert all(one.state is EmailState.SENT for one in booking.emails)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": "\u200b"}, "Enter your name."),
        ({"email": "nobody"}, "Enter an e-mail address, such as ana@example.com."),
        ({"email": "BO@example.com"}, "This is a guest’s address."),
        ({"answer_firm": ""}, "Enter an answer."),
        ({"notes": "x" * 2001}, "Enter at most 2,000 characters."),
    ],
    ids=["name", "address", "guest", "answer", "notes"],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    client: FlaskClient, booking: Booking, changes: dict[str, str], words: str
) -> None:
    fields = typed(client, booking, **({"answer_gone": "Typed now"} | changes))
    answer = client.post(f"{here(booking)}/correct", data=fields)
    assert answer.status_code == 422
    assert words in text(answer)
    assert "Typed now" in text(answer)
    assert booker_of(booking).answers == ANSWERS


def test_a_number_that_the_host_calls_can_be_corrected_but_not_left_out(
    app: Flask, client: FlaskClient
) -> None:
    booking = made(location_kind=LocationKind.PHONE, caller=Caller.HOST)
    booker_of(booking).phone = "+351 912 345 678"
    db.session.commit()
    empty = typed(client, booking, phone="")
    assert client.post(f"{here(booking)}/correct", data=empty).status_code == 422
    other = typed(client, booking, phone="+351 912 345 679")
    assert client.post(f"{here(booking)}/correct", data=other).status_code == 303
    assert booker_of(booking).phone == "+351 912 345 679"


def test_what_is_over_is_corrected_and_nobody_told(app: Flask, client: FlaskClient) -> None:
    booking = made(starts_at=PAST)
    db.session.query(Email).update({"state": EmailState.SENT})
    fields = typed(client, booking, name="Ana Prado")
    assert client.post(f"{here(booking)}/correct", data=fields).status_code == 303
    assert booker_of(booking).name == "Ana Prado"
    assert {one.state for one in booking.emails} == {EmailState.SENT}


def test_a_booking_can_t_be_changed_again_and_again(
    app: Flask, client: FlaskClient, booking: Booking
) -> None:
    app.config["RATELIMIT_ENABLED"] = True
    answers = [
        client.post(f"{here(booking)}/correct", data=typed(client, booking, name=f"Ana {nth}"))
        for nth in range(4)
    ]
    assert [one.status_code for one in answers] == [303, 303, 303, 429]
    assert "Ana 3" in soup(answers[-1]).select_one("#name")["value"]  # type: ignore[index]
    assert booker_of(booking).name == "Ana 2"


# A new e-mail address


def asked(client: FlaskClient, booking: Booking, email: str) -> str:
    """Ask for an address; the path of the link in the mail."""
    fields = typed(client, booking, email=email)
    assert client.post(f"{here(booking)}/correct", data=fields).status_code == 303
    letter = db.session.query(Email).order_by(Email.id.desc()).first()
    assert letter is not None
    send_email(letter.id)
    mail = sent(client.application)[-1]
    assert mail.to == [email.lower()]
    assert "Ana" not in mail.body, "a stranger may have typed it"
    return urlsplit(next(word for word in mail.body.split() if "/booking/address/" in word)).path


def test_a_new_address_counts_once_it_is_confirmed_from_there(
    app: Flask, client: FlaskClient, booking: Booking
) -> None:
    path = asked(client, booking, "Ana@New.example.com")
    assert booker_of(booking).email == "ana@example.com"
    assert "ana@new.example.com" in text(client.get(here(booking)))
    assert client.get(path).status_code == 200
    assert booker_of(booking).email == "ana@example.com", "looking confirms nothing"
    assert client.post(path).status_code == 303
    assert "Your new address is confirmed." in text(client.get(path))
    booker = booker_of(booking)
    assert (booker.email, booker.new_email) == ("ana@new.example.com", "")
    sync_booking(booking.id)
    (told,) = [mail for mail in sent(app) if mail.to == [booker.email]][1:]
    assert told.subject.startswith("Details changed")
    assert f"/booking/{booking.token}" in told.body


def test_only_the_latest_address_that_was_asked_for_can_be_confirmed(
    client: FlaskClient, booking: Booking
) -> None:
    first = asked(client, booking, "one@example.com")
    second = asked(client, booking, "two@example.com")
    assert client.post(first).status_code == 404
    assert client.post(second).status_code == 303
    assert booker_of(booking).email == "two@example.com"
    assert "example" not in second


def test_typing_the_address_as_it_was_takes_the_wish_back(
    client: FlaskClient, booking: Booking
) -> None:
    path = asked(client, booking, "one@example.com")
    fields = typed(client, booking, email="ana@example.com")
    assert client.post(f"{here(booking)}/correct", data=fields).status_code == 303
    assert client.post(path).status_code == 404
    assert booker_of(booking).new_email == ""


# To delete


def erase(client: FlaskClient, booking: Booking) -> str:
    answer = client.post(f"{here(booking)}/delete")
    assert answer.status_code == 303
    return text(client.get(str(answer.location)))


def test_what_is_over_is_deleted_at_once(app: Flask, client: FlaskClient) -> None:
    booking = made(starts_at=PAST)
    db.session.query(Email).update({"state": EmailState.SENT})
    db.session.commit()
    assert "Cancel" not in text(client.get(f"{here(booking)}/delete"))
    assert "Your data is deleted." in erase(client, booking)
    db.session.refresh(booking)
    assert booking.attendees == []
    assert (booking.events[-1].kind, booking.events[-1].actor) == (EventKind.ERASED, Actor.BOOKER)
    assert booking.status is BookingStatus.CONFIRMED
    assert json.loads(client.get(f"{here(booking)}.json").text)["you"] is None


def test_a_booking_to_come_is_cancelled_and_all_are_told_by_name_before_the_rest_goes(
    app: Flask, client: FlaskClient, booking: Booking
) -> None:
    """At https://github.com/calcom/cal.diy/pull/8203 a cancellation deleted the attendee at once,
    and no host saw who had cancelled.
    """
    page = text(client.get(f"{here(booking)}/delete"))
    assert "Cancel this booking and delete your data?" in page
    assert "We’ll tell your guests, too." in page
    assert "Your data is being deleted." in erase(client, booking)
    db.session.refresh(booking)
    assert booking.status is BookingStatus.CANCELLED
    assert booking.booker is not None
    sync_booking(booking.id)
    db.session.refresh(booking)
    assert booking.attendees == []
    assert to(app, "mara@example.com")[-1].startswith("Cancelled: Ana Costa")
    for told in ("ana@example.com", "bo@example.com"):
        assert to(app, told)[-1].startswith("Cancelled: ")
    assert "Your data is deleted." in text(client.get(here(booking)))


def test_no_mail_server_that_is_away_keeps_anybody_s_data_for_long(
    app: Flask, client: FlaskClient, booking: Booking
) -> None:
    app.config["MAIL_CONFIGURED"] = False
    erase(client, booking)
    sync_booking(booking.id)
    assert booker_of(booking)
    with time_machine.travel(NOW + timedelta(hours=23), tick=False):
        sync_booking(booking.id)
        assert booker_of(booking)
    with time_machine.travel(NOW + timedelta(hours=36, minutes=1), tick=False):
        sync_booking(booking.id)
    db.session.refresh(booking)
    assert booking.booker is None
    assert booking.erase_by is None


def test_when_it_is_too_late_to_cancel_nothing_is_deleted(
    app: Flask, client: FlaskClient, booking: Booking
) -> None:
    booking.schedule.cancel_notice_minutes = 60 * 24 * 3
    db.session.commit()
    assert "It’s too late to cancel this booking." in text(client.get(f"{here(booking)}/delete"))
    answer = client.post(f"{here(booking)}/delete")
    assert answer.status_code == 409
    assert "Delete your data after the appointment" in text(answer)
    assert booker_of(booking).name == "Ana Costa"


def test_no_link_from_before_brings_anything_back(app: Flask, client: FlaskClient) -> None:
    """As it happened at https://github.com/spree/spree/pull/14560: what was still valid restored
    name and address, after which a second erasure was refused as done.
    """
    booking = made(starts_at=PAST)
    db.session.query(Email).update({"state": EmailState.SENT})
    booker_of(booking).new_email = "back@example.com"
    db.session.commit()
    old = urlsplit(new_address.link(booking, "back@example.com")).path
    fields = typed(client, booking, name="Ana again")
    erase(client, booking)
    assert client.post(f"{here(booking)}/correct", data=fields).status_code == 409
    assert client.get(f"{here(booking)}/correct").status_code == 200
    assert client.post(old).status_code == 404
    assert "Your data is deleted." in erase(client, booking)
    assert db.session.query(Attendee).count() == 0


def test_what_is_about_to_be_deleted_can_t_be_corrected(
    client: FlaskClient, booking: Booking
) -> None:
    fields = typed(client, booking, name="Ana again")
    erase(client, booking)
    assert client.post(f"{here(booking)}/correct", data=fields).status_code == 409
    assert booker_of(booking).name == "Ana Costa"


def test_deleting_one_booking_leaves_the_others(app: Flask, client: FlaskClient) -> None:
    one = made(starts_at=PAST)
    other = factories.booking(schedule=one.schedule, starts_at=PAST - timedelta(days=1))
    db.session.query(Email).update({"state": EmailState.SENT})
    db.session.commit()
    erase(client, one)
    assert booker_of(other).email == "ana@example.com"


def test_a_request_is_taken_back_and_its_booker_deleted(app: Flask, client: FlaskClient) -> None:
    booking = made(status=BookingStatus.PENDING, lapses_at=NOW + timedelta(hours=5))
    erase(client, booking)
    sync_booking(booking.id)
    db.session.refresh(booking)
    assert (booking.status, booking.attendees) == (BookingStatus.CANCELLED, [])


# Guests


def test_guests_see_take_along_and_delete_what_is_kept_of_them(
    client: FlaskClient, booking: Booking
) -> None:
    path = urlsplit(guest_link(booking.guests[0])).path
    words = text(client.get(path))
    assert "What we keep about you Name Bo E-mail bo@example.com" in words
    assert "Ana" not in words
    found = json.loads(client.get(link(client.get(path), "Download data")).text)
    assert found["you"]["email"] == "bo@example.com"
    assert client.post(path).status_code == 303
    assert client.get(f"{path}/data.json").status_code == 404
    assert db.session.query(Attendee).filter_by(email="bo@example.com").count() == 0


# All bookings under one address


def find(client: FlaskClient, email: str) -> None:
    answer = client.post("/booking/find", data={"email": email})
    assert (answer.status_code, answer.location) == (303, "/booking/find/sent")
    letter = db.session.query(Email).order_by(Email.id.desc()).first()
    assert letter is not None
    send_email(letter.id)


def test_links_to_all_bookings_of_an_address_go_to_it_alone(
    app: Flask, client: FlaskClient, booking: Booking
) -> None:
    other = factories.schedule(host=factories.host(another=True))
    elsewhere = factories.booking(schedule=other, starts_at=PAST)
    before = len(sent(app))
    find(client, " ANA@example.com")
    (mail,) = sent(app)[before:]
    assert mail.to == ["ana@example.com"]
    for token in (booking.token, elsewhere.token):
        assert f"http://localhost/booking/{token}/data" in mail.body
    assert "Ana" not in mail.body


@pytest.mark.parametrize("email", ["nobody@example.com", "bo@example.com"], ids=["none", "guest"])
def test_who_has_no_bookings_gets_no_mail_and_the_same_answer(
    app: Flask, client: FlaskClient, booking: Booking, email: str
) -> None:
    before = len(sent(app))
    with statements() as known:
        answer = client.post("/booking/find", data={"email": "ana@example.com"})
    with statements() as unknown:
        assert client.post("/booking/find", data={"email": email}).location == answer.location
    assert len(unknown) == len(known)
    for letter in db.session.query(Email).filter_by(kind="own_bookings", state="waiting").all():
        if letter.id > 1:
            send_email(letter.id)
    assert [mail.to for mail in sent(app)[before:]] == [["ana@example.com"]]
    letters = db.session.query(Email).filter_by(kind="own_bookings").all()
    assert {one.to_sealed for one in letters} == {None}, "no address stays behind"


def test_what_is_held_for_an_address_is_in_no_such_mail(app: Flask, client: FlaskClient) -> None:
    factories.booking(status=BookingStatus.HELD)
    find(client, "ana@example.com")
    assert sent(app) == []


def test_strangers_can_t_fill_a_mailbox_this_way(
    app: Flask, client: FlaskClient, booking: Booking
) -> None:
    app.config["RATELIMIT_ENABLED"] = True
    spelt = ("ana@example.com", "ANA@example.com", "ana+x@example.com", "ana+y@example.com")
    answers = [client.post("/booking/find", data={"email": email}) for email in spelt]
    assert [one.status_code for one in answers] == [303, 303, 303, 429]
    assert "We’ve sent too many messages to this address." in text(answers[-1])


def test_a_wrong_address_is_said(client: FlaskClient) -> None:
    answer = client.post("/booking/find", data={"email": "ana@"})
    assert answer.status_code == 422
    assert "Enter an e-mail address" in text(answer)
    assert 'value="ana@"' in answer.text
