"""Who may open what: the owner, another host, a visitor."""

from collections.abc import Callable

import pytest
from flask import Flask, render_template_string
from flask.testing import FlaskClient

from bookme.connections import service
from bookme.extensions import db
from bookme.models import ConnectionStatus, LocationKind, Problem, User
from tests import factories
from tests.conftest import NOW
from tests.connections.making import connection, rows
from tests.fake_zoom import JILL, FakeZoom

AsHost = Callable[..., FlaskClient]
GETS = ["/connections", "/connections?open=zoom", "/connections/settings"]
OWNED = [("GET", "/connections/zoom/disconnect"), ("POST", "/connections/zoom/test")]
POSTS = [
    *("/connections/zoom/connect", "/connections/zoom/test", "/connections/zoom/disconnect"),
    "/connections/settings",
]


@pytest.mark.parametrize("path", [*GETS, "/connections/zoom/disconnect"])
def test_a_visitor_is_led_to_sign_in_and_back(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/sign-in?next=/connections")


@pytest.mark.parametrize("path", POSTS)
def test_a_visitor_changes_nothing(
    host: User, client: FlaskClient, zoom: FakeZoom, path: str
) -> None:
    connection(host, zoom)
    answer = client.post(path, data={"default_video_provider": "zoom"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in")
    assert rows(host)[0].is_active
    assert zoom.calls == []


@pytest.mark.parametrize("path", GETS)
def test_every_host_has_a_page_of_his_own(
    host: User, as_host: AsHost, zoom: FakeZoom, path: str
) -> None:
    connection(host, zoom)
    answer = as_host(factories.host(another=True)).get(path)
    assert answer.status_code == 200
    assert JILL not in answer.text


@pytest.mark.parametrize(("method", "path"), OWNED)
def test_what_belongs_to_a_connection_is_there_for_its_owner_only(
    host: User, as_host: AsHost, zoom: FakeZoom, method: str, path: str
) -> None:
    connection(host, zoom)
    other = as_host(factories.host(another=True)).open(path, method=method)
    assert (other.status_code, other.headers["Location"]) == (303, "/connections")
    assert (rows(host)[0].is_active, zoom.calls) == (True, [])


@pytest.mark.parametrize(("method", "path"), OWNED)
def test_its_owner_gets_it(
    host: User, as_host: AsHost, zoom: FakeZoom, method: str, path: str
) -> None:
    connection(host, zoom)
    assert as_host(host, htmx=True).open(path, method=method).status_code == 200


@pytest.mark.parametrize("path", ["/connections/skype/disconnect", "/connections/skype/callback"])
def test_unknown_providers_have_no_pages(host: User, as_host: AsHost, path: str) -> None:
    assert as_host(host).get(path).status_code == 404


@pytest.mark.parametrize("query", ["open=skype", "open=", "close=skype", "open=zoom&close=zoom"])
def test_an_odd_query_is_no_trouble(host: User, as_host: AsHost, query: str) -> None:
    assert as_host(host).get(f"/connections?{query}").status_code == 200


def test_the_dashboard_can_say_what_needs_the_host(app: Flask, host: User, zoom: FakeZoom) -> None:
    columns = {"location_kind": LocationKind.VIDEO, "video_provider": "zoom"}
    factories.schedule(host=host, title="Review", **columns)

    def shown() -> str:
        with app.test_request_context():
            source = '{% include "connections/_attention.html" %}'
            return render_template_string(source, attention=service.needing_attention(host))

    assert "Zoom isn't connected." in shown()
    problem = {"problem": Problem.GRANT_ENDED, "problem_at": NOW}
    connection(host, zoom, status=ConnectionStatus.NEEDS_RECONNECT, **problem)
    assert "Zoom needs your attention." in shown()
    assert "Reconnect Zoom" in shown()
    assert "Review" in shown()
    db.session.rollback()
