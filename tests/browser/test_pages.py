"""Every page in every state: sound for everybody, narrow enough for a small phone, and without a
word of complaint from the browser.
"""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect

from bookme import create_app
from bookme.config import load
from tests.browser.chromium import Window
from tests.browser.places import Place, every_place
from tests.browser.world import World
from tests.system import System

AUDIT = (Path(__file__).parent / "audit.js").read_text()
#: The same for text that is set further apart, on the small phone.
SPACED = (Path(__file__).parent / "spaced.js").read_text()
SMALL_PHONE = {"width": 320, "height": 640}
DESKTOP = {"width": 1280, "height": 900}
#: What answers a GET with something else than a page of its own: a file, a picture, a redirect, a
#: part of a page, words for programs.
NO_PAGES = {
    *("bookings.download", "export.download", "public.own_data_file", "public.guest_data_file"),
    *("public.calendar_file", "feed.calendar", "static", "face.accent", "face.picture"),
    *("public.card", "public.host_card", "accounts.provider_callback", "accounts.invitation"),
    *("connections.callback", "setup.index", "ahead.free", "connections.reading"),
    *("health.live", "health.ready", "metrics.show", "robots", "security_txt"),
    *("help.association", "help.verification"),
}
#: Those that other tests look at: test_second_factor.py, tests/accounts/oidc.
ELSEWHERE = {"accounts.second_step", "accounts.recovery_codes", "accounts.confirm_link"}


@pytest.fixture(scope="module")
def places(world: World) -> list[Place]:
    return every_place(world)


@pytest.fixture
def windows(browser: Browser, world: World) -> Iterator["Windows"]:
    windows = Windows(browser, world)
    yield windows
    windows.close()


class Windows:
    """A window a person, kept open from page to page."""

    def __init__(self, browser: Browser, world: World) -> None:
        self._browser, self._world = browser, world
        self.home = world.system
        self._open: dict[str, Window] = {}

    def of(self, who: str) -> Window:
        if who not in self._open:
            host = getattr(self._world, who) if who else None
            self._open[who] = Window(
                self._browser,
                host.browser if host else None,
                base_url=self._world.system.url,
                viewport=SMALL_PHONE,
                timezone_id="Europe/Berlin",
            )
        return self._open[who]

    def close(self) -> None:
        for window in self._open.values():
            window.close()


def test_every_page_is_sound_at_every_width(places: list[Place], windows: Windows) -> None:
    wrong: dict[str, list[str]] = {}
    seen: set[str] = set()
    for place in places:
        window = windows.of(place.who)
        window.complaints.clear()
        window.page.set_viewport_size(SMALL_PHONE)
        answer = window.page.goto(place.path)
        if answer is not None and answer.status != 404:
            seen.add(urlsplit(answer.url).path)
        if place.act is not None:
            place.act(window.page)
            seen.add(urlsplit(window.page.url).path)
            window.page.wait_for_load_state()  # with its style, or a button is not its own size
        found = window.page.evaluate(AUDIT)
        found += [f"set apart: {one}" for one in window.page.evaluate(SPACED)]
        window.page.set_viewport_size(DESKTOP)
        found += [f"wide: {one}" for one in window.page.evaluate(AUDIT) if one not in found]
        if found or window.complaints:
            wrong[place.name] = found + window.complaints
    assert wrong == {}
    assert sorted(_not_among(seen, windows.home)) == []


def _not_among(paths: set[str], system: System) -> set[str]:
    """The endpoints of pages at none of these paths: a page that isn't looked at is in nobody's
    pictures, either.
    """
    rules = create_app(load(system.environ)).url_map
    there = {rule.endpoint for rule in rules.iter_rules() if "GET" in (rule.methods or ())}
    at = rules.bind("localhost")
    seen = {at.match(path, method="GET")[0] for path in paths if at.test(path, "GET")}
    return there - seen - NO_PAGES - ELSEWHERE


def test_the_sandboxs_pages_fit_a_phone(world: World, windows: Windows) -> None:
    page, home = windows.of("").page, world.system.sandbox.web_url
    page.set_viewport_size({"width": 390, "height": 844})
    for path in ("", "mail", "zoom/meetings", "google"):
        page.goto(f"{home}/{path}")
        widths = page.evaluate(
            """() => [document.documentElement, document.querySelector("nav ul")]
                .map((node) => [node.scrollWidth, node.clientWidth])"""
        )
        assert all(needed <= there for needed, there in widths), (path, widths)


def test_what_is_wrong_has_the_focus_after_a_form_was_refused(
    places: list[Place], windows: Windows
) -> None:
    refused = [place for place in places if place.name.endswith(("-422", "-taken"))]
    assert len(refused) > 4
    for place in refused:
        page = windows.of(place.who).page
        page.goto(place.path)
        if place.act is not None:
            place.act(page)
        told = page.locator("[role=alert]:focus, [aria-invalid=true]:focus")
        expect(told, place.name).to_be_visible()
        assert page.get_by_role("alert").first.inner_text().strip(), place.name


def test_the_audit_sees_what_is_wrong(windows: Windows) -> None:
    page = windows.of("").page
    page.goto("/")
    assert page.evaluate(AUDIT) == []
    page.evaluate(
        """() => {
        document.querySelector("main").innerHTML = `<h1>A</h1><h3 id="x">B</h3><p id="x"></p>
          <input name="a"><a href="/"></a><pre class="wide">${"w".repeat(999)}</pre>
          <p aria-describedby="nobody"></p>`;
        document.title = "";
    }"""
    )
    found = " ".join(page.evaluate(AUDIT))
    for words in (
        "sideways",
        "title",
        "h1 is followed by h3",
        "#x",
        "no label",
        "no name",
        "leads",
    ):
        assert words in found


def test_the_audit_sees_what_is_cut_off_when_text_is_set_apart(
    windows: Windows,
) -> None:
    page = windows.of("").page
    page.set_viewport_size(SMALL_PHONE)
    page.goto("/")
    assert page.evaluate(SPACED) == []
    page.evaluate(
        """() => {
        document.querySelector("main").innerHTML = `
          <p id="a"><a class="button">Book this time</a></p>
          <p id="b">Every word of this is to be read by everybody</p><p id="c">Words</p>`;
        const [a, b, c] = ["#a a", "#b", "#c"].map((one) => document.querySelector(one).style);
        Object.assign(a, { inlineSize: "6rem", whiteSpace: "nowrap" });
        Object.assign(b, { overflow: "hidden", blockSize: "1.6em" });
        Object.assign(c, { position: "relative", insetInlineStart: "-2rem" });
    }"""
    )
    found = " ".join(page.evaluate(SPACED))
    for words in ("out of its box", "cut off", "beyond the edge"):
        assert words in found
