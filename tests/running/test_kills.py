"""Real processes are killed without a word: nothing is left behind, and they are soon back."""

import os
import re
import signal
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import requests

from tests.patience import wait_until
from tests.processes import Part, running, started_with
from tests.running.serving import Line

#: Seconds in which what was killed must be back. More than the one or two that it takes: the
#: machine of the tests is busy. It was twelve.
SOON = 6.0

WEB = "bookme.running.web"
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


@pytest.mark.parametrize("whom", ["supervisor.supervisord", "bookme.running"])
def test_all_end_with_the_one_that_holds_them_and_can_be_started_again(
    whole: Part, port: int, whom: str
) -> None:
    all_of_them = begin(whole)
    for words in (WEB, "bookme.jobs.processes.worker", "bookme.jobs.processes.sweep", "redis"):
        assert running(words, all_of_them), words
    [holder] = [p for p in running(whom, all_of_them) if WEB not in command_of(p)]
    killed([holder])
    wait_until(lambda: started_with(whole) == [], "everything has ended")
    whole.stop()
    begin(whole, times=2)
    assert answers(port)


def command_of(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()


def test_whoever_is_killed_is_soon_back(whole: Part, port: int) -> None:
    pids = begin(whole)
    state = Path(whole.environ["STATE_DIR"])
    assert [p for p in (state, *state.rglob("*")) if p.lstat().st_mode & 0o077] == [], "all private"
    parents = [p for p in running(WEB, pids) if parent_of(p) not in running(WEB, pids)]
    for name, victims in {
        "a web process": [p for p in running(WEB, pids) if p not in parents][:1],
        "all web processes": parents,
        "worker": running("bookme.jobs.processes.worker", pids),
        "sweep": running("bookme.jobs.processes.sweep", pids),
        "redis": running("redis", pids),
    }.items():
        killed(victims)
        wait_until(lambda: answers(port), f"{name} was killed: the site answers", SOON)
    for words in (WEB, "bookme.jobs.processes.worker", "bookme.jobs.processes.sweep", "redis"):
        wait_until(lambda words=words: running(words, started_with(whole)), words, SOON)


def parent_of(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])


@pytest.fixture
def web(environ: dict[str, str], tmp_path: Path) -> Iterator[Part]:
    part = Part("web", [sys.executable, "-m", WEB], environ, tmp_path / "web.log")
    part.start()
    wait_until(lambda: answers(int(environ["PORT"])), "the web answers", 30)
    yield part
    part.stop()


def test_the_web_has_its_processes_and_makes_up_for_one_that_is_killed(
    web: Part, port: int
) -> None:
    before = set(web.children)
    assert len(before) == 2
    killed([min(before)])
    wait_until(lambda: len(set(web.children)) == 2 and set(web.children) != before, "another")
    assert answers(port)


def test_nobody_is_turned_away_while_a_web_process_is_killed(web: Part, port: int) -> None:
    """The listening socket outlives them: who connects meanwhile waits for the next one."""
    killed(web.children)
    with Line(port) as line:
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


def test_a_port_in_use_is_said_when_it_stays_so(environ: dict[str, str], web: Part) -> None:
    log = web.log.with_name("second.log")
    second = Part("second", web.command, environ, log)
    second.start()
    wait_until(lambda: not second.is_running, "it gives up", 40)
    second.stop()
    assert re.search(r"Port \d+: Address already in use", second.said())
