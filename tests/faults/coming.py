"""What the people of a fault run do about who comes: guests who leave, appointments that are held,
single-use links.
"""

from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from urllib.parse import parse_qs, urlsplit

from bookme.models import BookingStatus
from tests.faults.acts import CALL, Act
from tests.faults.answering import Answering
from tests.faults.passing import finish
from tests.faults.persistent import Persistent
from tests.faults.persons import GONE, Host
from tests.people import link_in
from tests.system import System

#: Days ahead that are booked: all of them within a schedule's horizon.
_DAYS = 28
#: A link that has had its day admits nobody.
_SPENT = (HTTPStatus.CONFLICT, HTTPStatus.GONE)


class Coming(Answering):
    """:ivar hosts: by number.

    :ivar others: browsers of guests, and of whoever has a link that is of no use.
    """

    hosts: list[Host]

    def __init__(self, system: System) -> None:
        super().__init__(system)
        self.others: list[Persistent] = []

    @property
    def left(self) -> dict[str, datetime]:
        """Guests who have taken themselves off, and when."""
        return {one: at for booked in self.booked.values() for one, at in booked.left.items()}

    def leave(self, act: Act) -> None:
        """The first guest presses the button behind the link in a message, once one has come."""
        booked = self.booked[act.number]
        if not booked.guests:
            return
        guest = booked.guests[0]
        way = self._way_out(guest)
        if not way:
            if booked.status == BookingStatus.CONFIRMED:
                self._put_off(act)
            return
        browser = Persistent(way).open(way)
        self.others.append(browser)
        if browser.page.find("button", string="Remove me"):
            browser.press("Remove me")
        assert "not a guest of this appointment any more" in browser.text, browser.text
        booked.lose(guest)
        self.done["guest left"] += 1

    def finish(self, act: Act) -> None:
        """An appointment is over, once all is made for it."""
        booked = self.booked[act.number]
        if finish(self._system, booked.email):
            self.done["appointment over"] += 1
        else:
            self._put_off(act)

    def use_again(self, act: Act) -> None:
        """Somebody else has the link that a booking was made with."""
        booked = self.booked[act.number]
        if booked.status != GONE:
            self._refused(booked.host, booked.link, act)
            self.done["link used again"] += 1

    def try_revoked(self, act: Act) -> None:
        """A host makes a link and revokes it, and then somebody wants to book with it."""
        host = self.hosts[act.given["host"]]
        link = self._new_link(host, CALL)
        host.browser.press(f"Revoke {link[:6]}")
        assert "Link revoked." in host.browser.text, host.browser.text
        self._refused(host, link, act)
        self.done["link revoked"] += 1

    def _refused(self, host: Host, link: str, act: Act) -> None:
        page = host.pages[CALL]
        browser = Persistent(page).open(f"{page}?day={day_of(act.chance)}&link={link}")
        self.others.append(browser)
        assert browser.status in _SPENT, browser.text
        assert not browser.links("a.time"), browser.text

    def _new_link(self, host: Host, schedule: str) -> str:
        """The secret of a new single-use link."""
        number = host.offers[schedule].rpartition("/")[2]
        browser = host.browser.open(f"{self._url}/dashboard/schedules/{number}/links")
        is_shown = browser.page.select_one("#new-link")  # one whose answer had been lost
        browser.press("Create another link" if is_shown else "Create link")
        shown = browser.page.select_one("#new-link")
        assert shown is not None, browser.text
        return parse_qs(urlsplit(str(shown["value"])).query)["link"][0]

    def _way_out(self, guest: str) -> str:
        ways = [one for one in self._system.sandbox.mail(guest) if "/booking/guest/" in one["text"]]
        return link_in(ways[0], "/booking/guest/") if ways else ""


def day_of(chance: float) -> str:
    """One of the days that can be booked."""
    at = datetime.now(UTC) + timedelta(days=2 + int(chance * _DAYS))
    return at.date().isoformat()
