"""Who calls Google Calendar, whether they may, and which calendar they mean."""

import sqlite3

from flask import request
from itsdangerous import BadSignature, URLSafeTimedSerializer

from sandbox import calendars, people, tokens
from sandbox.clock import utcnow
from sandbox.context import sandbox
from sandbox.google import discovery
from sandbox.google.answers import error, invalid, refused
from sandbox.times import stamp
from sandbox.wire import note

_PAGE_TOKEN_SECONDS = 15 * 60


def caller(db: sqlite3.Connection, method: str) -> sqlite3.Row:
    """The person whose access token the request carries.

    :raises Refusal: if the token is missing, dead or expired, or lacks the method's scopes.
    """
    given = request.authorization
    if given is None or given.type != "bearer" or not given.token:
        raise error("401")
    found = tokens.find_access(db, given.token, "google")
    if found is None or found["expires_at"] <= stamp(utcnow()):
        raise error("401")
    note(found["person_id"])
    person = people.find(db, found["person_id"])
    if person is None or person["status"] != "active":
        raise error("401")
    if not discovery.scopes(method) & set(found["scopes"].split()):
        raise error("403_scope")
    return person


def calendar(
    db: sqlite3.Connection, person: sqlite3.Row, calendar_id: str, *, write: bool = False
) -> sqlite3.Row:
    """One of the caller's calendars; ``primary`` is the main one.

    :raises Refusal: if there is none of that id, or it may only be read.
    """
    for one in calendars.of_person(db, "google", person["id"]):
        if one["id"] == calendar_id or (one["main"] and calendar_id == "primary"):
            if write and not one["writable"]:
                raise refused(
                    403, "requiredAccessLevel", "You need to have writer access to this calendar."
                )
            return one
    raise error("404")


def offset(asked: dict[str, str], person_id: str) -> int:
    """How many items the pages before have shown.

    :raises Refusal: if the page token is not for this list, asked for in the same way.
    """
    if "pageToken" not in asked:
        return 0
    try:
        found, same = _signed().loads(asked["pageToken"], max_age=_PAGE_TOKEN_SECONDS)
    except BadSignature as wrong:
        raise invalid("pageToken") from wrong
    if same != _list(asked, person_id):
        raise invalid("pageToken")
    return int(found)


def page_token(asked: dict[str, str], person_id: str, shown: int) -> str:
    """What leads on to the rest of a list."""
    token = _signed().dumps([shown, _list(asked, person_id)])
    return token.decode() if isinstance(token, bytes) else token


def _list(asked: dict[str, str], person_id: str) -> list[object]:
    """What must be the same for all pages of one list."""
    query = sorted([name, value] for name, value in asked.items() if name != "pageToken")
    return [person_id, request.path, query]


def _signed() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(sandbox().config.client_secret, salt="google page")
