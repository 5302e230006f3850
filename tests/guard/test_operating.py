"""``bookme hosts …``"""

import logging
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask
from flask.testing import FlaskClient

from bookme import acts
from bookme.extensions import db
from bookme.jobs.closing import close_account
from bookme.models import Booking, BookingStatus, OperatorAct, User
from tests import factories
from tests.public.pages import book, text


def run(app: Flask, *words: str) -> str:
    result: Result = app.test_cli_runner().invoke(args=("hosts", *words))
    assert result.exit_code == 0, result.output
    return result.output


def test_hosts_are_listed_and_shown(app: Flask, client: FlaskClient) -> None:
    schedule = factories.schedule()
    book(client)
    client.post("/report", data={"page": "/mara/intro", "kind": "spam", "words": "Odd.\nVery."})
    host_id = schedule.host_id
    assert run(app, "list") == f"{host_id}  mara  open  1 schedules, 1 bookings, 1 reports\n"
    assert run(app, "list", "--paused") == ""
    assert run(app, "list", "--after", str(host_id)) == ""
    for who in ("mara", str(host_id), "MARA@example.com"):
        shown = run(app, "show", who)
        assert "Schedule: /mara/intro: Intro call" in shown
        assert "spam /mara/intro -: Odd. Very." in shown


def test_a_paused_hosts_pages_are_down_and_bookings_stay(
    app: Flask, client: FlaskClient, as_host: Callable[..., FlaskClient]
) -> None:
    host = factories.schedule().host
    made = book(client).location
    assert made is not None
    assert run(app, "pause", "mara") == "mara is paused.\n"
    for path in ("/mara", "/mara/intro", "/mara/intro/book?at=2027-03-02T10:00:00Z"):
        page = client.get(path)
        assert page.status_code == 404
        assert "This page isn’t available" in text(page)
        assert "Mara" not in page.text
    assert book(client, "2027-03-02T10:00:00Z", form_key="f" * 32).status_code == 404
    assert client.get(made).status_code == 200
    assert client.post(made.partition("?")[0] + "/cancel", data={}).status_code == 303
    mara = as_host(host)
    assert "Your booking page is paused." in text(mara.get("/dashboard"))
    assert run(app, "pause", "mara") == "mara was not up.\n"
    assert run(app, "list", "--paused") != ""
    assert run(app, "resume", "mara") == "mara is up again.\n"
    assert client.get("/mara").status_code == 200
    assert run(app, "resume", "mara") == "mara was not paused.\n"


def test_a_paused_host_books_nobody_either(app: Flask, as_host: Callable[..., FlaskClient]) -> None:
    schedule = factories.schedule()
    mara = as_host(schedule.host)
    run(app, "pause", "mara")
    form = {"starts_at": "2027-03-02T09:00:00Z", "name": "Bo", "email": "bo@example.com"}
    assert mara.post(f"/dashboard/book/{schedule.id}/for", data=form).status_code == 422
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Booking)) == 0


def test_a_removed_host_goes_with_all_they_published(app: Flask, client: FlaskClient) -> None:
    host_id = factories.schedule().host_id
    book(client)
    assert run(app, "remove", "mara", "--yes") == f"Host {host_id} is being deleted.\n"
    assert client.get("/mara").status_code == 404
    assert run(app, "remove", str(host_id), "--yes") == f"Host {host_id} is being deleted.\n"
    close_account(host_id)
    db.session.expire_all()
    booking = db.session.scalars(sa.select(Booking)).one()
    assert booking.status is BookingStatus.CANCELLED
    assert "cancelled" in [email.kind for email in booking.emails if email.attendee_id]


def test_what_is_done_is_noted_without_personal_data(
    app: Flask, host: User, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    for command in ("pause", "pause", "resume"):
        run(app, command, "mara")
    noted = db.session.scalars(sa.select(OperatorAct).order_by(OperatorAct.id)).all()
    assert [(one.command, one.host_id, one.outcome) for one in noted] == [
        ("hosts pause", host.id, "done"),
        ("hosts pause", host.id, "nothing"),
        ("hosts resume", host.id, "done"),
    ]
    assert {one.who for one in noted} == {acts.system_user()}
    assert f"operator: hosts pause host {host.id}: done" in caplog.text
    assert "mara" not in caplog.text.lower()
    assert "Done: " in run(app, "show", "mara")


def test_who_came_by_sudo_is_noted_as_themselves(
    app: Flask, host: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SUDO_USER", "noor")
    run(app, "pause", "mara")
    assert db.session.scalars(sa.select(OperatorAct.who)).one().endswith(" (sudo by noor)")


def test_a_host_is_signed_out_everywhere(
    app: Flask, host: User, as_host: Callable[..., FlaskClient]
) -> None:
    browsers = [as_host(host), as_host(host)]
    assert run(app, "sign-out", "mara") == "mara is signed out. Sessions ended: 2.\n"
    assert [one.get("/dashboard").status_code for one in browsers] == [303, 303]
    assert run(app, "sign-out", "mara") == "mara is signed out. Sessions ended: 0.\n"
    outcomes = sa.select(OperatorAct.outcome).where(OperatorAct.command == "hosts sign-out")
    assert db.session.scalars(outcomes.order_by(OperatorAct.id)).all() == ["done", "nothing"]


@pytest.mark.parametrize("command", ["show", "pause", "resume", "sign-out", "remove"])
@pytest.mark.parametrize("who", ["nobody", "99", "no@example.com", "x@y@z", "9" * 30])
def test_a_host_that_isnt_there_is_said(app: Flask, command: str, who: str) -> None:
    result = app.test_cli_runner().invoke(args=("hosts", command, who))
    assert result.exit_code == 1
    assert "There is no such host." in result.output


@pytest.mark.parametrize(
    "command", [[], ["list"], ["show"], ["pause"], ["resume"], ["sign-out"], ["remove"]]
)
def test_every_command_explains_itself(app: Flask, command: list[str]) -> None:
    result = app.test_cli_runner().invoke(args=("hosts", *command, "--help"))
    assert result.exit_code == 0
    assert "Usage:" in result.output
