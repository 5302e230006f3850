from collections.abc import Iterator

import pytest

from tests.databases import Postgres
from tests.system import System
from tests.system_logs import pytest_runtest_makereport

__all__ = ["pytest_runtest_makereport"]


@pytest.fixture(scope="package")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """BookMe on SQLite, shared: a test makes hosts of its own and leaves everything running.

    It ends with the last of these tests: at rest, too, it looks for work many times a second.
    """
    seen = {"METRICS_TOKEN": "a-token-that-nobody-guesses", "LOG_FORMAT": "json"}
    with System(tmp_path_factory.mktemp("system"), environ=seen) as system:
        yield system


@pytest.fixture(scope="package")
def postgres_system(
    tmp_path_factory: pytest.TempPathFactory, postgres: Postgres
) -> Iterator[System]:
    """The same on PostgreSQL."""
    folder = tmp_path_factory.mktemp("postgres")
    with System(folder, database_url=postgres.empty()) as system:
        yield system
