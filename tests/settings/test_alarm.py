"""Connections, Settings: when calendar files ring."""

from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from bookme.extensions import db
from bookme.models import User

AsHost = Callable[..., FlaskClient]
PAGE, PATH = "/connections/settings", "/connections/settings/alarm"


def chosen(page: str) -> str:
    (option,) = BeautifulSoup(page, "html.parser").select("#alarm option[selected]")
    return str(option["value"])


@pytest.mark.parametrize(("typed", "kept"), [("15", 15), ("0", 0), ("1440", 1440), ("", None)])
def test_a_host_chooses_when_files_ring(
    host: User, as_host: AsHost, typed: str, kept: int | None
) -> None:
    host.alarm_minutes = 5
    db.session.commit()
    browser = as_host(host)
    assert chosen(browser.get(PAGE).text) == "5"
    answer = browser.post(PATH, data={"alarm_minutes": typed})
    assert (answer.status_code, answer.location) == (303, PAGE)
    db.session.refresh(host)
    assert host.alarm_minutes == kept
    assert chosen(browser.get(PAGE).text) == typed


@pytest.mark.parametrize("typed", ["7", "x", "-5", "99999999999"])
def test_what_is_not_offered_is_refused(host: User, as_host: AsHost, typed: str) -> None:
    answer = as_host(host).post(PATH, data={"alarm_minutes": typed})
    assert answer.status_code == 422
    assert "Choose one of these." in answer.text
    db.session.refresh(host)
    assert host.alarm_minutes is None


def test_it_is_a_matter_of_its_host(client: FlaskClient) -> None:
    assert "/sign-in" in client.post(PATH, data={"alarm_minutes": "5"}).location


def test_the_other_form_of_the_page_keeps_its_own(host: User, as_host: AsHost) -> None:
    page = as_host(host).post(PATH, data={"alarm_minutes": "x", "default_video_provider": "x"}).text
    assert page.count("Choose one of these.") == 1
