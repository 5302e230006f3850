"""Each check says nothing of what is right, and something of each way to be wrong."""

import json
from datetime import timedelta
from typing import Any

import pytest

from bookme.models import BookingStatus
from tests.faults import checks, leaks
from tests.faults.entries import placed
from tests.faults.entry_checks import entries
from tests.faults.mails import mails
from tests.faults.reminder_checks import reminders
from tests.faults.staged import (
    BOOKER,
    HOST,
    LINK,
    MEET,
    REFERENCE,
    START,
    Shown,
    entry,
    known,
    known_entry,
    mail,
    meeting,
    plain,
    seen,
    with_meet,
)

HOUR = timedelta(hours=1)
CANCELLED = {"status": BookingStatus.CANCELLED, "meeting_id": None, "join_url": None}
AWAY: dict[str, Any] = {"connected": set()}
GUEST = "bo@guests.example"
OLD = START - HOUR
ENDED = mail("3.cancelled", subject="Cancelled: x", method="CANCEL", sequence=1)


@pytest.mark.parametrize("changes", [{}, with_meet()], ids=["Zoom", "Meet"])
def test_what_is_right_is_not_complained_of(changes: dict[str, Any]) -> None:
    right = seen(**changes)
    for check in (checks.meetings, entries, checks.removals, checks.unrest, mails, reminders):
        assert list(check(right)) == []


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"meetings": []}, "has 0 meetings"),
        ({"meetings": [meeting(deleted_at="now")]}, "has 0 meetings"),
        ({"meetings": [meeting(), meeting(id=86)]}, "has 2 meetings"),
        ({"meetings": [meeting(), meeting(reference=None)]}, "is nobody's"),
        ({"meetings": [meeting(start_time="2027-03-02T08:00:00Z")]}, "the meeting is"),
        ({"meetings": [meeting(duration=45)]}, "the meeting is"),
        ({"meetings": [meeting(id=86)]}, "the meeting is"),
        ({"meetings": [meeting(password="other")]}, "another link or passcode"),
        ({"bookings": [known(**CANCELLED)]}, "has 1 meetings"),
        ({"bookings": [known(**CANCELLED)], **AWAY}, "its history does not say why"),
        ({"bookings": [known(meeting_id=None)], **AWAY}, "unexplained"),
        ({"bookings": [known(video="google_meet")]}, "at Zoom as well"),
        ({"meetings": [meeting(), meeting(id=86)], **AWAY}, "unexplained"),
    ],
)
def test_meetings(changes: dict[str, Any], complaint: str) -> None:
    assert complaint in " ".join(checks.meetings(seen(**changes)))


@pytest.mark.parametrize("why", [{"history": ("booked", "meeting_left")}, {"looks_again": True}])
def test_meetings_that_were_left_are_explained_by_their_booking(why: dict[str, Any]) -> None:
    left = known(status=BookingStatus.CANCELLED, **why)
    assert list(checks.meetings(seen(bookings=[left], **AWAY))) == []


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"entries": []}, "has 0 entries"),
        ({"entries": [entry(is_deleted=True)]}, "has 0 entries"),
        ({"entries": [entry(), entry(id="e2")]}, "has 2 entries"),
        ({"entries": [entry(), entry(id="e2", reference="")]}, "is nobody's"),
        ({"entries": [entry(id="e2")]}, "its entry is e2 at google"),
        ({"entries": [entry(starts_at=OLD)]}, "is at"),
        ({"entries": [entry(ends_at=START + HOUR)]}, "for 60"),
        ({"entries": [entry(title="Call: Wilma")]}, "is called Call: Wilma"),
        ({"entries": [entry(place="Zoom")]}, "is at Zoom"),
        ({"entries": [entry(text="")]}, "does not say how to join"),
        ({"entries": [entry(), entry(provider="icloud")]}, "its history does not say why"),
        ({"bookings": [known(**CANCELLED)]}, "has 1 entries"),
        ({"bookings": [known(entry=known_entry(provider=""))]}, "knows nothing"),
        (with_meet(link=""), "carries no meeting"),
        (with_meet(link=LINK), f"carries {LINK}"),
        (with_meet(is_main=False), "not in the main calendar"),
        ({"entries": [entry(), entry(id="e2")], **AWAY}, "was left with 2 entries"),
        ({"bookings": [known(**CANCELLED)], **AWAY}, "its history does not say why"),
    ],
)
def test_entries(changes: dict[str, Any], complaint: str) -> None:
    assert complaint in " ".join(entries(seen(**changes)))


@pytest.mark.parametrize(
    "why", [{}, {**CANCELLED, "history": ("booked", "entry_left")}], ids=["confirmed", "cancelled"]
)
def test_entries_in_a_calendar_that_was_left_are_explained(why: dict[str, Any]) -> None:
    assert list(entries(seen(bookings=[known(**why)], **AWAY))) == []


def test_entries_are_read_alike_at_all_providers() -> None:
    way = f"http://bookme.test/dashboard/bookings/{REFERENCE}"
    start, end = "2027-03-02T09:00:00.000000Z", "2027-03-02T09:30:00+00:00"
    times = {"start_at": start, "end_at": end, "made_by": "app", "id": "e1", "main": 1, "user": "m"}
    kept = {**times, "deleted_at": None, "link_key": "k"}
    google = {"summary": "Call", "location": "Zoom", "description": way}
    page = {"contentType": "html", "content": f"<a>{way}</a>"}
    outlook = {"subject": "Call", "location": {"displayName": "Zoom"}, "body": page}
    events = [
        {**kept, "provider": "google", "body": google},
        {**kept, "provider": "microsoft", "body": outlook},
        {**kept, "provider": "google", "body": google, "made_by": "user"},
    ]
    icloud = [{**times, "title": "Call", "place": "Zoom", "notes": way}]
    found = placed(events, icloud, "http://sandbox.test")
    assert [one.provider for one in found] == ["google", "microsoft", "icloud"]
    read = {(one.title, one.place, one.reference, one.starts_at, one.is_main) for one in found}
    assert read == {("Call", "Zoom", REFERENCE, START, True)}
    assert [one.link.rpartition("/")[2] for one in found] == ["k", "k", ""]


