from collections.abc import Iterator

import pytest
import responses
from flask import Flask

from bookme.extensions import db
from bookme.models import User
from tests import factories
from tests.connections.zoom import FakeZoom


@pytest.fixture
def zoom(app: Flask) -> Iterator[FakeZoom]:
    """Zoom; at the end, no call may have been made with a transaction open."""
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        fake = FakeZoom(mock, db.session())
        yield fake
        assert fake.open_transactions == 0


@pytest.fixture
def host(app: Flask) -> User:
    """Mara."""
    made: User = factories.host()
    return made
