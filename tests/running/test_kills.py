"""Real processes are killed without a word: nothing is left behind, and they are soon back."""

import os
import re
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import requests

from bookme.running.plan import port_taken
from tests.patience import wait_until
from tests.processes import Part, ReservedPort, running, started_with
from tests.running.conftest import settings
from tests.running.serving import Line

#: Seconds in which what was killed must be back; on a busy machine as many as the whole took to
#: start. It takes one or two, and was twelve.
SOON = 6.0

WEB = "bookme.running.web"
#: All that is BookMe: one process, and those it has forked, each with a name of its own.
WHOLE = "bookme.running.whole"
KINDS = ("bookme-web", "bookme-worker", "bookme-sweep", "bookme-metrics")
PARTS = (WHOLE, "redis")
GET = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"


def answers(port: int) -> bool:
    try:
        return requests.get(f"http://127.0.0.1:{port}/healthz", timeout=1).ok
    except requests.RequestException:
        return False


def begin(part: Part, times: int = 1) -> list[int]:
    """Start it, wait until it has said that it is there, and find its processes."""
    part.start()
    wait_until(lambda: part.said().count("BookMe answers at") == times, "it answers", 60)
    return started_with(part)


def killed(pids: list[int]) -> None:
    assert pids
    for pid in pids:
        os.kill(pid, signal.SIGKILL)


def test_whoever_is_killed_is_soon_back_or_ends_all_and_can_be_started_again(
    whole: Part, port: int, metrics_port: int
) -> None:
    """One system for all of it: to start one takes longer than everything else."""
    whole.environ["METRICS_PORT"] = str(metrics_port)
    began = time.monotonic()
    begin(whole)
    soon = max(SOON, time.monotonic() - began)
    state = Path(whole.environ["STATE_DIR"])
    assert [p for p in (state, *state.rglob("*")) if p.lstat().st_mode & 0o077] == [], "all private"
    a_part_is_killed(whole, port, soon)
    seen = requests.get(f"http://127.0.0.1:{metrics_port}/metrics", timeout=10).text
    assert re.search(r'^bookme_request_seconds_count{page="health",status="2xx"} [1-9]', seen, re.M)
    the_holder_is_killed(whole, port, "supervisor.supervisord")
    begin(whole, times=2)
    assert answers(port)
    the_holder_is_killed(whole, port, "bookme.running")


def the_holder_is_killed(whole: Part, port: int, whom: str) -> None:
    """Nothing is left that would stand in the next one's way."""
    for words in PARTS:  # one that is just becoming its program has no name for a moment
        wait_until(lambda words=words: running(words, started_with(whole)), words)
    [holder] = [p for p in running(whom, started_with(whole)) if WHOLE not in command_of(p)]
    killed([holder])
    ended = f"{whom} was killed: everything has ended"
    wait_until(lambda: started_with(whole) == [], ended, seconds=60)  # each ends in order first
    assert not port_taken(port)
    whole.kill()


def a_part_is_killed(whole: Part, port: int, soon: float) -> None:
    """Each kind of part in its turn, and all are back."""
    for name, find in {
        "a web process": lambda pids: called("bookme-web", pids)[:1],
        "all web processes": lambda pids: called("bookme-web", pids),
        "the worker": lambda pids: called("bookme-worker", pids),
        "the sweep": lambda pids: called("bookme-sweep", pids),
        "the metrics": lambda pids: called("bookme-metrics", pids),
        "redis": lambda pids: running("redis", pids),
        "all of it": lambda pids: running(WHOLE, pids),
    }.items():
        killed(find(started_with(whole)))
        wait_until(lambda: answers(port), f"{name} was killed: the site answers", soon)
        for kind in KINDS:
            found = f"{name} was killed: {kind} is there"
            wait_until(lambda kind=kind: called(kind, started_with(whole)), found, soon)


def called(name: str, of: list[int]) -> list[int]:
    """Those processes among ``of`` that bear a name."""
    found = []
    for pid in of:
        with suppress(OSError):
            if Path(f"/proc/{pid}/comm").read_text().strip() == name:
                found.append(pid)
    return found


def command_of(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()


@pytest.fixture
def web(environ: dict[str, str], tmp_path: Path) -> Iterator[Part]:
    """Its own, to be ended."""
    yield from serving(environ, tmp_path)


@pytest.fixture(scope="module")
def lasting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Part]:
    """One that goes on after each test."""
    reserved, folder = ReservedPort(), tmp_path_factory.mktemp("lasting")
    yield from serving(settings(folder, reserved.number), folder)
    reserved.close()


def serving(environ: dict[str, str], folder: Path) -> Iterator[Part]:
    part = Part("web", [sys.executable, "-m", WEB], environ, folder / "web.log")
    part.start()
    wait_until(lambda: answers(port_of(part)), "the web answers", 30)
    yield part
    part.stop()


def port_of(part: Part) -> int:
    return int(part.environ["PORT"])


def test_the_web_has_its_processes_and_makes_up_for_one_that_is_killed(lasting: Part) -> None:
    before = set(lasting.children)
    assert len(before) == 2
    killed([min(before)])
    wait_until(
        lambda: len(set(lasting.children)) == 2 and set(lasting.children) != before, "another"
    )
    assert answers(port_of(lasting))


def test_nobody_is_turned_away_while_a_web_process_is_killed(lasting: Part) -> None:
    """The listening socket outlives them: who connects meanwhile waits for the next one."""
    killed(lasting.children)
    with Line(port_of(lasting)) as line:
        assert line.send(GET).answer().startswith("HTTP/1.1 200")


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_request_in_hand_is_answered_when_the_web_is_told_to_end(
    web: Part, port: int, how: signal.Signals
) -> None:
    with Line(port) as line, Line(port) as idle:
        line.send("POST /webhooks/zoom HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\na")
        idle.send(GET).answer()
        for pid in web.pids if how == signal.SIGINT else web.pids[:1]:
            with suppress(ProcessLookupError):
                os.kill(pid, how)  # Ctrl-C reaches all of them
        assert line.send("b").answer().startswith("HTTP/1.1 401")
        wait_until(lambda: not web.is_running, "all of it ends")
    assert web.children == []


def test_a_port_in_use_is_said_when_it_stays_so(lasting: Part, tmp_path: Path) -> None:
    hurried = f"import sys; from {WEB} import *; sys.exit(main(patience=0.3))"
    second = Part(
        "second", [sys.executable, "-c", hurried], lasting.environ, tmp_path / "second.log"
    )
    second.start()
    wait_until(lambda: not second.is_running, "it gives up", 40)
    second.stop()
    assert re.search(r"Port \d+: Address already in use", second.said())
