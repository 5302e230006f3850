"""Forms made by hand, and programs that follow every link: whatever they send is answered in words,
and looking changes nothing.
"""

from collections.abc import Callable, Iterator
from hashlib import sha256
from urllib.parse import urlsplit

import sqlalchemy as sa
from bs4 import BeautifulSoup, Tag
from flask import Flask
from flask.testing import FlaskClient

from bookme.bookings import email_proof, guests
from bookme.bookings.email_proof import Right
from bookme.extensions import db
from tests.examples import IN_TWO_PARTS, of_part
from tests.words import visits
from tests.words.world import World, build

AsHost = Callable[..., FlaskClient]
Pairs = list[tuple[str, str]]
#: No number, no time, no choice, more than fits.
JUNK = ["x", "9" * 40, "2027-13-45T99:99:99Z", "\u202e'\"><b>{{7*7}}\r\nBcc: x@y.z", "ä" * 10_000]


def bookers_pages(world: World) -> Iterator[str]:
    """What the links in mails lead to."""
    held, person = world.held["person"], world.bookings["person"]
    yield f"/booking/confirm/{email_proof.token(held, Right.CONFIRM)}"
    yield f"/booking/held/{email_proof.token(held, Right.LOOK)}"
    own = f"/booking/{person.token}"
    yield from (own, f"{own}/cancel", f"{own}/reschedule?at=2027-03-08T09:00:00Z")
    yield from (f"{own}/data/correct", f"{own}/data/delete", "/booking/find")
    yield from (urlsplit(guests.link(one)).path for one in person.guests)
    yield from map(visits.reminders_page, person.attendees)


def hosts_pages(world: World) -> Iterator[str]:
    pending, person, past = (world.bookings[name] for name in ("pending", "person", "past"))
    of_pending, of_person = (f"/dashboard/bookings/{one.reference}" for one in (pending, person))
    yield from (of_pending, f"{of_pending}/accept", f"{of_pending}/decline")
    yield from (of_person, f"{of_person}/ask", f"{of_person}/cancel", f"{of_person}/reschedule")
    yield from (f"/dashboard/bookings/{past.reference}{more}" for more in ("", "/erase"))
    yield f"/dashboard/book/{person.schedule_id}/for?at=2027-03-08T09:00:00Z"
    yield "/dashboard/feed"


def forms(client: FlaskClient, pages: list[str]) -> dict[str, Pairs]:
    """The forms that these pages send by POST, by their address, with what they hold at first."""
    found = {}
    for page in pages:
        for form in soup(client, page).select("main form[method=post]"):
            fields = form.select("input[name], select[name], textarea[name], button[name]")
            found[str(form["action"])] = [(str(one["name"]), value(one)) for one in fields]
    return found


def soup(client: FlaskClient, page: str) -> BeautifulSoup:
    return BeautifulSoup(client.get(page).data, "html.parser")


def value(field: Tag) -> str:
    return str(field.get("value") or field.get_text() or "1")


def variants(fields: Pairs) -> Iterator[Pairs]:
    """Ways to send a form that none of ours does."""
    yield []
    yield fields * 2
    yield [(f"{name}-0-{name}", typed) for name, typed in fields]
    for junk in JUNK:
        yield [(name, junk) for name, _ in fields]
    yield [(name, JUNK[nth % len(JUNK)]) for nth, (name, _) in enumerate(fields)]


def contents() -> str:
    """A hash of all rows, without when a session was seen and a calendar's page visited last."""
    digest = sha256()
    for table in db.metadata.sorted_tables:
        columns = [one for one in table.columns if one.name not in ("seen_at", "visited_at")]
        rows = db.session.execute(sa.select(*columns).order_by(*table.primary_key))
        digest.update(repr([tuple(row) for row in rows]).encode())
    db.session.rollback()
    return digest.hexdigest()


def pages_of(world: World) -> list[str]:
    first = "/mara/person/book?at=2027-03-03T09:00:00Z"
    return [first, *bookers_pages(world), *hosts_pages(world)]


def test_no_link_that_is_followed_does_anything(app: Flask, as_host: AsHost) -> None:
    world = build()
    mara, before = as_host(world.mara), contents()
    pages = pages_of(world)
    links = (soup(mara, page).select("main a[href^='/']") for page in pages)
    for path in {str(link["href"]).partition("#")[0] for found in links for link in found}:
        mara.get(path)
    assert contents() == before


@IN_TWO_PARTS
def test_no_form_made_by_hand_is_an_error_of_ours(app: Flask, as_host: AsHost, part: str) -> None:
    world = build()
    mara = as_host(world.mara)
    found, wrong = forms(mara, pages_of(world)), []
    assert len(found) > 15
    made = ((action, sent) for action, fields in found.items() for sent in variants(fields))
    for action, sent in of_part(part, made, one_in=3):
        data: dict[str, list[str]] = {}
        for name, typed in sent:
            data.setdefault(name, []).append(typed)
        answer = mara.post(action, data=data)
        if answer.status_code >= 500:
            wrong.append((action, [(name, typed[:20]) for name, typed in sent][:5]))
    assert wrong == []
