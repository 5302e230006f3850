"""Whether what is BookMe's own is as it should be: addresses, database, keys, processes."""

from collections.abc import Iterator
from datetime import datetime

import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy.exc import DBAPIError

from bookme import resealing
from bookme.connections.grants import alarms
from bookme.doctor.finding import Finding
from bookme.extensions import db
from bookme.health import service as health
from bookme.meters import count
from bookme.models import Alarm
from bookme.sign_in_settings import SignUp


def addresses(_now: datetime) -> Iterator[Finding]:
    url = current_app.config["PUBLIC_URL"]
    https = url.startswith("https://")
    local = "//localhost" in url or "//127.0.0.1" in url
    words = "" if https or local else ", which is not https: Zoom and browsers will refuse it"
    yield Finding("address", https or local, f"PUBLIC_URL is {url}{words}")


def operator(_now: datetime) -> Iterator[Finding]:
    """Strangers read who runs this BookMe; on one's own machine there are none."""
    settings = current_app.config
    missing = [name for name in ("OPERATOR_NAME",) if not settings[name]]
    missing += ["SUPPORT_EMAIL"] * settings["SUPPORT_EMAIL"].endswith("@localhost")
    words = f"{settings['OPERATOR_NAME'] or 'nobody'}, {settings['SUPPORT_EMAIL']}"
    if missing:
        words += f": set {' and '.join(missing)} for the privacy page, the terms and support"
    public = settings["PUBLIC_URL"].startswith("https://")
    yield Finding("operator", not (missing and public), words)


def sign_up(_now: datetime) -> Iterator[Finding]:
    settings = current_app.config
    who = {
        SignUp.OPEN: "anybody may sign up",
        SignUp.INVITED: "only who is invited may sign up (bookme invite)",
        SignUp.DOMAINS: f"only addresses at {', '.join(settings['SIGN_UP_DOMAINS'])} may sign up",
    }
    passwords = "passwords are on" if settings["PASSWORDS"] else "passwords are off"
    yield Finding("sign-up", True, f"{who[settings['SIGN_UP']]}; {passwords}")


def database(_now: datetime) -> Iterator[Finding]:
    kind = db.engine.dialect.name
    try:
        with db.engine.connect() as connection:
            at = MigrationContext.configure(connection).get_current_revision()
    except DBAPIError as error:
        yield Finding("database", False, f"{kind} does not answer ({type(error.orig).__name__})")
        return
    migrations = current_app.extensions["migrate"].migrate.get_config()
    head = ScriptDirectory.from_config(migrations).get_current_head()
    words = f"{kind}, tables at {at}" if at == head else f"{kind}: run 'bookme db upgrade'"
    yield Finding("database", at == head, words)


def keys(_now: datetime) -> Iterator[Finding]:
    """An older key may be removed when it holds nothing; a missing one must be put back."""
    try:
        held = resealing.held()
    except DBAPIError:
        return
    words = ", ".join(f"key {number}: {rows} rows" for number, rows in enumerate(held.known, 1))
    if held.older:
        words += ", run 'bookme reseal' before an older key is removed"
    if held.missing:
        words += f"; {held.missing} rows are sealed by a key that TOKEN_KEYS does not have"
    yield Finding("token keys", not held.missing, words)


def processes(now: datetime) -> Iterator[Finding]:
    try:
        found = health.look(now)
    except DBAPIError:
        return
    yield Finding("workers", found.workers > 0, f"{found.workers} heard of in the last minute")
    yield Finding("sweep", found.sweeps > 0, f"{found.sweeps} heard of in the last minute")
    late = found.overdue_seconds
    yield Finding("due work", late < 120, f"the oldest due row has waited {late} s")


def metrics(_now: datetime) -> Iterator[Finding]:
    settings = current_app.config
    port, token = settings["METRICS_PORT"], settings["METRICS_TOKEN"]
    if not (port or token):
        yield Finding("metrics", True, "none: METRICS_PORT and METRICS_TOKEN are not set")
        return
    where = f"on port {port}" if port else f"at {settings['PUBLIC_URL']}/metrics"
    who = "for those who show the token" if token else "for this machine alone"
    words = f"{where}, {who}"
    if not count.is_on():
        words += f"; {settings['STATE_DIR'] / 'metrics'} takes no files, so nothing is counted"
    yield Finding("metrics", count.is_on(), words)


def rung(_now: datetime | None = None) -> Iterator[Finding]:
    """What only the operator can mend, as it was found while running."""
    try:
        kinds = db.session.execute(sa.select(Alarm.kind, Alarm.first_at).order_by(Alarm.kind)).all()
    except DBAPIError:
        return
    for kind, since in kinds:
        yield Finding("alarm", False, f"{alarms.words(kind)} (since {since:%Y-%m-%d %H:%M} UTC)")
