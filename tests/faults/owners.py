"""What the hosts of a fault run do about their connections, in browsers of their own."""

from collections import Counter
from collections.abc import Container
from dataclasses import dataclass

from tests.faults.acts import CALENDARS, LEAVING, ZOOM, Act
from tests.faults.persistent import Persistent
from tests.patience import wait_until
from tests.people import allow
from tests.sandbox_process import BEN
from tests.system import System

LABELS = {"zoom": "Zoom", "google": "Google", "microsoft": "Microsoft", "icloud": "iCloud"}
#: The button of each provider's consent page.
_YES = {"zoom": "Allow", "google": "Continue", "microsoft": "Accept"}
#: How often a host tries to connect before he leaves it for later.
_TRIES = 3


@dataclass
class Owner:
    """:ivar email: his address in BookMe; :ivar person: at Zoom, Google, Microsoft and Apple."""

    email: str
    person: str
    browser: Persistent


class Owners:
    """Carries out what a plan says of connections."""

    def __init__(self, system: System, owners: list[Owner]) -> None:
        self.done: Counter[str] = Counter()
        self._system, self._owners = system, owners
        # The others have one that makes Teams meetings already.
        self._control("microsoft/accounts", user=BEN, kind="work")

    def do(self, act: Act) -> None:
        getattr(self, act.do)(act)

    def begin(self, number: int) -> None:
        """Connect Zoom and all calendars of a host, and have bookings added to the first."""
        for provider in (ZOOM, *CALENDARS[number]):
            self._surely_connected(number, provider)
        self._add_bookings_to(number, CALENDARS[number][0])

    def connect(self, act: Act) -> None:
        """Connect a provider, or reconnect it, unless all is well."""
        for _ in range(_TRIES):
            if self._connected(act.number, act.given["provider"]):
                return

    def look_after(self, act: Act) -> None:
        """A host sees that one needs reconnecting, and does so; one that is gone stays so."""
        provider = act.given["provider"]
        if self._offered(act.number, provider).startswith("Reconnect"):
            self.connect(act)

    def disconnect(self, act: Act) -> None:
        provider = act.given["provider"]
        if not self._offered(act.number, provider).startswith("Connect"):
            browser = self._open(act.number, f"/connections/{provider}/disconnect")
            browser.press("Confirm")
            self.done[f"{LABELS[provider]} disconnected"] += 1

    def add_bookings_to(self, act: Act) -> None:
        self._add_bookings_to(act.number, act.given["provider"])

    def remove_at_zoom(self, act: Act) -> None:
        """Remove BookMe at Zoom's side; the event may take a while."""
        given = {"user": self._owners[act.number].person, "delay": round(act.chance, 2)}
        self._system.sandbox.control("remove", given)
        self.done["removed at Zoom"] += 1

    def end_permission(self, act: Act) -> None:
        """End it at the provider, as its owner may there, or a changed password does."""
        provider, person = act.given["provider"], self._owners[act.number].person
        if provider == "icloud":
            self._control("icloud/passwords", user=person)
        else:
            self._system.sandbox.control("grants/kill", {"user": person, "provider": provider})
        self.done[f"{LABELS[provider]}'s permission ended there"] += 1

    def lose(self, number: int, words: str) -> None:
        """A host deletes an entry by hand, if it is made already."""
        for provider in CALENDARS[number]:
            for event in self._system.sandbox.events(provider):
                body = event.get("body") or {}
                title = event.get("title") or body.get("summary") or body.get("subject")
                if words in str(title):
                    self._control(f"{provider}/remove", entry=event["id"])
                    self.done["entry deleted by hand"] += 1

    def make_whole(self, connected: Container[tuple[str, str]] = ()) -> bool:
        """The trouble is over: all that a host has not left for good is connected again. BookMe may
        hear of an ended permission only now.

        :param connected: what is, as :class:`~tests.faults.observed.Seen` has it.
        :return: whether something was not.
        """
        missing = [
            (number, provider)
            for number, providers in CALENDARS.items()
            for provider in (providers[1:] if number == LEAVING else (ZOOM, *providers))
            if (self._owners[number].email, provider) not in connected
        ]
        for number, provider in missing:
            self._surely_connected(number, provider)
        return bool(missing)

    @property
    def browsers(self) -> list[Persistent]:
        return [one.browser for one in self._owners]

    def _surely_connected(self, number: int, provider: str) -> None:
        wait_until(lambda: self._connected(number, provider), f"{provider} connected")

    def _connected(self, number: int, provider: str) -> bool:
        """Whether all is well; if not, it is tried once."""
        offered = self._offered(number, provider)
        if offered:
            self.done[f"pressed {offered}"] += 1
            connect = self._with_password if provider == "icloud" else self._with_consent
            connect(self._owners[number], provider, offered)
        return not offered

    def _with_consent(self, owner: Owner, provider: str, offered: str) -> None:
        browser = owner.browser.press(offered)
        if browser.page.select("label.choice input[name=person]"):
            allow(browser, owner.person, _YES[provider])

    def _with_password(self, owner: Owner, _: str, offered: str) -> None:
        password = self._system.sandbox.app_password(owner.person)
        browser = owner.browser.click(offered)
        browser.press("Connect iCloud", username=owner.person, password=password)

    def _offered(self, number: int, provider: str) -> str:
        """The button that the Connections page has for a provider as it is; none when all is well.

        A try that failed may have ended on a page of the provider's.
        """
        browser = self._open(number, "/connections")
        assert browser.heading == "Connections", browser.text
        found = browser.page.select("form button, a.button")
        words = [" ".join(one.get_text().split()) for one in found]
        name = LABELS[provider]
        return next((one for one in words if one in (f"Connect {name}", f"Reconnect {name}")), "")

    def _add_bookings_to(self, number: int, provider: str) -> None:
        browser = self._open(number, "/connections")
        choices = browser.page.select("#taking label.choice")
        main = [one for one in choices if f"({LABELS[provider]})" in one.get_text()]
        if main:
            radio = main[0].select_one("input")
            assert radio is not None
            browser.press("Save", calendar=str(radio["value"]))
            self.done[f"bookings added to {LABELS[provider]}"] += 1

    def _open(self, number: int, path: str) -> Persistent:
        return self._owners[number].browser.open(f"{self._system.url}{path}")

    def _control(self, path: str, **body: str) -> None:
        self._system.sandbox.control(f"calendars/{path}", body)
