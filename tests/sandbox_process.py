"""The sandbox as a real process, for tests that want the outside world on a real wire."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import requests
from bs4 import BeautifulSoup

from tests.forks import Forked
from tests.processes import started

CLIENT_ID = "zoom-client"
CLIENT_SECRET = "zoom-secret"
WEBHOOK_SECRET = "BOOKME_TEST_SECRET_TOKEN"
#: The app's ids and secrets at Google and Microsoft.
GOOGLE = ("google-client.apps.example", "google-secret")
MICROSOFT = ("f2ad8c1e-0d3c-4a3e-9a61-microsoft", "microsoft-secret~1")
#: The same at the provider of OpenID Connect.
OPENID = ("bookme-openid", "openid-secret")
#: Somebody at the sandbox's Zoom with a paid plan, with a Basic plan, and another with a paid one.
MARA, BEN, CHLOE = "mara@example.com", "ben@example.com", "chloe@example.org"

_CLIENTS = {
    "GOOGLE_CLIENT_ID": GOOGLE[0],
    "GOOGLE_CLIENT_SECRET": GOOGLE[1],
    "MICROSOFT_CLIENT_ID": MICROSOFT[0],
    "MICROSOFT_CLIENT_SECRET": MICROSOFT[1],
    "OIDC_EXAMPLE_CLIENT_ID": OPENID[0],
    "OIDC_EXAMPLE_CLIENT_SECRET": OPENID[1],
}
_ROOT = Path(__file__).resolve().parent.parent
_PATIENCE_SECONDS = 30

T = TypeVar("T")


class SandboxProcess:
    """One sandbox; stopped and started again, it has the same ports and remembers everything.

    :param directory: where it keeps its state and writes ``sandbox.log``.
    :param redirects: the app's redirect addresses; may be set later by
        ``control("settings", {"redirects": [...]})``, as may ``webhook_url`` and ``install_url``.
    """

    def __init__(
        self,
        directory: Path,
        *,
        redirects: Sequence[str] = ("http://localhost/connections/zoom/callback",),
        webhook_url: str = "",
    ) -> None:
        self.directory = directory
        self.web_port = self.smtp_port = 0
        self._redirects = redirects
        self._webhook_url = webhook_url
        self._process: subprocess.Popen[bytes] | Forked | None = None

    def __enter__(self) -> Self:
        return self if self._process else self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def web_url(self) -> str:
        return f"http://localhost:{self.web_port}"

    def start(self) -> Self:
        """Start it and wait until it answers."""
        assert self._process is None, "it is running"
        self.directory.mkdir(parents=True, exist_ok=True)
        with (self.directory / "sandbox.log").open("ab") as log:
            self._process = started(
                [sys.executable, "-m", "sandbox"],
                {**os.environ, **self._environment()},
                cwd=_ROOT,
                stdout=log,
                stderr=log,
            )
        ports = self._written_ports(self._process)
        self.web_port, self.smtp_port = ports["web"], ports["smtp"]
        return self

    def stop(self, how: int = signal.SIGTERM) -> int:
        """End it, and return its exit status; SIGKILL is a crash."""
        if self._process is None:
            return 0
        self._process.send_signal(how)
        try:
            return self._process.wait(_PATIENCE_SECONDS)
        finally:
            self._process.kill()
            self._process.wait()
            self._process = None

    def bookme_environment(self) -> dict[str, str]:
        """What BookMe must be told to use it."""
        return {
            "ZOOM_CLIENT_ID": CLIENT_ID,
            "ZOOM_CLIENT_SECRET": CLIENT_SECRET,
            "ZOOM_WEBHOOK_SECRET": WEBHOOK_SECRET,
            "ZOOM_OAUTH_URL": f"{self.web_url}/zoom/oauth",
            "ZOOM_API_URL": f"{self.web_url}/zoom/v2",
            "ZOOM_COMPLIANCE_URL": f"{self.web_url}/zoom/oauth/data/compliance",
            "MAIL_URL": f"smtp://localhost:{self.smtp_port}",
            **_CLIENTS,
            "GOOGLE_AUTHORIZE_URL": f"{self.web_url}/google/o/oauth2/v2/auth",
            "GOOGLE_TOKEN_URL": f"{self.web_url}/google/token",
            "GOOGLE_REVOKE_URL": f"{self.web_url}/google/revoke",
            "GOOGLE_API_URL": f"{self.web_url}/google/calendar/v3",
            "MICROSOFT_OAUTH_URL": f"{self.web_url}/microsoft/oauth2/v2.0",
            "MICROSOFT_API_URL": f"{self.web_url}/microsoft/v1.0",
            "OIDC_PROVIDERS": "example",
            "OIDC_EXAMPLE_ISSUER": f"{self.web_url}/openid",
            "ICLOUD_URL": f"{self.web_url}/icloud/",
            "ICLOUD_HOSTS": "localhost,127.0.0.1",
        }

    def control(self, path: str, body: Any = None) -> dict[str, Any]:
        """POST to the control API, such as ``control("faults", {...})``."""
        address = f"{self.web_url}/control/{path}"
        answer = requests.post(address, json={} if body is None else body, timeout=30)
        assert answer.ok, f"{path}: {answer.status_code} {answer.text}"
        found: dict[str, Any] = answer.json()
        return found

    def state(self, *only: str) -> dict[str, Any]:
        """All that it holds, or the named parts."""
        address = f"{self.web_url}/control/state"
        answer = requests.get(address, params={"only": ",".join(only)}, timeout=30)
        found: dict[str, Any] = answer.json()
        return found

    def meetings(self) -> list[dict[str, Any]]:
        """The meetings that are not deleted."""
        return [one for one in self.state("meetings")["meetings"] if not one["deleted_at"]]

    def calls(self, operation: str) -> list[dict[str, Any]]:
        """The calls of one kind so far, oldest first."""
        return [one for one in self.state("calls")["calls"] if one["operation"] == operation]

    def events(self, provider: str) -> list[dict[str, Any]]:
        """The events that are not deleted, at Google, Microsoft or iCloud."""
        if provider == "icloud":
            return list(self.state("icloud")["icloud"])
        events = self.state("events")["events"]
        return [one for one in events if one["provider"] == provider and not one["deleted_at"]]

    def wake_icloud(self) -> None:
        """Let its iCloud be started, which takes longer than BookMe waits on a busy machine."""
        self.state("icloud")

    def app_password(self, user: str = MARA) -> str:
        """What lets a user's programs into his iCloud."""
        return str(self.state("passwords")["passwords"][user])

    def mail(self, to: str = "") -> list[dict[str, Any]]:
        """The messages that were taken, newest first."""
        answer = requests.get(f"{self.web_url}/mail.json", params={"to": to}, timeout=30)
        found: list[dict[str, Any]] = answer.json()["messages"]
        return found

    def wait_for(self, look: Callable[[dict[str, Any]], T], *only: str, seconds: float = 15) -> T:
        """What ``look`` makes of the state, as soon as that is something."""
        until = time.monotonic() + seconds
        while not (found := look(self.state(*only))):
            assert time.monotonic() < until, f"not seen within {seconds} s"
            threading.Event().wait(0.05)
        return found

    def consent(
        self,
        address: str,
        person: str = MARA,
        answer: str = "allow",
        untick: Sequence[str] = (),
    ) -> str:
        """Be the browser on the consent page at ``address``, at Zoom, Google or Microsoft.

        :param untick: the scopes not to grant; only Google asks for each.
        :return: where the browser is sent then.
        """
        with requests.Session() as browser:
            page = browser.get(address, timeout=30)
            assert page.ok, page.text
            form = BeautifulSoup(page.text, "html.parser").select_one("form[action$=consent]")
            assert form is not None, page.text
            hidden = {str(one["name"]): str(one["value"]) for one in form.select("[type=hidden]")}
            found = next(one for one in form.select("label.choice") if person in one.text)
            chosen = found.select_one("input")
            assert chosen is not None
            boxes = [str(one["value"]) for one in form.select("[type=checkbox][checked]")]
            ticked = [scope for scope in boxes if scope not in untick]
            person = str(chosen["value"])
            filled = {**hidden, "person": person, "answer": answer, "scope": ticked}
            target = f"{self.web_url}{form['action']}"
            return browser.post(target, filled, timeout=30, allow_redirects=False).headers[
                "Location"
            ]

    def _environment(self) -> dict[str, str]:
        return {
            "SANDBOX_STATE": str(self.directory),
            "SANDBOX_PORT": str(self.web_port),
            "SANDBOX_SMTP_PORT": str(self.smtp_port),
            "SANDBOX_REDIRECTS": ",".join(self._redirects),
            "SANDBOX_WEBHOOK_URL": self._webhook_url,
            "SANDBOX_PUBLIC_URL": "",
            "ZOOM_CLIENT_ID": CLIENT_ID,
            "ZOOM_CLIENT_SECRET": CLIENT_SECRET,
            "ZOOM_WEBHOOK_SECRET": WEBHOOK_SECRET,
            **_CLIENTS,
        }

    def _written_ports(self, process: "subprocess.Popen[bytes] | Forked") -> dict[str, Any]:
        """The ports that this process, not one before it, has written down."""
        path = self.directory / "ports.json"
        until = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < until:
            if path.exists() and (ports := json.loads(path.read_text()))["pid"] == process.pid:
                return dict(ports)
            try:
                process.wait(0.05)
            except subprocess.TimeoutExpired:
                continue
            break
        process.kill()
        process.wait()
        raise RuntimeError(f"no sandbox: {(self.directory / 'sandbox.log').read_text()[-2000:]}")
