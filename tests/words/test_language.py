"""Which language somebody reads, wherever it is written."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import get_locale

from bookme.models import User
from bookme.web import words
from tests import factories


@pytest.fixture
def german(app: Flask) -> Flask:
    """An application that has German, too."""
    app.config["LANGUAGES"] = ("en", "de")
    return app


def shown_in(page: str) -> str:
    return page.split('<html lang="', 1)[1].split('"', 1)[0]


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [
        ("de-AT,de;q=0.9,en;q=0.5", "de"),
        ("fr-CH, en;q=0.9", "en"),
        ("en-US", "en"),
        ("ja", "en"),
        ("*", "en"),
        ("; ;q=, \u00e9", "en"),
        ("", "en"),
    ],
)
def test_a_visitor_reads_the_browsers_language(
    german: Flask, client: FlaskClient, accepted: str, expected: str
) -> None:
    page = client.get("/", headers={"Accept-Language": accepted.encode("latin-1")})
    assert shown_in(page.text) == expected


def test_a_host_reads_the_accounts_language(
    german: Flask, as_host: Callable[..., FlaskClient]
) -> None:
    host: User = factories.host(locale="de_DE")
    page = as_host(host).get("/dashboard", headers={"Accept-Language": "en"})
    assert shown_in(page.text) == "de-DE"


def test_a_reader_who_is_not_at_the_browser_is_spoken_to_in_their_own_language(app: Flask) -> None:
    app.config["LANGUAGES"] = ("en", "de", "pt_BR")
    spoken = ("de", "de"), ("de_AT", "de_AT"), ("pt_BR", "pt_BR"), ("en_US", "en_US")
    unspoken = ("pt_PT", "en"), ("fr_CA", "en"), ("xx", "en"), ("", "en")
    for locale, expected in (*spoken, *unspoken):
        with words.spoken_to(locale):
            assert str(get_locale()) == expected
    assert str(get_locale()) == "en"


def test_a_language_is_there_once_its_catalogue_is(tmp_path: Path) -> None:
    assert words.languages(tmp_path) == ("en",)
    folder = tmp_path / "pt_BR" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "messages.mo").write_bytes(b"")
    assert words.languages(tmp_path) == ("en", "pt_BR")


def test_arabic_is_written_from_right_to_left(app: Flask) -> None:
    app.config["LANGUAGES"] = ("en", "ar", "he", "de")
    for locale, expected in (("ar", "rtl"), ("he", "rtl"), ("de", "ltr"), ("en_GB", "ltr")):
        with words.spoken_to(locale):
            assert words.direction() == expected
