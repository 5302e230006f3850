"""The tools that tests of the whole system stand on: what they would miss, nobody would see."""

import os
import signal
import socket
import sys
import threading
from contextlib import suppress
from pathlib import Path

import pytest
import responses

from tests.patience import wait_until
from tests.processes import Part, ReservedPort, clean_environment, session_members
from tests.visitor import Visitor

HOME = "http://bookme.test/"
FORM = """<h1>A  form</h1><a href="/next">Next</a><a href="?twice">Twice</a><a href="/x">Twice</a>
<form method="post" action="/save?x=1">
  <input type="hidden" name="csrf_token" value="secret"><input name="name" value="Mara">
  <textarea name="notes">\nkept</textarea><input type="checkbox" name="on" checked>
  <input type="checkbox" name="off" value="1"><input name="dead" value="x" disabled>
  <input type="radio" name="kind" value="a" checked><input type="radio" name="kind" value="b">
  <select name="zone"><option value="UTC">UTC</option><option selected>Lisbon</option></select>
  <select name="e-mail"><option>first</option><option>second</option></select>
  <button>Save</button><button name="way" value="2">Save and go on</button>
</form>"""


@pytest.fixture
def visitor(api: responses.RequestsMock) -> Visitor:
    api.get(HOME, body=FORM, content_type="text/html")
    return Visitor(HOME).open("/")


def sent(api: responses.RequestsMock) -> str:
    body = api.calls[-1].request.body
    return body.decode() if isinstance(body, bytes) else str(body)


def test_a_form_is_sent_as_a_browser_sends_it(
    visitor: Visitor, api: responses.RequestsMock
) -> None:
    api.post(f"{HOME}save?x=1", body="", content_type="text/html")
    visitor.press("Save")
    assert sent(api) == (
        "csrf_token=secret&name=Mara&notes=kept&on=on&kind=a&zone=Lisbon&e-mail=first"
    )


def test_what_is_typed_chosen_and_pressed_is_sent(
    visitor: Visitor, api: responses.RequestsMock
) -> None:
    api.post(f"{HOME}save?x=1", body="", content_type="text/html")
    visitor.press(
        "Save and go on", name="Ana", on=False, off=True, kind="b", zone="UTC", e__mail="second"
    )
    assert sent(api) == (
        "csrf_token=secret&name=Ana&notes=kept&off=1&kind=b&zone=UTC&e-mail=second&way=2"
    )


@pytest.mark.parametrize(
    "typed",
    [{"nothing": "x"}, {"kind": "c"}, {"zone": "Mars"}, {"csrf_token": "mine"}, {"dead": "y"}],
    ids=["no such field", "no such radio", "no such option", "hidden", "disabled"],
)
def test_what_nobody_could_do_on_the_page_fails(visitor: Visitor, typed: dict[str, str]) -> None:
    with pytest.raises(AssertionError):
        visitor.press("Save", **typed)


def test_links_are_found_by_their_words_alone(visitor: Visitor) -> None:
    assert visitor.link("Next")["href"] == "/next"
    assert visitor.heading == "A form"
    for words in ("Nex", "Twice"):
        with pytest.raises(AssertionError, match="times on"):
            visitor.link(words)


def test_waiting_ends_with_what_was_found_or_with_a_failure() -> None:
    looks = iter(["", "", "found"])
    assert wait_until(lambda: next(looks), "something") == "found"
    with pytest.raises(AssertionError, match=r"not within 0\.1 s: a miracle") as caught:
        wait_until(_fail, "a miracle", seconds=0.1)
    assert str(caught.value.__cause__) == "not yet"


def _fail() -> bool:
    raise AssertionError("not yet")


PARENT = """
import os, signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
if os.fork() == 0:
    os.setpgrp()  # as RQ's jobs do
    print("child", flush=True)
time.sleep(300)
"""


@pytest.fixture
def part(tmp_path: Path) -> Part:
    """A process that does not mind SIGTERM, with a child in a process group of its own."""
    part = Part("p", [sys.executable, "-c", PARENT], clean_environment(), tmp_path / "p.log")
    part.start()
    wait_until(lambda: "child" in part.said(), "the child")
    return part


def test_killing_a_part_leaves_nothing_behind(part: Part) -> None:
    pids = part.pids
    assert len(pids) == 2
    leader = os.getsid(pids[0])
    part.kill()
    assert not part.is_running
    assert session_members(leader) == []


def test_a_frozen_part_freezes_whole_and_goes_on(part: Part) -> None:
    try:
        part.freeze()
        wait_until(lambda: states(part) == {"T"}, "both stopped")
        part.thaw()
        wait_until(lambda: "T" not in states(part), "both going on")
    finally:
        part.kill()


def states(part: Part) -> set[str]:
    stats = [Path(f"/proc/{pid}/stat").read_text() for pid in part.pids]
    return {stat.rpartition(")")[2].split()[0] for stat in stats}


TESTS = """
import os, sys, time
from pathlib import Path
from tests.processes import Part
words = [sys.executable, "-c", "import time; time.sleep(300)"]
part = Part("inner", words, os.environ, Path(os.devnull))
part.start()
print(f"pid {part.pids[0]}.", flush=True)
time.sleep(300)
"""


def test_a_part_ends_with_the_tests_also_when_they_are_killed(tmp_path: Path) -> None:
    log = tmp_path / "tests.log"
    tests = Part("tests", [sys.executable, "-c", TESTS], clean_environment(), log)
    tests.start()
    wait_until(lambda: tests.said().endswith(".\n"), "the part")
    inner = int(tests.said().removeprefix("pid ").removesuffix(".\n"))
    try:
        tests.tell(signal.SIGKILL)
        wait_until(lambda: not is_alive(inner), "its end too")
    finally:
        tests.kill()
        with suppress(ProcessLookupError):
            os.kill(inner, signal.SIGKILL)


def test_a_part_outlives_the_thread_that_started_it(tmp_path: Path) -> None:
    words = [sys.executable, "-c", "import time; print('there', flush=True); time.sleep(300)"]
    part = Part("p", words, clean_environment(), tmp_path / "p.log")
    thread = threading.Thread(target=part.start)
    thread.start()
    thread.join()
    try:
        wait_until(lambda: "there" in part.said(), "it has begun")
        assert part.is_running
    finally:
        part.kill()


def is_alive(pid: int) -> bool:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] not in "ZX"


def test_a_session_without_members_is_empty() -> None:
    assert session_members(2**22 + 1) == []
    assert os.getpid() in session_members(os.getsid(0))


def test_a_reserved_port_is_refused_to_others_and_may_be_listened_on() -> None:
    port = ReservedPort()
    try:
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port.number), timeout=5)
        with socket.socket() as server:
            server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            server.bind(("0.0.0.0", port.number))
            server.listen()
            socket.create_connection(("127.0.0.1", port.number), timeout=5).close()
    finally:
        port.close()
