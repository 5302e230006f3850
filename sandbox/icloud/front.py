"""iCloud as programs see it: one host that knows the way, another that has the calendars."""

import re
import sqlite3
from urllib.parse import quote, urlsplit, urlunsplit

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from sandbox.context import sandbox
from sandbox.icloud import accounts, cloud, rules
from sandbox.icloud.answers import CHALLENGE, DavError, about
from sandbox.icloud.radicale import PREFIX
from sandbox.settings import setting
from sandbox.wire import note

bp = Blueprint("icloud_front", __name__)

_METHODS = ["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "PROPFIND", "REPORT"]
_METHODS += ["POST", "PATCH", "PROPPATCH", "MKCALENDAR", "MKCOL", "MOVE", "COPY"]
_PASSED_ON = ("Depth", "If-Match", "If-None-Match", "Content-Type")
_PASSED_BACK = ("ETag", "Content-Type", "Last-Modified", "DAV", "Allow")
_HREF = re.compile(rb"(<(?:\w+:)?href>)(/icloud-p42/)")
#: Each name of this machine stands for one of iCloud's hosts.
_OTHER = {"localhost": "127.0.0.1", "127.0.0.1": "localhost"}


@bp.route("/.well-known/caldav", methods=_METHODS, provide_automatic_options=False)
@bp.route("/icloud/.well-known/caldav", methods=_METHODS, provide_automatic_options=False)
def well_known() -> Response:
    """Where to begin (RFC 6764)."""
    return redirect(f"{sandbox().config.public_url}/icloud/", 301)


@bp.route("/icloud/", methods=_METHODS, provide_automatic_options=False)
def begin() -> Response:
    """Whose calendars these are."""
    with sandbox().store.read() as db:
        elsewhere = setting(db, "icloud_redirect")
        person = None if elsewhere else _signed_in(db)
    if person is None:
        return redirect(f"{elsewhere}/icloud/", 301)
    _only_propfind()
    path = f"/icloud/{accounts.number(person)}/principal/"
    return about("/icloud/", "current-user-principal", path)


@bp.route("/icloud/<number>/principal/", methods=_METHODS, provide_automatic_options=False)
def principal(number: str) -> Response:
    """Where his calendars are: on another host."""
    here = sandbox()
    with here.store.read() as db:
        _signed_in(db, number)
        home = setting(db, "icloud_home") or partition(here.config.public_url)
    _only_propfind()
    return about(request.path, "C:calendar-home-set", f"{home}{PREFIX}/{number}/")


@bp.route(f"{PREFIX}/<number>/", methods=_METHODS, provide_automatic_options=False)
@bp.route(f"{PREFIX}/<number>/<path:rest>", methods=_METHODS, provide_automatic_options=False)
def calendars(number: str, rest: str = "") -> Response:
    """The calendars: Radicale has them."""
    here = sandbox()
    with here.store.read() as db:
        _signed_in(db, number)
        absolute = setting(db, "icloud_absolute_hrefs")
    elsewhere = urlsplit(partition(here.config.public_url)).netloc
    if request.host not in (elsewhere, absolute and urlsplit(here.config.public_url).netloc):
        raise DavError(404, "these calendars are on another host")
    _check(number, rest)
    return _passed_on(number, rest, absolute=absolute)


def partition(public_url: str) -> str:
    """The origin of the host that has everybody's calendars."""
    parts = urlsplit(public_url)
    host = _OTHER.get(parts.hostname or "", parts.hostname or "")
    netloc = f"{host}:{parts.port}" if parts.port else host
    return urlunsplit((parts.scheme, netloc, "", "", ""))


def _signed_in(db: sqlite3.Connection, number: str | None = None) -> sqlite3.Row:
    given = request.authorization
    person = None
    if given is not None and given.type == "basic":
        person = accounts.signed_in(db, given.username or "", given.password or "")
    if person is None:
        raise DavError(401, "Unauthorized")
    note(person["id"])
    if number not in (None, accounts.number(person)):
        raise DavError(403, "not yours")
    return person


def _only_propfind() -> None:
    if request.method != "PROPFIND":
        raise DavError(405, "only PROPFIND")
    rules.check_propfind(principal=True)


def _check(number: str, rest: str) -> None:
    calendar, _, name = rest.partition("/")
    if name:
        note(event_id=name.removesuffix(".ics"))
    if request.method == "PROPFIND":
        rules.check_propfind(principal=False)
    elif request.method == "REPORT":
        rules.check_report()
    elif request.method == "PUT" and name:
        rules.check_put(name)
        if "If-None-Match" in request.headers and cloud.server().has(number, name, calendar):
            raise DavError(403, "no-uid-conflict")
    elif request.method == "DELETE" and name:
        rules.check_match(request.headers.get("If-Match", '"any"'))
    elif request.method not in ("GET", "HEAD", "OPTIONS"):
        raise DavError(405, f"no {request.method} here")


def _passed_on(number: str, rest: str, *, absolute: bool) -> Response:
    given = request.authorization
    headers = {name: request.headers[name] for name in _PASSED_ON if name in request.headers}
    said = cloud.server().call(
        request.method,
        f"/{number}/{quote(rest)}",
        request.get_data(),
        headers,
        (number, (given.password if given else "") or ""),
    )
    content = said.content
    if absolute:
        origin = sandbox().config.public_url.encode()
        content = _HREF.sub(rb"\g<1>" + origin + rb"\g<2>", content)
    deleted = request.method == "DELETE" and said.status_code == 200
    answer = Response(b"" if deleted else content, 204 if deleted else said.status_code)
    for name in _PASSED_BACK:
        if name in said.headers:
            answer.headers[name] = said.headers[name]
    if said.status_code == 401:
        answer.headers["WWW-Authenticate"] = CHALLENGE
    return answer
