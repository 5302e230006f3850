"""Who calls Graph, whether they may, and which calendar or event they mean."""

import re
import sqlite3

from flask import request
from itsdangerous import BadSignature, URLSafeTimedSerializer

from sandbox import calendars, people, tokens
from sandbox.clock import utcnow
from sandbox.context import sandbox
from sandbox.microsoft import accounts
from sandbox.microsoft.answers import error, invalid, refused
from sandbox.microsoft.zones import iana
from sandbox.times import stamp
from sandbox.wire import note

_PAGE_SECONDS = 15 * 60
_PREFERENCE = re.compile(r'\s*(?P<name>IdType|outlook\.timezone)="(?P<value>[^"]*)"\s*')
SKIP = "$skiptoken"


def caller(db: sqlite3.Connection, scope: str) -> sqlite3.Row:
    """The person whose access token the request carries.

    :raises Refusal: if the token is missing, dead or expired, lacks the scope, or four calls for
        the same mailbox are under way.
    """
    given = request.authorization
    if given is None or given.type != "bearer" or not given.token:
        raise error("401")
    found = tokens.find_access(db, given.token, "microsoft")
    if found is None or found["expires_at"] <= stamp(utcnow()):
        raise error("401")
    note(found["person_id"])
    person = people.find(db, found["person_id"])
    if person is None or person["status"] != "active":
        raise error("401")
    if scope not in found["scopes"].split():
        raise error("403")
    if request.environ.get("sandbox.crowded"):
        raise error("429")
    return person


def owner(db: sqlite3.Connection) -> tuple[sqlite3.Row, str]:
    """The caller, who has a mailbox, and the zone in which he wants his times.

    :raises Refusal: as :func:`caller`; also if there is no mailbox, or the ids that are asked for
        would change when an event moves.
    """
    person = caller(db, "Calendars.ReadWrite")
    if accounts.of(db, person["id"])["kind"] == "no-mailbox":
        words = "The mailbox is either inactive, soft-deleted, or is hosted on-premise."
        raise refused(404, "MailboxNotEnabledForRESTAPI", words)
    wishes = _preferences()
    if wishes.get("IdType") != "ImmutableId":
        raise invalid('Prefer: IdType="ImmutableId" is missing')
    zone = wishes.get("outlook.timezone", "UTC")
    if iana(zone) is None:
        raise refused(400, "TimeZoneNotSupportedException", f"Unknown time zone: {zone[:50]}")
    return person, zone


def calendar(
    db: sqlite3.Connection, person: sqlite3.Row, calendar_id: str | None, *, write: bool = False
) -> sqlite3.Row:
    """One of the caller's calendars; None stands for the main one.

    :raises Refusal: if there is none of that id, or it may only be read.
    """
    for one in calendars.of_person(db, "microsoft", person["id"]):
        if one["id"] == calendar_id or (calendar_id is None and one["main"]):
            if write and not one["writable"]:
                raise error("403")
            return one
    raise error("404")


def event(
    db: sqlite3.Connection, person: sqlite3.Row, event_id: str, *, write: bool = False
) -> tuple[sqlite3.Row, sqlite3.Row]:
    """One of the caller's events that is not deleted, and its calendar.

    :raises Refusal: if there is none of that id, or it may only be read.
    """
    note(event_id=event_id)
    for one in calendars.of_person(db, "microsoft", person["id"]):
        row = calendars.find(db, one["number"], event_id)
        if row is not None and not row["deleted_at"]:
            if write and not one["writable"]:
                raise error("403")
            return row, one
    raise error("404")


def query(*known: str) -> dict[str, str]:
    """The query's parameters, each known and there once.

    :raises Refusal: if not.
    """
    asked = request.args
    for name in asked:
        if name not in known or len(asked.getlist(name)) != 1:
            raise invalid(f"parameter {name[:50]}")
    return asked.to_dict()


def skipped(asked: dict[str, str], person_id: str) -> int:
    """How many items the pages before have shown.

    :raises Refusal: if the link to this page is not as it was given.
    """
    if SKIP not in asked:
        return 0
    try:
        found, same = _signed().loads(asked[SKIP], max_age=_PAGE_SECONDS)
    except BadSignature as wrong:
        raise invalid(SKIP) from wrong
    if same != _list(asked, person_id):
        raise invalid(SKIP)
    return int(found)


def skip_token(asked: dict[str, str], person_id: str, shown: int) -> str:
    """What leads on to the rest of a list."""
    token = _signed().dumps([shown, _list(asked, person_id)])
    return token.decode() if isinstance(token, bytes) else token


def _preferences() -> dict[str, str]:
    wishes = {}
    for part in filter(None, request.headers.get("Prefer", "").split(",")):
        if not (found := _PREFERENCE.fullmatch(part)):
            raise invalid(f"Prefer: {part[:50]}")
        wishes[found["name"]] = found["value"]
    return wishes


def _list(asked: dict[str, str], person_id: str) -> list[object]:
    """What must be the same for all pages of one list."""
    same = sorted([name, value] for name, value in asked.items() if name != SKIP)
    return [person_id, request.path, same]


def _signed() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(sandbox().config.client_secret, salt="microsoft page")
