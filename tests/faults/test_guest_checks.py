"""The checks of guests who leave, and of single-use links."""

from datetime import timedelta
from typing import Any

import pytest

from bookme.crypto import fingerprint
from tests.faults.guest_checks import guests, links
from tests.faults.mails import mails
from tests.faults.persons import GONE
from tests.faults.staged import BOOKER, HOST, START, Shown, entry, known, mail, reminder, seen

GUEST = "bo@guests.example"
LEFT = {"left": {GUEST: START}}
LINK = fingerprint("secret")


def to_guest(seconds: float) -> dict[str, Any]:
    return mail(to=GUEST, at=(START + timedelta(seconds=seconds)).isoformat())


def test_who_has_left_is_told_nothing_more() -> None:
    before = seen(mail=[mail(), mail(to=HOST), to_guest(1)], **LEFT)
    assert [*guests(before), *mails(before)] == []
    assert "whom it does not concern" in " ".join(mails(seen(mail=[*before.mail])))
    after = seen(mail=[mail(), mail(to=HOST), to_guest(20)], **LEFT)
    assert "a guest who had left" in " ".join(guests(after))
    late = reminder(to=GUEST, at=START + timedelta(seconds=20))
    assert "a guest who had left" in " ".join(guests(seen(mail=[late], **LEFT)))


def test_calendars_name_who_comes() -> None:
    named, bare = entry(text=f"Guests: {GUEST}"), entry(text="")
    comes = {"bookings": [known(guests=(GUEST,))], "mail": []}
    assert list(guests(seen(**comes, entries=[named]))) == []
    assert "does not name" in " ".join(guests(seen(**comes, entries=[bare])))
    assert list(guests(seen(mail=[], entries=[bare], **LEFT))) == []
    assert "has left" in " ".join(guests(seen(mail=[], entries=[named], **LEFT)))


@pytest.mark.parametrize(
    ("there", "booked", "is_right"),
    [
        ({LINK: (0, BOOKER)}, {"link": "secret"}, True),
        ({LINK: (1, "")}, {"link": "secret", "status": GONE}, True),
        ({LINK: (0, BOOKER), "other": (1, "")}, {"link": "secret"}, True),
        ({LINK: (0, "eve@example.com")}, {"link": "secret"}, False),
        ({LINK: (1, "")}, {"link": "secret"}, False),
        ({LINK: (0, "")}, {"link": "secret", "status": GONE}, False),
        ({}, {"link": "secret"}, False),
        ({LINK: (0, BOOKER)}, {}, False),
    ],
)
def test_links(there: dict[str, Any], booked: dict[str, Any], is_right: bool) -> None:
    assert (not list(links(seen(links=there), [Shown(**booked)]))) is is_right
