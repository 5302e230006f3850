"""The process: ports, memory, end."""

import json
import signal
import smtplib
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import requests

from sandbox.config import Config, ConfigError
from tests.sandbox.letters import letter
from tests.sandbox_process import BEN, MARA, SandboxProcess

ENVIRON = {
    "SANDBOX_STATE": "var/demo",
    "SANDBOX_REDIRECTS": "http://a.test/callback, http://b.test/callback",
    "ZOOM_CLIENT_ID": "id",
    "ZOOM_CLIENT_SECRET": "secret",
    "ZOOM_WEBHOOK_SECRET": "token",
}


def test_the_environment_is_read() -> None:
    config = Config.from_environ({**ENVIRON, "SANDBOX_PORT": "8001", "SANDBOX_SMTP_PORT": ""})
    assert config.redirects == ("http://a.test/callback", "http://b.test/callback")
    assert (config.port, config.smtp_port) == (8001, 0)
    assert config.install_url == "http://a.test/connections/zoom/install"


def test_all_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(ConfigError) as caught:
        Config.from_environ({"SANDBOX_PORT": "x", "ZOOM_CLIENT_ID": "id"})
    for name in ("SANDBOX_PORT", "SANDBOX_STATE", "SANDBOX_REDIRECTS", "ZOOM_CLIENT_SECRET"):
        assert name in str(caught.value)
    assert "ZOOM_CLIENT_ID" not in str(caught.value)


def test_a_wrong_environment_ends_the_process_with_the_reason() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "sandbox"], env={}, capture_output=True, timeout=30
    )
    assert done.returncode == 2
    assert b"SANDBOX_STATE is not set" in done.stderr


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_everything_is_there_again_after_a_restart(tmp_path: Path, how: int) -> None:
    process = SandboxProcess(tmp_path).start()
    ports = json.loads((tmp_path / "ports.json").read_text())
    assert (ports["web"], ports["smtp"]) == (process.web_port, process.smtp_port)
    process.control("settings", {"daily_limit": 7})
    process.control("people", {"user": BEN, "type": 2})
    with smtplib.SMTP("localhost", process.smtp_port, timeout=10) as smtp:
        smtp.send_message(letter())
    before = process.state()
    assert process.stop(how) == (-signal.SIGKILL if how == signal.SIGKILL else 0)
    assert (tmp_path / "ports.json").exists() == (how == signal.SIGKILL)
    with process.start():
        assert process.web_port == ports["web"]
        assert process.state() == before
    assert (tmp_path / "sandbox.log").read_text().count("ERROR") == 0


def test_a_closed_mail_server_stays_closed_over_a_restart(tmp_path: Path) -> None:
    process = SandboxProcess(tmp_path).start()
    process.control("settings", {"mail": "refuse"})
    process.stop()
    with process.start(), pytest.raises(ConnectionRefusedError):
        smtplib.SMTP("localhost", process.smtp_port, timeout=10)


def test_events_go_by_themselves(tmp_path: Path, running: SandboxProcess) -> None:
    """One sandbox takes another's mail page for the endpoint: it answers, though with an error."""
    with SandboxProcess(tmp_path, webhook_url=f"{running.web_url}/mail") as process:
        process.control("remove", {"user": MARA, "delay": 0.1})

        def sent(state: dict[str, Any]) -> Any:
            return [one for one in state["webhooks"] if one["status"]]

        [event] = process.wait_for(sent, "webhooks")
        assert (event["status"], event["attempts"]) == (405, 1)


def test_nothing_is_logged_of_what_passes(tmp_path: Path) -> None:
    with SandboxProcess(tmp_path) as process:
        requests.get(f"{process.web_url}/zoom/oauth/authorize?state=hush", timeout=10)
    assert "hush" not in (tmp_path / "sandbox.log").read_text()
