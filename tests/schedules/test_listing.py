"""A host's schedules a page at a time, in the dashboard and in public."""

from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from bookme.extensions import db
from bookme.models import User
from bookme.schedules import listing
from tests import factories
from tests.factories import NOW

MANY = 2 * listing.PAGE + 3


@pytest.fixture
def host(app: Flask) -> User:
    """Mara with many schedules; titles repeat, some are off, and one is deleted."""
    made: User = factories.host()
    for number in range(MANY):
        factories.schedule(host=made, slug=f"s{number}", title=f"Title {number // 7:02}")
    factories.schedule(host=made, slug="gone", title="Title 01", deleted_at=NOW)
    factories.schedule(host=made, slug="off", title="Title 03", active=False)
    db.session.commit()
    return made


def followed(client: FlaskClient, address: str) -> list[str]:
    """The titles that somebody reads who goes on to the last page."""
    titles: list[str] = []
    while address:
        page = BeautifulSoup(client.get(address).text, "html.parser")
        titles += [one.get_text() for one in page.select(".list > li a.cover, li.card h2")]
        more = page.select_one(".pager a.button:not(.quiet)")
        address = str(more["href"]) if more else ""
    return titles


def test_pages_follow_each_other_without_gaps_or_repeats(
    host: User, as_host: Callable[..., FlaskClient]
) -> None:
    expected = [f"Title {number // 7:02}" for number in range(MANY)]
    client = as_host(host)
    assert followed(client, "/mara") == expected
    assert followed(client, "/dashboard/schedules") == sorted([*expected, "Title 03"])


@pytest.mark.parametrize("after", ["0", "-1", "x", "", str(10**30), "999"])
def test_a_made_up_place_is_the_beginning(host: User, client: FlaskClient, after: str) -> None:
    page = client.get(f"/mara?after={after}")
    assert page.status_code == 200
    assert "Title 00" in page.text


def test_another_hosts_schedule_is_no_place(host: User) -> None:
    strange = factories.schedule(host=factories.host(another=True), title="Zzz")
    assert listing.page(host, after=strange.id) == listing.page(host)
