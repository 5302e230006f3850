"""The help: its topics, its frame, and the search of its own words."""

import re
from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from bookme.help import search
from bookme.help.topics import TOPICS
from bookme.models import User

AsHost = Callable[..., FlaskClient]


def found(browser: FlaskClient, asked: str) -> list[str]:
    page = BeautifulSoup(browser.get("/help", query_string={"q": asked}).text, "html.parser")
    return [str(link["href"]) for link in page.select("#found .list a")]


@pytest.mark.parametrize("signed_in", [False, True])
def test_each_topic_is_in_the_frame_of_its_reader(
    host: User, client: FlaskClient, as_host: AsHost, signed_in: bool
) -> None:
    browser = as_host(host) if signed_in else client
    for path in ("/help", *(f"/help/{name}" for name in TOPICS)):
        page = BeautifulSoup(browser.get(path).text, "html.parser")
        assert bool(page.select("nav#menu")) == signed_in, path
        assert len(page.select("h1")) == 1, path
    assert browser.get("/help/nothing").status_code == 404


def test_every_heading_can_be_linked_to_and_every_link_leads_somewhere(
    host: User, as_host: AsHost
) -> None:
    browser, pages = as_host(host), {}
    for name in TOPICS:
        pages[f"/help/{name}"] = BeautifulSoup(browser.get(f"/help/{name}").text, "html.parser")
    wrong = []
    for path, page in pages.items():
        wrong += [f"{path} {h2.text}" for h2 in page.select("article h2") if not h2.get("id")]
        for link in page.select("article a[href]"):
            address, _, anchor = str(link["href"]).partition("#")
            target = pages.get(address or path)
            if anchor and target is not None and target.find(id=anchor) is None:
                wrong.append(f"{path} {link['href']}")
            elif address.startswith("/") and browser.get(address).status_code != 200:
                wrong.append(f"{path} {address}")
    assert wrong == []


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ("single-use", "/help/share#single-use"),
        ("time off", "/help/hours#off"),
        ("remove zoom", "/help/zoom#remove"),
        ("REMIND", "/help/messages#reminders"),
        ("delete account", "/help/account#delete"),
    ],
)
def test_a_search_finds_the_part_of_a_page_that_is_about_it(
    client: FlaskClient, asked: str, first: str
) -> None:
    assert found(client, asked)[0] == first


def test_a_result_shows_the_words_around_what_was_asked_for(client: FlaskClient) -> None:
    page = BeautifulSoup(client.get("/help?q=buffer").text, "html.parser")
    assert {mark.text.casefold() for mark in page.select("#found mark")} == {"buffers"}
    assert "1 result" in page.h2.text or "results" in page.h2.text


@pytest.mark.parametrize("asked", ["zzz", "<b>x</b>zz", "(", "a" * 300])
def test_what_is_not_found_is_said_and_nothing_asked_becomes_markup(
    client: FlaskClient, asked: str
) -> None:
    answer = client.get("/help", query_string={"q": asked})
    assert answer.status_code == 200
    assert "Nothing found" in answer.text
    assert "<b>x</b>" not in answer.text


def test_htmx_gets_the_results_alone(client: FlaskClient) -> None:
    answer = client.get("/help?q=zoom", headers={"HX-Request": "true"})
    assert answer.text.lstrip().startswith('<div id="found"')
    assert "HX-Request" in answer.headers["Vary"]


def test_an_excerpt_is_short_and_begins_and_ends_at_a_word(client: FlaskClient) -> None:
    with client.application.test_request_context():
        for result in search.search("meeting"):
            plain = re.sub("<[^>]+>", "", result.excerpt).strip("…")
            assert len(plain) < 300
            assert plain in str(BeautifulSoup(result.section.text, "html.parser")) or "&" in plain
