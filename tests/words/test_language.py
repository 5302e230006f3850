"""Which language somebody reads, wherever it is written."""

from collections.abc import Callable
from pathlib import Path

import pytest
from babel.messages import Catalog
from babel.messages.mofile import write_mo
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import get_locale, ngettext

from bookme.extensions import db
from bookme.models import Attendee, User
from bookme.web import words
from tests import factories
from tests.public.pages import book


@pytest.fixture
def german(app: Flask) -> Flask:
    """An application that speaks German, too, and French to bookers."""
    app.config["LANGUAGES"] = ("en", "de", "en_US", "fr", "pt_BR")
    app.config["HOST_LANGUAGES"] = ("en", "de", "en_US")
    return app


def shown_in(page: str) -> str:
    return page.split('<html lang="', 1)[1].split('"', 1)[0]


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [
        ("de-AT,de;q=0.9,en;q=0.5", "de"),
        ("fr-CH, en;q=0.9", "en-GB"),
        ("en-US", "en-US"),
        ("ja", "en-GB"),
        ("*", "en-GB"),
        ("; ;q=, \u00e9", "en-GB"),
        ("", "en-GB"),  # in full: gettext takes "en" for American
    ],
)
def test_a_visitor_reads_the_browsers_language(
    german: Flask, client: FlaskClient, accepted: str, expected: str
) -> None:
    page = client.get("/", headers={"Accept-Language": accepted})
    assert shown_in(page.text) == expected


def test_a_host_reads_the_accounts_language(
    german: Flask, as_host: Callable[..., FlaskClient]
) -> None:
    host: User = factories.host(locale="de_DE")
    page = as_host(host).get("/dashboard", headers={"Accept-Language": "en"})
    assert shown_in(page.text) == "de-DE"


@pytest.mark.parametrize(
    ("path", "asked", "cookie", "accepted", "expected"),
    [
        ("/mara", "fr", "de", "en", "fr"),
        ("/mara", "", "de", "fr", "de"),
        ("/mara", "xx", "xx", "fr", "fr"),
        ("/mara", "", "", "en-US", "en-US"),
        ("/mara", "", "", "pt-PT", "pt-BR"),
        ("/", "fr", "", "de", "de"),  # which is for hosts, and hosts aren't spoken to in French
        ("/sign-up", "de", "fr", "en", "de"),
        ("/sign-up", "", "fr", "fr", "en-GB"),
        ("/nobody", "fr", "", "en", "fr"),
    ],
)
def test_who_chooses_a_language_reads_it(
    german: Flask, path: str, asked: str, cookie: str, accepted: str, expected: str
) -> None:
    factories.host(handle="mara")
    client = german.test_client()
    if cookie:
        client.set_cookie("language", cookie)
    query = {"language": asked} if asked else None
    page = client.get(path, query_string=query, headers={"Accept-Language": accepted})
    assert shown_in(page.text) == expected


def test_a_choice_is_remembered(german: Flask, client: FlaskClient) -> None:
    factories.host(handle="mara")
    answer = client.get("/mara?language=fr")
    assert "language=fr" in answer.headers["Set-Cookie"]
    assert "HttpOnly" in answer.headers["Set-Cookie"]
    again = client.get("/mara")
    assert shown_in(again.text) == "fr"
    assert "Set-Cookie" not in again.headers
    assert "Set-Cookie" not in client.get("/mara?language=xx").headers


def test_every_page_offers_its_languages_each_by_its_own_name(
    german: Flask, client: FlaskClient
) -> None:
    factories.host(handle="mara")
    page = client.get("/mara?source=x&language=fr").text
    for name, own in (("de", "Deutsch"), ("en", "English (United Kingdom)"), ("fr", "français")):
        assert f'href="?source=x&amp;language={name}" lang="{name}"' in page
        assert f">{own}</a>" in page
    hosts = client.get("/sign-in").text
    assert ">Deutsch</a>" in hosts
    assert "português" not in hosts


def test_a_signed_in_host_sets_the_language_in_the_account(
    german: Flask, as_host: Callable[..., FlaskClient]
) -> None:
    host = factories.host(locale="en_GB")
    assert 'class="languages"' not in as_host(host).get("/dashboard").text
    page = as_host(host).get("/account").text
    assert '<option value="de_AT">Deutsch (Österreich)</option>' in page
    assert "fr_FR" not in page


