"""A real CalDAV server, Radicale, and a front that makes it behave as iCloud does."""

import base64
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import requests

from tests.patience import wait_until
from tests.processes import Part, ReservedPort, clean_environment

USER = "ana@example.com"
PASSWORD = "abcd-efgh-ijkl-mnop"
#: Who is known besides, so that a wrong password is told from a wrong name.
_CONFIG = """
[server]
hosts = 127.0.0.1:{port}
[auth]
type = htpasswd
htpasswd_filename = {folder}/users
htpasswd_encryption = plain
delay = 0
[storage]
filesystem_folder = {folder}/collections
[logging]
level = warning
"""


class Radicale:
    """The server, as a process of its own."""

    def __init__(self, folder: Path) -> None:
        self._port = ReservedPort()
        (folder / "users").write_text(f"{USER}:{PASSWORD}\n")
        (folder / "config").write_text(_CONFIG.format(port=self._port.number, folder=folder))
        command = [sys.executable, "-m", "radicale", "--config", str(folder / "config")]
        self._process = Part("radicale", command, clean_environment(), folder / "log")
        self._process.start()
        self.url = f"http://127.0.0.1:{self._port.number}"
        wait_until(self._answers, "Radicale")

    def stop(self) -> None:
        self._process.stop()
        self._port.close()

    def ask(self, method: str, path: str, body: str = "", **headers: str) -> requests.Response:
        """One request of the host's own, past any front."""
        return requests.request(
            method,
            f"{self.url}/{USER}/{path}",
            data=body.encode(),
            headers=headers,
            auth=(USER, PASSWORD),
            timeout=10,
        )

    def empty(self) -> None:
        """Forget all calendars."""
        self.ask("DELETE", "")
        self.ask("PROPFIND", "", Depth="0")  # makes the host's own place again

    def make_calendar(self, name: str, properties: str = "") -> None:
        body = (
            '<C:mkcalendar xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav" '
            'xmlns:I="http://apple.com/ns/ical/"><D:set><D:prop>'
            f"{properties}</D:prop></D:set></C:mkcalendar>"
        )
        assert self.ask("MKCALENDAR", f"{name}/", body).status_code == 201

    def put(self, path: str, *lines: str) -> None:
        """Put one entry there, as the host's own calendar program does."""
        assert self.ask("PUT", path, file(*lines)).status_code in (201, 204)

    def _answers(self) -> bool:
        try:
            return requests.get(self.url, timeout=5, allow_redirects=False).status_code == 302
        except requests.ConnectionError:
            return False


def file(*lines: str) -> str:
    """An entry as iCalendar, named ``e`` unless its lines say otherwise."""
    named = () if any(line.startswith("UID") for line in lines) else ("UID:e",)
    whole = ("BEGIN:VEVENT", *named, "DTSTAMP:20270301T000000Z", *lines, "END:VEVENT")
    head = ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Test//EN")
    return "\r\n".join((*head, *whole, "END:VCALENDAR", ""))


@dataclass(frozen=True)
class Seen:
    """One request that reached the front."""

    host: str
    method: str
    path: str
    had_password: bool


#: A scripted answer: status, headers, body.
Answer = tuple[int, dict[str, str], str]
HOME = "/1234567/calendars/"
_PRINCIPAL = "/1234567/principal/"
_PROPERTY = (
    '<?xml version="1.0"?><multistatus xmlns="DAV:"><response><href>{at}</href><propstat><prop>'
    "{name}</prop><status>HTTP/1.1 200 OK</status></propstat></response></multistatus>"
)
_WHO = "<current-user-principal><href>{}</href></current-user-principal>"
_WHERE = (
    '<calendar-home-set xmlns="urn:ietf:params:xml:ns:caldav">'
    '<href xmlns="DAV:">{}</href></calendar-home-set>'
)


def principal_answer(href: str) -> Answer:
    return 207, {"Content-Type": "text/xml"}, _PROPERTY.format(at="/", name=_WHO.format(href))


def home_answer(href: str) -> Answer:
    body = _PROPERTY.format(at=_PRINCIPAL, name=_WHERE.format(href))
    return 207, {"Content-Type": "text/xml"}, body


