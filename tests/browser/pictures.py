"""``python -m tests.browser.pictures [--language de] [folder [names]]`` (``make pictures``): every
page in every state, on a phone and on a desktop, light and dark, and every mail, for people to look
at; and, of all pages in English, README's picture and the landing page's.

Names choose the pages whose own begin so. In another language there are only those on which
nothing has to be done first, and hosts' only if hosts are offered it.
"""

import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from io import BytesIO
from itertools import product
from pathlib import Path
from typing import Any, Literal

import click
from PIL import Image
from playwright.sync_api import Browser, Page

from bookme.clock import utcnow
from bookme.face.cards import Card, drawn
from bookme.web.words import BOOKERS, FOLDER, HOSTS, languages
from tests.browser import chromium, mail_pictures
from tests.browser.chromium import Window
from tests.browser.places import Place, every_place, outside
from tests.browser.world import World
from tests.processes import ROOT
from tests.system import System

#: The picture in README.md.
README = ROOT / "docs" / "pictures" / "schedule.png"
#: Those on the landing page.
LANDING = ROOT / "bookme" / "static"
DEVICES: dict[str, dict[str, Any]] = {
    "phone": {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True},
    "desktop": {"viewport": {"width": 1280, "height": 900}},
}


#: As tests' browsers speak it: words as in the code, dates and times as in America.
ENGLISH = "en-CA"
LIGHTS: list[Literal["light", "dark"]] = ["light", "dark"]


@click.command()
@click.option("--language", default=ENGLISH, help="As a browser names it: de, ar, pt-BR.")
@click.argument("folder", default=ROOT / "var" / "pictures", type=click.Path(path_type=Path))
@click.argument("names", nargs=-1)
def main(language: str, folder: Path, names: tuple[str, ...]) -> None:
    """Take them all; say which pages complained."""
    if chromium.executable(whole=True) is None:
        raise click.ClickException("There is no Chromium here; on Debian: apt-get install chromium")
    folder.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="bookme-") as state,
        System(Path(state)) as system,
        chromium.launched(whole=True) as browser,
    ):
        world = World(system)
        everything = [*every_place(world), *outside(world)]
        chosen = names or ("",)
        places = [one for one in everything if one.name.startswith(chosen) and _in(language, one)]
        if language == ENGLISH:
            _for_readme(browser, world)
            _for_landing(browser, world)
        else:
            _speak(world, language)
        readers = "" if language == ENGLISH else language.replace("-", "_")
        mails = mail_pictures.take(browser, folder, chosen, readers)
        complaints = [
            words
            for device, light in product(DEVICES, LIGHTS)
            for words in _take_all(browser, world, places, language, device, light, folder)
        ]
    click.echo(f"{len(places)} pages and {mails} mails are in {folder}.")
    for words in complaints:
        click.echo(words, err=True)
    sys.exit(1 if complaints else 0)


def _in(language: str, place: Place) -> bool:
    """Whether the page can be shown in a language: what is done on one names what is on it in
    English, and not every language is one of hosts'.
    """
    is_spoken = not place.who or language in languages(FOLDER, BOOKERS, HOSTS)
    return language == ENGLISH or (place.act is None and is_spoken)


def _speak(world: World, language: str) -> None:
    """Give all hosts a language."""
    path = world.system.folder / "state" / "bookme.sqlite"
    with closing(sqlite3.connect(path, timeout=30)) as db, db:
        db.execute('UPDATE "user" SET locale = ?', (language,))


def _take_all(
    browser: Browser,
    world: World,
    places: list[Place],
    language: str,
    device: str,
    light: Literal["light", "dark"],
    folder: Path,
) -> Iterator[str]:
    """Pictures of the whole pages, each person in a window of their own; what went wrong there."""
    for who in {place.who for place in places}:
        window = Window(
            browser,
            getattr(world, who).browser if who else None,
            base_url=world.system.url,
            timezone_id="Europe/Berlin",
            locale=language,
            color_scheme=light,
            **DEVICES[device],
        )
        for place in places:
            if place.who == who:
                window.page.goto(place.path)
                if place.act is not None:
                    place.act(window.page)
                name = f"{place.name}.{device}.{light}.png"
                window.page.screenshot(path=folder / name, full_page=True, timeout=60_000)
                yield from (f"{name}: {words}" for words in window.complaints)
                window.complaints.clear()
        window.close()


def _for_readme(browser: Browser, world: World) -> None:
    window = Window(browser, base_url=world.system.url, timezone_id="Europe/Berlin")
    window.page.set_viewport_size({"width": 1280, "height": 760})
    window.page.goto("/mara/intro-call?zone=Europe/Berlin")
    _choose_day(window.page)
    README.parent.mkdir(parents=True, exist_ok=True)
    window.page.screenshot(path=README)
    window.close()


def _choose_day(page: Page) -> None:
    """Show the times of one of the first days; at its address, so that they are there."""
    page.goto(page.locator("a.day").nth(3).get_attribute("href") or "")
    page.locator("#times a.time").first.wait_for()
    page.evaluate("scrollTo(0, 0)")


def _for_landing(browser: Browser, world: World) -> None:
    """The picker in light and dark, small enough for a page that is to open quickly; and the card
    that the page has where its link is shared.
    """
    card = Card("B", "BookMe", "A booking page, and a video meeting for every booking")
    (LANDING / "card.png").write_bytes(drawn(card, None))
    for light in LIGHTS:
        window = Window(
            browser,
            base_url=world.system.url,
            timezone_id="Europe/Berlin",
            color_scheme=light,
            viewport={"width": 920, "height": 500},
            device_scale_factor=1.25,
        )
        later = utcnow() + timedelta(days=31)  # a month that isn't over
        window.page.goto(f"/mara/intro-call?zone=Europe/Berlin&month={later:%Y-%m}")
        _choose_day(window.page)
        shot = Image.open(BytesIO(window.page.screenshot()))
        shot.save(LANDING / f"picker-{light}.webp", quality=70, method=6)
        window.close()


if __name__ == "__main__":
    main()
