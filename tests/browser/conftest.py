from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser
from redis import Redis

from bookme.models import Tally
from tests.browser import chromium
from tests.browser.chromium import Window
from tests.browser.world import World
from tests.system import System
from tests.system_logs import pytest_runtest_makereport
from tests.visitor import Visitor

__all__ = ["pytest_runtest_makereport"]

#: Opens a window; what its pages complain about fails the test.
Open = Callable[..., Window]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark them, and put those that need a :class:`World` last: what it holds is in the way of
    others, and two systems for all of it would cost one more.
    """
    places = [at for at, item in enumerate(items) if "tests/browser/" in str(item.path)]
    mine = [items[at] for at in places]
    for at, item in zip(places, sorted(mine, key=_needs_a_world), strict=True):
        items[at] = item
        item.add_marker(pytest.mark.browser)


def _needs_a_world(item: pytest.Item) -> bool:
    return "world" in getattr(item, "fixturenames", ())


def _need_chromium() -> None:
    if chromium.executable() is None:
        pytest.skip("there is no Chromium here (on Debian: apt-get install chromium)")


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    # A package's, not the session's: while it runs, no other test may have an event loop.
    _need_chromium()
    with chromium.launched() as browser:
        yield browser


@pytest.fixture(scope="package")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """BookMe without anybody in it at first, shared. It ends with the last of these tests: at rest,
    too, it looks for work many times a second.
    """
    _need_chromium()
    with System(tmp_path_factory.mktemp("system"), web=1) as system:
        yield system


@pytest.fixture(autouse=True)
def nobody_was_here_before(request: pytest.FixtureRequest) -> None:
    """Limits count from each test anew: to the shared system all of them are one visitor."""
    if "system" in request.fixturenames:
        system: System = request.getfixturevalue("system")
        with Redis.from_url(system.redis.url) as redis:
            counted = list(redis.scan_iter("LIMITS*"))
            if counted:
                redis.delete(*counted)
        engine = sa.create_engine(system.environ["DATABASE_URL"], connect_args={"timeout": 20})
        with engine.begin() as connection:
            connection.execute(sa.delete(Tally))
        engine.dispose()


@pytest.fixture(scope="package")
def world(system: System) -> World:
    """The same with people and bookings in it."""
    return World(system)


@pytest.fixture
def window(browser: Browser) -> Iterator[Open]:
    opened: list[Window] = []

    def make(visitor: Visitor | None = None, **options: Any) -> Window:
        opened.append(Window(browser, visitor, **options))
        return opened[-1]

    yield make
    complaints = [words for one in opened for words in one.complaints]
    for one in opened:
        one.close()
    assert complaints == []
