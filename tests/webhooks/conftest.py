from collections.abc import Iterator

import pytest
from flask import Flask

from tests.connections.making import sent_statements


@pytest.fixture
def statements(app: Flask) -> Iterator[list[str]]:
    """The SQL that is sent, in order."""
    with sent_statements() as sent:
        yield sent
