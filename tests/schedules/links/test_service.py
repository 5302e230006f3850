from datetime import timedelta

import pytest
from flask import Flask

from bookme.bookings import links
from bookme.bookings.links import LinkState
from bookme.crypto import fingerprint
from bookme.errors import LinkSpent
from bookme.extensions import db
from bookme.models import BookingLink, BookingStatus
from bookme.schedules.links import service
from tests import factories

NOW = factories.NOW


def test_the_row_holds_a_hash_and_no_secret(app: Flask) -> None:
    schedule = factories.schedule()
    secret = service.create(schedule, days=7, now=NOW)
    link = links.find(schedule, secret)
    assert link is not None
    assert (link.token_hash, link.expires_at) == (fingerprint(secret), NOW + timedelta(days=7))
    assert (len(secret), secret.startswith(link.hint), len(link.hint)) == (32, True, 6)
    assert links.state(link, now=NOW) is LinkState.OPEN
    assert links.state(link, now=NOW + timedelta(days=7)) is LinkState.EXPIRED


@pytest.mark.parametrize("status", [BookingStatus.HELD, BookingStatus.CONFIRMED])
def test_a_link_is_revoked_unless_somebody_has_booked(app: Flask, status: BookingStatus) -> None:
    booking = factories.booking(status=status)
    link = BookingLink(
        schedule=booking.schedule,
        token_hash="x",
        hint="x",
        uses_left=0,
        booking=booking,
        created_at=NOW,
    )
    db.session.add(link)
    db.session.commit()
    if status is BookingStatus.HELD:
        service.revoke(link, now=NOW)
        assert links.shown_state(link, now=NOW) is LinkState.REVOKED
    else:
        with pytest.raises(LinkSpent):
            service.revoke(link, now=NOW)
        assert link.revoked_at is None


def test_links_are_listed_newest_first_a_page_at_a_time(app: Flask) -> None:
    schedule = factories.schedule()
    service.create(factories.schedule(host=schedule.host, slug="other"), days=None, now=NOW)
    for _ in range(service.PAGE + 2):
        service.create(schedule, days=None, now=NOW)
    first = service.page(schedule)
    rest = service.page(schedule, before=first.more)
    ids = [link.id for link in first.links + rest.links]
    assert (len(first.links), len(rest.links), rest.more) == (service.PAGE, 2, None)
    assert ids == sorted(set(ids), reverse=True)