class Front(ThreadingHTTPServer):
    """Answers as ``localhost`` where an account's calendars are, and has them as ``127.0.0.1``.

    Any other address of the machine (``127.0.0.2``) reaches it too, as a host that nobody allowed.
    What iCloud refuses is refused, as the package ``caldav`` knows it of iCloud.

    :ivar behind: the address of the server that has the calendars.
    :ivar scripts: answers of a test's own, by path.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("0.0.0.0", 0), _Handler)
        self.behind = ""
        self.seen: list[Seen] = []
        self.refused: list[str] = []
        self.scripts: dict[str, Answer | Callable[[], Answer]] = {}
        self.port = self.server_address[1]
        self.url = f"http://localhost:{self.port}/"
        self.home = f"http://127.0.0.1:{self.port}{HOME}"
        self._thread = Thread(target=self.serve_forever, args=(0.02,))
        self._thread.start()

    def close(self) -> None:
        self.shutdown()
        self._thread.join()
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: Front
    protocol_version = "HTTP/1.1"

    def do_any(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        host = (self.headers["Host"] or "").partition(":")[0]
        login = f"Basic {base64.b64encode(f'{USER}:{PASSWORD}'.encode()).decode()}"
        had_password = "Authorization" in self.headers
        self.server.seen.append(Seen(host, self.command, self.path, had_password))
        script = self.server.scripts.get(self.path)
        if script is not None:
            status, headers, text = script() if callable(script) else script
            self._say(status, headers, text.encode())
        elif self.headers.get("Authorization") != login:
            challenge = 'X-MobileMe-AuthToken realm="MMCalDav", Basic realm="MMCalDav"'
            self._say(401, {"WWW-Authenticate": challenge}, b"")
        else:
            self._answer(host, body)

    do_GET = do_PUT = do_DELETE = do_PROPFIND = do_REPORT = do_any  # noqa: N815

    def _answer(self, host: str, body: bytes) -> None:
        wrong = self._wrong(body)
        if wrong:
            self.server.refused.append(wrong)
            self._say(400, {}, wrong.encode())
        elif host == "localhost" and self.path == "/":
            self._say(*_encoded(principal_answer(_PRINCIPAL)))
        elif host == "localhost" and self.path == _PRINCIPAL:
            self._say(*_encoded(home_answer(self.server.home)))
        elif self.server.behind and host == "127.0.0.1" and self.path.startswith(HOME):
            self._forward(body)
        else:
            self._say(404, {}, b"")

    def _wrong(self, body: bytes) -> str | None:
        """What iCloud would not take, or would take amiss."""
        is_entry = self.command == "PUT"
        checks = {
            "free-busy-query": b"free-busy-query" in body,
            "depth on the principal": self.path == _PRINCIPAL and self.headers["Depth"] != "0",
            "allprop": b"allprop" in body,
            "If-Match: *": self.headers.get("If-Match") == "*",
            "no DTEND": is_entry and b"DTEND" not in body,
            "an invitation": is_entry
            and re.search(rb"^(ORGANIZER|ATTENDEE)", body, re.M) is not None,
            "no calendar": is_entry and "text/calendar" not in self.headers["Content-Type"],
        }
        return next((name for name, is_so in checks.items() if is_so), None)

    def _forward(self, body: bytes) -> None:
        names = ("Authorization", "Content-Type", "Depth", "If-Match", "If-None-Match")
        path = self.path.replace(HOME, f"/{USER}/", 1)
        answer = requests.request(
            self.command,
            self.server.behind + path,
            data=body,
            headers={name: self.headers[name] for name in names if name in self.headers},
            timeout=10,
        )
        # iCloud may still name the host that one came from.
        there = f"http://localhost:{self.server.port}{HOME}"
        own = re.compile(rb"(?<=href>)/[^/<]*/")
        kept = {n: answer.headers[n] for n in ("ETag", "Content-Type") if n in answer.headers}
        self._say(answer.status_code, kept, own.sub(there.encode(), answer.content))

    def _say(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


def _encoded(answer: Answer) -> tuple[int, dict[str, str], bytes]:
    status, headers, body = answer
    return status, headers, body.encode()
