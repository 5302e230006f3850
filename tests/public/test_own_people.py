"""Bookers change the people of their booking: their own address, of which the old one is told, and
the guests they bring.
"""

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from bookme.bookings import own
from bookme.bookings.new import Guest
from bookme.extensions import db
from bookme.guard import blocks, mailing
from bookme.guard.mailing import A_DAY
from bookme.jobs.messages.account import send_email
from bookme.jobs.sync import sync_booking
from bookme.models import Attendee, BlockKind, Booking, Email, Reminder
from tests.mails import sent
from tests.public.pages import soup, text
from tests.public.test_own_data import NOW, PAST, asked, booker_of, erase, here, made, to, typed

OLD = "ana@example.com"


@pytest.fixture
def booking(app: Flask) -> Booking:
    """Ana's, tomorrow, with the guest Bo; up to three may come, and everybody was told."""
    return ready(made())


def ready(booking: Booking) -> Booking:
    booking.schedule.max_guests = 3
    db.session.commit()
    return booking


def send_owed(booking: Booking) -> None:
    """The worker sends all that is owed."""
    sync_booking(booking.id)
    waiting = sa.select(Email.id).where(Email.booking_id.is_(None), Email.state == "waiting")
    for email_id in db.session.scalars(waiting).all():
        send_email(email_id)


def correct(client: FlaskClient, booking: Booking, **changes: str) -> int:
    answer = client.post(f"{here(booking)}/correct", data=typed(client, booking, **changes))
    return answer.status_code


def guests(booking: Booking) -> dict[str, str]:
    db.session.expire_all()
    return {guest.email: guest.name for guest in booking.guests}


# The old address


def test_the_old_address_is_told_and_learns_no_more_than_it_knew(
    app: Flask, client: FlaskClient, booking: Booking
) -> None:
    path = asked(client, booking, "thief@evil.example")
    assert len(to(app, OLD)) == 1, "nothing has changed yet"
    assert client.post(path).status_code == 303
    send_owed(booking)
    mail = [one for one in sent(app) if one.to == [OLD]][-1]
    assert mail.subject == "Your booking has another e-mail address now"
    assert "change the address back or cancel" in mail.body
    for secret in ("thief", booking.token, "/booking/", "Ana", "bo@example.com"):
        assert secret not in mail.body, secret
    assert client.post(path).status_code == 303
    send_owed(booking)
    assert to(app, OLD)[1:] == [mail.subject], "once"
    assert db.session.scalars(sa.select(Email.to_sealed)).all() == [None] * len(
        db.session.scalars(sa.select(Email.id)).all()
    ), "nothing of the address is kept once it is told"


def test_whoever_deletes_the_data_after_the_change_does_not_keep_the_word_back(
    app: Flask, client: FlaskClient
) -> None:
    booking = made(starts_at=PAST)
    client.post(asked(client, booking, "thief@evil.example"))
    sync_booking(booking.id)
    erase(client, booking)
    db.session.refresh(booking)
    assert booking.booker is None
    send_owed(booking)
    assert to(app, OLD) == ["Your booking has another e-mail address now"]


def test_nothing_changes_while_the_old_address_has_had_too_many_messages_to_be_told(
    app: Flask, client: FlaskClient, booking: Booking
) -> None:
    """Whoever has the booking's link may have filled the mailbox for that."""
    path = asked(client, booking, "thief@evil.example")
    app.config["RATELIMIT_ENABLED"] = True
    for _ in range(A_DAY):
        mailing.take([OLD], mailing.Cause.STRANGER, now=NOW)
    db.session.commit()
    answer = client.post(path)
    assert answer.status_code == 429
    assert "changed too often today" in text(answer)
    assert soup(answer).select_one("main form") is not None
    assert booker_of(booking).email == OLD


def test_an_address_is_not_changed_back_and_forth(
    app: Flask, client: FlaskClient, booking: Booking
) -> None:
    """The host is told each time, and so is the old address."""
    app.config["RATELIMIT_ENABLED"] = True
    answers = []
    for nth in range(4):
        path = asked(client, booking, f"thief{nth}@evil.example")
        answers.append(client.post(path).status_code)
    assert answers == [303, 303, 303, 429]


def test_no_address_is_taken_that_the_host_blocks_or_a_guest_has(
    client: FlaskClient, booking: Booking
) -> None:
    path = asked(client, booking, "thief@evil.example")
    blocks.add(booking.host, BlockKind.DOMAIN, "evil.example", now=NOW)
    db.session.commit()
    assert client.post(path).status_code == 422
    later = asked(client, booking, "cleo@example.com")
    booking.attendees.append(Attendee(role="guest", name="C", email="cleo@example.com", zone="UTC"))
    db.session.commit()
    assert client.post(later).status_code == 404
    assert booker_of(booking).email == OLD


# Guests


def test_guests_are_corrected_removed_and_brought_along_and_each_is_told(
    app: Flask, client: FlaskClient, booking: Booking
) -> None:
    before = len(sent(app))
    assert (
        correct(client, booking, guests="Cleo Ray <cleo@example.com>, Ana <ana@example.com>") == 303
    )
    assert guests(booking) == {"cleo@example.com": "Cleo Ray"}
    send_owed(booking)
    mails = {one.to[0]: one for one in sent(app)[before:]}
    assert mails["bo@example.com"].subject == "You’re no longer a guest of “Intro call”"
    assert booking.token not in mails["bo@example.com"].body + mails["cleo@example.com"].body
    assert "9:00" in mails["bo@example.com"].body
    assert mails["cleo@example.com"].subject.startswith("Invitation: Intro call")
    assert mails["ana@example.com"].subject.startswith("Details changed")
    assert "cleo@example.com" in mails["mara@example.com"].body
    assert len(mails) == 4
    assert correct(client, booking, guests="Cleo R. <cleo@example.com>") == 303
    assert guests(booking) == {"cleo@example.com": "Cleo R."}
    send_owed(booking)
    assert [one.to for one in sent(app)[before + 4 :]] == [
        ["ana@example.com"],
        ["mara@example.com"],
    ]


