"""A program's side of a conversation with the sandbox's iCloud, in few words."""

import xml.etree.ElementTree as ET
from typing import Any
from urllib.parse import urljoin

import requests

from tests.sandbox_process import MARA, SandboxProcess

WHO = '<propfind xmlns="DAV:"><prop><current-user-principal/></prop></propfind>'
WHERE = (
    '<propfind xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav">'
    "<prop><C:calendar-home-set/></prop></propfind>"
)
NAMES = '<propfind xmlns="DAV:"><prop><displayname/></prop></propfind>'
QUERY = """<C:calendar-query xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav">
<prop><C:calendar-data/></prop><C:filter><C:comp-filter name="VCALENDAR">
<C:comp-filter name="{0}"><C:time-range start="{1}" end="{2}"/></C:comp-filter>
</C:comp-filter></C:filter></C:calendar-query>"""
FREE_BUSY = """<C:free-busy-query xmlns:C="urn:ietf:params:xml:ns:caldav">
<C:time-range start="20270301T000000Z" end="20270401T000000Z"/></C:free-busy-query>"""
LINES = [
    "UID:bookme7",
    "DTSTAMP:20270301T080000Z",
    "SUMMARY:Intro call",
    "DTSTART:20270308T150000Z",
    "DTEND:20270308T153000Z",
]


def ics(*more: str, without: str = "none") -> str:
    """A file with one event."""
    event = [line for line in LINES if not line.startswith(without)] + list(more)
    head = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//BookMe//EN", "BEGIN:VEVENT"]
    return "\r\n".join([*head, *event, "END:VEVENT", "END:VCALENDAR", ""])


class ICloudSide:
    """Calls iCloud with somebody's app-specific password."""

    def __init__(self, process: SandboxProcess, user: str = MARA) -> None:
        self.url = process.bookme_environment()["ICLOUD_URL"]
        self.login = (user, process.app_password(user))

    def ask(
        self, method: str, url: str, body: str = "", *, login: Any = None, **headers: str
    ) -> requests.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return requests.request(
            method,
            urljoin(self.url, url),
            data=body.encode(),
            headers=named,
            auth=login or self.login,
            timeout=30,
            allow_redirects=False,
        )

    def principal(self) -> str:
        return hrefs(self.ask("PROPFIND", "", WHO, Depth="0"))[1]

    def home(self) -> str:
        return hrefs(self.ask("PROPFIND", self.principal(), WHERE, Depth="0"))[1]

    def put(self, url: str, body: str, **headers: str) -> requests.Response:
        return self.ask("PUT", url, body, **{"Content_Type": "text/calendar", **headers})

    def create(self, url: str, body: str | None = None) -> requests.Response:
        return self.put(url, ics() if body is None else body, If_None_Match="*")


def hrefs(response: requests.Response) -> list[str]:
    """Every address in a multistatus, in its order."""
    assert response.status_code == 207, response.text
    return [one.text or "" for one in ET.fromstring(response.content).iter("{DAV:}href")]
