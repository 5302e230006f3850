"""What becomes of the bookings of a fault run, decided before it begins."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from tests.faults.acts import ASK, CALL, HOSTS, OWN, PROVE, Act, Size

#: What becomes of bookings in turn, so that a short run has some of each.
WAYS = (
    *("usual", "accepted", "proved", "reminded", "declined"),
    *("lapsed", "vanished", "usual", "accepted", "usual"),
)
#: A host has time for so many bookings whose reminders are due: one for each of a schedule's.
_REMINDERS = 2


def bookings(chance: random.Random, size: Size) -> Iterator[Act]:
    for number in range(size.bookings):
        yield from _Life(chance, size, number).acts()


@dataclass
class _Life:
    """One booking's."""

    chance: random.Random
    size: Size
    number: int

    def acts(self) -> Iterator[Act]:
        # A third is made before anything fails, so that there is something to move and delete.
        self._at = self.chance.uniform(0, 0.08 if self.number % 3 == 0 else 0.85)
        self._at *= self.size.seconds
        # A sixth does all of it at once, as fast as pages answer.
        self._pause = 0.0 if self.chance.random() < 1 / 6 else 0.3 * self.size.seconds
        lap, place = divmod(self.number, len(WAYS))
        way = WAYS[place]
        if way == "reminded" and lap < len(HOSTS) * _REMINDERS:
            yield from self._reminded(*divmod(lap, len(HOSTS)))
        else:
            yield from getattr(self, f"_{way}", self._usual)()

    def _usual(self) -> Iterator[Act]:
        yield self._book(self.chance.choice((CALL, CALL, OWN)))
        yield from self._changes()

    def _accepted(self) -> Iterator[Act]:
        """One in four is accepted at the moment when the time for it is over."""
        yield from self._asked()
        accept = self._next("accept")
        if self.chance.random() < 0.25:
            yield self._act("run_out")
        yield accept
        yield from self._changes()

    def _declined(self) -> Iterator[Act]:
        yield from self._asked()
        yield self._next("decline")

    def _lapsed(self) -> Iterator[Act]:
        yield from self._asked()
        yield self._next("run_out")

    def _proved(self) -> Iterator[Act]:
        yield self._book(PROVE)
        yield self._next("prove")
        yield self._next("accept")  # of a host who wants to be asked as well
        yield from self._changes()

    def _vanished(self) -> Iterator[Act]:
        """One in four is confirmed at the moment when the time for it is over."""
        yield self._book(PROVE)
        yield self._next("run_out")
        if self.chance.random() < 0.25:
            yield self._next("prove", pause=0)

    def _reminded(self, reminder: int, host: int) -> Iterator[Act]:
        """The reminder's time comes soon after; a third moves or goes before or after that."""
        seconds = self.chance.uniform(0.1, 0.2) * self.size.seconds
        yield self._act("book_soon", host=HOSTS[host], reminder=reminder, seconds=seconds)
        if self.number > len(WAYS) and self.chance.random() < 1 / 3:
            yield self._next(self.chance.choice(("move_as_host", "cancel_as_host")))

    def _asked(self) -> Iterator[Act]:
        yield self._book(ASK)
        if self.chance.random() < 0.3:
            yield self._next("move")

    def _changes(self) -> Iterator[Act]:
        if self.number % 4 == 0:
            yield self._next("remind")
        for _ in range(self.chance.choice((0, 0, 1, 1, 2))):
            move = self._next("move")
            if self.chance.random() < 0.25:
                lose = self.chance.choice(("lose_at_zoom", "lose_entry"))
                yield Act(move.at - 0.0005, lose, self.number)
            yield move
        if self.chance.random() < 0.35:
            yield self._next(self.chance.choice(("cancel", "cancel", "cancel_as_host")))

    def _book(self, schedule: str) -> Act:
        host, guests = self.chance.choice(HOSTS), self.number % 3
        return self._act("book", host=host, schedule=schedule, guests=guests)

    def _next(self, do: str, pause: float | None = None) -> Act:
        """Something that is done after what came before."""
        pause = self._pause if pause is None else pause
        self._at += self.chance.uniform(0.001, 0.001 + pause)
        self._at = min(self._at, self.size.seconds)
        return self._act(do)

    def _act(self, do: str, **given: object) -> Act:
        return Act(self._at, do, self.number, self.chance.random(), given)
