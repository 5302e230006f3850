"""A host whose schedules ask, wait, hold and admit: all that a booking can be besides confirmed."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlsplit

from bookme.clock import utcnow
from tests.people import ALWAYS, Host, Offer, fill_in, free_times, letter, link_in
from tests.visitor import Visitor

#: Label, kind, choices, whether an answer is required, what is answered.
QUESTIONS = [
    ("What’s your company?", "text", "", True, "Costa & Filhos"),
    ("What should the review be about?", "long_text", "", False, "The check-out.\nAnd its words."),
    ("How far are you?", "one", "An idea\nA draft\nIt’s live", True, "It’s live"),
    ("Who will be there?", "several", "Design\nEngineering\nThe board", False, "Design"),
    ("People on your team", "number", "", False, "12"),
    ("A number to reach you on", "phone", "", False, "+351 912 345 678"),
    ("Your site", "web", "", False, "https://shop.example"),
    ("I agree to the terms of the studio", "tick", "", True, True),
]
REVIEW, REQUEST, PROOF, LINK = "Design review", "Strategy session", "Open hour", "Private session"
IN_PERSON: dict[str, str | bool] = {
    "location_kind": "in_person",
    "address": "Rua da Rosa 12\n1200-382 Lisboa",
}


@dataclass
class Studio:
    """What has been booked with Vera.

    :ivar at: paths of bookers' and guests' pages, by what they are.
    """

    vera: Host
    at: dict[str, str] = field(default_factory=dict)

    def open(self) -> None:
        """Publish the schedules, and book each of them."""
        self._publish_review()
        request = self.vera.publish(REQUEST, **IN_PERSON, needs_approval=True)
        proof = self.vera.publish(PROOF, **IN_PERSON, confirms_email=True)
        self._review()
        pia = {"name": "Pia Sommer", "email": "pia@bookers.example"}
        self._keep("pending", _at(request, 6).press("Request this time", **pia))
        self._hold(proof)
        self._by_link()

    def _keep(self, name: str, page: Visitor | str) -> None:
        parts = urlsplit(page if isinstance(page, str) else page.url)
        self.at[name] = f"{parts.path}?{parts.query}" if parts.query else parts.path

    def _publish_review(self) -> None:
        browser = self.vera.open("/dashboard/schedules/new")
        for _question in QUESTIONS:
            browser.press("Add question")
        browser.press("Add message")
        typed: dict[str, str | bool] = {
            "title": REVIEW,
            "description": "Show me what you have. You leave with three things to change.",
            "duration_minutes": "45",
            "other_lengths": "15, 90",
            **IN_PERSON,
            **ALWAYS,
            "notice": "1",
            "reschedule_notice": "4",
            "cancel_notice": "2",
            "cancel_notice_unit": "days",
            "max_guests": "3",
            "after_words": "Bring a laptop.\nThe door code is on the page of the studio.",
            "redirect_url": "https://studio.example/thanks",
            "messages__2__number": "2",
            "messages__2__timing": "after_end",
            "messages__2__words": "How was it?",
        }
        for nth, (label, kind, choices, required, _answer) in enumerate(QUESTIONS):
            row = {"label": label, "kind": kind, "choices": choices, "required": required}
            typed |= {f"questions__{nth}__{name}": value for name, value in row.items()}
        browser.press("Save", **typed)
        assert browser.status == 200, browser.errors()

    def _review(self) -> None:
        """Two reviews: one with a guest, and one whose booker is asked to pick another time."""
        system, guest = self.vera.system, "bo@bookers.example"
        offer = Offer(f"{system.url}/vera/design-review", REVIEW, system)
        self._keep("booked", _answered(_at(offer, 0), "Hana Novak", guests=f"Bo <{guest}>"))
        self._keep("asked", _answered(_at(offer, 3), "Otto Lind"))
        self._keep("leave", link_in(letter(system, guest, "Invitation"), "/booking/guest/"))
        self.vera.open("/dashboard/bookings").click("Otto Lind").click("Ask for another time")
        self.vera.browser.press("Ask for another time", words="I’m on a train at that time.")
        self.vera.open("/dashboard/bookings").click("Hana Novak").press("Send a reminder now")
        reminder = letter(system, "hana@bookers.example", "Reminder")
        self._keep("stop", link_in(reminder, "/reminders/"))

    def _hold(self, offer: Offer) -> None:
        """A booking whose e-mail address is to be confirmed; nobody does, for hours."""
        system, email = self.vera.system, "hedda@bookers.example"
        booker = _at(offer, 9).press("Book this time", name="Hedda Berg", email=email)
        self._keep("held", booker)
        message = letter(system, email, "Confirm your booking")
        self._keep("confirm", link_in(message, "/booking/confirm/"))
        later = str(utcnow().replace(tzinfo=None) + timedelta(hours=9))
        with closing(sqlite3.connect(system.folder / "state" / "bookme.sqlite", timeout=30)) as db:
            db.execute(
                "UPDATE booking SET lapses_at = ?, due_at = NULL WHERE status = 'held'", (later,)
            )
            db.commit()

    def _by_link(self) -> None:
        """A schedule with two links, of which one is used up."""
        browser = self.vera.open("/dashboard/schedules/new")
        browser.press("Save", title=LINK, visibility="by_link", **IN_PERSON, **ALWAYS)
        for _link in range(2):
            self.vera.open("/dashboard/schedules").click(f"Links to {LINK}")
            browser.press("Create link", days="14")
        [shown] = browser.page.select("#new-link")
        address = str(shown["value"])
        booker = Visitor(address).open(address)
        fill_in(booker.open(free_times(booker, 13)[12]), "lou@bookers.example", "Lou Vega")
        self._keep("spent", address)


def _at(offer: Offer, nth: int) -> Visitor:
    """Somebody on the form behind a free time."""
    booker = Visitor(offer.url).open(f"{offer.url}?zone=Europe/Lisbon")
    return booker.open(free_times(booker, nth + 1)[nth])


def _answered(booker: Visitor, name: str, **typed: str | bool) -> Visitor:
    """On the form behind a time of a review: answer everything, and book."""
    names = dict.fromkeys(str(one["name"]) for one in booker.page.select("[name^=answer_]"))
    answers = dict(zip(names, (question[-1] for question in QUESTIONS), strict=True))
    email = f"{name.split()[0].lower()}@bookers.example"
    return fill_in(booker, email, name, **answers, **typed)
