"""Published schedules as pages show them: read as columns in one statement, and kept in each
process under their host's version.

They are the models' own objects, so whatever is true of a schedule is true of them. But no session
has them, several threads read them at once, and nobody writes to them. What was not read of them is
an error, not a query.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Any, TypeVar

import sqlalchemy as sa
from markupsafe import Markup
from sqlalchemy.orm import make_transient_to_detached

from bookme.accounts.published import PUBLISHED
from bookme.extensions import Model as Mapped
from bookme.models import Picture, Question, Schedule, User
from bookme.prepared import Prepared
from bookme.public.versions import Seen

Model = TypeVar("Model", bound=Mapped)
#: What is read: models in a row, and which columns of each.
Kinds = Sequence[tuple[Any, Sequence[str]]]

#: Of a host: what bookers see, and what decides whether they do. No address, no secret.
OF_HOST = (
    *("id", "name", "handle", "zone", "locale", "clock_hours", "default_video_provider"),
    *("contact", "headline", "welcome", "accent", "is_searchable", "max_per_day", "max_per_week"),
    *("embed_sites", "email_confirmed_at", "closing_at", "paused_at"),
)
OF_PICTURE = ("user_id", "digest")
#: What the objects of a schedule and the parts of its page take in memory, about; the host's own
#: words may be long, and stand in most of them.
_BESIDES, _TIMES = 20_000, 5


@dataclass(frozen=True, slots=True)
class Published:
    """A schedule with its host and the host's picture; with its questions too, if they were asked
    for.

    :ivar parts: of its page, see ``parts.py``.
    """

    schedule: Schedule
    parts: dict[tuple[str, ...], Markup] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Its bytes in memory, about."""
        return _BESIDES + _TIMES * len(self.schedule.description)


def read(seen: Seen, slug: str, *, asking: bool = False) -> Published | None:
    """The schedule with this slug of a host, if that is published; as it is now.

    :param asking: with its questions.
    """
    return _published(_BY_ID, asking, host_id=seen.host_id, slug=slug)


def named(handle: str, slug: str, *, asking: bool = False) -> Published | None:
    """The same of the host with this handle, for who doesn't go by a version."""
    return _published(_BY_HANDLE, asking, handle=handle, slug=slug)


def _published(whose: Any, asking: bool, **asked: Any) -> Published | None:
    rows = _prepared(whose, asking).rows(**asked)
    return Published(_schedule(rows, asking)) if rows else None


def _schedule(rows: Sequence[tuple[Any, ...]], asking: bool) -> Schedule:
    kinds = _kinds(asking)
    schedule, host, picture, *_rest = split(kinds, rows[0])
    host["picture"] = detached(Picture, picture) if picture["digest"] is not None else None
    schedule["host"] = detached(User, host)
    if asking:
        asked = (split(kinds, row)[-1] for row in rows)
        schedule["questions"] = [detached(Question, one) for one in asked if one["id"] is not None]
    return detached(Schedule, schedule)


def split(kinds: Iterable[tuple[Any, Sequence[str]]], row: tuple[Any, ...]) -> list[dict[str, Any]]:
    """The columns of each model in a row."""
    found, begin = [], 0
    for _model, names in kinds:
        found.append(dict(zip(names, row[begin:], strict=False)))
        begin += len(names)
    return found


def detached(model: type[Model], columns: dict[str, Any]) -> Model:
    """A row as its model has it, as if a session had loaded it and let go of it."""
    one = model()
    one.__dict__.update(columns)
    make_transient_to_detached(one)
    return one


@cache
def _kinds(asking: bool) -> list[tuple[Any, Sequence[str]]]:
    """What is read, and which columns of it."""
    found: list[tuple[Any, Sequence[str]]] = [
        (Schedule, sa.inspect(Schedule).columns.keys()),
        (User, OF_HOST),
        (Picture, OF_PICTURE),
    ]
    return [*found, (Question, sa.inspect(Question).columns.keys())] if asking else found


_BY_ID = Schedule.host_id == sa.bindparam("host_id")
_BY_HANDLE = User.handle == sa.bindparam("handle")


@cache
def _prepared(whose: Any, asking: bool) -> Prepared:
    return Prepared(partial(_statement, whose, asking))


def _statement(whose: Any, asking: bool) -> Any:
    columns = [getattr(model, name) for model, names in _kinds(asking) for name in names]
    found = sa.select(*columns).join(Schedule.host).outerjoin(User.picture)
    if asking:
        found = found.outerjoin(Schedule.questions).order_by(Question.position)
    return found.where(
        whose,
        Schedule.slug == sa.bindparam("slug"),
        Schedule.deleted_at.is_(None),
        *PUBLISHED,
    )
