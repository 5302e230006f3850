import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

PAGES = ["/", "/help/zoom", "/help/calendars", "/privacy", "/terms", "/support"]


@pytest.mark.parametrize("path", PAGES)
def test_a_reviewer_can_read_it_without_an_account(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert BeautifulSoup(answer.text, "html.parser").h1 is not None


@pytest.mark.parametrize("path", PAGES)
def test_every_link_of_ours_leads_somewhere(client: FlaskClient, path: str) -> None:
    page = BeautifulSoup(client.get(path).text, "html.parser")
    for link in page.select("a[href]"):
        address = link["href"]
        if address.startswith("/"):
            assert client.get(address).status_code in (200, 303), address
        elif address.startswith("#"):
            assert page.find(id=address[1:]) is not None, address


@pytest.mark.parametrize("name", ["privacy", "terms", "support"])
def test_the_operators_own_text_takes_the_place_of_ours(
    app: Flask, client: FlaskClient, tmp_path: Path, name: str
) -> None:
    app.config["TEXTS_DIR"] = tmp_path
    (tmp_path / f"{name}.html").write_text("<h1>Ours</h1><p>Everything is different here.</p>")
    page = client.get(f"/{name}").text
    assert "<h1>Ours</h1>" in page
    assert "static/look." in page


@pytest.mark.parametrize("operator", ["", "Mara & Sons"])
@pytest.mark.parametrize("path", ["/privacy", "/terms", "/support"])
def test_the_operator_is_named_or_the_site(
    app: Flask, client: FlaskClient, path: str, operator: str
) -> None:
    app.config.update(OPERATOR_NAME=operator, PUBLIC_URL="https://book.example.com")
    text = BeautifulSoup(client.get(path).text, "html.parser").article.get_text()
    assert ("Mara & Sons" in text) == bool(operator)
    assert ("the BookMe at book.example.com" in text) == (not operator and path != "/support")
    assert "run by BookMe" not in text


def test_the_domain_is_verified_by_file_and_by_tag(app: Flask, client: FlaskClient) -> None:
    assert client.get("/zoomverify/verifyzoom.html").status_code == 404
    app.config["ZOOM_VERIFICATION"] = "ZOOM_verify_abc"
    assert client.get("/zoomverify/verifyzoom.html").text == "ZOOM_verify_abc"
    tag = BeautifulSoup(client.get("/").text, "html.parser").select_one(
        "meta[name=zoom-domain-verification]"
    )
    assert tag["content"] == "ZOOM_verify_abc"


def test_the_domain_is_shown_to_be_the_operators_to_google_and_microsoft(
    app: Flask, client: FlaskClient
) -> None:
    page = BeautifulSoup(client.get("/").text, "html.parser")
    assert page.select_one("meta[name=google-site-verification]") is None
    app.config["GOOGLE_VERIFICATION"] = "abc"
    page = BeautifulSoup(client.get("/").text, "html.parser")
    assert page.select_one("meta[name=google-site-verification]")["content"] == "abc"
    path = "/.well-known/microsoft-identity-association.json"
    said = client.get(path)
    assert said.mimetype == "application/json"
    app_id = app.config["MICROSOFT_CLIENT_ID"]
    assert said.json == {"associatedApplications": [{"applicationId": app_id}]}
    app.config["MICROSOFT_CLIENT_ID"] = ""
    assert client.get(path).status_code == 404


def test_privacy_says_what_is_kept_of_calendars(client: FlaskClient) -> None:
    text = BeautifulSoup(client.get("/privacy").text, "html.parser").get_text(" ")
    words = re.sub(r"\s+", " ", text)
    for fact in (
        "names, colours, time zones and addresses",
        "your main Google calendar is your e-mail address",
        "never what it’s about or who it’s with",
        "the new data replaces the old",
        "deleted at once",
        "Limited Use",
    ):
        assert fact in words


def test_the_guide_says_what_users_are_promised(client: FlaskClient) -> None:
    text = BeautifulSoup(client.get("/help/zoom").text, "html.parser").get_text(" ")
    words = re.sub(r"\s+", " ", text)
    for promise in (
        "Connect Zoom",
        "View your user information",
        "Create and manage meetings",
        "Default Video Provider",
        "Disconnect",
        "Manage → Added Apps",
        "deletes the tokens",
        "confirms the deletion to Zoom",
        "Existing meetings stay",
        "10 days at most",
        "Recordings, chats and webinars",
    ):
        assert promise in words
