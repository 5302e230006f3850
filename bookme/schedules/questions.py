"""What a schedule asks: the names of its questions, and how a list of them takes the old one's
place.

A name is what the address calls a question (``?company=Acme``). It is made from the label when the
question is new and stays when the label is changed, so that addresses that were given out go on.
"""

import re
import unicodedata
from collections.abc import Collection, Sequence

import sqlalchemy as sa

from bookme.extensions import db
from bookme.models import Question, Schedule
from bookme.schedules.sections.asked import Asked

#: What the addresses and forms of public pages use for something else, or may one day.
RESERVED = frozenset(
    {
        *("at", "choose", "clock", "csrf_token", "day", "done", "email", "embed", "form_key"),
        *("guests", "handle", "key", "link", "minutes", "month", "name", "notes", "phone", "ref"),
        *("reference", "slug", "start", "starts_at", "theme", "token", "zone"),
    }
)
_LONGEST_NAME = 60


def ask(schedule: Schedule, wanted: Sequence[Asked]) -> None:
    """Make these a schedule's questions, in this order. Bookings keep what they were asked."""
    _lock(schedule)
    had = {question.name: question for question in schedule.questions}
    kept = {one.name for one in wanted if one.name in had}
    rows: list[Question] = []
    for place, one in enumerate(wanted):
        used = {row.name for row in rows}
        name = one.name if one.name in had and one.name not in used else ""
        # One that is taken out while another of the same label comes in is the same question.
        name = name or name_of(one.label, used | kept)
        row = had.get(name) or Question(name=name)
        row.position, row.kind, row.label, row.help = place, one.kind, one.label, one.help
        row.required, row.choices = one.required, list(one.choices)
        rows.append(row)
    schedule.questions = rows


def _lock(schedule: Schedule) -> None:
    """Two tabs of one host that add the same question come one after the other."""
    if schedule.id is not None:
        db.session.execute(
            sa.select(Schedule.id).where(Schedule.id == schedule.id).with_for_update()
        )
        db.session.expire(schedule, ["questions"])


def copied(schedule: Schedule) -> list[Asked]:
    """The questions of a schedule, for another one."""
    return [
        Asked(one.kind, one.label, one.help, one.required, tuple(one.choices), one.name)
        for one in schedule.questions
    ]


def name_of(label: str, taken: Collection[str]) -> str:
    """A label as an address calls it: small plain letters, digits and underscores, such as
    ``company_size``; ``question`` if nothing is left. Numbered where another has it.
    """
    plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode().lower()
    base = re.sub("[^a-z0-9]+", "_", plain).strip("_")[: _LONGEST_NAME - 4].rstrip("_")
    if not base or base in RESERVED or base.startswith("utm"):
        base = f"question_{base}".rstrip("_")[: _LONGEST_NAME - 4]
    numbered = (f"{base}_{number}" for number in range(2, len(taken) + 3))
    return next(name for name in (base, *numbered) if name not in taken and name not in RESERVED)
