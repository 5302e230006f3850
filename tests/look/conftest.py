from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask, Response, render_template_string
from flask_login import LoginManager
from flask_wtf import CSRFProtect
from playwright.sync_api import Browser, ConsoleMessage, Page, Route

import bookme
from bookme.web import assets, filters, language_choice, menu, pieces, words
from tests.browser.chromium import executable, launched

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

ORIGIN = "http://bookme.test"
HTMX_HAS_COME = """() => new Promise((done) => {
  dispatchEvent(new Event("keydown"));
  const look = () => self.htmx ? done() : setTimeout(look, 5);
  look();
})"""

#: Chromium's shell begins with a pointer in the corner of a window, which nobody has moved there.
NO_POINTER = """addEventListener(
  "pointerover", (event) => event.x || event.y || event.stopImmediatePropagation(), true)"""

#: Opens a page whose main block is the given markup. Further words are for the browser's context.
#: touched: somebody is there, so htmx has come.
Open = Callable[..., Page]


@pytest.fixture
def site() -> Flask:
    """The templates and static files on empty routes: no database, no features."""
    site = Flask(bookme.__name__)
    site.config.update(SECRET_KEY="for tests", LANGUAGES=("en",), HOST_LANGUAGES=("en",))
    site.url_build_error_handlers.append(lambda error, endpoint, values: f"/{endpoint}")
    CSRFProtect(site)
    LoginManager(site, add_context_processor=False).request_loader(lambda _: None)
    words.init_app(site)
    language_choice.init_app(site)
    assets.init_app(site)
    filters.init_app(site)
    pieces.init_app(site)
    menu.init_app(site)
    for endpoint, rule in ENDPOINTS.items():
        site.add_url_rule(rule, endpoint, lambda **_: "")

    @site.after_request
    def restrict(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = POLICY
        return response

    return site


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    # A package's, not the session's: while it runs, no other test may have an event loop.
    if executable() is None:
        pytest.skip("there is no Chromium here")
    with launched() as browser:
        yield browser


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
        context.add_init_script(NO_POINTER)
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
