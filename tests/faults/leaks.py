"""Whether anything secret or personal stands where it must not: logs, and what Redis was told."""

import re
from collections.abc import Iterator
from pathlib import Path

from tests.faults.observed import Seen
from tests.faults.people import People
from tests.sandbox_process import CLIENT_SECRET, GOOGLE, MICROSOFT, WEBHOOK_SECRET
from tests.system import PASSWORD, System

#: What every token of the sandbox's begins with.
TOKENS = "eyJzdiI6"
#: A query with an authorization in it.
_CALLBACK = re.compile(rb"[?&](code|state)=")


def secrets(system: System, people: People, seen: Seen) -> dict[str, str]:
    """What nobody may find, under what it is."""
    environ = system.environ
    named = {
        TOKENS: "a token",
        CLIENT_SECRET: "the client's secret",
        GOOGLE[1]: "the client's secret at Google",
        MICROSOFT[1]: "the client's secret at Microsoft",
        WEBHOOK_SECRET: "the webhook's secret",
        environ["SECRET_KEY"]: "the secret key",
        environ["TOKEN_KEYS"]: "the key of tokens",
        PASSWORD: "a password",
        "Vertraulich": "a booker's notes",
    }
    for host in people.hosts:
        named |= {host.email: "a host's e-mail", host.name: "a host's name", host.zoom: "a label"}
    for booked in people.booked.values():
        named |= {booked.email: "a booker's e-mail", booked.name: "a booker's name"}
        named |= dict.fromkeys([*booked.guests, *booked.left], "a guest's e-mail")
        links = (booked.token, booked.proof.rpartition("/")[2], booked.link)
        named |= {link: "the link to a booking" for link in links if link}
    for meeting in seen.meetings:
        named[meeting["join_url"].partition("pwd=")[2] or meeting["join_url"]] = "a join link"
    for entry in seen.entries:
        named[entry.link or entry.place] = "the place of an entry"
    for host in people.hosts:
        named[system.sandbox.app_password(host.zoom)] = "a password for iCloud"
    return named


def leaks(system: System, people: People, seen: Seen) -> Iterator[str]:
    """What was found where."""
    named = secrets(system, people, seen)
    for path in _files(system):
        for what in sorted(found(path.read_bytes(), named)):
            yield f"{what} stands in {path.relative_to(system.folder)}"


def found(content: bytes, named: dict[str, str]) -> set[str]:
    """Which of the secrets stand in a file."""
    there = {what for secret, what in named.items() if secret.encode() in content}
    return there | ({"a callback's query"} if _CALLBACK.search(content) else set())


def _files(system: System) -> Iterator[Path]:
    """BookMe's logs, and every command that Redis has kept."""
    yield from sorted((system.folder / "log").glob("*.log"))
    yield from sorted(path for path in (system.folder / "redis").rglob("*") if path.is_file())
