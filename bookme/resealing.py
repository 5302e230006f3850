"""A change of keys: what older keys have sealed is brought under the first, row by row.

Each row is a small transaction of its own, so this runs beside everything else, as often as
somebody likes, and may be killed anywhere. A keyed hash has no key in it: the one of a connection's
user is made anew with the row. A removal's stays, since it is looked for under every key for the
day that it lives, and without it a repeat is confirmed twice, no more.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from bookme.crypto import KEY_ID, KEY_ID_AT, Unreadable
from bookme.extensions import db
from bookme.models import Connection
from bookme.sealed import CONNECTION, PLACES, Place, keys, user_digests

#: Rows that are looked for at once.
_MANY = 100


@dataclass(frozen=True, slots=True)
class Held:
    """How many rows each key still holds: those with a value sealed by it.

    :ivar known: of the keys in ``TOKEN_KEYS``, in their order.
    :ivar missing: of keys that are not there, so that nothing opens what they sealed.
    """

    known: list[int]
    missing: int

    @property
    def older(self) -> int:
        """Of all keys but the first. Not 0: none of them may be removed yet."""
        return sum(self.known[1:])


def held() -> Held:
    """Count the rows that each key holds. Costs one query a table."""
    found: Counter[bytes] = Counter()
    for place in PLACES:
        ids = sa.select(*(_key_of(place, column).label(column) for column in place.parts))
        ids_of_rows = ids.where(_holds_anything(place)).subquery()
        counted = sa.select(*ids_of_rows.c, sa.func.count()).group_by(*ids_of_rows.c)
        for *row, number in db.session.execute(counted):
            for key in {bytes(key) for key in row if key is not None}:
                found[key] += number
    known = [found.pop(key, 0) for key in keys().ids]
    return Held(known, sum(found.values()))


def reseal() -> Iterator[bool]:
    """Bring every row under the first key; tell of each whether it was brought. Commits each.

    What changes meanwhile is sealed by the first key anyway, or found by the next run.
    """
    for place in PLACES:
        last = 0
        while ids := _behind(place, last):
            for row_id in ids:
                done = renew(place, row_id)
                db.session.commit()
                yield done
            last = ids[-1]


def renew(place: Place, row_id: int) -> bool:
    """Seal one row's values anew as far as they open, with the first key, and hash its user anew.

    Flushes and leaves the commit to the caller.

    :return: whether all of the row is under the first key now.
    """
    columns = {name: getattr(place.model, name) for name in place.parts}
    row = _locked(place, row_id, *columns.values())
    if row is None:
        return True
    ring, values, fine = keys(), dict[str, Any](), True
    for column in columns:
        sealed = getattr(row, column)
        if sealed is None or _key_id(sealed) == ring.ids[0]:
            continue
        try:
            text = place.open(row.name, column, sealed)
        except Unreadable:
            fine = False
            continue
        values[column] = place.seal(row.name, column, text)
        if column == "user_id_sealed":
            values["user_digest"] = user_digests(row.provider, text)[0]
    if values:
        changed = sa.update(place.model).where(place.model.id == row_id).values(values)
        db.session.execute(changed.execution_options(synchronize_session=False))
    return fine


def is_blind(provider: str) -> bool:
    """Whether there are connections whose user cannot be looked for: a key is missing."""
    key = _key_of(CONNECTION, "user_id_sealed")
    unseen = sa.select(sa.literal(True)).where(
        Connection.provider == provider,
        Connection.user_id_sealed.is_not(None),
        key.not_in(keys().ids),
    )
    return bool(db.session.scalar(unseen.limit(1)))


def _locked(place: Place, row_id: int, *columns: sa.ColumnElement[Any]) -> Any:
    """The row as it is now, kept so until the transaction ends."""
    beside = (Connection.provider,) if place is CONNECTION else ()
    name = getattr(place.model, place.name).label("name")
    wanted = sa.select(name, *columns, *beside).where(place.model.id == row_id)
    return db.session.execute(wanted.with_for_update(key_share=True)).one_or_none()


def _behind(place: Place, after: int) -> list[int]:
    """Rows with values of older keys, after one of them."""
    older = keys().ids[1:]
    any_older = sa.or_(*(_key_of(place, column).in_(older) for column in place.parts))
    wanted = sa.select(place.model.id).where(
        place.model.id > after, _holds_anything(place), any_older
    )
    ids = list(db.session.scalars(wanted.order_by(place.model.id).limit(_MANY)))
    db.session.commit()
    return ids


def _holds_anything(place: Place) -> sa.ColumnElement[bool]:
    return sa.or_(*(getattr(place.model, column).is_not(None) for column in place.parts))


def _key_of(place: Place, column: str) -> sa.Function[bytes]:
    """The id of the key that has sealed a column's value, in SQL."""
    value = getattr(place.model, column)
    return sa.func.substr(value, KEY_ID_AT + 1, KEY_ID, type_=sa.LargeBinary())


def _key_id(sealed: bytes) -> bytes:
    return sealed[KEY_ID_AT:][:KEY_ID]
