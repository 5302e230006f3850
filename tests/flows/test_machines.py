"""Three web processes on two machines, with a folder for state each, behave as one."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
import requests

from tests.databases import Postgres
from tests.flows.machines import Machines, two_machines
from tests.people import Host, Offer, letter, new_booker, new_host
from tests.sandbox_process import BEN

#: Tries of what the end of a minute may spoil.
_TRIES = 3


@pytest.fixture(scope="module")
def machines(tmp_path_factory: pytest.TempPathFactory, postgres: Postgres) -> Iterator[Machines]:
    with two_machines(tmp_path_factory.mktemp("machines"), postgres) as both:
        yield both


@pytest.fixture(scope="module")
def host(machines: Machines) -> Host:
    """Signed in and connected to Zoom at the first machine."""
    made = new_host(machines.first)
    made.connect_zoom(BEN)
    return made


@pytest.fixture(scope="module")
def offer(host: Host) -> Offer:
    return host.publish(video_provider="zoom")


def send(url: str, offer: Offer, at: datetime, email: str) -> requests.Response:
    """Send a booking form to one of the machines."""
    form = {
        "starts_at": f"{at:%Y-%m-%dT%H:%M:%SZ}",
        "form_key": uuid4().hex,
        "zone": "Europe/Lisbon",
        "name": "Ana Costa",
        "email": email,
    }
    address = f"{url}{urlsplit(offer.url).path}/book"
    return requests.post(address, data=form, timeout=30, allow_redirects=False)


def ahead(hours: int) -> datetime:
    now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    return now + timedelta(days=1, hours=hours)


def test_who_signs_in_at_one_is_signed_in_at_the_other(machines: Machines) -> None:
    made = new_host(machines.first)
    cookies = made.browser.cookies

    def seen() -> list[int]:
        return [
            requests.get(
                f"{url}/dashboard", cookies=cookies, timeout=30, allow_redirects=False
            ).status_code
            for url in machines.urls
        ]

    assert seen() == [200, 200]
    made.open("/account").press("Sign out")
    assert seen() == [303, 303]


def test_limits_count_what_is_sent_to_either(machines: Machines) -> None:
    sent = [
        requests.post(f"{url}/report", data={"page": ""}, timeout=30).status_code
        for url in machines.urls * 11  # twenty an hour are allowed, and each machine gets eleven
    ]
    assert 429 in sent
    assert sent.count(422) <= 20


def test_a_time_that_both_are_asked_for_at_once_is_given_once(
    machines: Machines, offer: Offer
) -> None:
    for hour in range(3):
        together = threading.Barrier(6)

        def ask(number: int, hour: int = hour, together: threading.Barrier = together) -> int:
            together.wait()
            url = machines.urls[number % 2]
            return send(url, offer, ahead(hour), new_booker()).status_code

        with ThreadPoolExecutor(6) as pool:
            assert sorted(pool.map(ask, range(6))) == [303] + [422] * 5


def test_a_hint_of_one_reaches_the_worker_of_the_other_who_opens_its_seals(
    machines: Machines, offer: Offer
) -> None:
    reader = new_booker()
    for sweep in machines.sweeps:
        sweep.stop()  # only the hint is left
    try:
        assert send(machines.first.url, offer, ahead(30), reader).status_code == 303
        assert "Passcode" in letter(machines.first, reader, "Confirmed")["text"]
    finally:
        for sweep in machines.sweeps:
            sweep.start()


def test_two_sweeps_do_once_what_is_due(machines: Machines, offer: Offer) -> None:
    readers = [new_booker() for _ in range(4)]
    machines.worker.stop()
    for number, reader in enumerate(readers):
        url = machines.urls[number % 2]
        assert send(url, offer, ahead(40 + number), reader).status_code == 303
    machines.first.redis.client().flushall()  # all hints are lost
    machines.worker.start()
    for reader in readers:
        letter(machines.first, reader, "Confirmed", seconds=60)
    sent = [one["envelope_to"] for one in machines.first.sandbox.mail()]
    assert [sent.count([reader]) for reader in readers] == [1] * 4
    starts = [one["start_time"] for one in offer.meetings()]
    wanted = [f"{ahead(40 + number):%Y-%m-%dT%H:%M:%SZ}" for number in range(4)]
    assert [starts.count(one) for one in wanted] == [1] * 4


def test_the_second_keeps_nothing_that_the_first_would_miss(machines: Machines) -> None:
    kept = {path.name for path in machines.folder.iterdir()}
    assert not kept & {"bookme.sqlite", "secret_key", "token_keys", "redis"}, kept
