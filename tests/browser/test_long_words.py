"""Titles, questions, names and answers with words that are longer than any column: nothing leaves
its box, on bookers' pages and on the host's, at every width at which the layout changes.
"""

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Open
from tests.people import ALWAYS, Host, Offer, free_times, new_host
from tests.system import System
from tests.visitor import Visitor

LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
WIDTHS = (320, 700, 900, 1280)
#: What stands out of the card, menu or page it is in.
STICKING_OUT = """() => {
  const BOXES = ".picker > *, .card, .notice, .choice, .button, .bar, .top";
  const found = [];
  const inner = (node, side) => {
    const box = (node ?? document.documentElement).getBoundingClientRect();
    return node ? box[side] : side === "left" ? 0 : innerWidth;
  };
  for (const node of document.querySelectorAll("main :not(wbr), .top *, .foot *")) {
    if (!node.checkVisibility({ visibilityProperty: true })) continue;
    if (node.closest(".unseen, svg, option, table, .options")) continue;
    const box = node.getBoundingClientRect();
    const around = node.parentElement.closest(BOXES);
    if (box.width && box.right > inner(around, "right") + 1 || box.left < inner(around, "left") - 1)
      found.push(`${node.tagName} ${node.className} ${node.textContent.trim().slice(0, 40)}`);
  }
  return found.slice(-3);
}"""


@pytest.fixture
def host(system: System) -> Host:
    return new_host(system, name=f"Mara {LONG}")


@pytest.fixture
def offer(host: Host) -> Offer:
    """A schedule of long words, which has been booked by somebody with a long name."""
    browser = host.open("/dashboard/schedules/new").press("Add question").press("Add question")
    browser.press(
        "Save",
        title=LONG,
        description=f"About {LONG}.",
        location_kind="in_person",
        address=f"{LONG}\n10119 Berlin",
        needs_approval=True,
        **ALWAYS,
        questions__0__label=f"What about {LONG}?",
        questions__0__kind="one",
        questions__0__choices=f"{LONG}\nNothing",
        questions__1__label=f"{LONG}?",
        questions__1__kind="text",
    )
    assert browser.status == 200, browser.errors()
    host.open("/dashboard/schedules").click(f"Public page of {LONG}")
    return Offer(browser.url, LONG, host.system)


def test_long_words_stay_in_their_boxes(window: Open, host: Host, offer: Offer) -> None:
    stranger = window(base_url=host.system.url, timezone_id="Europe/Lisbon").page
    booker = Visitor(offer.url).open(f"{offer.url}?zone=America/Argentina/Buenos_Aires")
    form = free_times(booker)[0]
    wrong = _looked_at(stranger, f"/{host.handle}", offer.url, f"{offer.url}?choose=zone", form)
    [first, second] = [
        str(one["name"]) for one in booker.open(form).page.select("input[name^=answer_]")[::2]
    ]
    answers = {first: LONG, second: LONG}
    name = f"Ana {LONG}"
    booker.press("Request this time", name=name, email="ana@bookers.example", **answers)
    assert booker.status == 200, booker.errors()
    booked = booker.url
    wrong |= _looked_at(stranger, booked, f"{booked}/cancel", f"{booked}/data")
    own = window(host.browser, base_url=host.system.url, timezone_id="Europe/Berlin").page
    bookings = host.open("/dashboard/bookings").links("#list a.cover")
    edit = host.open("/dashboard/schedules").links("h2 a")
    pages = ("/dashboard", "/dashboard/bookings", "/dashboard/schedules", "/account")
    wrong |= _looked_at(own, *pages, *bookings, *edit, "/dashboard/unwanted/wave?hours=24")
    assert wrong == {}


def _looked_at(page: Page, *addresses: str) -> dict[str, list[str]]:
    """What sticks out on these pages, by page and width."""
    wrong = {}
    for address in addresses:
        page.goto(address)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            found = page.evaluate(STICKING_OUT)
            if found:
                wrong[f"{address.rpartition('/')[2]} at {width}"] = found
    return wrong
