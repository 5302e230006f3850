"""Whether each reader was reminded of what is so, at its time, and once. Complaints, as
:mod:`.checks` gives them.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bookme.models import Timing
from tests.faults.guest_checks import has_left
from tests.faults.observed import Known, Seen, Span

_TIMED = re.compile(
    r"<([0-9a-f]{32})\.(before_start|after_end|by_hand)\.(\d+)\.(\d+)\.(host|attendee\d+)@"
)
_BY_HAND = "by_hand"
#: What is handed over when its booking changes may arrive so long afterwards.
_ON_ITS_WAY = timedelta(seconds=15)
#: How long after its time a follow-up is still of use.
_PATIENCE = timedelta(days=1)
_WORDS = {"after_end": "is over."}
_USUAL_WORDS = "A reminder of your appointment"


@dataclass(frozen=True, slots=True)
class Reminder:
    """A message at a time, as it came.

    :ivar number: of minutes before the start, or after the end, or the second in which it was sent
        by hand.
    """

    message_id: str
    kind: str
    number: int
    starts_at: datetime
    to_host: bool
    text: str
    at: datetime


def reminders(seen: Seen) -> Iterator[str]:
    """Every reader has had every reminder whose time came while the booking was confirmed, and no
    other.
    """
    came: dict[tuple[str, str], list[Reminder]] = defaultdict(list)
    for message in seen.mail:
        found = _TIMED.match(message["message_id"])
        if found is not None and not has_left(seen, message):
            came[found[1], " ".join(message["envelope_to"])].append(_read(found, message))
    for one in seen.bookings:
        for reader, end in one.readers.items():
            heard = came.pop((one.reference, reader), [])
            complaints = [*_wrong(one, heard, end), *_missing(seen, one, heard, end)]
            yield from (f"{one.reference} to the {end}: {it}" for it in complaints)
    for reference, _ in came:
        yield f"somebody was reminded of {reference} whom it does not concern"


def by_hand(seen: Seen, made: list[Any]) -> Iterator[str]:
    """What a host has sent by hand came to the booker and all guests, once, unless the booking was
    changed meanwhile.
    """
    for one in seen.bookings:
        booked = next((booked for booked in made if booked.email == one.booker), None)
        asked = booked is not None and booked.reminded is not None
        stands = asked and one.is_confirmed and booked.reminded == one.starts_at
        for reader in (one.booker, *one.guests):
            start = f"<{one.reference}.{_BY_HAND}."
            theirs = [mail for mail in seen.mail if mail["envelope_to"] == [reader]]
            ids = {mail["message_id"] for mail in theirs if mail["message_id"].startswith(start)}
            if len(ids) > asked or (stands and not ids):
                yield f"{one.reference}: reminded by hand {len(ids)} times"


def _read(found: re.Match[str], message: dict[str, Any]) -> Reminder:
    _, kind, number, start, end = found.groups()
    return Reminder(
        message_id=message["message_id"],
        kind=kind,
        number=int(number),
        starts_at=datetime.fromtimestamp(int(start), UTC),
        to_host=end == "host",
        text=message["text"],
        at=datetime.fromisoformat(message["at"]),
    )


def _wrong(one: Known, heard: list[Reminder], end: str) -> Iterator[str]:
    said: dict[tuple[str, int, datetime], str] = {}
    for it in heard:
        if said.setdefault((it.kind, it.number, it.starts_at), it.message_id) != it.message_id:
            yield f"{it.message_id} came besides another"
        if it.kind != _BY_HAND and (it.kind, it.number) not in _wanted(one, end):
            yield f"{it.message_id} is one that nobody wants"
        if not any(_fits(one, span, it) for span in one.spans):
            yield f"{it.message_id} came at {it.at}, of another time or too late"
        if it.to_host is not (end == "host") or _WORDS.get(it.kind, _USUAL_WORDS) not in it.text:
            yield f"{it.message_id} is something else"


def _fits(one: Known, span: Span, it: Reminder) -> bool:
    """Whether a message may come of a start that a booking had."""
    due = datetime.fromtimestamp(it.number, UTC) if it.kind == _BY_HAND else None
    due = due or _due(one, span, it.kind, it.number)
    until = it.starts_at if it.kind != Timing.AFTER_END else due + _PATIENCE
    until = span.until + _ON_ITS_WAY if span.until else until
    second = timedelta(seconds=1)
    return span.starts_at == it.starts_at and span.since - second <= due <= it.at <= until


def _missing(seen: Seen, one: Known, heard: list[Reminder], end: str) -> Iterator[str]:
    came = {(it.kind, it.number, it.starts_at) for it in heard}
    for span in one.spans:
        for kind, minutes in _wanted(one, end) if span.until is None else ():
            is_due = span.since < _due(one, span, kind, minutes) < seen.at
            if is_due and (kind, minutes, span.starts_at) not in came:
                yield f"was not reminded ({kind}) {minutes} minutes off {span.starts_at}"


def _due(one: Known, span: Span, kind: str, minutes: int) -> datetime:
    if kind == Timing.AFTER_END:
        return one.ends_at + timedelta(minutes=minutes)
    return span.starts_at - timedelta(minutes=minutes)


def _wanted(one: Known, end: str) -> set[tuple[str, int]]:
    """The messages that the schedule has for those at one end of a booking."""
    rules = (rule for rule in one.rules if (rule.to_host if end == "host" else rule.to_booker))
    return {(str(rule.timing), rule.minutes) for rule in rules}
