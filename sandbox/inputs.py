"""What the control API's calls carry."""

import sqlite3
from collections.abc import Callable
from typing import Any

from flask import request
from werkzeug.exceptions import BadRequest, NotFound, UnsupportedMediaType

from sandbox import people


def only_json() -> None:
    """Refuse what a form on another site's page could send.

    :raises UnsupportedMediaType: if it might be one.
    """
    if request.method != "GET" and not request.is_json:
        raise UnsupportedMediaType("the control API takes application/json")


def json_body(shape: type = dict) -> Any:
    """The request's JSON; one thing where several may be is a list of one.

    :raises BadRequest: if it is not of that shape.
    """
    body = request.get_json()
    if shape is list and isinstance(body, dict):
        body = [body]
    if not isinstance(body, shape):
        raise BadRequest("the body has the wrong shape")
    return body


def named_person(db: sqlite3.Connection) -> sqlite3.Row:
    """The person whom the body calls ``user``.

    :raises NotFound: if there is none.
    """
    person = people.find(db, json_body().get("user"))
    if person is None:
        raise NotFound("user is the id or e-mail address of somebody at the sandbox's Zoom")
    return person


def checked(do: Callable[..., Any], *values: Any) -> Any:
    """Call a function whose ValueError is the caller's mistake.

    :raises BadRequest: with the same words.
    """
    try:
        return do(*values)
    except ValueError as wrong:
        raise BadRequest(str(wrong)) from wrong