def test_the_form_shows_guests_as_they_are_and_saving_it_changes_none(
    app: Flask, client: FlaskClient, booking: Booking
) -> None:
    shown = typed(client, booking)
    assert str(shown["guests"]).strip() == "Bo <bo@example.com>"
    revision = booking.revision
    assert correct(client, booking) == 303
    db.session.refresh(booking)
    assert booking.revision == revision


def test_a_guest_s_address_becomes_the_booker_s_once_that_is_no_guest_any_more(
    client: FlaskClient, booking: Booking
) -> None:
    assert correct(client, booking, email="bo@example.com") == 422
    assert correct(client, booking, email="bo@example.com", guests="") == 303
    assert guests(booking) == {}
    assert booker_of(booking).new_email == "bo@example.com"


@pytest.mark.parametrize(
    ("named", "words"),
    [
        ("bo@example.com, nobody", "isn’t an e-mail address"),
        ("a@example.com b@example.com", "isn’t an e-mail address"),
        ("a@example.com,b@example.com,c@example.com,d@example.com", "at most 3 guests"),
    ],
)
def test_what_is_wrong_with_guests_is_said_and_nothing_typed_is_lost(
    client: FlaskClient, booking: Booking, named: str, words: str
) -> None:
    answer = client.post(f"{here(booking)}/correct", data=typed(client, booking, guests=named))
    assert answer.status_code == 422
    assert words in text(answer)
    assert named in soup(answer).select_one("#guests").text  # type: ignore[union-attr]
    assert guests(booking) == {"bo@example.com": "Bo"}


def test_guests_of_what_is_over_can_be_removed_and_nobody_invited(
    app: Flask, client: FlaskClient
) -> None:
    booking = ready(made(starts_at=PAST))
    named = "bo@example.com, cleo@example.com"
    answer = client.post(f"{here(booking)}/correct", data=typed(client, booking, guests=named))
    assert answer.status_code == 422
    assert "You can only remove guests now" in text(answer)
    assert correct(client, booking, guests="") == 303
    send_owed(booking)
    assert guests(booking) == {}
    assert to(app, "bo@example.com") == []


def test_a_mailbox_isn_t_filled_by_inviting_and_removing(
    app: Flask, client: FlaskClient, booking: Booking
) -> None:
    app.config["RATELIMIT_ENABLED"] = True
    for _ in range(A_DAY):
        mailing.take(["cleo@example.com"], mailing.Cause.STRANGER, now=NOW)
    db.session.commit()
    named = "Bo <bo@example.com>\ncleo@example.com"
    answer = client.post(f"{here(booking)}/correct", data=typed(client, booking, guests=named))
    assert answer.status_code == 429
    assert "cleo@example.com has had too many messages today" in text(answer)
    assert guests(booking) == {"bo@example.com": "Bo"}


def test_whom_the_host_blocks_is_not_brought_along(client: FlaskClient, booking: Booking) -> None:
    blocks.add(booking.host, BlockKind.ADDRESS, "cleo@example.com", now=NOW)
    db.session.commit()
    assert correct(client, booking, guests="cleo@example.com") == 422
    assert correct(client, booking, guests="bo@example.com", name="Ana Prado") == 303


def test_where_no_guests_are_taken_there_is_no_field_until_somebody_brought_some(
    client: FlaskClient, booking: Booking
) -> None:
    booking.schedule.max_guests = 0
    db.session.commit()
    assert correct(client, booking, guests="bo@example.com, cleo@example.com") == 422
    assert correct(client, booking, guests="") == 303
    assert "guests" not in typed(client, booking)
    assert correct(client, booking, guests="cleo@example.com") == 303
    assert guests(booking) == {}


def test_a_removed_guest_s_reminders_go_and_what_was_to_be_sent(
    client: FlaskClient, booking: Booking
) -> None:
    (bo,) = booking.guests
    gone = bo.id
    assert correct(client, booking, guests="") == 303
    assert db.session.get(Attendee, gone) is None
    for kind in (Email, Reminder):
        left = sa.select(sa.func.count()).where(kind.attendee_id == gone)
        assert db.session.scalar(left) == 0


def test_two_who_correct_at_once_leave_one_of_each_guest(booking: Booking) -> None:
    """The second one read the form before the first was done."""
    booker = booking.booker
    assert booker is not None
    wanted = own.Correction(booker.name, "", "", (), (Guest("C", "cleo@example.com"),))
    assert own.correct(booking, wanted, now=NOW) is not None
    assert own.correct(booking, wanted, now=NOW) is None
    assert guests(booking) == {"cleo@example.com": "C"}


def test_a_form_that_has_no_guests_yet_removes_none(client: FlaskClient, booking: Booking) -> None:
    """A page from before they could be corrected."""
    fields = typed(client, booking, name="Ana Prado")
    del fields["guests"]
    assert client.post(f"{here(booking)}/correct", data=fields).status_code == 303
    assert guests(booking) == {"bo@example.com": "Bo"}
