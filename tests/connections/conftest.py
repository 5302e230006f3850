from collections.abc import Iterator

import pytest
from flask import Flask

from tests.connections.clouds import GOOGLE, MICROSOFT, FakeCloud, cloud_at_the_wire
from tests.connections.making import sent_statements


@pytest.fixture(params=[GOOGLE, MICROSOFT])
def cloud(request: pytest.FixtureRequest, app: Flask) -> Iterator[FakeCloud]:
    """Google, then Microsoft."""
    with cloud_at_the_wire(request.param) as fake:
        yield fake


@pytest.fixture
def google(app: Flask) -> Iterator[FakeCloud]:
    with cloud_at_the_wire(GOOGLE) as fake:
        yield fake


@pytest.fixture
def microsoft(app: Flask) -> Iterator[FakeCloud]:
    with cloud_at_the_wire(MICROSOFT) as fake:
        yield fake


@pytest.fixture
def statements(app: Flask) -> Iterator[list[str]]:
    """The SQL that is sent, in order."""
    with sent_statements() as sent:
        yield sent
