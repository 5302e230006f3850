"""What the details form was sent with.

Most bookers send a name, an e-mail address and perhaps notes, and nothing of it is wrong. That is
read here, in a tenth of the time that it takes to make a form.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from bookme import addresses
from bookme.bookings.asking.form import asks_for_phone, is_key
from bookme.bookings.asking.questions import PREFIX
from bookme.bookings.asking.reading import LONGEST_NAME, LONGEST_NOTES, line, text
from bookme.bookings.new import Booker
from bookme.characters import is_visible
from bookme.models import Schedule
from bookme.public.carried import Carried
from bookme.public.offers import length_in
from bookme.public.reader import Reader
from bookme.web.fields import instant_in


class Sent(NamedTuple):
    """
    :ivar minutes: None for the length chosen at first.
    """

    starts_at: datetime
    minutes: int | None
    form_key: str
    booker: Booker


def plainly(
    typed: Mapping[str, str], schedule: Schedule, reader: Reader, carried: Carried
) -> Sent | None:
    """What somebody sent, as the form would take it; None where it asks more, or something may be
    wrong: that is for the form to say.
    """
    if schedule.questions or asks_for_phone(schedule) or any(map(_is_more, typed.items())):
        return None
    name, notes = line(typed.get("name")), text(typed.get("notes"))
    fits = len(name) <= LONGEST_NAME and len(notes) <= LONGEST_NOTES
    key = typed.get("form_key", "")
    if not (fits and is_visible(name) and is_key(key)):
        return None
    try:
        at = instant_in(typed.get("starts_at", ""))
        email = addresses.folded(line(typed.get("email")), public=True)
    except ValueError:
        return None
    booker = Booker(name, email, notes=notes, **reading(reader, carried))
    return Sent(at, length_in(typed.get("minutes")), key, booker)


def reading(reader: Reader, carried: Carried) -> dict[str, Any]:
    """How a booker reads times, and where they came from."""
    return {
        "zone": reader.zone,
        "locale": reader.locale,
        "clock_hours": reader.hours,
        "source": dict(carried.source),
    }


def _is_more(typed: tuple[str, str]) -> bool:
    """Whether it is an answer, or names guests."""
    name, value = typed
    return name.startswith(PREFIX) or (name == "guests" and bool(value.strip()))
