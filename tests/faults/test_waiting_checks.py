"""The checks of bookings that wait for an answer, and of guests."""

from dataclasses import replace
from typing import Any

import pytest

from bookme.models import BookingStatus
from tests.faults import checks
from tests.faults.entry_checks import entries
from tests.faults.mails import mails
from tests.faults.persons import GONE
from tests.faults.staged import BOOKER, HOST, Shown, asking, entry, known, mail, meeting, seen

GUEST = "bo@guests.example"
PENDING = {"status": BookingStatus.PENDING, "history": ("requested",), "spans": ()}
ASKED = {"bookings": [known(**PENDING)], "meetings": [], "entries": []}


@pytest.mark.parametrize("to", [BOOKER, HOST])
def test_a_request_is_told_as_one(to: str) -> None:
    other = asking(HOST if to == BOOKER else BOOKER)
    assert list(mails(seen(**ASKED, mail=[other, asking(to)]))) == []
    assert "was told nothing" in " ".join(mails(seen(**ASKED, mail=[other])))
    early = " ".join(mails(seen(**ASKED, mail=[other, mail(to=to)])))
    assert "says confirmed, which it never was" in early
    assert "into a calendar what was never confirmed" in early
    twice = [other, asking(to), asking(to, kind="2.requested")]
    assert "was told of the request twice" in " ".join(mails(seen(**ASKED, mail=twice)))


def test_nothing_is_made_for_what_waits_for_an_answer() -> None:
    assert [*checks.meetings(seen(**ASKED)), *entries(seen(**ASKED))] == []
    made = ASKED | {"meetings": [meeting(deleted_at="now")]}
    assert "before it was confirmed" in " ".join(checks.meetings(seen(**made)))
    made = ASKED | {"entries": [entry(is_deleted=True)]}
    assert "was never confirmed" in " ".join(checks.meetings(seen(**made)))


def test_what_was_held_in_vain_leaves_no_trace() -> None:
    none: dict[str, Any] = {"bookings": [], "meetings": [], "entries": []}
    held = asking(BOOKER, kind="0.confirm", subject="Confirm your booking: x")
    gone = Shown(status=GONE)
    assert [*checks.people(seen(**none), [gone]), *mails(seen(**none, mail=[held]))] == []
    assert "whom it does not concern" in " ".join(mails(seen(**none, mail=[asking(HOST)])))
    left = none | {"meetings": [meeting(deleted_at="now")], "entries": [entry(is_deleted=True)]}
    assert "is nobody's" in " ".join(checks.meetings(seen(**left)))
    assert "is nobody's" in " ".join(entries(seen(**left)))


def test_guests_are_told_and_cannot_change_anything() -> None:
    brings = seen(bookings=[known(guests=(GUEST,))])
    told = [mail(), mail(to=HOST), mail(to=GUEST)]
    assert list(mails(replace(brings, mail=told))) == []
    assert "to the guest: was told nothing" in " ".join(mails(replace(brings, mail=told[:2])))
    told[2] = mail(to=GUEST, text="Change it: http://bookme.test/booking/token")
    assert "gives somebody else" in " ".join(mails(replace(brings, mail=told)))


def test_the_same_is_not_said_twice() -> None:
    again = mail("2.moved", subject="Rescheduled: x")
    told = [mail(), again, mail("3.moved", subject="Rescheduled: x"), mail(to=HOST)]
    assert "says what" in " ".join(mails(seen(mail=told)))
