"""``python -m bookme.running demo``, as ``make demo`` runs it: one command up, one signal down."""

import os
import re
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from bookme.running import demo
from tests.patience import wait_until
from tests.processes import Part, ReservedPort, clean_environment, started_with
from tests.visitor import Visitor

LINE = re.compile(
    r"BookMe answers at (\S+): sign in as (\S+) with the password “(.+?)”\. .* (\S+)\. "
)

#: What the demo's host has connected.
CONNECTED = ("Zoom", "Google Calendar and Meet", "Microsoft Outlook and Teams", "iCloud")


@pytest.fixture
def ports() -> Iterator[list[int]]:
    reserved = [ReservedPort() for _ in range(3)]
    yield [one.number for one in reserved]
    for one in reserved:
        one.close()


@pytest.fixture
def command(tmp_path: Path, ports: list[int]) -> Iterator[Part]:
    """The command, not yet started, with a state folder and ports of its own."""
    web, sandbox, smtp = map(str, ports)
    environ = clean_environment() | {
        "PORT": web,
        "SANDBOX_PORT": sandbox,
        "SANDBOX_SMTP_PORT": smtp,
        "STATE_DIR": str(tmp_path / "state"),
        "WEB_WORKERS": "1",
        "JOB_WORKERS": "1",
    }
    words = [sys.executable, "-m", "bookme.running", "demo"]
    part = Part("demo", words, environ, tmp_path / "demo.log")
    yield part
    part.stop()
    for pid in started_with(part):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def line_of(part: Part, runs: int) -> tuple[str, str, str, str]:
    """Address, e-mail, password and the sandbox's address, from the line it prints when ready."""
    found = wait_until(
        lambda: lines if len(lines := LINE.findall(part.said())) == runs else [], "its line", 90
    )
    address, email, password, sandbox = found[-1]
    return address, email, password, sandbox


def test_one_command_starts_everything_and_one_signal_ends_it(command: Part) -> None:
    command.start()
    address, email, password, sandbox = line_of(command, 1)
    assert (email, password) == (demo.EMAIL, demo.PASSWORD)
    assert Visitor(sandbox).open("/").heading == "The world outside BookMe"
    browser = Visitor(address).open("/sign-in").press("Sign in", email=email, password=password)
    browser.click("Connections")  # with the line, and not some time after it
    assert all(f"{one} Connected" in browser.text for one in CONNECTED), browser.text
    wait_until(
        lambda: "Waiting for your answer" in browser.open(f"{address}/dashboard").text,
        "a living account",
        90,
    )
    assert len(started_with(command)) > 5

    assert command.stop(signal.SIGTERM) == 0
    wait_until(lambda: started_with(command) == [], "all of its processes have ended")

    command.start()
    assert line_of(command, 2)[0] == address
    assert "mara@example.com, Licensed" in browser.open(f"{address}/connections").text
    browser.open(f"{sandbox}/zoom/marketplace")
    assert browser.button("Remove")

    assert command.stop(signal.SIGINT) == 0
    wait_until(lambda: started_with(command) == [], "Ctrl-C ends all of it too")


@pytest.mark.parametrize("taken", [0, 1, 2])
def test_a_port_in_use_is_said_in_one_line(command: Part, ports: list[int], taken: int) -> None:
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("0.0.0.0", ports[taken]))
        other.listen()
        command.start()
        wait_until(lambda: not command.is_running, "it gives up")
    assert command.stop() == 2
    assert command.said().startswith(f"Port {ports[taken]} is in use.")
    assert command.said().count("\n") == 1
