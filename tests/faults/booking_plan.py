"""What becomes of the bookings of a fault run, decided before it begins."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from tests.faults.acts import ASK, CALL, DISCONNECTED, HOSTS, OWN, PROVE, REMOVED, Act, Size

#: What becomes of bookings in turn, so that a short run has some of each.
WAYS = (
    *("usual", "linked", "followed", "proved", "reminded", "declined"),
    *("lapsed", "vanished", "usual", "accepted", "usual", "accepted"),
)
#: Whose appointments are held during a run, one each: in the end their meetings are made.
_HOLDING = (REMOVED, DISCONNECTED)
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
        self._lap, place = divmod(self.number, len(WAYS))
        yield from getattr(self, f"_{WAYS[place]}")()

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
        """Of all but the first, one in four is confirmed at the moment when the time for it is
        over. Half of them use a single-use link, which comes back.
        """
        yield self._book(PROVE, linked=self.chance.random() < 0.5)
        yield self._next("run_out")
        if self.chance.random() < 0.25 and self._lap:
            yield self._next("prove", pause=0)

    def _reminded(self) -> Iterator[Act]:
        """The reminder's time comes soon after; a third moves or goes before or after that."""
        reminder, host = divmod(self._lap, len(HOSTS))
        if reminder >= _REMINDERS:
            yield from self._usual()
            return
        seconds = self.chance.uniform(0.1, 0.2) * self.size.seconds
        yield self._act("book_soon", host=HOSTS[host], reminder=reminder, seconds=seconds)
        if self.number > len(WAYS) and self.chance.random() < 1 / 3:
            yield self._next(self.chance.choice(("move_as_host", "cancel_as_host")))

    def _followed(self) -> Iterator[Act]:
        """An appointment that begins at once, and ends as soon as its meeting has been made."""
        if self._lap >= len(_HOLDING):
            yield from self._usual()
            return
        yield self._act("book_now", host=_HOLDING[self._lap])
        yield self._next("finish")

    def _linked(self) -> Iterator[Act]:
        """By a single-use link; every other one is revoked before anybody books with it."""
        if self._lap % 2:
            yield self._act("try_revoked", host=self.chance.choice(HOSTS))
            return
        yield self._book(CALL, linked=True)
        yield self._next("use_again")
        yield from self._changes()

    def _asked(self) -> Iterator[Act]:
        yield self._book(ASK)
        if self.chance.random() < 0.3:
            yield self._next("move")

    def _changes(self) -> Iterator[Act]:
        if self.number % 4 == 0:
            yield self._next("remind")
        if self.number % 3 and self.chance.random() < 0.5:
            yield self._next("leave")
        for _ in range(self.chance.choice((0, 0, 1, 1, 2))):
            move = self._next(self.chance.choice(("move", "move", "move_as_host")))
            if self.chance.random() < 0.25:
                lose = self.chance.choice(("lose_at_zoom", "lose_entry"))
                yield Act(move.at - 0.0005, lose, self.number)
            yield move
        if self.chance.random() < 0.35:
            yield self._next(self.chance.choice(("cancel", "cancel", "cancel_as_host")))

    def _book(self, schedule: str, *, linked: bool = False) -> Act:
        host, guests = self.chance.choice(HOSTS), self.number % 3
        return self._act("book", host=host, schedule=schedule, guests=guests, linked=linked)

    def _next(self, do: str, pause: float | None = None) -> Act:
        """Something that is done after what came before."""
        pause = self._pause if pause is None else pause
        self._at += self.chance.uniform(0.001, 0.001 + pause)
        self._at = min(self._at, self.size.seconds)
        return self._act(do)

    def _act(self, do: str, **given: object) -> Act:
        return Act(self._at, do, self.number, self.chance.random(), given)
