"""``python -m tests.browser.pictures [folder [names]]`` (``make pictures``): every page in every
state, on a phone and on a desktop, light and dark, and every mail, for people to look at; and
README's picture.

Names choose the pages whose own begin so.
"""

import sys
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from itertools import product
from pathlib import Path
from typing import Any, Literal

import click
from PIL import Image
from playwright.sync_api import Browser

from bookme.clock import utcnow
from bookme.face.cards import Card, drawn
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


LIGHTS: list[Literal["light", "dark"]] = ["light", "dark"]


def main() -> int:
    """Take them all; say which pages complained."""
    if chromium.executable() is None:
        click.echo("There is no Chromium here; on Debian: apt-get install chromium", err=True)
        return 2
    folder = Path(sys.argv[1]) if sys.argv[1:] else ROOT / "var" / "pictures"
    folder.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="bookme-") as state,
        System(Path(state)) as system,
        chromium.launched() as browser,
    ):
        world = World(system)
        names = tuple(sys.argv[2:]) or ("",)
        everything = [*every_place(world), *outside(world)]
        places = [one for one in everything if one.name.startswith(names)]
        complaints = [
            words
            for device, light in product(DEVICES, LIGHTS)
            for words in _take_all(browser, world, places, device, light, folder)
        ]
        _for_readme(browser, world)
        _for_landing(browser, world)
        mails = mail_pictures.take(browser, folder, names)
    click.echo(f"{len(places)} pages and {mails} mails are in {folder}.")
    for words in complaints:
        click.echo(words, err=True)
    return 1 if complaints else 0


def _take_all(
    browser: Browser,
    world: World,
    places: list[Place],
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
            color_scheme=light,
            **DEVICES[device],
        )
        for place in places:
            if place.who == who:
                window.page.goto(place.path)
                if place.act is not None:
                    place.act(window.page)
                name = f"{place.name}.{device}.{light}.png"
                window.page.screenshot(path=folder / name, full_page=True)
                yield from (f"{name}: {words}" for words in window.complaints)
                window.complaints.clear()
        window.close()


def _for_readme(browser: Browser, world: World) -> None:
    window = Window(browser, base_url=world.system.url, timezone_id="Europe/Berlin")
    window.page.set_viewport_size({"width": 1280, "height": 760})
    window.page.goto("/mara/intro-call?zone=Europe/Berlin")
    window.page.locator("a.day").nth(3).click()
    window.page.locator("#times a.time").first.wait_for()
    README.parent.mkdir(parents=True, exist_ok=True)
    window.page.screenshot(path=README)
    window.close()


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
        window.page.locator("a.day").nth(3).click()
        window.page.locator("#times a.time").first.wait_for()
        shot = Image.open(BytesIO(window.page.screenshot()))
        shot.save(LANDING / f"picker-{light}.webp", quality=70, method=6)
        window.close()


if __name__ == "__main__":
    sys.exit(main())
