"""What a reviewer of the Marketplace does with the account that the operator has made for them.

One walk, in the order of the test plan in docs/reviews.md: add, book, move, lose a meeting, cancel,
remove, and then look for what is left.
"""

import re
from contextlib import closing
from typing import Any
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa

from bookme.models import Connection, Deauthorization, User
from tests.patience import wait_until
from tests.people import Host, Offer, allow, fill_in, free_times, letter, link_in, move, new_booker
from tests.sandbox_process import CHLOE
from tests.system import System
from tests.visitor import Visitor

EMAIL = "reviews@operator.example"
#: Of a connection: all that names or opens the account at Zoom.
_KEPT = (
    *(Connection.label_sealed, Connection.user_id_sealed, Connection.account_id_sealed),
    *(Connection.access_token_sealed, Connection.refresh_token_sealed, Connection.user_digest),
)


@pytest.fixture
def host(system: System) -> Host:
    """The reviewer, who was given what the command says."""
    said = dict(re.findall(r"^(\S+): +(\S+)$", system.command("reviewer", EMAIL), re.MULTILINE))
    browser = Visitor(system.url).open("/sign-in")
    browser.press("Sign in", email=said["E-mail"], password=said["Password"])
    assert "/dashboard" in browser.url, browser.text
    return Host(EMAIL, said["Page"].strip("/"), browser, system)


def test_a_reviewers_walk(host: Host) -> None:
    offer = Offer(f"{host.system.url}/{host.handle}/zoom", "Zoom meeting", host.system)
    adds_it_from_the_marketplace(host, offer)
    reader, booker = books(offer)
    moves(offer, booker)
    loses_the_meeting_and_moves(offer, booker)
    cancels(offer, booker, reader)
    left = offer.meetings()
    told = removes_it_in_the_marketplace(host)
    nothing_is_left(host.system, told)
    assert offer.meetings() == left, "existing meetings stay"


def adds_it_from_the_marketplace(host: Host, offer: Offer) -> None:
    """``user:read:user``, and ``meeting:write:meeting`` for the booking that waited for it."""
    assert offer.meetings() == []
    market = f"{host.system.sandbox.web_url}/zoom/marketplace"
    browser = host.browser.open(market).click("Visit Site to Add")
    allow(browser.press("Connect Zoom"), CHLOE)
    assert urlsplit(browser.url).path == "/connections"
    assert CHLOE in browser.text
    browser.click("Expand").press("Test connection")
    assert "The connection works." in browser.text
    wait_until(lambda: len(offer.meetings()) == 1, "the booking that waited has its meeting")


def books(offer: Offer) -> tuple[str, Visitor]:
    """``meeting:write:meeting``"""
    reader = new_booker()
    booker = Visitor(offer.url).open(f"{offer.url}?zone=Europe/Lisbon")
    fill_in(booker.open(free_times(booker)[0]), reader)
    said = letter(offer.system, reader, "Confirmed")
    links = [one["join_url"] for one in offer.meetings()]
    assert len(links) == 2
    assert link_in(said, "/zoom/") in links
    return reader, booker


def moves(offer: Offer, booker: Visitor) -> None:
    """``meeting:update:meeting``"""
    start = move(booker.open(booker.url).click("Reschedule booking"), nth=2)
    wait_until(lambda: f"{start:%Y-%m-%dT%H:%M:%SZ}" in starts(offer), "the meeting has moved")


def loses_the_meeting_and_moves(offer: Offer, booker: Visitor) -> None:
    """``meeting:read:meeting``: somebody has deleted it at Zoom, so another one is made."""
    [link] = booker.open(booker.url).links("#meeting a.main")
    [lost] = [one for one in offer.meetings() if one["join_url"] == link]
    offer.system.sandbox.control(f"meetings/{lost['id']}", {"delete": True})
    start = move(booker.open(booker.url).click("Reschedule booking"), nth=4)
    wait_until(lambda: f"{start:%Y-%m-%dT%H:%M:%SZ}" in starts(offer), "there is another meeting")


def cancels(offer: Offer, booker: Visitor, reader: str) -> None:
    """``meeting:delete:meeting``"""
    booker.open(booker.url).click("Cancel booking").press("Cancel booking")
    letter(offer.system, reader, "Cancelled")
    wait_until(lambda: len(offer.meetings()) == 1, "its meeting is deleted")


def removes_it_in_the_marketplace(host: Host) -> dict[str, Any]:
    """Removal; what Zoom is told then, once."""
    sandbox = host.system.sandbox
    before = len(sandbox.state("compliance")["compliance"])
    Visitor(sandbox.web_url).open("/zoom/marketplace").press("Remove", near=CHLOE)
    letter(host.system, host.email, "BookMe was removed from your Zoom account")
    told = wait_until(lambda: sandbox.state("compliance")["compliance"][before:], "confirmation")
    assert len(told) == 1
    assert CHLOE not in host.open("/connections").text
    return dict(told[0])


def nothing_is_left(system: System, told: dict[str, Any]) -> None:
    """Data of the account at Zoom: none in the row, none in the payload that was owed."""
    assert told["event_known"]
    assert told["body"]["compliance_completed"] is True
    engine = sa.create_engine(system.environ["DATABASE_URL"])
    with closing(engine.connect()) as database:
        theirs = sa.select(*_KEPT).join(User).where(User.email == EMAIL)
        rows = database.execute(theirs).all()
        owed = sa.select(Deauthorization.id).where(Deauthorization.payload_sealed.is_not(None))
        wait_until(lambda: not database.execute(owed).all(), "no payload is kept")
    engine.dispose()
    assert [set(row) for row in rows] == [{None}]


def starts(offer: Offer) -> set[str]:
    """When its meetings at Zoom begin."""
    return {str(one["start_time"]) for one in offer.meetings()}
