"""Disconnecting Google and Microsoft, and what is left then."""

import logging
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from bookme.connections import service
from bookme.connections.grants import seals
from bookme.connections.service import Revocation
from bookme.extensions import db
from bookme.models import BusyTime, CalendarEntry, MeetingState, User
from tests import factories
from tests.answers import says
from tests.conftest import NOW
from tests.connections.clouds import (
    ANN,
    GOOGLE,
    MICROSOFT,
    FakeCloud,
    calendars,
    connect,
    expire,
    live,
)
from tests.connections.making import rows
from tests.test_wal import kept_bytes

AsHost = Callable[..., FlaskClient]
#: Ids that only the provider makes up, and one that BookMe gives.
THEIRS, OURS = "AAMkAGI2-of-ann", "bookme0123456789abcdef0123456789abcdef"


def with_entry(host: User, cloud: FakeCloud, external_id: str) -> CalendarEntry:
    """A booking's entry in the host's main calendar, and something else that is on there."""
    main = calendars(host)[ANN]
    entry = CalendarEntry(
        booking=factories.booking(schedule=factories.schedule(host=host)),
        calendar=main,
        provider=cloud.provider,
        calendar_external_id=main.external_id,
        external_id=external_id,
        etag='"etag-of-ann"',
        state=MeetingState.READY,
        made_at=NOW,
    )
    busy = BusyTime(calendar=main, starts_at=NOW, ends_at=NOW, entry_id="event-of-ann")
    db.session.add_all([entry, busy])
    db.session.commit()
    return entry


def disconnect(host: User, as_host: AsHost, cloud: FakeCloud) -> str:
    """Press Disconnect; the page that follows."""
    browser = as_host(host)
    answer = browser.post(f"/connections/{cloud.provider}/disconnect")
    return unescape(browser.get(answer.headers["Location"]).text)


def test_google_is_revoked(host: User, as_host: AsHost, google: FakeCloud) -> None:
    connect(as_host(host), google)
    page = disconnect(host, as_host, google)
    assert "Google is disconnected. We've revoked" in page
    assert list(google.forms[-1]) == ["token"]  # and no secret of ours
    assert google.living(ANN) == []


def test_a_revocation_that_fails_names_the_page(
    host: User, as_host: AsHost, google: FakeCloud
) -> None:
    connect(as_host(host), google)
    google.fails("revoke", says(503, {}))
    page = disconnect(host, as_host, google)
    assert "didn't confirm that BookMe's permission is revoked" in page
    assert 'href="https://myaccount.google.com/connections"' in page
    assert rows(host)[0].access_token_sealed is None


def test_microsoft_names_the_pages_where_the_host_ends_it(
    host: User, as_host: AsHost, microsoft: FakeCloud
) -> None:
    connect(as_host(host), microsoft)
    asked = as_host(host).get("/connections/microsoft/disconnect").text
    said = disconnect(host, as_host, microsoft)
    for page in (asked, said):
        assert 'href="https://myapps.microsoft.com"' in page
        assert 'href="https://account.live.com/consent/Manage"' in page
    assert "We've deleted its tokens" in said
    assert microsoft.calls == ["exchange", "me", "main", "calendars"]  # nothing to revoke with


def test_an_expired_token_of_microsoft_is_not_refreshed_for_nothing(
    host: User, as_host: AsHost, microsoft: FakeCloud
) -> None:
    connect(as_host(host), microsoft)
    made = live(host)
    expire(made)
    assert service.disconnect(made, now=NOW) is Revocation.NOT_POSSIBLE
    assert "refresh" not in microsoft.calls


@pytest.mark.parametrize("external_id", [THEIRS, OURS])
def test_bookings_and_entries_stay_and_name_no_account(
    host: User, as_host: AsHost, cloud: FakeCloud, external_id: str
) -> None:
    connect(as_host(host), cloud)
    entry = with_entry(host, cloud, external_id)
    disconnect(host, as_host, cloud)
    db.session.expire_all()
    assert entry.state is MeetingState.LEFT
    assert (entry.calendar_id, entry.calendar_external_id, entry.etag) == (None, None, None)
    assert entry.external_id == (OURS if external_id == OURS else None)
    assert entry.booking.holds_time
    assert calendars(host) == {}
    assert db.session.scalar(sa.select(sa.func.count(BusyTime.id))) == 0


def test_another_hosts_and_another_providers_entries_stay_as_they_are(
    host: User, as_host: AsHost, google: FakeCloud
) -> None:
    connect(as_host(host), google)
    mine = with_entry(host, google, THEIRS)
    mine.provider = MICROSOFT
    theirs = factories.booking(schedule=factories.schedule(host=factories.host(another=True)))
    other = CalendarEntry(booking=theirs, provider=GOOGLE, external_id=THEIRS)
    db.session.add(other)
    db.session.commit()
    disconnect(host, as_host, google)
    db.session.expire_all()
    assert (mine.state, other.external_id) == (MeetingState.READY, THEIRS)


def test_no_byte_is_left(
    host: User,
    as_host: AsHost,
    cloud: FakeCloud,
    tmp_path: Path,
    hints: list[tuple[str, tuple[int, ...]]],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    connect(as_host(host), cloud)
    with_entry(host, cloud, THEIRS)
    made = live(host)
    gone = {
        name: bytes(getattr(made, name)) for name in seals.NOTHING if name.endswith("_sealed")
    } | {"digest": str(made.user_digest).encode()}
    db.session.commit()
    before = kept_bytes(tmp_path)
    assert all(value in before for value in gone.values())  # the search would find them
    assert THEIRS.encode() in before
    texts = (ANN, "uid-of-", "id-of-", THEIRS, "event-of-ann", "etag-of-ann", ".secret")
    gone |= {text: text.encode() for text in texts}
    disconnect(host, as_host, cloud)
    after = kept_bytes(tmp_path) + repr(hints).encode()
    after += "".join(
        one.getMessage() for one in caplog.records if one.name.startswith("bookme")
    ).encode()
    assert [name for name, value in gone.items() if value in after] == []
