"""Checks what BookMe needs, one after the other, and says in words what it found."""

import smtplib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

import requests
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy.exc import DBAPIError

from bookme import resealing
from bookme.connections.grants import alarms
from bookme.extensions import db, migrate
from bookme.health import service as health
from bookme.mail import smtp
from bookme.models import Alarm
from bookme.providers.facts import Facts
from bookme.providers.http.oauth import OAuthClient
from bookme.providers.registry import PROVIDERS

#: Seconds that each server has to answer.
PATIENCE = 5


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was checked.

    :param good: whether it works.
    """

    what: str
    good: bool
    words: str


def examine(now: datetime) -> list[Finding]:
    """Check everything; never raises. Asks the providers and the mail server, so it takes some
    seconds at worst.
    """
    checks: list[Callable[[datetime], Iterator[Finding]]] = [
        _addresses,
        _operator,
        _database,
        _keys,
        _redis,
        _mail,
        _providers,
        _processes,
        examine_alarms,
    ]
    return [finding for check in checks for finding in check(now)]


def _addresses(_now: datetime) -> Iterator[Finding]:
    url = current_app.config["PUBLIC_URL"]
    https = url.startswith("https://")
    local = "//localhost" in url or "//127.0.0.1" in url
    words = "" if https or local else ", which is not https: Zoom and browsers will refuse it"
    yield Finding("address", https or local, f"PUBLIC_URL is {url}{words}")


def _operator(_now: datetime) -> Iterator[Finding]:
    """Strangers read who runs this BookMe; on one's own machine there are none."""
    settings = current_app.config
    missing = [name for name in ("OPERATOR_NAME",) if not settings[name]]
    missing += ["SUPPORT_EMAIL"] * settings["SUPPORT_EMAIL"].endswith("@localhost")
    words = f"{settings['OPERATOR_NAME'] or 'nobody'}, {settings['SUPPORT_EMAIL']}"
    if missing:
        words += f": set {' and '.join(missing)} for the privacy page, the terms and support"
    public = settings["PUBLIC_URL"].startswith("https://")
    yield Finding("operator", not (missing and public), words)


def _database(_now: datetime) -> Iterator[Finding]:
    kind = db.engine.dialect.name
    try:
        with db.engine.connect() as connection:
            at = MigrationContext.configure(connection).get_current_revision()
    except DBAPIError as error:
        yield Finding("database", False, f"{kind} does not answer ({type(error.orig).__name__})")
        return
    head = ScriptDirectory.from_config(migrate.get_config()).get_current_head()
    words = (
        f"{kind}, tables at {at}" if at == head else f"{kind}: run 'flask --app wsgi db upgrade'"
    )
    yield Finding("database", at == head, words)


def _keys(_now: datetime) -> Iterator[Finding]:
    """An older key may be removed when it holds nothing; a missing one must be put back."""
    try:
        held = resealing.held()
    except DBAPIError:
        return
    words = ", ".join(f"key {number}: {rows} rows" for number, rows in enumerate(held.known, 1))
    if held.older:
        words += ", run 'flask --app wsgi reseal' before an older key is removed"
    if held.missing:
        words += f"; {held.missing} rows are sealed by a key that TOKEN_KEYS does not have"
    yield Finding("token keys", not held.missing, words)


def _redis(_now: datetime) -> Iterator[Finding]:
    client = Redis.from_url(
        current_app.config["REDIS_URL"], socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE
    )
    try:
        version = client.info("server")["redis_version"]
        yield Finding("redis", True, f"version {version} answers")
    except RedisError as error:
        yield Finding("redis", False, f"does not answer ({type(error).__name__}): jobs wait")
    finally:
        client.close()


def _mail(_now: datetime) -> Iterator[Finding]:
    settings = current_app.config
    if not settings["MAIL_CONFIGURED"]:
        yield Finding("mail", False, "MAIL_URL is not set: messages wait")
        return
    try:
        with smtp.connect(settings, timeout=PATIENCE) as server:
            code, _ = server.noop()
        yield Finding(
            "mail", code == 250, f"the server at {settings['MAIL_SERVER']} answers {code}"
        )
    except (OSError, smtplib.SMTPException) as error:
        yield Finding("mail", False, f"{settings['MAIL_SERVER']}: {type(error).__name__}")


def _providers(_now: datetime) -> Iterator[Finding]:
    for facts in PROVIDERS.values():
        yield _reached(facts)
        for name, without in facts.doctor.items() if facts.is_set_up(current_app.config) else ():
            is_set = bool(current_app.config[name])
            what = name.lower().replace("_", " ")
            yield Finding(what, is_set, "is set" if is_set else f"is not set: {without}")


def _reached(facts: Facts) -> Finding:
    settings, name = current_app.config, facts.name.upper()
    if facts.consent is None:
        return _answers(facts.name, settings[f"{name}_URL"])
    if facts.is_set_up(settings):
        return _client(facts.name, facts.consent.client(settings))
    if facts.is_expected:
        return Finding(facts.name, False, f"{name}_CLIENT_ID and {name}_CLIENT_SECRET are not set")
    return Finding(facts.name, True, "is not set up, so hosts cannot connect it")


def _answers(provider: str, url: str) -> Finding:
    try:
        status = requests.get(url, timeout=PATIENCE, allow_redirects=False).status_code
        return Finding(provider, status < 500, f"answers {status}")
    except requests.RequestException as error:
        return Finding(provider, False, f"cannot be reached ({type(error).__name__})")


def _client(provider: str, ours: OAuthClient) -> Finding:
    """Whether a provider knows our client id and secret: it is asked for a code nobody has."""
    try:
        answer = requests.post(
            ours.token_url,
            data={"grant_type": "authorization_code", "code": "bookme-doctor"},
            auth=(ours.client_id, ours.client_secret),
            timeout=PATIENCE,
            allow_redirects=False,
        )
    except requests.RequestException as error:
        return Finding(provider, False, f"cannot be reached ({type(error).__name__})")
    refused = any(word in answer.text for word in ("invalid_client", "unauthorized_client"))
    words = "refuses our client id and secret" if refused else "answers and knows our client id"
    return Finding(provider, not refused and answer.status_code < 500, words)


def _processes(now: datetime) -> Iterator[Finding]:
    try:
        found = health.look(now)
    except DBAPIError:
        return
    yield Finding("workers", found.workers > 0, f"{found.workers} heard of in the last minute")
    yield Finding("sweep", found.sweeps > 0, f"{found.sweeps} heard of in the last minute")
    late = found.overdue_seconds
    yield Finding("due work", late < 120, f"the oldest due row has waited {late} s")


def examine_alarms(_now: datetime | None = None) -> Iterator[Finding]:
    """What only the operator can mend, as it was found while running."""
    try:
        rung = db.session.execute(sa.select(Alarm.kind, Alarm.first_at).order_by(Alarm.kind)).all()
    except DBAPIError:
        return
    for kind, since in rung:
        yield Finding("alarm", False, f"{alarms.words(kind)} (since {since:%Y-%m-%d %H:%M} UTC)")
