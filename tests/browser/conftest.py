from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

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
    for item in items:
        if "tests/browser/" in str(item.path):
            item.add_marker(pytest.mark.browser)


def _need_chromium() -> None:
    if chromium.executable() is None:
        pytest.skip("there is no Chromium here (on Debian: apt-get install chromium)")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    # A module's, not the session's: while it runs, no other test may have an event loop.
    _need_chromium()
    with chromium.launched() as browser:
        yield browser


@pytest.fixture(scope="session")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """BookMe without anybody in it, shared."""
    _need_chromium()
    with System(tmp_path_factory.mktemp("system")) as system:
        yield system


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Another one with people and bookings in it."""
    _need_chromium()
    with System(tmp_path_factory.mktemp("world")) as system:
        yield World(system)


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
