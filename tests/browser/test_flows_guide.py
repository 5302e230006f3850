"""The guide as somebody walks it: signed up, set up, Zoom connected, a link shared, and a time
booked at it; by keyboard alone, and on a phone without JavaScript. What a screen reader says of
each step is what it should say.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Literal

import pytest
from babel.support import Translations
from playwright.sync_api import Page, expect

from bookme.clock import utcnow
from bookme.web.words import BOOKERS, FOLDER, HOSTS, languages
from tests.browser.conftest import Open
from tests.people import Offer, letter, link_in, new_booker, new_host
from tests.system import PASSWORD, System

PHONE = {"width": 390, "height": 844}
#: In German and Arabic too, where there are catalogues.
FOR_BOOKERS = [one for one in ("en", "de", "ar") if one in languages(FOLDER, BOOKERS)]
FOR_HOSTS = [one for one in ("en", "de") if one in languages(FOLDER, BOOKERS, HOSTS)]

#: A text of the code in a language.
Say = Callable[..., str]
Role = Literal["button", "link", "textbox"]


def saying(language: str) -> Say:
    spoken = "en_GB" if language == "en" else language  # or American spelling would stand in for it
    catalogues = [Translations.load(FOLDER, [spoken], domain) for domain in (BOOKERS, HOSTS)]

    def say(text: str, **parts: str) -> str:
        found = [one.gettext(text) for one in catalogues]
        said = next((one for one in found if one != text), text)
        return said % parts if parts else said

    return say


def is_said(page: Page, *lines: str) -> None:
    """The page's content has these in its accessibility tree, in this order."""
    tree = "\n".join(line if line.startswith(" ") else f"- {line}" for line in lines)
    expect(page.locator("main")).to_match_aria_snapshot(tree)


@pytest.fixture(scope="module")
def offer(system: System) -> Offer:
    host = new_host(system)
    host.connect_zoom()
    return host.publish(video_provider="zoom")


class Keyboard:
    """Somebody who has nothing but a keyboard."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def reach(self, role: Role, name: str) -> None:
        """Press Tab until something of this role and name has the focus, and is seen to have it."""
        wanted = self.page.get_by_role(role, name=name, exact=True)
        wanted.first.wait_for()
        for _stop in range(120):  # a field for a time has four stops
            if wanted.and_(self.page.locator(":focus")).count():
                break
            self.page.keyboard.press("Tab")
        expect(wanted.and_(self.page.locator(":focus-visible"))).to_have_count(1)

    def type(self, role: Role, name: str, text: str) -> None:
        self.reach(role, name)
        self.page.keyboard.type(text)

    def press(self, role: Role, name: str) -> None:
        self.reach(role, name)
        self.page.keyboard.press("Enter")


@pytest.mark.parametrize("language", FOR_HOSTS)
def test_a_host_gets_a_link_with_zoom_by_keyboard_alone(
    window: Open, system: System, language: str
) -> None:
    say, email = saying(language), f"nils-{language}@hosts.example"
    page = window(base_url=system.url, locale=language, timezone_id="Europe/Berlin").page
    keys = Keyboard(page)
    page.goto(f"/sign-up?language={language}")
    keys.type("textbox", say("Your name"), f"Nils Berg {language}")
    keys.type("textbox", say("E-mail"), email)
    keys.type("textbox", say("Password"), PASSWORD)
    keys.press("button", say("Sign up"))
    page.wait_for_url("**/check-mail")
    page.goto(link_in(letter(system, email, ""), "/confirm-email/"))
    is_said(
        page,
        "status:",
        f"  - paragraph: {say('Your e-mail address is confirmed.')}",
        f"paragraph: {say('Step %(number)s of %(all)s', number='1', all='4')}",
        f'heading "{say("Page address and time zone")}" [level=1]',
        f'textbox "{say("Page address")}": nils-berg-{language}',
        f'combobox "{say("Time zone")}"',
        f'button "{say("Continue")}"',
    )
    keys.press("button", say("Continue"))
    is_said(page, f'heading "{say("Working hours")}" [level=1]', f'list "{say("Opening hours")}"')
    keys.press("button", say("Continue"))
    is_said(page, 'region "Zoom"', f'button "{say("Skip this step")}"')
    keys.press("button", say("Connect %(provider)s", provider="Zoom"))
    keys.press("button", "Allow")
    is_said(page, 'region "Zoom"', f'button "{say("Continue")}"')
    keys.press("button", say("Continue"))
    is_said(
        page,
        f'heading "{say("Here’s your link")}" [level=1]',
        f'textbox "{say("Send it to people who want to book you")}": /{system.url}/',
        f'button "{say("Copy link")}"',
    )


@pytest.mark.parametrize("language", FOR_BOOKERS)
def test_a_booker_books_moves_and_cancels_on_a_phone_without_javascript(
    window: Open, offer: Offer, language: str
) -> None:
    say = saying(language)
    page = window(viewport=PHONE, java_script_enabled=False, locale=language).page
    day = utcnow() + timedelta(days=3)  # with all its times, however late it is today
    page.goto(f"{offer.url}?language={language}&zone=Europe/Lisbon&day={day:%Y-%m-%d}")
    expect(page.locator("html")).to_have_attribute("dir", "rtl" if language == "ar" else "ltr")
    is_said(page, f'region "{offer.title}"', "paragraph:", f'  - link "{say("Change time zone")}"')

    press = page.get_by_role
    page.locator("a.time").first.click()
    press("textbox", name=say("Your name")).fill("Ana Costa")
    press("textbox", name=say("Your e-mail address")).fill("nobody")
    page.locator("#details").evaluate("form => (form.noValidate = true)")
    press("button", name=say("Book this time")).click()
    is_said(
        page,
        f'heading "{offer.title}" [level=1]',
        "alert:",
        "  - paragraph:",
        f"    - strong: {say('There’s a problem.')}",
        f'textbox "{say("Your name")}": Ana Costa',
        f'textbox "{say("Your e-mail address")}" [invalid]: nobody',
        f'button "{say("Book this time")}"',
    )
    press("textbox", name=say("Your e-mail address")).fill(new_booker())
    press("button", name=say("Book this time")).click()
    is_said(
        page,
        f'heading "{say("You’re booked")}" [level=1]',
        f'heading "{offer.title}" [level=2]',
        f'region "{say("What happens next")}"',
        f'link "{say("Reschedule booking")}"',
        f'link "{say("Cancel booking")}"',
    )
    press("link", name=say("Reschedule booking")).click()
    page.locator("a.time").nth(1).click()
    is_said(
        page,
        f'heading "{say("Reschedule %(title)s?", title=offer.title)}" [level=1]',
        f'button "{say("Reschedule booking")}"',
    )
    press("button", name=say("Reschedule booking")).click()
    is_said(page, "status:", "  - paragraph:", "    - strong", f'heading "{offer.title}" [level=1]')
    press("link", name=say("Cancel booking")).click()
    press("button", name=say("Cancel booking")).click()
    expect(page.locator("main")).to_contain_text(say("You cancelled this booking."))
