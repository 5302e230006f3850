"""A fault run: people, trouble, the end of trouble, rest; and what came of it."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path

from bookme.clock import utcnow
from tests.faults import checks
from tests.faults.acts import Act, Plan, Size
from tests.faults.breaking import Breaking
from tests.faults.entry_checks import entries
from tests.faults.guest_checks import guests, links
from tests.faults.leaks import leaks
from tests.faults.mails import mails
from tests.faults.observed import Seen
from tests.faults.observer import Observer
from tests.faults.pace import Pace
from tests.faults.people import People
from tests.faults.persistent import Persistent
from tests.faults.reminder_checks import by_hand, reminders
from tests.faults.rush import JOBS, rush
from tests.faults.times import Times, times
from tests.system import System

#: Seconds between two looks at what is still on its way.
_GLANCE = 0.5
#: A reading of busy times is one call; links of Meet and Teams are there at the second look.
_CALENDARS = {"page_size": 500, "meet_pending_answers": 1, "teams_link_answers": 1}


@dataclass
class Outcome:
    """What came of a run.

    :ivar complaints: what BookMe promises and did not keep; empty when all is well.
    :ivar done: how often people and trouble did what.
    """

    seen: Seen
    times: Times
    slowest_page: float
    complaints: list[str] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)


def run(folder: Path, plan: Plan, size: Size, *, database_url: str = "") -> Outcome:
    """Carry out a plan on a new system in an empty folder."""
    with (
        System(
            folder,
            database_url=database_url,
            waits_divided_by=size.divided_by,
            web=size.web,
            workers=size.workers,
            environ={"RATE_LIMITS": "off"},  # all bookers have one address
        ) as system,
        closing(Observer(system)) as observer,
    ):
        return _Run(system, observer, plan, size).carry_out()


class _Run:
    def __init__(self, system: System, observer: Observer, plan: Plan, size: Size) -> None:
        self.system, self.observer, self.plan, self.size = system, observer, plan, size
        system.sandbox.control(
            "settings",
            {
                "daily_limit": 10_000,  # of Zoom's own; storms name the limit as well
                "webhook_retry_seconds": [0.5, 1, 2, 4, 8, 16],
                "event_on_revoke_seconds": 1,
            },
        )
        system.sandbox.control("settings", _CALENDARS)
        self.people = People(system)
        self.breaking = Breaking(system, size)
        self.complaints: list[str] = []

    def carry_out(self) -> Outcome:
        self._rush()
        self._trouble()
        self.breaking.mend()
        self.people.owners.make_whole()
        ended, ended_at = Pace(), utcnow()
        left = self._rest(ended)
        rested, seen = ended.now, replace(self.observer.look(), left=self.people.left)
        browsers = self.people.browsers
        self.complaints += [f"does not come to rest: {one}" for one in left]
        self.complaints += self.breaking.complaints
        self.complaints += [f"the web failed: {one}" for page in browsers for one in page.broken]
        made = list(self.people.booked.values())
        self.complaints += [*checks.people(seen, made), *by_hand(seen, made), *links(seen, made)]
        for check in (checks.meetings, entries, checks.removals, mails, reminders, guests):
            self.complaints += check(seen)
        self.complaints += leaks(self.system, self.people, seen)
        return Outcome(
            seen,
            times(seen, rested, ended_at),
            slowest_page(self.people.browsers, self.breaking.web_away),
            self.complaints,
            self.people.done + self.people.owners.done + self.breaking.done,
        )

    def _rush(self) -> None:
        """Before any trouble: a hundred jobs find an expired token, and one of them renews it."""
        zoom, host = self.system.sandbox, self.people.hosts[0]
        zoom.control("tokens/expire", {"user": host.zoom})
        before = len(zoom.calls("token.refresh"))
        failed = rush(self.system, self.observer.connection_of(host.email), self.size.web)
        refreshes = len(zoom.calls("token.refresh")) - before
        asked = [one for one in zoom.calls("me") if one["user"] == host.zoom and one["did"] == 200]
        if refreshes != 1 or any(failed) or len(asked) < JOBS:
            self.complaints.append(
                f"a hundred jobs made {refreshes} refreshes and {len(asked)} calls; {failed}"
            )

    def _trouble(self) -> None:
        pace = Pace()
        with ThreadPoolExecutor(3) as pool:
            all_of_them = [
                pool.submit(_act, self.plan.people, self.people.do, pace),
                pool.submit(_act, self.plan.owners, self.people.owners.do, pace),
                pool.submit(_act, self.plan.trouble, self.breaking.do, pace),
            ]
            done, _ = wait(all_of_them, return_when=FIRST_EXCEPTION)
            if any(one.exception() for one in done):
                pace.end()
        for one in all_of_them:
            one.result()

    def _rest(self, ended: Pace) -> list[str]:
        """Wait until nothing is on its way; what is when patience ends."""
        while True:
            inside = self.observer.look(inside_only=True)
            was_whole = not self.people.owners.make_whole(inside.connected)
            was_done = not self.people.catch_up()
            self.people.try_again(inside)
            left = list(checks.unrest(inside))
            if (was_whole and was_done and not left) or ended.now > self.size.patience:
                return left
            ended.until(ended.now + _GLANCE)


def slowest_page(browsers: list[Persistent], away: list[tuple[float, float]]) -> float:
    """Seconds of the slowest answer, those aside that were waited for while there was no web."""

    def in_vain(at: float, seconds: float) -> bool:
        return any(begin <= at + seconds and at <= end for begin, end in away)

    waited = [one for browser in browsers for one in browser.waited]
    return max(seconds for at, seconds in waited if not in_vain(at, seconds))


def _act(acts: list[Act], do: Callable[[Act], None], pace: Pace) -> None:
    for act in acts:
        if not pace.until(act.at):
            return
        do(act)
