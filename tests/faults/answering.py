"""What the people of a fault run do about bookings that wait for an answer, and about reminders."""

from collections import Counter
from http import HTTPStatus

from bookme.models import BookingStatus
from tests.faults.acts import PROVE, Act
from tests.faults.hosting import asks
from tests.faults.passing import run_out
from tests.faults.persistent import Persistent
from tests.faults.persons import GONE, Booked
from tests.people import link_in
from tests.system import System

#: What a booking becomes that was not answered in time.
_UNANSWERED = {BookingStatus.PENDING: BookingStatus.LAPSED, BookingStatus.HELD: GONE}
#: From these it comes back if the answer is there first.
_IN_TIME_AFTER_ALL = (BookingStatus.PENDING, BookingStatus.LAPSED)


class Answering:
    """:ivar booked: by number.

    :ivar late: what could not be done yet, because the mail for it was not there, or the meeting.
    """

    def __init__(self, system: System) -> None:
        self.done: Counter[str] = Counter()
        self.booked: dict[int, Booked] = {}
        self.late: dict[tuple[str, int], Act] = {}
        self._system, self._url = system, system.url

    def accept(self, act: Act) -> None:
        """A host accepts a request, if it is not too late for that."""
        booked = self.booked[act.number]
        if booked.status not in _IN_TIME_AFTER_ALL:
            return
        browser = self._page_of(booked)
        browser.open(f"{browser.url}/accept")
        if browser.page.find("button", string="Accept request"):
            browser.press("Accept request")
            in_time = browser.status == HTTPStatus.OK
        else:
            in_time = False
        assert in_time or not booked.asks, browser.text
        booked.status = BookingStatus.CONFIRMED if in_time else BookingStatus.LAPSED
        self.done["accepted" if in_time else "accepted too late"] += 1

    def decline(self, act: Act) -> None:
        booked = self.booked[act.number]
        browser = self._page_of(booked)
        browser.open(f"{browser.url}/decline")
        browser.press("Decline request", reason="I’m away then.")
        assert browser.status == HTTPStatus.OK, browser.text
        booked.status = BookingStatus.DECLINED
        self.done["declined"] += 1

    def run_out(self, act: Act) -> None:
        """The time to answer is over."""
        booked = self.booked[act.number]
        if booked.status in _UNANSWERED:
            run_out(self._system, booked.email)
            booked.status = _UNANSWERED[BookingStatus(booked.status)]
            self.done[f"time ran out: {booked.status}"] += 1

    def prove(self, act: Act) -> None:
        """A booker presses the button behind the link in the mail, once that has come."""
        booked = self.booked[act.number]
        booked.proof = booked.proof or self._proof(booked.email)
        if not booked.proof:
            if booked.status != GONE:
                self._put_off(act)
            return
        browser, is_asked = booked.browser.open(booked.proof), asks(booked.host.number, PROVE)
        if browser.status == HTTPStatus.OK and "/booking/confirm/" in browser.url:
            browser.press("Request this time" if is_asked else "Confirm booking")
        if browser.status == HTTPStatus.GONE:
            self.done["confirmed too late"] += 1
            return
        assert browser.status == HTTPStatus.OK, browser.text
        booked.status = BookingStatus.PENDING if is_asked else BookingStatus.CONFIRMED
        booked.arrive()
        self.done["e-mail address confirmed"] += 1

    def remind(self, act: Act) -> None:
        """A host sends a reminder now."""
        booked = self.booked[act.number]
        if booked.status == BookingStatus.CONFIRMED:
            browser = self._page_of(booked).press("Send a reminder now")
            assert browser.status == HTTPStatus.OK, browser.text
            booked.reminded = booked.starts_at
            self.done["reminded by hand"] += 1

    def catch_up(self) -> bool:
        """What could not be done is tried again; return whether there was something."""
        late, self.late = self.late, {}
        for act in late.values():
            getattr(self, act.do)(act)
        return bool(late)

    def _put_off(self, act: Act) -> None:
        self.late[act.do, act.number] = act

    def _page_of(self, booked: Booked) -> Persistent:
        """A host's page of a booking."""
        browser = booked.host.browser
        browser.open(f"{self._url}/dashboard/bookings?show=all&q={booked.email}")
        return browser.click(booked.name)

    def _proof(self, email: str) -> str:
        mail = self._system.sandbox.mail(email)
        asking = [one for one in mail if one["subject"].startswith("Confirm your booking")]
        return link_in(asking[0], "/booking/confirm/") if asking else ""
