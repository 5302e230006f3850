"""Who calls Zoom's API, and whether they may."""

import sqlite3

from flask import request

from sandbox import people, tokens
from sandbox.answers import error
from sandbox.clock import utcnow
from sandbox.context import sandbox
from sandbox.settings import setting
from sandbox.times import stamp
from sandbox.wire import note

#: The scopes of each call, as Zoom names them when they are missing; one of them is enough.
_SCOPES = {
    "me": ["user:read:user", "user:read:user:admin"],
    "create": ["meeting:write:meeting", "meeting:write:meeting:admin"],
    "list": ["meeting:read:list_meetings", "meeting:read:list_meetings:admin"],
    "get": ["meeting:read:meeting", "meeting:read:meeting:admin"],
    "update": ["meeting:update:meeting", "meeting:update:meeting:admin"],
    "delete": ["meeting:delete:meeting", "meeting:delete:meeting:admin"],
}


def caller(db: sqlite3.Connection, operation: str) -> sqlite3.Row:
    """The person whose access token the request carries.

    :raises ZoomError: if the token is missing, unknown, dead or expired, lacks the operation's
        scope, or its owner is gone.
    """
    given = request.authorization
    if given is None or given.type != "bearer" or not given.token:
        raise error("api_token_invalid")
    found = tokens.find_access(db, given.token)
    if found is None:
        raise error("api_token_invalid")
    note(found["person_id"])
    if too_many := sandbox().throttle.check(setting(db, "per_second"), utcnow()):
        raise too_many
    if found["expires_at"] <= stamp(utcnow()):
        raise error("api_token_expired")
    if not set(found["scopes"].split()) & set(_SCOPES[operation]):
        raise _scopes_missing(_SCOPES[operation])
    person = people.find(db, found["person_id"])
    if person is None or person["status"] != "active":
        raise error("api_user_missing")
    return person


def only_me(user: str, operation: str) -> None:
    """Refuse a user's id or address: an app of this kind must say ``me``.

    :raises ZoomError: as for a token that lacks the scopes to reach other people.
    """
    if user != "me":
        raise _scopes_missing(_SCOPES[operation][1:])


def _scopes_missing(scopes: list[str]) -> Exception:
    words = f"Invalid access token, does not contain scopes:[{', '.join(scopes)}]."
    return error("api_scope_missing", message=words)
