import shutil
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask, Response, render_template_string
from flask_wtf import CSRFProtect
from playwright.sync_api import Browser, ConsoleMessage, Page, Route, sync_playwright

import bookme
from bookme.web import assets, language_choice, words

#: What the dashboard's menu leads to, and a page below a part of it.
ENDPOINTS = {
    "bookings.today": "/dashboard",
    "bookings.index": "/dashboard/bookings",
    "bookings.show": "/dashboard/bookings/<reference>",
    "schedules.index": "/dashboard/schedules",
    "numbers.index": "/dashboard/numbers",
    "connections.index": "/connections",
    "accounts.account": "/account",
    "accounts.sign_out": "/sign-out",
}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
    " connect-src 'self'; form-action 'self'; base-uri 'none'"
)
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"]

ORIGIN = "http://bookme.test"
HTMX_HAS_COME = """() => new Promise((done) => {
  dispatchEvent(new Event("keydown"));
  const look = () => self.htmx ? done() : setTimeout(look, 5);
  look();
})"""

#: Opens a page whose main block is the given markup. Further words are for the browser's context.
#: touched: somebody is there, so htmx has come.
Open = Callable[..., Page]


@pytest.fixture
def site() -> Flask:
    """The templates and static files on empty routes: no database, no features."""
    site = Flask(bookme.__name__)
    site.config.update(SECRET_KEY="for tests")
    site.url_build_error_handlers.append(lambda error, endpoint, values: f"/{endpoint}")
    CSRFProtect(site)
    words.init_app(site)
    language_choice.init_app(site)
    assets.init_app(site)
    for endpoint, rule in ENDPOINTS.items():
        site.add_url_rule(rule, endpoint, lambda **_: "")

    @site.after_request
    def restrict(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = POLICY
        return response

    return site


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    # A module's, not the session's: while it runs, no other test may have an event loop.
    path = shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("there is no Chromium here")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def open_page(site: Flask, chromium: Browser) -> Iterator[Open]:
    """Opens ``/try`` of ``site`` in Chromium, over no network; a refused or broken script fails."""
    complaints: list[str] = []
    contexts = []

    def answer(route: Route) -> None:
        request = route.request
        parts = urlsplit(request.url)
        response = site.test_client().open(
            f"{parts.path}?{parts.query}",
            method=request.method,
            data=request.post_data_buffer,
            headers={k: v for k, v in request.headers.items() if k != "content-length"},
            buffered=True,
        )
        route.fulfill(
            status=response.status_code, headers=dict(response.headers), body=response.data
        )

    def note(said: ConsoleMessage) -> None:
        if "Policy" in said.text:
            complaints.append(said.text)

    def open_page(
        main: str,
        frame: str = "layout.html",
        query: str = "",
        touched: bool = True,
        **options: Any,
    ) -> Page:
        page_source = f'{{% extends "{frame}" %}}{{% block main %}}{main}{{% endblock %}}'
        site.add_url_rule("/try", "try", lambda: render_template_string(page_source))
        context = chromium.new_context(base_url=ORIGIN, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console", lambda said: complaints.append(said.text) if "Policy" in said.text else None
        )
        page.route("**/*", answer)
        opened = page.goto(f"/try{query}")
        assert opened is not None
        assert opened.ok
        if touched and options.get("java_script_enabled", True):
            page.evaluate(HTMX_HAS_COME)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []
