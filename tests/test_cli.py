"""The commands of ``flask --app wsgi``."""

import sqlite3
import ssl
from datetime import timedelta
from pathlib import Path

import pytest
import requests
import responses
import sqlalchemy as sa
import time_machine
from click.testing import CliRunner, Result
from flask import Flask
from flask.testing import FlaskClient

from bookme.__main__ import main as commands
from bookme.extensions import db
from bookme.health import writing
from bookme.models import Invitation, User
from bookme.sign_in_settings import OpenIdProvider, SignUp
from tests import factories
from tests.conftest import NOW
from tests.mail_server import Inbox, serving

GIVEN = {
    "--email": "Mara@Example.com",
    "--name": "Mara Lindqvist",
    "--handle": "mara",
    "--zone": "Europe/Berlin",
    "--password": "correct horse battery staple",
}


def run(app: Flask, *words: str) -> Result:
    return app.test_cli_runner().invoke(args=words)


def create(app: Flask, *flags: str, **other: str) -> Result:
    given = GIVEN | {f"--{name}": value for name, value in other.items()}
    return run(app, "create-host", *(word for pair in given.items() for word in pair), *flags)


def test_a_host_is_made_who_can_sign_in(app: Flask, client: FlaskClient) -> None:
    result = create(app)
    assert result.exit_code == 0, result.output
    user = db.session.scalars(sa.select(User)).one()
    assert (user.email, user.handle, user.zone) == ("mara@example.com", "mara", "Europe/Berlin")
    assert user.is_confirmed
    typed = {"email": GIVEN["--email"], "password": GIVEN["--password"]}
    assert client.post("/sign-in", data=typed).status_code == 303


def test_a_handle_is_made_of_the_name_when_none_is_given(app: Flask) -> None:
    assert create(app, handle="").exit_code == 0
    assert db.session.scalars(sa.select(User.handle)).one() == "mara-lindqvist"


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"email": "mara"}, "not an e-mail address"),
        ({"name": " "}, "1 to 100 characters"),
        ({"handle": "Mara!"}, "lowercase letters"),
        ({"handle": "dashboard"}, "reserved for BookMe"),
        ({"zone": "Berlin"}, "not the name of a time zone"),
        ({"password": "short"}, "10 to 200 characters"),
    ],
    ids=["e-mail", "name", "handle's shape", "handle reserved", "zone", "password"],
)
def test_what_a_form_would_refuse_is_refused(app: Flask, other: dict[str, str], said: str) -> None:
    result = create(app, **other)
    assert result.exit_code == 1
    assert said in result.output
    db.session.rollback()  # as the command's end does, where the context is not a test's
    assert db.session.scalars(sa.select(User)).all() == []


@pytest.mark.parametrize(
    ("flags", "code", "said"),
    [((), 1, "There is a host with this e-mail already."), (("--if-missing",), 0, "")],
    ids=["is refused", "is fine with --if-missing"],
)
def test_a_second_host_with_an_address(
    app: Flask, flags: tuple[str, ...], code: int, said: str
) -> None:
    factories.host(name="The first")
    result = create(app, *flags)
    assert result.exit_code == code
    assert said in result.output
    assert db.session.scalars(sa.select(User.name)).one() == "The first"


def test_a_handle_of_another_host_is_refused(app: Flask) -> None:
    factories.host()
    result = create(app, email="ben@example.com")
    assert result.exit_code == 1
    assert "Another host has this handle." in result.output


def test_the_sweep_says_what_it_queued(
    app: Flask, hints: list[tuple[str, tuple[int, ...]]]
) -> None:
    due = factories.booking(due_at=factories.NOW)
    result = run(app, "sweep")
    assert result.exit_code == 0, result.output
    assert result.output.startswith("queued: 1 bookings, 0 messages")
    assert ("sync.sync_booking", (due.id,)) in hints


