"""What the operator sees of a booking: counts of all processes, and lines that belong together."""

import json
from typing import Any

import requests

from tests.patience import wait_until
from tests.people import book, letter, name_of, new_booker, new_host
from tests.system import System


def metrics(system: System) -> dict[str, float]:
    shown = {"Authorization": f"Bearer {system.environ['METRICS_TOKEN']}"}
    answer = requests.get(f"{system.url}/metrics", headers=shown, timeout=10)
    assert answer.status_code == 200
    lines = [line.rpartition(" ") for line in answer.text.splitlines() if line[0] != "#"]
    return {name: float(value) for name, _, value in lines}


def lines(system: System, *parts: str) -> list[dict[str, Any]]:
    """What these parts of the system have said so far; Python itself says nothing."""
    files = [path for path in (system.folder / "log").glob("*.log") if path.stem.startswith(parts)]
    assert files
    return [json.loads(line) for path in files for line in path.read_text().splitlines()]


def test_a_booking_is_counted_and_its_lines_name_its_request(system: System) -> None:
    host = new_host(system)
    host.connect_zoom()
    offer = host.publish(video_provider="zoom")
    before, reader = metrics(system), new_booker()
    booker = book(offer, reader)
    letter(system, reader, "Confirmed")

    def grown(*names: str) -> bool:
        now = metrics(system)
        return all(now[name] > before.get(name, 0) for name in names)

    counted = (
        'bookme_request_seconds_count{page="booking",status="3xx"}',
        'bookme_job_seconds_count{kind="sync_booking",outcome="done"}',
        'bookme_provider_call_seconds_count{outcome="ok",provider="zoom"}',
        'bookme_mail_seconds_count{outcome="accepted"}',
        "bookme_request_wait_seconds_count",
    )
    wait_until(lambda: grown(*counted), "all of it is counted")
    # Those too that other tests have ended within the last minute.
    assert metrics(system)['bookme_processes{kind="worker"}'] >= len(system.workers)

    posted = f"POST {offer.url.removeprefix(system.url)}/book 303"
    asked = next(one for one in lines(system, "web") if one["message"].startswith(posted))

    def jobs() -> list[dict[str, Any]]:
        said = lines(system, "worker")
        return [one for one in said if one.get("request") == asked["request"]]

    wait_until(jobs, "a job that names the request")
    assert jobs()[0]["message"].startswith("sync_booking done ")
    assert jobs()[0]["job"]
    text = "".join(path.read_text() for path in (system.folder / "log").glob("*.log"))
    token = booker.url.rpartition("/")[2]
    assert [one for one in (reader, name_of(reader), host.email, token) if one in text] == []


def test_without_the_token_there_is_nothing_to_see(system: System) -> None:
    assert requests.get(f"{system.url}/metrics", timeout=10).status_code == 401
