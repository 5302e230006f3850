"""One visitor: looks at a page, at other days, at a form; some book and wait for the link."""

import asyncio
import re
from dataclasses import dataclass
from html import unescape
from random import Random
from urllib.parse import urlsplit

from tests.load.browser import Browser, Seen

_DAY = re.compile(r'<a\b[^>]*? hx-get="([^"]+)"[^>]*? class="day')
_TIME = re.compile(r'<a class="time[^"]*" href="([^"]+)"')
_FORM = re.compile(r'<form id="details"[^>]*? action="([^"]+)"')
_INPUT = re.compile(r"<input\b[^>]*>")
_WAITS = re.compile(r'id="meeting"[^>]*? hx-get="([^"]+)" hx-trigger="load delay:([\d.]+)(m?s)')

#: Kinds of pages, as the figures call them.
PAGE, SWAP, DETAILS, BOOK, BOOKED, LINK = (
    "public page",
    "swap of a day",
    "details form",
    "booking POST",
    "booking's page",
    "asking for the link",
)


@dataclass
class Pace:
    """How long people think, and what of it is left out.

    :param thought: mean seconds between two pages.
    :param divided_by: by which all of it is squeezed.
    """

    thought: float
    divided_by: float

    async def think(self, random: Random) -> None:
        await asyncio.sleep(min(random.expovariate(1 / self.thought), 60) / self.divided_by)


async def visit(browser: Browser, page: str, number: int, random: Random, pace: Pace) -> str | None:
    """A visit; the address of the booking that was made, if one was."""
    try:
        seen = await browser.get(PAGE, page)
        for _ in range(random.randrange(3)):
            await pace.think(random)
            days = _DAY.findall(seen.body)
            if days:
                seen = await browser.get(SWAP, unescape(random.choice(days)), is_swap=True)
        if random.random() < 0.5:
            return None
        await pace.think(random)
        times = _TIME.findall(seen.body)
        if not times:
            return None
        form = await browser.get(DETAILS, unescape(random.choice(times[:6])))
        await pace.think(random)
        return await _book(browser, form, number, pace) if random.random() < 0.8 else None
    finally:
        browser.close()


async def _book(browser: Browser, form: Seen, number: int, pace: Pace) -> str | None:
    action = _FORM.search(form.body)
    if action is None:
        return None  # the time has gone, and the page says so
    fields = {unescape(name): unescape(value) for name, value in hidden(form.body).items()}
    fields |= {"name": f"Ana {number}", "email": f"ana{number}@bookers.example"}
    made = await browser.post(BOOK, unescape(action[1]), fields)
    if made.status != 303:
        return None
    address = urlsplit(made.location)
    page = await browser.get(BOOKED, f"{address.path}?{address.query}")
    for _ in range(5):
        waits = _WAITS.search(page.body)
        if waits is None:
            break
        seconds = float(waits[2]) / (1000 if waits[3] == "ms" else 1)
        await asyncio.sleep(seconds)
        page = await browser.get(LINK, unescape(waits[1]), is_swap=True)
    return address.path


def hidden(body: str) -> dict[str, str]:
    """The hidden fields of a page's form."""
    found = {}
    for tag in _INPUT.findall(body):
        if 'type="hidden"' in tag:
            name, value = (re.search(rf'\b{one}="([^"]*)"', tag) for one in ("name", "value"))
            if name is not None:
                found[name[1]] = value[1] if value else ""
    return found
