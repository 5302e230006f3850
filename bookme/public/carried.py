"""What an address brings along from page to page until somebody has booked: what to fill in, and
where they came from.

Only what is known is carried: name, e-mail address, guests, phone number, notes and the schedule's
questions; ``utm_*`` and ``ref``. The rest of an address is nobody's business.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlencode

from flask import Request
from werkzeug.datastructures import MultiDict

from bookme.models import QuestionKind, Schedule
from bookme.schedules.questions import RESERVED

PREFILLED = ("name", "email", "guests", "phone", "notes")
_LONGEST_TYPED, _LONGEST_SOURCE, _MOST_SOURCES = 500, 200, 10
_SOURCE = re.compile("ref|utm_[a-z_]{1,40}")
_Values = MultiDict[str, str]


@dataclass(frozen=True, slots=True)
class Carried:
    """What is carried, as pairs of name and value in the address's order.

    :ivar typed: what to fill in, not yet checked.
    :ivar source: where somebody came from.
    """

    typed: tuple[tuple[str, str], ...] = ()
    source: tuple[tuple[str, str], ...] = ()

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        return self.typed + self.source

    @property
    def prefill(self) -> dict[str, list[str]]:
        """What to fill in, by name."""
        return MultiDict(self.typed).to_dict(flat=False)

    @property
    def query(self) -> dict[str, list[str]]:
        """All of it as the arguments of another page."""
        return MultiDict(self.pairs).to_dict(flat=False)

    def beside(self, query: Mapping[str, str]) -> str:
        """The arguments of a link, and after them what is carried, encoded."""
        if self.pairs or "link" in query:  # somebody's own, which nobody remembers
            return urlencode([*query.items(), *self.pairs])
        return _encoded(tuple(query.items()))


@lru_cache(maxsize=2048)
def _encoded(pairs: tuple[tuple[str, str], ...]) -> str:
    return urlencode(pairs)


def carried(request: Request, schedule: Schedule) -> Carried:
    """What a request brings along to a schedule. From a form only the source, since all the rest
    was typed.
    """
    if request.method == "POST":
        return Carried(source=_source(request.form))
    known, numbers = set(PREFILLED), {"phone"}
    if may_answer(request.args):  # hardly ever; else the questions need not be read
        known |= {one.name for one in schedule.questions}
        numbers |= {one.name for one in schedule.questions if one.kind is QuestionKind.PHONE}
    typed = [
        (name, _with_plus(name, value, numbers)[:_LONGEST_TYPED])
        for name, value in request.args.items(multi=True)
        if name in known and value.strip()
    ]
    return Carried(tuple(typed[:100]), _source(request.args))


def may_answer(args: Mapping[str, str]) -> bool:
    """Whether an address may bring answers to a schedule's questions."""
    return not RESERVED.issuperset(args)


def _with_plus(name: str, value: str, numbers: set[str]) -> str:
    """A value as it was meant: a plus that stands in an address as it is means a space there, but a
    phone number doesn't begin with one, and an e-mail address has none.
    """
    if name in numbers:
        return re.sub(r"^ +(?=[1-9])", "+", value)
    if name in ("email", "guests"):
        return re.sub(r"[^,;\n]+", _email_with_plus, value)
    return value


def _email_with_plus(found: re.Match[str]) -> str:
    part = found[0].strip()
    is_bare = part.count("@") == 1 and "<" not in part
    return part.replace(" ", "+") if is_bare else part


def source(request: Request) -> dict[str, str]:
    """Where somebody came from who has chosen no schedule yet."""
    return dict(_source(request.args))


def _source(values: _Values) -> tuple[tuple[str, str], ...]:
    found = [
        (name, value.strip()[:_LONGEST_SOURCE])
        for name, value in values.items()
        if _SOURCE.fullmatch(name) and value.strip()
    ]
    return tuple(found[:_MOST_SOURCES])
