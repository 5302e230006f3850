"""What pages say of themselves to those who show links to them, and to search engines."""

from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from bookme.extensions import db
from bookme.models import Schedule, Visibility
from tests import factories
from tests.public.pages import soup


@pytest.fixture
def schedule(app: Flask) -> Schedule:
    return factories.schedule(description="About\nyour project.", durations=[30, 60])


def said(client: FlaskClient, path: str) -> dict[str, str]:
    """The page's social tags, its description and its canonical address."""
    page = soup(client.get(path))
    found = {str(one["property"]): str(one["content"]) for one in page.select("meta[property]")}
    found |= {f"<{one['rel'][0]}>": str(one["href"]) for one in page.select("link[rel=canonical]")}
    for one in page.select("meta[name=description]"):
        assert "description" not in found
        found["description"] = str(one["content"])
    return found


def test_a_schedule_says_what_and_with_whom(client: FlaskClient, schedule: Schedule) -> None:
    found = said(client, "/mara/intro?month=2027-04&zone=Asia/Tokyo")
    assert found["og:title"] == "Intro call with Mara Lindqvist"
    assert found["og:description"] == "About your project."
    assert found["og:url"] == found["<canonical>"] == "http://localhost/mara/intro"
    card = client.get(found["og:image"])
    assert card.mimetype == "image/png"
    assert Image.open(BytesIO(card.data)).size == (1200, 630)


def test_a_host_and_the_landing_page_have_theirs(client: FlaskClient, schedule: Schedule) -> None:
    schedule.host.headline = "Designer"
    db.session.commit()
    found = said(client, "/mara")
    assert (found["og:title"], found["description"]) == ("Mara Lindqvist", "Designer")
    for path in ("/mara", "/"):
        answer = client.get(said(client, path)["og:image"])
        assert answer.mimetype == "image/png"
        answer.close()


def test_a_card_is_asked_for_anew_only_once_it_has_changed(
    client: FlaskClient, schedule: Schedule
) -> None:
    before = said(client, "/mara/intro")["og:image"]
    tag = client.get(before).headers["ETag"]
    again = client.get(before, headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    schedule.title = "First call"
    db.session.commit()
    assert said(client, "/mara/intro")["og:image"] != before
    assert client.get(before, headers={"If-None-Match": tag}).status_code == 200


def test_a_card_is_in_one_language_whoever_asks(client: FlaskClient, schedule: Schedule) -> None:
    tags = {
        client.get("/images/mara/intro/card.png", headers={"Accept-Language": one}).headers["ETag"]
        for one in ("en", "de", "ar")
    }
    assert len(tags) == 1


@pytest.mark.parametrize("path", ["/images/nobody/card.png", "/images/mara/none/card.png"])
def test_there_is_no_card_of_what_there_is_not(
    client: FlaskClient, schedule: Schedule, path: str
) -> None:
    assert client.get(path).status_code == 404


def test_a_schedule_for_single_use_links_tells_nobody_of_itself(
    client: FlaskClient, schedule: Schedule
) -> None:
    schedule.visibility = Visibility.BY_LINK
    db.session.commit()
    assert client.get("/images/mara/intro/card.png").status_code == 404


def test_search_engines_keep_the_pages_for_everybody_only(
    client: FlaskClient, schedule: Schedule
) -> None:
    booking = factories.booking(schedule=schedule)
    for path in ("/", "/mara", "/mara/intro", "/sign-up", "/privacy"):
        assert "X-Robots-Tag" not in client.get(path).headers, path
    private = [f"/booking/{booking.token}{end}" for end in ("", "/cancel", "/reschedule")]
    private += ["/mara/intro/book?at=2027-03-02T10:00:00Z", "/sign-in", "/forgot-password"]
    private += ["/mara/nothing", "/dashboard"]
    for path in private:
        assert client.get(path).headers["X-Robots-Tag"] == "noindex", path
    schedule.visibility = Visibility.HIDDEN
    db.session.commit()
    assert client.get("/mara/intro").headers["X-Robots-Tag"] == "noindex"


def test_robots_are_told_where_there_is_nothing_for_them(client: FlaskClient) -> None:
    answer = client.get("/robots.txt")
    assert answer.mimetype == "text/plain"
    assert "Disallow: /dashboard" in answer.text.splitlines()
