"""What a schedule lacks, so that whoever books it wouldn't get what they expect. The one place that
says so: to its host on the card, in the editor and after saving, and to bookers.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bookme.availability import longest_stretch
from bookme.connections import providers, usage
from bookme.connections.grants import identity
from bookme.models import Caller, Connection, LocationKind, Schedule
from bookme.providers.registry import MAKERS


class Kind(StrEnum):
    NO_PROVIDER = "no_provider"
    NOT_CONNECTED = "not_connected"
    NEEDS_RECONNECT = "needs_reconnect"
    CANNOT_MEET = "cannot_meet"
    NO_HOURS = "no_hours"
    NO_ADDRESS = "no_address"
    NO_PHONE = "no_phone"
    TOO_LONG = "too_long"


#: What takes the link from bookings.
NO_LINK = {Kind.NO_PROVIDER, Kind.NOT_CONNECTED, Kind.NEEDS_RECONNECT, Kind.CANNOT_MEET}


@dataclass(frozen=True, slots=True)
class Lack:
    """One thing that is missing.

    :ivar connection: the provider that makes its meetings.
    :ivar can_connect: whether this server lets the host connect it.
    :ivar length: an appointment's minutes, and ``ends`` after how many the account's plan ends it.
    """

    kind: Kind
    connection: str = ""
    can_connect: bool = False
    length: int = 0
    ends: int = 0

    @property
    def has_no_link(self) -> bool:
        return self.kind in NO_LINK


def of(schedule: Schedule, connected: Mapping[str, Connection], *, now: datetime) -> list[Lack]:
    """What a schedule lacks, what weighs most first; mostly nothing.

    :param connected: its host's connections, see :func:`bookme.connections.usage.connected`.
    """
    return [*_place(schedule, connected), *_hours(schedule, now)]


def makes_links(schedule: Schedule) -> bool:
    """Whether a booking made now gets its video link by itself. One query, for video only."""
    if schedule.provider is None:
        return False
    found = _video(schedule, usage.connected(schedule.host_id))
    return not any(lack.has_no_link for lack in found)


def _place(schedule: Schedule, connected: Mapping[str, Connection]) -> Iterator[Lack]:
    if schedule.location_kind is LocationKind.VIDEO:
        yield from _video(schedule, connected)
    elif schedule.location_kind is LocationKind.IN_PERSON:
        if not (schedule.address or "").strip():
            yield Lack(Kind.NO_ADDRESS)
    elif schedule.caller is Caller.BOOKER and not (schedule.phone or "").strip():
        yield Lack(Kind.NO_PHONE)


def _video(schedule: Schedule, connected: Mapping[str, Connection]) -> Iterator[Lack]:
    maker = MAKERS.get(schedule.provider or "")
    if maker is None:
        yield Lack(Kind.NO_PROVIDER)
        return
    connection = connected.get(maker.name)
    if connection is None or connection.needs_reconnect:
        kind = Kind.NOT_CONNECTED if connection is None else Kind.NEEDS_RECONNECT
        yield Lack(kind, maker.name, can_connect=providers.is_set_up(maker.name))
        return
    if not identity.can_meet(connection):
        yield Lack(Kind.CANNOT_MEET, maker.name)
    longest, ends = max(schedule.durations), identity.longest_meeting(connection)
    if ends is not None and longest > ends:
        yield Lack(Kind.TOO_LONG, maker.name, length=longest, ends=ends)


def _hours(schedule: Schedule, now: datetime) -> Iterator[Lack]:
    hours, dates = schedule.hours, schedule.dates
    today = now.astimezone(hours.zone).date()
    if not longest_stretch(hours, today) or (dates is not None and not _is_open(schedule, now)):
        yield Lack(Kind.NO_HOURS)


def _is_open(schedule: Schedule, now: datetime) -> bool:
    """Whether there are any hours in the dates of a schedule that are still to come."""
    hours, dates = schedule.hours, schedule.dates
    assert dates is not None
    first = max(dates.first, now.astimezone(hours.zone).date())
    days = range(first.toordinal(), dates.last.toordinal() + 1)
    return any(
        hours.overrides.get(on, hours.week[on.weekday()]) for on in map(date.fromordinal, days)
    )
