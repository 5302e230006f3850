"""Two callbacks at once, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from bookme.accounts.oidc import attempts
from bookme.clock import utcnow
from bookme.extensions import db
from bookme.models import Identity, Purpose, User
from tests.accounts.oidc import stand_in
from tests.accounts.oidc.stand_in import BEN, StandIn
from tests.factories import NOW

pytestmark = pytest.mark.both_databases


def at_once(app: Flask, work, *given: object) -> list[object]:  # type: ignore[no-untyped-def]
    barrier = Barrier(len(given))

    def run(one: object) -> object:
        with app.app_context():
            barrier.wait(10)
            try:
                return work(one)
            finally:
                db.session.remove()

    with ThreadPoolExecutor(len(given)) as together:
        return list(together.map(run, given))


def test_a_state_is_taken_by_one_of_two_callbacks(app: Flask) -> None:
    begun = attempts.start("example", Purpose.SIGN_IN, browser="b", now=NOW)
    db.session.commit()

    def take(_number: object) -> bool:
        found = attempts.take("example", begun.state, browser="b", session=None, now=NOW)
        return found is not None

    assert sorted(at_once(app, take, 1, 2)) == [False, True]


def test_two_first_sign_ins_at_once_make_one_account(app: Flask, provider: StandIn) -> None:
    browsers = [app.test_client() for _ in range(2)]
    backs = [provider.answered(stand_in.begin(one), BEN) for one in browsers]
    db.session.remove()

    def come_back(given: object) -> str:
        browser, back = given  # type: ignore[misc]
        assert isinstance(browser, FlaskClient)
        return str(browser.get(back).location)

    came = at_once(app, come_back, *zip(browsers, backs, strict=True))
    assert set(came) == {"/dashboard/set-up"}, came
    assert db.session.scalar(sa.select(sa.func.count(User.id))) == 1
    assert db.session.scalar(sa.select(sa.func.count(Identity.id))) == 1
    assert utcnow() == NOW
