"""``bookme reviewer``: an account for reviewers, made, begun anew, and nobody else's."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from click.testing import Result
from flask import Flask
from flask.testing import FlaskClient

from bookme.clock import utcnow
from bookme.extensions import db
from bookme.models import Attendee, Booking, BookingStatus, OperatorAct, Schedule, User
from bookme.reviewer import examples, service
from tests import factories
from tests.conftest import NOW

EMAIL = "reviews@book.example"


def run(app: Flask, *words: str) -> Result:
    return app.test_cli_runner().invoke(args=("reviewer", *words))


def made(app: Flask, *words: str) -> str:
    """Make the account; its password."""
    result = run(app, EMAIL, *words)
    assert result.exit_code == 0, result.output
    [password] = re.findall(r"^Password: (\S+)$", result.output, re.MULTILINE)
    return str(password)


def account() -> User:
    return db.session.scalars(sa.select(User).where(User.email == EMAIL)).one()


def test_a_reviewer_signs_in_and_finds_each_function(app: Flask, client: FlaskClient) -> None:
    typed = {"email": EMAIL, "password": made(app)}
    assert client.post("/sign-in", data=typed).status_code == 303
    slugs = {one.slug for one in db.session.scalars(sa.select(Schedule))}
    assert slugs == set(examples.SCHEDULES)
    handle = account().handle
    page = client.get(f"/{handle}")
    assert "nothing here is a real offer" in page.text
    assert 'content="noindex' in page.text
    for slug in slugs - {"by-link"}:
        assert 'class="time"' in client.get(f"/{handle}/{slug}").text, slug
    states = [one.status for one in db.session.scalars(sa.select(Booking).order_by(Booking.id))]
    assert states == [BookingStatus.CONFIRMED, BookingStatus.CONFIRMED, BookingStatus.PENDING]
    assert "Test Booker" in client.get("/dashboard").text


def test_all_mail_of_it_goes_to_the_operators_box(app: Flask) -> None:
    made(app)
    emails = db.session.scalars(sa.select(Attendee.email)).all()
    assert set(emails) == {EMAIL}


def test_what_this_server_is_not_set_up_for_is_left_out_save_zoom(app: Flask) -> None:
    for name in ("ZOOM", "GOOGLE", "MICROSOFT"):
        app.config[f"{name}_CLIENT_ID"] = app.config[f"{name}_CLIENT_SECRET"] = ""
    made(app)
    slugs = {one.slug for one in db.session.scalars(sa.select(Schedule))}
    assert slugs == set(examples.SCHEDULES) - {"google-meet", "teams"}


def test_again_it_begins_anew_once_the_earlier_one_is_gone(app: Flask) -> None:
    before = made(app)
    with time_machine.travel(NOW + timedelta(minutes=5), tick=False):
        said = run(app, EMAIL, "--wait", "0")
        assert said.exit_code == 1
        assert "still being deleted" in said.output
        bookings = db.session.scalars(sa.select(Booking))
        assert {one.status for one in bookings} == {BookingStatus.CANCELLED}
    with time_machine.travel(NOW + timedelta(minutes=70), tick=False):
        assert made(app, "--wait", "0") != before
        assert account().created_at == NOW + timedelta(minutes=70)
    assert len(db.session.scalars(sa.select(User.id)).all()) == 1
    assert len(db.session.scalars(sa.select(Booking.id)).all()) == len(examples.BOOKED)
    acts = db.session.scalars(sa.select(OperatorAct.outcome).order_by(OperatorAct.id)).all()
    assert acts == ["done", "done", "nothing", "done"]


def test_an_account_of_somebody_else_is_never_touched(app: Flask) -> None:
    host = factories.schedule().host
    result = run(app, host.email)
    assert result.exit_code == 1
    assert "made by somebody else" in result.output
    db.session.refresh(host)
    assert host.closing_at is None


def test_an_id_that_was_a_reviewers_once_is_not_enough(app: Flask) -> None:
    host = factories.schedule().host
    act = OperatorAct(at=utcnow(), command=service.COMMAND, host_id=host.id, outcome="done")
    act.at = host.created_at.replace(microsecond=host.created_at.microsecond ^ 1)
    db.session.add(act)
    db.session.commit()
    assert not service.is_ours(host)


def test_it_is_noted_and_its_password_is_kept_nowhere(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    password = made(app)
    acts = db.session.scalars(sa.select(OperatorAct)).all()
    assert [(one.command, one.host_id, one.outcome) for one in acts] == [
        ("reviewer", account().id, "done")
    ]
    assert service.is_ours(account())
    assert password not in caplog.text
    assert account().password_hash.startswith("$argon2id$")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nobody"], "not an e-mail address"),
        ([EMAIL, "--zone", "Berlin"], "not the name of a time"),
    ],
)
def test_what_is_wrong_is_said(app: Flask, words: list[str], said: str) -> None:
    result = run(app, *words)
    assert result.exit_code == 1
    assert said in result.output
    assert db.session.scalar(sa.select(sa.func.count()).select_from(User)) == 0


def test_its_link_only_schedule_takes_a_link(
    app: Flask, as_host: Callable[..., FlaskClient]
) -> None:
    made(app)
    links = db.session.scalars(sa.select(Schedule).where(Schedule.slug == "by-link")).one()
    page = as_host(account()).get(f"/dashboard/schedules/{links.id}/links")
    assert page.status_code == 200
