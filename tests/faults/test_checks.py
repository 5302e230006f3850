"""Each check says nothing of what is right, and something of each way to be wrong."""

import json
from datetime import timedelta
from typing import Any

import pytest

from tests.faults import checks, leaks
from tests.faults.mails import mails
from tests.faults.staged import BOOKER, HOST, LINK, REFERENCE, START, known, mail, meeting, seen

HOUR = timedelta(hours=1)
CANCELLED = {"is_confirmed": False, "meeting_id": None, "join_url": None}
GONE = {"connected": set()}
OLD = START - HOUR
ENDED = mail("3.cancelled", subject="Cancelled: x", method="CANCEL", sequence=1)


def test_what_is_right_is_not_complained_of() -> None:
    right = seen()
    for check in (checks.meetings, checks.removals, checks.unrest, mails):
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
        ({"bookings": [known(**CANCELLED)], **GONE}, "its history does not say why"),
        ({"bookings": [known(meeting_id=None)], **GONE}, "unexplained"),
        ({"meetings": [meeting(), meeting(id=86)], **GONE}, "unexplained"),
    ],
)
def test_meetings(changes: dict[str, Any], complaint: str) -> None:
    assert complaint in " ".join(checks.meetings(seen(**changes)))


@pytest.mark.parametrize("why", [{"history": ("meeting_left",)}, {"looks_again": True}])
def test_meetings_that_were_left_are_explained_by_their_booking(why: dict[str, Any]) -> None:
    left = known(is_confirmed=False, **why)
    assert list(checks.meetings(seen(bookings=[left], **GONE))) == []


@pytest.mark.parametrize(
    "booking", [known(due_at=START), known(lease_until=START), known(waiting_mails=1)]
)
def test_what_is_on_its_way_is_no_rest(booking: Any) -> None:
    assert list(checks.unrest(seen(bookings=[booking])))


@pytest.mark.parametrize("changes", [{}, {"starts_at": OLD}, {"is_cancelled": True}])
def test_people(changes: dict[str, Any]) -> None:
    booked = _Booked(**changes)
    assert bool(list(checks.people(seen(), [booked]))) is bool(changes)
    assert list(checks.people(seen(bookings=[]), [booked])) == ["the booking of Quirin is lost"]
    assert "was made by nobody" in " ".join(checks.people(seen(), []))


class _Booked:
    token, name = "token", "Quirin"

    def __init__(self, starts_at: Any = START, is_cancelled: bool = False) -> None:
        self.starts_at, self.is_cancelled = starts_at, is_cancelled


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
        ([mail(), ENDED], "was told last that it is off"),
        ([mail(sequence=2), mail("2.moved", subject="New time: x")], "older than"),
        ([mail(start=OLD), mail("2.moved", subject="New time: x")], "under an old number"),
        ([mail(), mail("2.moved", start=OLD, sequence=1)], "another time last"),
        ([mail(place="Zoom")], "another link last, or none"),
    ],
)
def test_mails(told: list[dict[str, Any]], complaint: str) -> None:
    assert complaint in " ".join(mails(seen(mail=[*told, mail(to=HOST)])))


def test_who_was_told_of_a_booking_is_told_of_its_end() -> None:
    off = {"bookings": [known(**CANCELLED)], "meetings": [meeting(deleted_at="now")]}
    assert list(mails(seen(**off, mail=[]))) == [], "nobody was told of it"
    assert "last that it is on" in " ".join(mails(seen(**off, mail=[mail()])))
    assert list(mails(seen(**off, mail=[mail(), ENDED]))) == []


def test_a_message_that_came_twice_is_one_message() -> None:
    assert list(mails(seen(mail=[mail(), mail(), mail(to=HOST)]))) == []


def test_secrets_are_found() -> None:
    named = {"geheim": "a join link", BOOKER: "a booker's e-mail"}
    assert leaks.found(LINK.encode(), named) == {"a join link"}
    assert leaks.found(f"GET /callback?code=x {BOOKER}".encode(), named) == {
        "a booker's e-mail",
        "a callback's query",
    }
    assert leaks.found(REFERENCE.encode(), named) == set()
