"""What is kept of second factors, sessions and browsers goes with the account."""

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from bookme.extensions import db
from bookme.jobs import closing
from bookme.models import (
    Authenticator,
    Email,
    KnownBrowser,
    Passkey,
    PendingProof,
    RecoveryCode,
    Session,
    WrongCode,
)
from tests import factories
from tests.accounts import factor_steps as factors
from tests.accounts import steps

KINDS = (Authenticator, KnownBrowser, Passkey, PendingProof, RecoveryCode, Session, WrongCode)


def rows() -> dict[str, int]:
    return {
        kind.__name__: db.session.scalar(sa.select(sa.func.count()).select_from(kind)) or 0
        for kind in KINDS
    }


@pytest.mark.both_databases
def test_nothing_is_left_after_the_account(app: Flask, client: FlaskClient) -> None:
    mara = factories.host()
    steps.sign_in(client, mara.email)
    factors.add_app(client)
    factors.add_passkey(client, "Ornithopter")
    half = app.test_client()
    factors.half_way(half, mara.email)
    factors.second_step(half, "000000")
    factors.options_to_confirm(client)
    assert all(rows().values()), rows()
    assert client.post("/account/delete").status_code == 303
    db.session.execute(sa.update(Email).values(state="sent"))
    db.session.commit()
    closing.close_account(mara.id)
    assert not any(rows().values()), rows()
    assert "Ornithopter" not in everything()


def everything() -> str:
    """All rows of all tables, as text."""
    tables = db.metadata.sorted_tables
    return "\n".join(str(db.session.execute(sa.select(table)).all()) for table in tables)
