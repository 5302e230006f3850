"""The outbox: the only maker of messages that are owed."""

import ast
from datetime import timedelta

import pytest
from flask import Flask

from bookme import outbox
from bookme.extensions import db
from bookme.jobs.messages import contexts
from bookme.models import Email, EmailState
from bookme.sealed import LETTER
from tests import factories
from tests.conftest import NOW
from tests.processes import ROOT
from tests.test_imports import MODULES


def kept(key: str) -> Email:
    db.session.commit()
    db.session.expire_all()
    return db.session.scalars(db.select(Email).where(Email.dedupe_key == key)).one()


def test_a_message_to_a_host_is_due_now(app: Flask) -> None:
    host = factories.host()
    outbox.owe("password_changed", host, key="k", now=NOW)
    email = kept("k")
    assert (email.user, email.attendee, email.booking, email.facts) == (host, None, None, {})
    assert (email.state, email.next_attempt_at, email.created_at) == (EmailState.WAITING, NOW, NOW)


def test_a_host_is_named_by_an_id_as_well(app: Flask) -> None:
    host = factories.host()
    later = NOW + timedelta(minutes=3)
    outbox.owe("calendar_failing", host.id, key="k", now=NOW, at=later, facts={"n": 1})
    email = kept("k")
    assert (email.user, email.next_attempt_at, email.facts) == (host, later, {"n": 1})


def test_a_message_about_a_booking_has_its_revision(app: Flask) -> None:
    booking = factories.booking(revision=4)
    outbox.owe("booked", booking.attendees[0], booking, key="k", now=NOW)
    email = kept("k")
    assert (email.booking, email.revision) == (booking, 4)
    assert (email.attendee, email.user) == (booking.attendees[0], None)


def test_another_address_is_kept_sealed(app: Flask) -> None:
    outbox.owe("email_changed", factories.host(), key="k", now=NOW, address="old@example.com")
    sealed = kept("k").to_sealed
    assert sealed is not None
    assert b"old@example.com" not in sealed
    assert LETTER.open("k", "to_sealed", sealed) == "old@example.com"


def test_nothing_else_makes_messages() -> None:
    makers = [
        path.name
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "Email"
    ]
    assert set(makers) == {"outbox.py"}


@pytest.mark.parametrize("kind", sorted(contexts.BUILDERS))
def test_every_kind_has_its_templates(kind: str) -> None:
    folder = ROOT / "bookme" / "templates" / "email" / kind
    assert {path.name for path in folder.iterdir()} >= {"subject.txt", "body.txt", "body.html"}
