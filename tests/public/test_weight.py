"""What a booker's first visit costs, and each step after it: bytes as sent, and requests."""

import re
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bookme.extensions import db
from bookme.models import Schedule
from tests import factories

#: Of bytes, compressed; of requests.
FIRST_VISIT, MOST_REQUESTS, SWAP = 14_000, 5, 4_000
#: The chooser of zones is 418 cities with countries, times and offsets; it comes when asked for.
ZONES = 9_000
PAGE = "/mara/intro"

pytestmark = pytest.mark.parametrize("way", ["br", "gzip"])


class Browser:
    """Counts what a browser would load, and keeps what it may."""

    def __init__(self, client: FlaskClient, way: str) -> None:
        self.client, self.accept = client, {"Accept-Encoding": way}
        self.kept: set[str] = set()

    def get(self, path: str, **headers: str) -> TestResponse:
        return self.client.get(path, headers=self.accept | headers, buffered=True)

    def visit(self, path: str) -> dict[str, int]:
        """Each address that is asked for, and the size of its answer."""
        loaded = {path: self.get(path)}
        page = BeautifulSoup(self.client.get(path).data, "html.parser")
        for address in parts_of(page) - self.kept:
            loaded[address] = answer = self.get(address)
            assert answer.status_code == 200, address
            if "immutable" in answer.headers["Cache-Control"]:
                self.kept.add(address)
        return {address: len(answer.data) for address, answer in loaded.items()}


def parts_of(page: BeautifulSoup) -> set[str]:
    """What a browser loads with a page without being asked."""
    links = [tag["href"] for tag in page.select("link[rel=stylesheet], link[rel~=icon]")]
    files = [tag["src"] for tag in page.select("script[src], img[src]:not([loading=lazy])")]
    sprites = [str(tag["href"]).partition("#")[0] for tag in page.select("use[href]")]
    found = {str(address) for address in [*links, *files, *sprites]}
    return {urlsplit(one).path for one in found if not one.startswith("data:")}


@pytest.fixture
def browser(client: FlaskClient, way: str) -> Browser:
    schedule: Schedule = factories.schedule(description="Bring your questions.")
    schedule.owner.accent = "#b3261e"
    schedule.owner.headline = "Conversations about gardens, on paper and on the ground"
    db.session.commit()
    return Browser(client, way)


def test_a_first_visit_is_small_and_the_next_page_is_one_request(browser: Browser) -> None:
    first = browser.visit(PAGE)
    assert sum(first.values()) <= FIRST_VISIT, first
    assert len(first) <= MOST_REQUESTS, first
    assert not [address for address in first if "htmx" in address]
    page = BeautifulSoup(browser.client.get(PAGE).data, "html.parser")
    time = page.select_one("a.time")
    assert time is not None
    day = page.select("a.day")[-1]
    for address in (str(day["href"]), str(time["href"]), "/mara", PAGE):
        assert list(browser.visit(address)) == [address]


def test_a_first_visit_from_another_zone_is_one_more_swap(browser: Browser) -> None:
    first = browser.visit(PAGE)
    swap = browser.get(f"{PAGE}?zone=America/Los_Angeles", **{"HX-Request": "true"})
    assert sum(first.values()) + len(swap.data) <= FIRST_VISIT
    assert len(first) + 1 <= MOST_REQUESTS


def test_a_change_of_day_or_month_is_small(
    browser: Browser,
) -> None:
    page = BeautifulSoup(browser.client.get(PAGE).data, "html.parser")
    asked = {str(link["hx-get"]) for link in page.select("[hx-get]")}
    assert any("choose=zone" in one for one in asked)
    assert any(re.search(r"month=", one) for one in asked)
    heavy = {}
    for one in asked:
        size = len(browser.get(one, **{"HX-Request": "true"}).data)
        if size > (ZONES if "choose=zone" in one else SWAP):
            heavy[one] = size
    assert heavy == {}
