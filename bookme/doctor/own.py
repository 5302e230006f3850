"""Whether what is BookMe's own is as it should be: addresses, database, keys, processes."""

from collections.abc import Iterator
from datetime import datetime

import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.exc import DBAPIError

from bookme import resealing
from bookme.connections.grants import alarms
from bookme.doctor.finding import Finding
from bookme.extensions import db
from bookme.health import service as health
from bookme.health import writing
from bookme.models import Alarm
from bookme.sign_in_settings import SignUp


def addresses(_now: datetime) -> Iterator[Finding]:
    url = current_app.config["PUBLIC_URL"]
    https = url.startswith("https://")
    local = "//localhost" in url or "//127.0.0.1" in url
    words = _("%(name)s is %(url)s", name="PUBLIC_URL", url=url)
    if not (https or local):
        words = _(
            "%(name)s is %(url)s, which is not https: Zoom and browsers will refuse it",
            name="PUBLIC_URL",
            url=url,
        )
    yield Finding("address", https or local, words)


def operator(_now: datetime) -> Iterator[Finding]:
    """Strangers read who runs this BookMe; on one's own machine there are none."""
    settings = current_app.config
    missing = [name for name in ("OPERATOR_NAME",) if not settings[name]]
    missing += ["SUPPORT_EMAIL"] * settings["SUPPORT_EMAIL"].endswith("@localhost")
    name = settings["OPERATOR_NAME"] or _("nobody")
    words = f"{name}, {settings['SUPPORT_EMAIL']}"
    to_do = ""
    if missing:
        names = ", ".join(missing)
        to_do = _("Set %(names)s for the privacy page, the terms and support.", names=names)
    else:
        words = ngettext(
            "%(name)s, %(email)s, first answer within %(num)s working day",
            "%(name)s, %(email)s, first answer within %(num)s working days",
            settings["SUPPORT_DAYS"],
            name=name,
            email=settings["SUPPORT_EMAIL"],
        )
    public = settings["PUBLIC_URL"].startswith("https://")
    yield Finding("operator", not (missing and public), words, to_do)


def entering(_now: datetime) -> Iterator[Finding]:
    """Who may become a host, and by what they sign in."""
    settings = current_app.config
    who = {
        SignUp.OPEN: _("anybody may sign up"),
        SignUp.INVITED: _("only who is invited may sign up (bookme invite)"),
        SignUp.DOMAINS: _(
            "only addresses at %(domains)s may sign up",
            domains=", ".join(settings["SIGN_UP_DOMAINS"]),
        ),
    }
    yield Finding("sign-up", True, who[settings["SIGN_UP"]])
    are_on = settings["PASSWORDS"]
    yield Finding("passwords", True, _("hosts may use them") if are_on else _("switched off"))


def database(now: datetime) -> Iterator[Finding]:
    kind = db.engine.dialect.name
    try:
        with db.engine.connect() as connection:
            at = MigrationContext.configure(connection).get_current_revision()
    except DBAPIError as error:
        why = writing.reason(error) or type(error.orig).__name__
        words = _("%(kind)s does not answer (%(why)s)", kind=kind, why=why)
        yield Finding("database", False, words)
        return
    migrations = current_app.extensions["migrate"].migrate.get_config()
    head = ScriptDirectory.from_config(migrations).get_current_head()
    words = _("%(kind)s, tables at %(revision)s", kind=kind, revision=at)
    to_do = "" if at == head else _("Run %(command)s.", command="'bookme db upgrade'")
    yield Finding("database", at == head, words, to_do)
    refusal = writing.refusal(now)
    if refusal is not None:
        words = _("takes no writes (%(why)s): nothing can be booked", why=refusal)
        yield Finding("database", False, words)


def keys(_now: datetime) -> Iterator[Finding]:
    """An older key may be removed when it holds nothing; a missing one must be put back."""
    try:
        held = resealing.held()
    except DBAPIError:
        return
    known = (
        _("key %(number)s: %(rows)s rows", number=number, rows=rows)
        for number, rows in enumerate(held.known, 1)
    )
    to_do = ""
    if held.older:
        to_do = _("Run %(command)s before an older key is removed.", command="'bookme reseal'")
    yield Finding("keys", True, ", ".join(known), to_do)
    if held.missing:
        words = ngettext(
            "%(num)s row is sealed by a key that %(name)s does not have",
            "%(num)s rows are sealed by a key that %(name)s does not have",
            held.missing,
            name="TOKEN_KEYS",
        )
        yield Finding("keys", False, words, _("Put the key back, after the others."))


def processes(now: datetime) -> Iterator[Finding]:
    try:
        found = health.look(now)
    except DBAPIError:
        return
    start = _("Start it: without it nothing is made or sent.")
    for what, number in (("workers", found.workers), ("sweep", found.sweeps)):
        words = _("%(number)s heard of in the last minute", number=number)
        yield Finding(what, number > 0, words, "" if number else start)


def rung(_now: datetime | None = None) -> Iterator[Finding]:
    """What only the operator can mend, as it was found while running."""
    try:
        kinds = db.session.execute(sa.select(Alarm.kind, Alarm.first_at).order_by(Alarm.kind)).all()
    except DBAPIError:
        return
    for kind, since in kinds:
        words = _("%(what)s (since %(since)s)", what=alarms.words(kind), since=_time(since))
        yield Finding("alarm", False, words)


def _time(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M %Z")
