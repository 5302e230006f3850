"""Faults that only a real connection shows."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

from sandbox.answers import FIXTURES
from sandbox.tokens import s256
from tests.sandbox.app_side import MEETING, REDIRECT, VERIFIER, query
from tests.sandbox_process import CLIENT_ID, CLIENT_SECRET, SandboxProcess


class Caller:
    """Calls the process's API; each time-out is of the caller's own choosing."""

    def __init__(self, process: SandboxProcess) -> None:
        self.process = process
        self.session = requests.Session()
        self.pair = self._pair()
        self.session.headers["Authorization"] = f"Bearer {self.pair['access_token']}"

    def create(self, timeout: float = 10) -> requests.Response:
        address = f"{self.process.web_url}/zoom/v2/users/me/meetings"
        return self.session.post(address, json=MEETING, timeout=timeout)

    def _pair(self) -> dict[str, Any]:
        authorize = f"{self.process.web_url}/zoom/oauth/authorize?response_type=code&state=s"
        authorize += f"&client_id={CLIENT_ID}&redirect_uri={REDIRECT}"
        authorize += f"&code_challenge={s256(VERIFIER)}&code_challenge_method=S256"
        form = {
            "grant_type": "authorization_code",
            "code": query(self.process.consent(authorize))["code"],
            "redirect_uri": REDIRECT,
            "code_verifier": VERIFIER,
        }
        address = f"{self.process.web_url}/zoom/oauth/token"
        answer = requests.post(address, form, auth=(CLIENT_ID, CLIENT_SECRET), timeout=10)
        return dict(answer.json())


@pytest.fixture
def caller(process: SandboxProcess) -> Iterator[Caller]:
    caller = Caller(process)
    yield caller
    caller.session.close()


def last_call(process: SandboxProcess) -> dict[str, Any]:
    """The create's entry in the log, once it is complete."""
    return process.wait_for(
        lambda state: next(
            (one for one in state["calls"] if one["operation"] == "create" and one["answer"]), {}
        ),
        "calls",
    )


@pytest.mark.parametrize(("kind", "done"), [("reset", 0), ("reset-after", 1)])
def test_a_reset_is_a_reset(process: SandboxProcess, caller: Caller, kind: str, done: int) -> None:
    process.control("faults", {"operation": "create", "kind": kind})
    with pytest.raises(requests.ConnectionError, match="[Rr]eset"):
        caller.create()
    assert len(process.meetings()) == done
    entry = last_call(process)
    assert (entry["fault"], entry["did"], entry["answer"]) == (kind, 201 if done else None, "reset")


@pytest.mark.parametrize(("kind", "done"), [("timeout", 0), ("timeout-after", 1)])
def test_a_time_out_never_answers(
    process: SandboxProcess, caller: Caller, kind: str, done: int
) -> None:
    process.control("faults", {"operation": "create", "kind": kind, "seconds": 60})
    with pytest.raises(requests.ReadTimeout):
        caller.create(timeout=0.3)
    assert last_call(process)["answer"] == "caller gone"
    assert len(process.meetings()) == done


def test_a_time_out_that_nobody_waits_out_ends_without_an_answer(
    process: SandboxProcess, caller: Caller
) -> None:
    process.control("faults", {"operation": "create", "kind": "timeout", "seconds": 0.1})
    with pytest.raises(requests.ConnectionError, match="without response"):
        caller.create()


@pytest.mark.parametrize("kind", ["slow", "slow-after"])
def test_a_slow_call_is_done_also_for_a_caller_who_has_gone(
    process: SandboxProcess, caller: Caller, kind: str
) -> None:
    process.control("faults", {"operation": "create", "kind": kind, "seconds": 0.3})
    assert caller.create().status_code == 201
    process.control("faults", {"operation": "create", "kind": kind, "seconds": 60})
    with pytest.raises(requests.ReadTimeout):
        caller.create(timeout=0.3)
    process.wait_for(lambda state: len(state["meetings"]) == 2, "meetings")


def test_a_cut_body_is_shorter_than_it_says(process: SandboxProcess, caller: Caller) -> None:
    process.control("faults", {"operation": "create", "kind": "cut-body"})
    with pytest.raises(requests.exceptions.ChunkedEncodingError, match="IncompleteRead"):
        caller.create()
    assert len(process.meetings()) == 1


@pytest.mark.parametrize("kind", ["drip-headers", "drip-body"])
def test_a_dripping_answer_outlasts_a_time_out_between_bytes(
    process: SandboxProcess, caller: Caller, kind: str
) -> None:
    process.control("faults", {"operation": "create", "kind": kind, "seconds": 1.5})
    began = time.monotonic()
    answer = caller.create(timeout=0.5)
    assert time.monotonic() - began > 1.2
    assert answer.json()["id"] == process.meetings()[0]["id"]


def test_broken_json_is_none(process: SandboxProcess, caller: Caller) -> None:
    process.control("faults", {"operation": "create", "kind": "broken-json"})
    answer = caller.create()
    assert answer.status_code == 201
    with pytest.raises(requests.JSONDecodeError):
        answer.json()


def test_a_held_call_does_not_keep_the_process(process: SandboxProcess, tmp_path: Any) -> None:
    with SandboxProcess(tmp_path, redirects=[REDIRECT]) as other:
        other.control("faults", {"operation": "me", "kind": "timeout", "seconds": 600})
        held = threading.Thread(target=_ignore, args=(f"{other.web_url}/zoom/v2/users/me",))
        held.start()
        other.wait_for(lambda state: len(state["calls"]) == 1, "calls")
        began = time.monotonic()
        assert other.stop() == 0
        assert time.monotonic() - began < 10
        held.join()


def test_a_hundred_connections_at_once(process: SandboxProcess, caller: Caller) -> None:
    process.control("settings", {"daily_limit": 60})
    together = threading.Barrier(100)

    def create(number: int) -> int:
        together.wait(30)
        address = f"{process.web_url}/zoom/v2/users/me/meetings"
        headers = {"Authorization": str(caller.session.headers["Authorization"])}
        return requests.post(address, json=MEETING, headers=headers, timeout=30).status_code

    with ThreadPoolExecutor(100) as pool:
        statuses = list(pool.map(create, range(100)))
    assert (statuses.count(201), statuses.count(429)) == (60, 40)
    assert len(process.meetings()) == 60


def test_of_a_hundred_refreshes_with_one_token_one_wins(
    process: SandboxProcess, caller: Caller
) -> None:
    together = threading.Barrier(100)

    def refresh(number: int) -> requests.Response:
        together.wait(30)
        form = {"grant_type": "refresh_token", "refresh_token": caller.pair["refresh_token"]}
        address = f"{process.web_url}/zoom/oauth/token"
        return requests.post(address, form, auth=(CLIENT_ID, CLIENT_SECRET), timeout=30)

    with ThreadPoolExecutor(100) as pool:
        answers = list(pool.map(refresh, range(100)))
    refused = [one.json() for one in answers if one.status_code != 200]
    assert refused == [FIXTURES["token_refresh_stale"]["body"]] * 99


def _ignore(address: str) -> None:
    try:
        requests.get(address, timeout=30)
    except requests.ConnectionError:
        pass
