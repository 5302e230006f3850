"""What people do around an account, as the tests' vocabulary."""

from typing import Any

import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bookme.extensions import db
from bookme.jobs.messages import contexts
from bookme.mail import message
from bookme.models import Email, Session, User
from tests.factories import NOW, PASSWORD

ADDRESS = "http://localhost"


def sign_up(client: FlaskClient, next_path: str = "", **typed: str) -> TestResponse:
    """Nora Berg signs up with nora@example.com and PASSWORD."""
    form = {"name": "Nora Berg", "email": "nora@example.com", "password": PASSWORD} | typed
    return client.post("/sign-up", query_string={"next": next_path}, data=form)


def sign_in(
    client: FlaskClient, email: str, password: str = PASSWORD, next_path: str = ""
) -> TestResponse:
    form = {"email": email, "password": password}
    return client.post("/sign-in", query_string={"next": next_path}, data=form)


def signed_in(client: FlaskClient) -> bool:
    return client.get("/account").status_code == 200


def host(email: str = "nora@example.com") -> User:
    """The host with this address, as the database has it now."""
    db.session.expire_all()
    return db.session.scalars(sa.select(User).where(User.email == email)).one()


def kinds() -> list[str]:
    """The kinds of all messages owed so far, in order."""
    return list(db.session.scalars(sa.select(Email.kind).order_by(Email.id)))


def last(kind: str) -> Email:
    """The newest message of this kind."""
    db.session.expire_all()
    query = sa.select(Email).where(Email.kind == kind).order_by(Email.id.desc())
    found = db.session.scalars(query).first()
    assert found is not None, f"no {kind} in {kinds()}"
    return found


def context(kind: str) -> dict[str, Any]:
    """What the newest message of this kind says, were it sent now."""
    found = contexts.context(last(kind), now=NOW)
    assert found is not None
    return found


def path_in(kind: str) -> str:
    """The path and query of the link in the newest message of this kind, as its reader sees it."""
    words = message.render(kind, context(kind))
    button = BeautifulSoup(words.html, "html.parser").select_one("a.fill")
    assert button is not None
    link = str(button["href"])
    assert link in words.text
    assert link.startswith(f"{ADDRESS}/")
    return link.removeprefix(ADDRESS)


def sessions_of(user: User) -> int:
    query = sa.select(sa.func.count()).where(Session.user_id == user.id)
    return db.session.scalar(query) or 0