def test_a_schedule_keeps_to_its_own_language(german: Flask, client: FlaskClient) -> None:
    host = factories.host(handle="mara")
    factories.schedule(host=host, slug="intro", language="fr")
    client.set_cookie("language", "de")
    page = client.get("/mara/intro", headers={"Accept-Language": "en"}).text
    assert shown_in(page) == "fr"
    assert 'class="languages"' not in page  # there is nothing to choose


def test_who_books_a_schedule_that_keeps_a_language_gets_mails_in_it(
    german: Flask, client: FlaskClient
) -> None:
    factories.schedule(host=factories.host(), slug="intro", language="fr")
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "de-AT"
    assert book(client).status_code == 303
    assert db.session.query(Attendee).one().locale == "fr"


def test_an_embedded_page_takes_the_language_along(german: Flask, client: FlaskClient) -> None:
    """A browser that blocks cookies of third parties keeps none of a frame."""
    host = factories.host(handle="mara")
    factories.schedule(host=host, slug="intro")
    page = client.get("/mara?embed=1&language=fr").text
    assert "/mara/intro?embed=1&amp;language=fr" in page


@pytest.mark.parametrize(
    ("accepted", "locale"),
    [
        ("de-AT,en", "de_AT"),
        ("de", "de_DE"),
        ("en-US", "en_US"),
        ("en-AU", "en_GB"),
        ("fr", "en_GB"),
    ],
)
def test_who_signs_up_is_spoken_to_as_the_browser_is(
    german: Flask, client: FlaskClient, accepted: str, locale: str
) -> None:
    typed = {"name": "Ana", "email": "ana@example.com", "password": "a long enough password"}
    client.post("/sign-up", data=typed | {"zone": "UTC"}, headers={"Accept-Language": accepted})
    host = db.session.query(User).one()
    assert host.locale == locale


def test_a_reader_who_is_not_at_the_browser_is_spoken_to_in_their_own_language(app: Flask) -> None:
    app.config["LANGUAGES"] = ("en", "de", "pt_BR")
    spoken = ("de", "de"), ("de_AT", "de_AT"), ("pt_BR", "pt_BR"), ("en_US", "en_US")
    unspoken = ("pt_PT", "pt_BR"), ("fr_CA", "en"), ("xx", "en"), ("", "en")
    for locale, expected in (*spoken, *unspoken):
        with words.spoken_to(locale):
            assert str(get_locale()) == expected
    assert str(get_locale()) == "en"


def test_a_language_is_there_once_its_catalogue_is(tmp_path: Path) -> None:
    everything = (words.BOOKERS, words.HOSTS)
    assert words.languages(tmp_path, *everything) == ("en",)
    folder = tmp_path / "pt_BR" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "bookers.mo").write_bytes(b"")
    assert words.languages(tmp_path, words.BOOKERS) == ("en", "pt_BR")
    assert words.languages(tmp_path, *everything) == ("en",)
    (folder / "hosts.mo").write_bytes(b"")
    assert words.languages(tmp_path, *everything) == ("en", "pt_BR")


def test_a_language_for_bookers_only_has_its_own_plural_forms(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogue = Catalog(locale="ja")
    catalogue.add(("%(num)d day", "%(num)d days"), ("%(num)d日",))
    path = tmp_path / "ja" / "LC_MESSAGES" / "bookers.mo"
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        write_mo(file, catalogue)
    monkeypatch.setattr(words, "FOLDER", tmp_path)
    app = Flask(__name__)
    words.init_app(app)
    with app.app_context(), words.spoken_to("ja"):
        said = [ngettext("%(num)d day", "%(num)d days", num) for num in (1, 2)]
    assert said == ["1日", "2日"]


def test_arabic_is_written_from_right_to_left(app: Flask) -> None:
    app.config["LANGUAGES"] = ("en", "ar", "he", "de")
    for locale, expected in (("ar", "rtl"), ("he", "rtl"), ("de", "ltr"), ("en_GB", "ltr")):
        with words.spoken_to(locale):
            assert words.direction() == expected
