from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bookme.models import User
from tests import factories
from tests.accounts.oidc import stand_in
from tests.accounts.oidc.stand_in import StandIn


@pytest.fixture
def provider(app: Flask, tmp_path: Path) -> Iterator[StandIn]:
    """A provider of OpenID Connect that BookMe is set up for."""
    with stand_in.at_the_wire(app, tmp_path / "sandbox") as found:
        yield found


@pytest.fixture
def mara(app: Flask) -> User:
    """A host with a password, whose address the provider knows too."""
    return factories.host()


@pytest.fixture
def browser(app: Flask) -> FlaskClient:
    return app.test_client()