@pytest.mark.parametrize(
    "booking",
    [
        known(due_at=START),
        known(lease_until=START),
        known(waiting_mails=1),
        known(reminds_at=START),
        known(entry=known_entry(is_moving=True)),
    ],
)
def test_what_is_on_its_way_is_no_rest(booking: Any) -> None:
    assert list(checks.unrest(seen(bookings=[booking])))


@pytest.mark.parametrize(
    "changes", [{}, {"starts_at": OLD}, {"status": "cancelled"}, {"guests": ("bo@guests.example",)}]
)
def test_people(changes: dict[str, Any]) -> None:
    booked = Shown(**changes)
    assert bool(list(checks.people(seen(), [booked]))) is bool(changes)
    assert list(checks.people(seen(bookings=[]), [booked])) == ["the booking of Quirin is lost"]
    assert "was made by nobody" in " ".join(checks.people(seen(), []))


def test_removals() -> None:
    payload = {"user_id": "u", "signature": "s"}
    event = {"id": 1, "event": "app_deauthorized", "status": 200, "answer": ""}
    event |= {"body": json.dumps({"payload": payload})}
    confirmed = [{"body": {"deauthorization_event_received": payload}}]
    assert list(checks.removals(seen(webhooks=[event], compliance=confirmed))) == []
    assert list(checks.removals(seen(webhooks=[event])))
    assert list(checks.removals(seen(webhooks=[event | {"status": 500}], compliance=confirmed)))


@pytest.mark.parametrize(
    ("told", "complaint"),
    [
        ([], "was told nothing"),
        ([mail(refusal="broken")], "was refused"),
        ([mail(), mail(to="eve@example.com")], "whom it does not concern"),
        ([mail(), mail(place="Zoom")], "came with two contents"),
        ([mail(), mail(text="There is no video link.")], "came with two contents"),
        ([mail(), mail("2.booked")], "as of a new one twice"),
        ([mail(start=START + HOUR)], "a time that it never had"),
        ([mail(place="http://zoom.test/j/9")], "a link of no meeting of it"),
        ([mail(), ENDED], "tells of an end that never was"),
        ([mail(), ENDED], "was told last that it is cancelled"),
        ([mail(sequence=2), mail("2.moved", subject="Rescheduled: x")], "older than"),
        ([mail(start=OLD), mail("2.moved", subject="Rescheduled: x")], "under an old number"),
        ([mail(), mail("2.moved", start=OLD, sequence=1)], "another time last"),
        ([mail(place="Zoom")], "another link last, or none"),
        ([mail(place="Google Meet")], "a link of no meeting of it"),
    ],
)
def test_mails(told: list[dict[str, Any]], complaint: str) -> None:
    assert complaint in " ".join(mails(seen(mail=[*told, mail(to=HOST)])))


@pytest.mark.parametrize(
    ("told", "complaint"),
    [
        ([plain()], ""),
        ([mail(to=HOST), plain(), mail("2.link", to=HOST)], "came with two contents"),
        ([plain(when="10:00 to 10:30")], "a time that it never had"),
        ([plain(when="09:00 to Wednesday, 3 March 2027, 08:30")], "a time that it never had"),
        ([plain(place="http://zoom.test/j/9")], "a link of no meeting of it"),
        ([plain(place="Zoom")], "another link last, or none"),
    ],
)
def test_what_is_told_without_a_file(told: list[dict[str, Any]], complaint: str) -> None:
    found = " ".join(mails(seen(mail=[mail(), *told])))
    assert complaint in found
    assert bool(found) is bool(complaint)


def test_mails_of_a_meeting_in_an_entry() -> None:
    wrong = with_meet() | {"mail": [mail(place=LINK), mail(to=HOST, place=MEET)]}
    assert "a link of no meeting of it" in " ".join(mails(seen(**wrong)))


def test_who_was_told_of_a_booking_is_told_of_its_end() -> None:
    off = {"bookings": [known(**CANCELLED)], "meetings": [meeting(deleted_at="now")]}
    assert list(mails(seen(**off, mail=[]))) == [], "nobody was told of it"
    assert "last that it is confirmed" in " ".join(mails(seen(**off, mail=[mail()])))
    assert list(mails(seen(**off, mail=[mail(), ENDED]))) == []


def test_a_message_that_came_twice_is_one_message() -> None:
    assert list(mails(seen(mail=[mail(), mail(), mail(to=HOST)]))) == []


def test_a_host_may_have_done_what_he_was_asked_before_the_copy_came() -> None:
    asks = mail(to=HOST, text="There is no video link.")
    assert list(mails(seen(mail=[mail(), asks, mail(to=HOST)]))) == []


def test_secrets_are_found() -> None:
    named = {"geheim": "a join link", BOOKER: "a booker's e-mail"}
    assert leaks.found(LINK.encode(), named) == {"a join link"}
    assert leaks.found(f"GET /callback?code=x {BOOKER}".encode(), named) == {
        "a booker's e-mail",
        "a callback's query",
    }
    assert leaks.found(REFERENCE.encode(), named) == set()
