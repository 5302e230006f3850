"""The system's own Chromium, and what its pages complain about."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urljoin

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    sync_playwright,
)

from tests.visitor import Visitor

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
#: What Chromium logs about an answer that our pages give on purpose.
_MEANT = tuple(
    f"Failed to load resource: the server responded with a status of {code}"
    for code in (400, 401, 403, 404, 405, 409, 410, 413, 422, 429, 502, 503)
) + (
    "Blocked autofocusing on a ",  # in a frame of another site's, where scripts set the focus
    "htmx:oobErrorNoTarget",  # what another window has added isn't on this page
)


#: With windows that nobody sees, and with all that a browser has around its pages, such as a choice
#: of third parties' cookies.
_WHOLE = ("chromium", "google-chrome")
#: Without: pages are the same, for a third of the processor time.
_SHELL = "chromium-headless-shell"


def executable(*, whole: bool = False) -> str | None:
    """Where the system's Chromium is; None where there is none."""
    names = _WHOLE if whole else (_SHELL, *_WHOLE)
    return next(filter(None, map(shutil.which, names)), None)


#: Somebody is there, and no quicker than the line: what is clicked waits until htmx has come
#: (static/lazy.js; that links serve before is tried in tests/look/test_scripts.py).
_UNHURRIED = """
  addEventListener("load", () => dispatchEvent(new Event("keydown")));
  addEventListener("click", (event) => {
    if (self.htmx || !document.querySelector("meta[name=htmx]")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const look = () => (self.htmx ? event.target.click() : setTimeout(look, 5));
    look();
  }, true);
"""


@contextmanager
def launched(*, whole: bool = False) -> Iterator[Browser]:
    """A headless browser."""
    path = executable(whole=whole)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def beside(browser: Browser, *flags: str) -> Iterator[Browser]:
    """A whole one, with further flags of Chromium's, while another is there."""
    path = executable(whole=True)
    other = browser.browser_type.launch(executable_path=path, args=[*FLAGS, *flags])
    try:
        yield other
    finally:
        other.close()


class Window:
    """A browser window of somebody's own: cookies, a page, and a list of what went wrong in it.

    :param visitor: whose cookies it begins with, such as a signed-in host's.
    :param options: further words for the browser's context.
    :ivar complaints: what the browser, or a page's script, has complained of.
    :ivar loads: how many whole pages have been asked for.
    """

    def __init__(self, browser: Browser, visitor: Visitor | None = None, **options: Any) -> None:
        self.complaints: list[str] = []
        self.loads = 0
        # A Canadian's: dates and times as in America, words as in the code.
        context = {"locale": "en-CA"} | options
        self._context: BrowserContext = browser.new_context(**context)
        self._context.set_default_timeout(15_000)
        self._context.add_init_script(_UNHURRIED)
        if visitor is not None:
            home = urljoin(visitor.url, "/")
            cookies = visitor.cookies.items()
            self._context.add_cookies([{"name": n, "value": v, "url": home} for n, v in cookies])
        self.page: Page = self._context.new_page()
        self.page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        self.page.on("console", self._note)
        self.page.on("request", self._count)
        self.page.on("requestfailed", lambda request: self._failed(str(request.failure)))

    def _note(self, said: ConsoleMessage) -> None:
        if said.type in ("error", "warning") and not said.text.startswith(_MEANT):
            self.complaints.append(f"{said.type}: {said.text}")

    def _count(self, request: Request) -> None:
        self.loads += request.is_navigation_request()

    def _failed(self, why: str) -> None:
        if "ERR_ABORTED" not in why:  # somebody went on to another page
            self.complaints.append(f"request: {why}")

    def close(self) -> None:
        self._context.close()
