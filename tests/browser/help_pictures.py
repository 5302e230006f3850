"""``python -m tests.browser.help_pictures [names]`` (``make help-pictures``): the pictures of steps
that the help shows, light and dark, each under 30 kB, with a list of their sizes.
"""

import io
import json
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import click
from PIL import Image
from playwright.sync_api import Browser, Error, FloatRect, Page

from bookme.help.pictures import FOLDER
from tests.browser import chromium
from tests.browser.chromium import Window
from tests.browser.places import _edit_address, _in_dashboard, _make_feed, _make_link
from tests.browser.world import World
from tests.people import letter
from tests.sandbox_process import BEN
from tests.system import System

#: Most bytes of a picture, and most pixels of its height on the page.
MOST, TALLEST = 30_000, 620
LIGHTS: tuple[Literal["light", "dark"], ...] = ("light", "dark")


@dataclass(frozen=True)
class Shot:
    """A picture.

    :ivar part: what of the page is shown.
    """

    name: str
    path: str
    who: str = ""
    part: str = "#main"
    act: Callable[[Page], None] | None = None


def shots(world: World) -> list[Shot]:
    """All pictures that the help names."""
    schedule = _edit_address(world, "Intro call")
    links = _edit_address(world, "Private session", "vera") + "/links"
    mail = letter(world.system, "ana@bookers.example", "Confirmed")["id"]
    return [
        Shot("set-up", "/dashboard/set-up/address", "jonas"),
        Shot("schedule", "/dashboard/schedules/new", "mara"),
        Shot("picker", "/mara/intro-call?zone=Europe/Berlin"),
        Shot("links", "/dashboard/schedules", "mara"),
        Shot("single-use", links, "vera", act=_make_link),
        Shot("embed", "/dashboard/embed?schedule=intro-call", "mara"),
        Shot("connections", "/connections", "jonas"),
        Shot("zoom-disconnect", "/connections/zoom/disconnect", "mara", "#provider-zoom"),
        Shot("default", "/connections/settings", "mara"),
        Shot("calendars", "/connections?open=google", "ines", "#provider-google"),
        Shot("location", schedule, "mara", ".location"),
        Shot("hours", "/dashboard/hours/sets/new", "mara"),
        Shot("time-off", "/dashboard/hours/off/new", "mara"),
        Shot("booking", _in_dashboard(world, "Ana Costa"), "mara"),
        Shot("request", "/dashboard", "vera", "section:has(#requests)"),
        Shot("mail", f"{world.system.sandbox.web_url}/mail/{mail}/html", part="body"),
        Shot("feed", "/dashboard/feed", "lea", act=_make_feed),
        Shot("numbers", "/dashboard/numbers", "mara"),
        Shot("trouble", "/dashboard", "noor"),
        Shot("data", "/account/data", "mara"),
        Shot("replace", "/connections", "mara", act=_come_back_as_another),
    ]


def main() -> int:
    """Take them; say which could not be taken."""
    if chromium.executable(whole=True) is None:
        click.echo("There is no Chromium here; on Debian: apt-get install chromium", err=True)
        return 2
    FOLDER.mkdir(parents=True, exist_ok=True)
    known = FOLDER / "pictures.json"
    sizes = json.loads(known.read_text()) if known.exists() else {}
    missed = []
    with (
        tempfile.TemporaryDirectory(prefix="bookme-") as state,
        System(Path(state)) as system,
        chromium.launched(whole=True) as browser,
    ):
        world = World(system)
        for shot in shots(world):
            if not sys.argv[1:] or shot.name in sys.argv[1:]:
                try:
                    sizes[shot.name] = _taken(browser, world, shot)
                except (Error, ValueError) as error:  # the others can still be taken
                    missed.append(f"{shot.name}: {str(error).splitlines()[0]}")
    known.write_text(json.dumps(dict(sorted(sizes.items())), indent=1) + "\n")
    click.echo(f"{len(sizes)} pictures are in {FOLDER}.")
    for words in missed:
        click.echo(words, err=True)
    return 1 if missed else 0


def _taken(browser: Browser, world: World, shot: Shot) -> list[int]:
    """One picture in both lights; its size in pixels of the page."""
    visitor = getattr(world, shot.who).browser if shot.who else None
    size = [0, 0]
    for light in LIGHTS:
        window = Window(
            browser,
            visitor,
            base_url=world.system.url,
            timezone_id="Europe/Berlin",
            color_scheme=light,
            viewport={"width": 760, "height": 900},
            device_scale_factor=1.5,
        )
        window.page.goto(shot.path)
        if shot.act is not None:
            shot.act(window.page)
        box = window.page.locator(shot.part).first.bounding_box()
        if box is None:
            raise ValueError("the part isn't there")
        height = min(box["height"], TALLEST)
        clip = FloatRect(x=box["x"], y=box["y"], width=box["width"], height=height)
        drawn = window.page.screenshot(full_page=True, clip=clip)
        size = [round(box["width"]), round(height)]
        (FOLDER / f"{shot.name}.{light}.webp").write_bytes(_small(drawn))
        window.close()
    return size


def _small(drawn: bytes) -> bytes:
    picture = Image.open(io.BytesIO(drawn)).convert("RGB")
    for quality in range(80, 0, -10):
        kept = io.BytesIO()
        picture.save(kept, "WEBP", quality=quality, method=6)
        if kept.tell() < MOST:
            return kept.getvalue()
    raise ValueError("it can't be made small enough")


def _come_back_as_another(page: Page) -> None:
    """Connect a second account, up to the question."""
    page.goto("/connections?open=zoom")
    page.get_by_role("button", name="Use another account").click()
    page.get_by_role("radio", name=BEN).check()
    page.get_by_role("button", name="Allow").click()
    page.get_by_role("button", name="Replace account").wait_for()


if __name__ == "__main__":
    sys.exit(main())