def test_the_doctor_names_everything_that_is_wrong(app: Flask, api: responses.RequestsMock) -> None:
    api.post("https://zoom.us/oauth/token", status=401, json={"error": "invalid_client"})
    api.post("https://oauth2.googleapis.com/token", status=400, json={"error": "invalid_grant"})
    login = app.config["MICROSOFT_OAUTH_URL"]
    api.post(f"{login}/token", status=400, json={"error": "unauthorized_client"})
    api.get("https://caldav.icloud.com/", status=401)
    app.config.update(REDIS_URL="redis://localhost:1/0", MAIL_CONFIGURED=False)
    result = run(app, "doctor")
    assert result.exit_code == 1
    lines = dict(line.split(":", 1) for line in result.output.splitlines())
    assert {words for words in lines if words.startswith("BAD ")} == {
        "BAD  redis",
        "BAD  mail",
        "BAD  zoom",
        "BAD  microsoft",
        "BAD  workers",
        "BAD  sweep",
    }
    assert lines["ok   zoom webhook secret"] == " is set"
    assert "refuses our client id" in lines["BAD  zoom"]
    assert "knows our client id" in lines["ok   google"]
    assert lines["ok   icloud"] == " answers 401"


def test_the_doctor_does_not_mind_a_provider_that_is_not_set_up(app: Flask) -> None:
    app.config.update(GOOGLE_CLIENT_ID="", MICROSOFT_CLIENT_ID="")
    with responses.RequestsMock(assert_all_requests_are_fired=False):
        result = run(app, "doctor")
    assert "ok   google: is not set up" in result.output
    assert "ok   microsoft: is not set up" in result.output
    assert "BAD  icloud: cannot be reached (ConnectionError)" in result.output


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({}, "BAD  operator: nobody, support@localhost. Set OPERATOR_NAME, SUPPORT_EMAIL"),
        ({"OPERATOR_NAME": "Mara & Sons", "SUPPORT_EMAIL": "a@example.com"}, "ok   operator: Mara"),
        ({"PUBLIC_URL": "http://localhost:8000"}, "ok   operator: nobody"),
    ],
    ids=["a public server", "named", "one's own machine"],
)
def test_the_doctor_asks_who_runs_a_public_server(
    app: Flask, settings: dict[str, str], said: str
) -> None:
    nobody = {"OPERATOR_NAME": "", "SUPPORT_EMAIL": "support@localhost"}
    app.config.update({"PUBLIC_URL": "https://book.example.com"} | nobody | settings)
    with responses.RequestsMock(assert_all_requests_are_fired=False):
        assert said in run(app, "doctor").output


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({}, "ok   metrics: none: METRICS_PORT and METRICS_TOKEN are not set"),
        ({"METRICS_TOKEN": "t" * 16}, "metrics: at http://localhost/metrics, for those who show"),
        ({"METRICS_PORT": 9100}, "metrics: on port 9100, for this machine alone"),
    ],
    ids=["none", "a token", "a port"],
)
def test_the_doctor_says_where_the_metrics_are(
    app: Flask, settings: dict[str, object], said: str
) -> None:
    app.config.update(settings)
    with responses.RequestsMock(assert_all_requests_are_fired=False):
        lines = run(app, "doctor").output
    assert said in lines
    assert ("takes no files, so nothing is counted" in lines) is bool(settings)  # it doesn't here


def test_the_doctor_greets_the_mail_server(app: Flask, api: responses.RequestsMock) -> None:
    api.post("https://zoom.us/oauth/token", status=400, json={"error": "invalid_grant"})
    with serving(Inbox()) as port:
        app.config.update(MAIL_SERVER="127.0.0.1", MAIL_PORT=port, MAIL_USE_SSL=False)
        app.config.update(MAIL_USERNAME=None, REDIS_URL="redis://localhost:1/0")
        result = run(app, "doctor")
    assert "ok   mail: the server at 127.0.0.1 answers 250" in result.output
    assert "ok   zoom: answers and knows our client id" in result.output


