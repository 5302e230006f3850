"""Whether people were told the truth, and each piece of it once."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from bookme.models import HOLDING, BookingStatus, EventKind
from bookme.providers.registry import meetings_label
from tests.faults.guest_checks import has_left
from tests.faults.observed import Known, Seen
from tests.faults.told import Told

_OF_BOOKING = re.compile(r"<([0-9a-f]{32})\.\d+\.")
#: Messages that go out once at most.
_NEW = {
    "booked": "the booking as of a new one",
    "Requested": "the request",
    "Answer needed": "the request",
    "Confirm your booking": "the need to confirm",
    "Cancelled": "the end",
    "Declined": "the end",
    "Not answered": "the end",
}
_OF_ACCOUNT = re.compile(r"<(?![0-9a-f]{32}\.)")


def mails(seen: Seen) -> Iterator[str]:
    """All messages that were taken, in the order in which they were: news of bookings and of
    connections. :mod:`.reminder_checks` looks at messages at times.
    """
    told: dict[tuple[str, str], list[Told]] = defaultdict(list)
    for message in seen.mail:
        found = _OF_BOOKING.match(message["message_id"])
        if message["refusal"] is not None:
            yield f"{message['message_id']} was refused: {message['refusal']}"
        elif found is not None and not has_left(seen, message):
            told[found[1], " ".join(message["envelope_to"])].append(Told.by(message))
    yield from _account_mails(seen)
    for one in seen.bookings:
        for reader, who in one.readers.items():
            heard = told.pop((one.reference, reader), [])
            yield from (f"{one.reference} to the {who}: {it}" for it in _reader(seen, one, heard))
        yield from _keys(seen, one)
    known = {one.reference for one in seen.bookings}
    for (reference, _), heard in told.items():
        # What was held for an e-mail address and is gone was told of to that address alone.
        if reference in known or any(one.status is not BookingStatus.HELD for one in heard):
            yield f"somebody was told of {reference} whom it does not concern"


def _keys(seen: Seen, one: Known) -> Iterator[str]:
    """Only the booker gets the way to change a booking."""
    for message in seen.mail:
        if one.token in message["text"] and message["envelope_to"] != [one.booker]:
            yield f"{message['message_id']} gives somebody else the booker's link"


def _account_mails(seen: Seen) -> Iterator[str]:
    """Of a connection, each message says the same however often it comes."""
    said: dict[str, tuple[Any, ...]] = {}
    for message in seen.mail:
        if _OF_ACCOUNT.match(message["message_id"]):
            content = message["envelope_to"], message["subject"], message["text"]
            if said.setdefault(message["message_id"], content) != content:
                yield f"{message['message_id']} came with two contents"


def _reader(seen: Seen, one: Known, heard: list[Told]) -> Iterator[str]:
    """What one reader was told of one booking, in order."""
    yield from _one_content(heard)
    yield from _never_was(seen, one, heard)
    yield from _in_order(heard)
    yield from _final(seen, one, heard[-1] if heard else None)


def _one_content(heard: list[Told]) -> Iterator[str]:
    """A copy says the same, but that it no longer asks a host for what he has done meanwhile."""
    said: dict[str, Told] = {}
    for told in heard:
        first = said.setdefault(told.message_id, told)
        if first not in (told, replace(told, asks_host=True)):
            differ = ", ".join(_differing(first, told))
            yield f"{told.message_id} came with two contents: {differ}"
    for kind, words in _NEW.items():
        if len({one.message_id for one in heard if one.kind == kind}) > 1:
            yield f"was told of {words} twice"
    once = list({told.message_id: told for told in heard}.values())
    for before, told in zip(once, once[1:], strict=False):
        if replace(before, message_id=told.message_id, sequence=told.sequence) == told:
            yield f"{told.message_id} says what {before.message_id} said"


def _never_was(seen: Seen, one: Known, heard: list[Told]) -> Iterator[str]:
    links = {meeting["join_url"] for meeting in seen.meetings_of(one.reference, living=False)}
    links |= {entry.link for entry in seen.entries_of(one.reference, living=False) if entry.link}
    for told in heard:
        minutes = (told.ends_at - told.starts_at).total_seconds() / 60
        if not any(map(told.is_of, one.starts)) or minutes != one.minutes:
            yield f"{told.message_id} names a time that it never had"
        if told.is_over and (one.status is not told.status or not told.is_of(one.starts_at)):
            yield f"{told.message_id} tells of an end that never was"
        if told.status not in _states(one):
            yield f"{told.message_id} says {told.status}, which it never was"
        if told.method and not one.was_confirmed:
            yield f"{told.message_id} brings into a calendar what was never confirmed"
        if told.method and told.is_over is not (told.method == "CANCEL"):
            yield f"{told.message_id} is {told.method}"
        says_where = told.status in (BookingStatus.PENDING, BookingStatus.CONFIRMED)
        if told.place not in {*links, meetings_label(one.video), says_where or ""}:
            yield f"{told.message_id} has a link of no meeting of it"


def _in_order(heard: list[Told]) -> Iterator[str]:
    """A calendar takes what has a higher number; so what is new must have one."""
    files = [told for told in heard if told.sequence is not None]
    for before, told in zip(files, files[1:], strict=False):
        if told.sequence < before.sequence:
            yield f"{told.message_id} is older than what came before it"
        if told.sequence == before.sequence and told.content != before.content:
            yield f"{told.message_id} says something new under an old number"


def _states(one: Known) -> set[str]:
    """What a booking has ever been, as its history says; none says that it was held."""
    happened = {
        BookingStatus.PENDING: EventKind.REQUESTED in one.history,
        BookingStatus.CONFIRMED: one.was_confirmed,
        BookingStatus.HELD: True,
    }
    return {status for status, was in happened.items() if was} | {one.status}


def _final(seen: Seen, one: Known, last: Told | None) -> Iterator[str]:
    if last is None:
        if one.status in HOLDING:
            yield "was told nothing"
    elif last.status is not one.status:
        yield f"was told last that it is {last.status}"
    elif not last.is_of(one.starts_at):
        yield "was told another time last"
    elif one.is_confirmed and one.makes_meeting in seen.connected and last.place != one.join_url:
        yield "was told another link last, or none"


def _differing(one: Told, other: Told) -> list[str]:
    return [name for name in one.__slots__ if getattr(one, name) != getattr(other, name)]
