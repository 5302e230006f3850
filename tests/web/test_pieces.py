"""Parts of pages that are rendered once for a language: the same for everybody who reads it."""

import re
from pathlib import Path

from flask import Flask, request
from jinja2 import meta

from bookme.web.pieces import piece
from bookme.web.words import spoken_to

TEMPLATES = Path(__file__).parents[2] / "bookme" / "templates"
#: What a part may use besides what it is told: the language, and addresses that are everybody's.
COMMON = {"_", "gettext", "ngettext", "url_for", "own_language"}


def pieces() -> dict[str, set[str]]:
    """The templates that are used so, and what each is told."""
    found: dict[str, set[str]] = {}
    for path in TEMPLATES.rglob("*.html"):
        for name, told in re.findall(r'piece\("([^"]+)"(.*?)\) }}', path.read_text()):
            found.setdefault(name, set()).update(re.findall(r"(\w+)=", told))
    return found


def test_a_piece_sees_nothing_of_the_request(app: Flask) -> None:
    assert {"_foot.html", "_htmx.html", "_language_list.html"} <= pieces().keys()
    wrong = []
    for name, told in pieces().items():
        source = (TEMPLATES / name).read_text()
        uses = meta.find_undeclared_variables(app.jinja_env.parse(source))
        wrong += [f"{name}: {one}" for one in uses - COMMON - told]
        wrong += [f"{name} includes" for _ in re.findall(r"{% (include|extends|from)", source)]
        # Addresses of public pages carry on what the page is asked with.
        wrong += [f"{name}: {one}" for one in re.findall(r"url_for\(.public[^)]*", source)]
    assert wrong == []


def test_a_piece_is_rendered_once_for_each_language(app: Flask) -> None:
    app.config["LANGUAGES"] = ("en", "de")
    with app.test_request_context("/"):
        first = piece("_foot.html")
        assert piece("_foot.html") is first
        with spoken_to("de"):
            german = piece("_foot.html")
            assert piece("_foot.html") is german
        assert piece("_foot.html") is first
    assert german is not first
    assert ">Help<" in first


def test_what_a_piece_is_told_tells_it_apart(app: Flask) -> None:
    with app.test_request_context("/"):
        assert '<meta name="htmx"' in piece("_htmx.html", lazy=True)
        assert '<meta name="htmx"' not in piece("_htmx.html", lazy=False)


def test_a_piece_leads_to_where_the_site_is(app: Flask) -> None:
    with app.test_request_context("/"):
        assert 'href="/help"' in piece("_foot.html")
    with app.test_request_context("/", environ_overrides={"SCRIPT_NAME": "/sub"}):
        assert request.root_path == "/sub"
        assert 'href="/sub/help"' in piece("_foot.html")


def test_nothing_that_an_address_says_is_kept(app: Flask) -> None:
    app.test_client().get("/?name=Ana-Secret")
    assert app.extensions["pieces"]
    assert "Ana-Secret" not in repr(app.extensions["pieces"])