def test_the_doctor_asks_providers_that_people_sign_in_with(app: Flask) -> None:
    good = OpenIdProvider("work", "Work", "https://id.example.com", "app", "hush")
    bad = OpenIdProvider("other", "Other", "https://other.example.com", "app", "hush")
    strange = OpenIdProvider("third", "Third", "https://third.example.com", "app", "hush")
    app.config.update(OIDC_PROVIDERS=(good, bad, strange), PASSWORDS=False)
    app.config["SIGN_UP"] = SignUp.INVITED
    ends = ("authorization_endpoint", "token_endpoint", "jwks_uri")
    where = "/.well-known/openid-configuration"
    with responses.RequestsMock(assert_all_requests_are_fired=False) as api:
        for one, error in ((good, "invalid_grant"), (strange, "invalid_client")):
            said = {"issuer": one.issuer} | {end: f"{one.issuer}/{end}" for end in ends}
            api.get(one.issuer + where, json=said)
            api.post(f"{one.issuer}/token_endpoint", status=400, json={"error": error})
        api.get(bad.issuer + where, json={"issuer": good.issuer})
        result = run(app, "doctor")
    lines = dict(line.split(": ", 1) for line in result.output.splitlines())
    back = "http://localhost/sign-in/with/work/callback"
    assert "knows our client id" in lines["ok   sign-in with work"]
    assert lines["ok   sign-in with work"].endswith(f"its redirect address for us must be {back}")
    assert "doesn't answer as a provider" in lines["BAD  sign-in with other"]
    assert "refuses our client id and secret" in lines["BAD  sign-in with third"]
    assert "only who is invited" in lines["ok   sign-up"]
    assert "switched off" in lines["ok   passwords"]
    assert "hush" not in result.output


def test_the_operator_invites(app: Flask) -> None:
    assert run(app, "invite").exit_code == 1
    app.config["SIGN_UP"] = SignUp.INVITED
    result = run(app, "invite", "--number", "2", "--days", "3")
    links = result.output.split()
    assert len(set(links)) == 2
    for link in links:
        assert app.test_client().get(link).location == "/sign-up"
    [one, _] = db.session.scalars(sa.select(Invitation)).all()
    assert one.expires_at - one.created_at == timedelta(days=3)
    assert one.host_id is None


def test_the_doctor_says_what_is_late_and_that_nothing_can_be_written(app: Flask) -> None:
    factories.booking(due_at=NOW - timedelta(minutes=3))
    with responses.RequestsMock(assert_all_requests_are_fired=False):
        said = run(app, "doctor").output
    assert "BAD  late: 1 booking has been due since 2027-03-01 07:57 UTC" in said
    assert "BAD  database" not in said
    db.session.rollback()
    writer = sqlite3.connect(str(db.engine.url.database), isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    try:
        later = time_machine.travel(NOW + writing.EVERY, tick=False)
        with later, responses.RequestsMock(assert_all_requests_are_fired=False):
            said = run(app, "doctor").output
    finally:
        writer.close()
    assert "BAD  database: takes no writes (another writer holds it)" in said


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (9, "its certificate isn't valid yet"),
        (10, "its certificate has expired"),
        (62, "its certificate isn't trusted"),
    ],
)
def test_the_doctor_says_what_is_wrong_with_a_certificate(
    app: Flask, api: responses.RequestsMock, code: int, words: str
) -> None:
    error = ssl.SSLCertVerificationError("at example.com")
    error.verify_code = code
    refused = requests.exceptions.SSLError()
    refused.__context__ = error
    api.post("https://zoom.us/oauth/token", body=refused)
    said = run(app, "doctor").output
    assert f"BAD  zoom: cannot be reached ({words})" in said
    assert "at example.com" not in said


def test_a_database_without_tables_is_said_in_a_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STATE_DIR", str(tmp_path / "state"))
    for words in (["hosts", "list"], ["acts"], ["operators", "add", "mara@example.com"]):
        ran = CliRunner().invoke(commands, words)
        assert ran.exit_code == 1, words
        assert "no such table" in ran.output, words
        assert "bookme db upgrade" in ran.output, words
        assert "SELECT" not in ran.output, words
