"""Calendar clients at noon, a request for an entry, and APIs whose requests are checked against
their own descriptions.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from responses import RequestsMock

from bookme.providers.calendar import EntryRequest
from bookme.providers.google.client import GoogleCalendar
from bookme.providers.icloud.client import ICloudCalendar
from bookme.providers.microsoft.client import OutlookCalendar
from tests.providers import discovery, graph
from tests.providers.radicale import PASSWORD, USER, Front, Radicale

NOON = datetime(2027, 3, 8, 12, 0, tzinfo=UTC)
TOKEN = "SECRET-TOKEN"
#: What is read for busy times unless a test says otherwise.
BEGIN = datetime(2027, 3, 8, tzinfo=UTC)
END = datetime(2027, 3, 15, tzinfo=UTC)


def request(**fields: Any) -> EntryRequest:
    """Intro call with Ana, Thursday 11 March 2027, 09:00 to 09:30 UTC, host in Lisbon."""
    defaults: dict[str, Any] = dict(
        reference="3f2504e04f8941d39a0c0305e82c3301",
        attempt=1,
        title="Intro call: Ana Costa",
        text="Ana Costa, ana@example.com\nLooking forward!",
        location="https://zoom.us/j/92674392836",
        starts_at=datetime(2027, 3, 11, 9, 0, tzinfo=UTC),
        ends_at=datetime(2027, 3, 11, 9, 30, tzinfo=UTC),
        zone="Europe/Lisbon",
        url="https://bookme.example/dashboard/bookings/3f25",
        wants_meeting=False,
    )
    return EntryRequest(**{**defaults, **fields})


@pytest.fixture
def clock() -> Callable[[], datetime]:
    return lambda: NOON


@pytest.fixture
def google(clock: Callable[[], datetime], api: RequestsMock) -> Iterator[GoogleCalendar]:
    """Google's client. Whatever it sent is checked against Google's own description."""
    yield GoogleCalendar(
        "https://www.googleapis.com/calendar/v3", TOKEN, zone="Europe/Lisbon", clock=clock
    )
    for call in api.calls:
        discovery.check(call.request)


@pytest.fixture
def outlook(clock: Callable[[], datetime], api: RequestsMock) -> Iterator[OutlookCalendar]:
    """Microsoft's client. Whatever it sent is checked against the description of the API."""
    yield OutlookCalendar(
        "https://graph.microsoft.com/v1.0", TOKEN, zone="Europe/Lisbon", clock=clock
    )
    for call in api.calls:
        graph.check(call.request)


@pytest.fixture(scope="package")
def _radicale(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Radicale]:
    server = Radicale(tmp_path_factory.mktemp("radicale"))
    yield server
    server.stop()


@pytest.fixture
def front() -> Iterator[Front]:
    """iCloud as it shows itself, with no calendar behind it unless :func:`radicale` is asked for.
    Nothing may have been asked that iCloud refuses.
    """
    server = Front()
    yield server
    server.close()
    assert server.refused == []


@pytest.fixture
def radicale(_radicale: Radicale, front: Front) -> Radicale:
    """The CalDAV server behind it, with one empty calendar, ``work``."""
    front.behind = _radicale.url
    _radicale.empty()
    _radicale.make_calendar("work", "<D:displayname>Work</D:displayname>")
    return _radicale


@pytest.fixture
def icloud(front: Front, clock: Callable[[], datetime]) -> ICloudCalendar:
    """iCloud's client, which may send the password to two of the machine's names."""
    hosts = ["localhost", "127.0.0.1"]
    return ICloudCalendar(
        front.url, USER, PASSWORD, hosts=hosts, zone="Europe/Lisbon", clock=clock, deadline=20
    )


@pytest.fixture
def work(front: Front) -> str:
    """The id of the calendar ``work``."""
    return f"{front.home}work/"
