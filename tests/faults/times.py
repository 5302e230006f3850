"""How long bookings took to converge."""

from dataclasses import dataclass
from datetime import datetime

from tests.faults.observed import Known, Seen


@dataclass(frozen=True, slots=True)
class Times:
    """In seconds.

    :ivar rest: from the end of the faults until nothing was on its way.
    :ivar after_change: from a booking's last change to the last that the outside saw of it, the
        slowest booking's.
    :ivar after_faults: the same from the end of the faults, or the change if that came later.
    """

    rest: float
    after_change: float
    after_faults: float


def times(seen: Seen, rested: float, ended_at: datetime) -> Times:
    """:param ended_at: when the faults ended."""
    ends = [(one.changed_at, _last_effect(seen, one)) for one in seen.bookings]
    return Times(
        rest=rested,
        after_change=max((end - change).total_seconds() for change, end in ends),
        after_faults=max((end - max(change, ended_at)).total_seconds() for change, end in ends),
    )


def _last_effect(seen: Seen, one: Known) -> datetime:
    """When the outside last saw something new of a booking."""
    ids = {meeting["id"] for meeting in seen.meetings_of(one.reference, living=False)}
    calls = [
        call["at"] for call in seen.calls if call["meeting_id"] in ids and call["did"] in (201, 204)
    ]
    mails = [mail["at"] for mail in seen.mail if one.reference in str(mail["message_id"])]
    return max([datetime.fromisoformat(at) for at in (*calls, *mails)], default=one.changed_at)
