"""What counts as a site, and the page on which a host lists theirs."""

from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from bookme.embedding import sites
from bookme.extensions import db
from bookme.models import User, Visibility
from tests import factories

AsHost = Callable[..., FlaskClient]
PATH = "/dashboard/embed"


@pytest.mark.parametrize(
    ("typed", "origin"),
    [
        ("https://example.com", "https://example.com"),
        ("example.com", "https://example.com"),
        ("https://Example.COM/contact?a=b#c", "https://example.com"),
        ("https://example.com:443/", "https://example.com"),
        ("https://shop.example.com:8443", "https://shop.example.com:8443"),
        ("https://münchen.example", "https://xn--mnchen-3ya.example"),
        ("http://localhost", "http://localhost"),
        ("http://localhost:3000/try", "http://localhost:3000"),
        ("http://127.0.0.1:80", "http://127.0.0.1"),
    ],
)
def test_a_site_is_kept_as_browsers_name_it(typed: str, origin: str) -> None:
    assert sites.origin(typed) == origin


@pytest.mark.parametrize(
    "typed",
    [
        *("http://example.com", "ftp://example.com", "javascript://example.com", "https://"),
        *("*", "https://*", "https://*.example.com", "https://exam ple.com", "null", "data:"),
        *("https://example.com;script-src", "https://example.com'", "https://ex_ample.com"),
        *("https://ana@example.com", "https://example.com:0", "https://example.com:70000"),
        *("https://example.com:x", "https://-example.com", "https://example..com", "https://com"),
        *("https://[::1]", "https://[::", f"https://{'a' * 64}.com", f"https://a.{'b.' * 130}com"),
        *("https://example.com\n'self'", "https://\u2025.com", "'self'", "x" * 9999),
        *("http://localhost.example.com", "http://192.168.0.1", "https://example.com, x"),
    ],
)
def test_what_is_no_site_of_everybodys_by_https_is_refused(typed: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - urlsplit has words of its own
        sites.origin(typed)


def listed(host: User) -> list[str]:
    db.session.rollback()
    db.session.refresh(host)
    return list(host.embed_sites)


def test_the_list_is_saved_each_site_once(host: User, as_host: AsHost) -> None:
    browser = as_host(host)
    typed = "https://example.com\nexample.com/contact\nhttp://localhost:3000, b.example"
    answer = browser.post(f"{PATH}?way=button&_external=1&x=1", data={"sites": typed})
    assert (answer.status_code, answer.location) == (303, f"{PATH}?way=button")
    assert listed(host) == ["https://example.com", "http://localhost:3000", "https://b.example"]
    page = browser.get(answer.location).text
    assert "https://example.com\nhttp://localhost:3000\nhttps://b.example</textarea>" in page
    assert browser.post(PATH, data={"sites": " "}).status_code == 303
    assert listed(host) == []


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("https://a.example\nhttp://b.example", "“http://b.example” isn’t secure."),
        ("https://*.example", "“https://*.example” isn’t the address of a site."),
        ("\n".join(f"https://{n}.example" for n in range(21)), "Enter at most 20 sites."),
        ("a.example\n" * 5000, "Enter at most 8,000 characters."),
    ],
    ids=["http", "wildcard", "many", "long"],
)
def test_a_wrong_site_is_named_beside_the_field_and_nothing_is_saved(
    host: User, as_host: AsHost, typed: str, words: str
) -> None:
    host.embed_sites = ["https://old.example"]
    db.session.commit()
    answer = as_host(host).post(PATH, data={"sites": typed})
    assert answer.status_code == 422
    page = BeautifulSoup(answer.text, "html.parser")
    error, field = page.select_one("#sites-error"), page.select_one("#sites")
    assert error is not None
    assert field is not None
    assert words in error.text
    assert field.text.split() == typed.split()
    assert listed(host) == ["https://old.example"]


def snippet(answer_text: str) -> BeautifulSoup:
    code = BeautifulSoup(answer_text, "html.parser").select_one("#snippet")
    assert code is not None
    return BeautifulSoup(code.text, "html.parser")


def test_the_code_is_a_link_that_works_alone_and_one_script(as_host: AsHost) -> None:
    schedule = factories.schedule()
    answer = as_host(schedule.host).get(
        PATH,
        query_string={
            "schedule": "intro",
            "way": "floating",
            "theme": "dark",
            "text": '<b>"Book"</b>',
        },
    )
    assert answer.status_code == 200
    code = snippet(answer.text)
    (link,), (script,) = code.select("a"), code.select("script")
    assert link.attrs == {
        "href": "http://localhost/mara/intro",
        "data-bookme": "floating",
        "data-theme": "dark",
        "data-close": "Close",
    }
    assert link.text == '<b>"Book"</b>'
    assert script.attrs == {"src": "http://localhost/static/embed.js", "async": ""}
    assert not code.select("[style], [onclick]")
    preview = BeautifulSoup(answer.text, "html.parser").select_one("#preview a")
    assert preview is not None
    assert preview.attrs == link.attrs
    policy = answer.headers["Content-Security-Policy"].split("; ")
    assert "frame-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy


def test_the_code_can_ask_for_a_language(app: Flask, as_host: AsHost) -> None:
    app.config["LANGUAGES"] = ("en", "de")
    client = as_host(factories.schedule().host)
    link = snippet(client.get(PATH, query_string={"language": "de"}).text).a
    assert link is not None
    assert link["data-language"] == "de"
    assert client.get(PATH, query_string={"language": "xx"}).status_code == 422


def test_what_cannot_be_shown_is_not_offered(as_host: AsHost) -> None:
    host = factories.schedule().host
    factories.schedule(host=host, slug="by-link", visibility=Visibility.BY_LINK)
    factories.schedule(host=host, slug="off", active=False)
    factories.schedule(host=factories.host(another=True), slug="others")
    browser = as_host(host)
    page = BeautifulSoup(browser.get(PATH).text, "html.parser")
    assert [one["value"] for one in page.select("#schedule option")] == ["", "intro"]
    for wrong in ("by-link", "off", "others", "x"):
        answer = browser.get(PATH, query_string={"schedule": wrong})
        assert answer.status_code == 422
        assert f"/{wrong}" not in str(snippet(answer.text))
        assert "Choose one of these." in answer.text


def test_a_host_who_is_not_public_yet_is_told_so(as_host: AsHost) -> None:
    page = as_host(factories.host(email_confirmed_at=None)).get(PATH).text
    assert "Confirm your e-mail address first" in page
    assert "embed.js" not in BeautifulSoup(page, "html.parser").select_one("head").text  # type: ignore[union-attr]
