"""Rules that hold for all routes and templates."""

import re
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

import bookme
from tests.processes import ROOT

TEMPLATES = Path(bookme.__file__).parent / "templates"

#: Blueprints for people who have no account, and the endpoints of others that are public.
PUBLIC_BLUEPRINTS = {
    *("public", "help", "health", "metrics", "report", "webhooks", "styleguide", None)
}
#: There for operators only: for others it looks as if there were nothing.
HIDDEN_BLUEPRINTS = {"operator"}
PUBLIC_ENDPOINTS = {
    "connections.install",
    "connections.callback",
    "connections.agreed",
    "feed.calendar",
    "face.picture",
    "face.accent",
}


def host_rules(app: Flask) -> list[tuple[str, str]]:
    """Every (method, path) of a host's own page, placeholders filled in."""
    found = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint.split(".")[0] in HIDDEN_BLUEPRINTS:
            continue
        if rule.endpoint.split(".")[0] in PUBLIC_BLUEPRINTS or "." not in rule.endpoint:
            continue
        if rule.endpoint in PUBLIC_ENDPOINTS:
            continue
        if rule.endpoint.startswith("accounts.") and not rule.rule.startswith("/account"):
            continue  # signing in and up, and links from mails
        path = re.sub(r"<int:\w+>", "1", rule.rule)
        path = path.replace("<provider>", "zoom")
        path = re.sub(r"<\w+>", "x", path)
        found += [(method, path) for method in rule.methods or () if method in ("GET", "POST")]
    return found


def test_every_page_of_a_host_leads_a_visitor_to_sign_in(app: Flask, client: FlaskClient) -> None:
    rules = host_rules(app)
    assert len(rules) > 25
    for method, path in rules:
        answer = client.open(path, method=method)
        assert answer.status_code == 303, (method, path)
        assert "/sign-in" in answer.location, (method, path)


def test_an_unknown_address_is_a_404_in_our_look(client: FlaskClient) -> None:
    for path in ("/nobody", "/nobody/nothing", "/booking/unknown", "/dashboard/../x"):
        answer = client.get(path)
        assert answer.status_code == 404
        assert "/static/look." in answer.text


def test_every_answer_has_the_security_headers(client: FlaskClient) -> None:
    headers = client.get("/").headers
    policy = headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    consent = "https://accounts.google.com https://login.microsoftonline.com https://zoom.us"
    assert f"form-action 'self' {consent}" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


def test_every_template_says_what_it_is() -> None:
    pages = [path for path in TEMPLATES.rglob("*.html") if "email" not in path.parts]
    assert len(pages) > 50
    silent = [str(path) for path in pages if not path.read_text().lstrip().startswith("{#")]
    assert silent == []


def test_no_control_is_named_like_what_scripts_ask_of_a_form() -> None:
    """A form's control of that name stands before the form's own method: ``form.remove()``."""
    taken = {"remove", "replaceWith", "closest", "matches", "contains", "reset", "submit"}
    taken |= {"action", "method", "elements", "children", "parentNode"}
    named = re.compile(rf'name="({"|".join(sorted(taken))})"')
    found = [
        f"{path.relative_to(TEMPLATES)}: {one}"
        for path in sorted(TEMPLATES.rglob("*.html"))
        for one in named.findall(path.read_text())
    ]
    assert found == []


def test_cookies_are_ours_alone_and_hidden_from_scripts(app: Flask) -> None:
    assert app.config["SESSION_COOKIE_NAME"] == "bookme_session"
    assert app.config["SESSION_COOKIE_HTTPONLY"] is True
    assert app.config["SESSION_COOKIE_SAMESITE"] == "Lax"


def test_every_path_that_the_documents_name_exists() -> None:
    named = set()
    for name in ("docs/architecture.md", "CONTRIBUTING.md"):
        text = (ROOT / name).read_text()
        named |= set(re.findall(r"`([\w.-]+/[\w./-]*(?:\.py|\.html|/))`", text))
    folders = [ROOT, ROOT / "bookme", ROOT / "bookme" / "templates"]
    assert named
    assert {path for path in named if not any((one / path).exists() for one in folders)} == set()
