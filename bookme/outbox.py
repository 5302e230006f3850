"""The outbox: what is owed to somebody is a row, made in the transaction that owes it.

Only this module makes such rows. Nothing goes out here: a job finds the words when it sends.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from bookme import inserting
from bookme.extensions import db
from bookme.models import Attendee, Booking, Email, User
from bookme.sealed import LETTER

#: Puts together what the templates of a kind need; None if nobody needs the message any more.
Builder = Callable[[Email, Any, datetime], dict[str, Any] | None]


def owe(
    kind: str,
    to: User | Attendee | int | None,
    about: Booking | None = None,
    *,
    key: str,
    now: datetime,
    at: datetime | None = None,
    address: str = "",
    facts: Mapping[str, object] | None = None,
) -> Email:
    """Owe one message to one reader. Does not flush.

    :param kind: also the folder of its templates.
    :param to: an attendee, or a host or a host's id; None for the operator.
    :param about: the booking whose sync sends it; without one it is sent by itself.
    :param key: tells it from all others; the Message-ID is made of it.
    :param at: when it is due, if not now.
    :param address: another address than the reader's present one; kept sealed, since a message
        holds no personal data.
    :param facts: what else the words need, as kinds, ids and instants only.
    """
    email = Email(
        dedupe_key=key,
        kind=str(kind),
        facts=dict(facts or {}),
        to_sealed=LETTER.seal(key, "to_sealed", address) if address else None,
        next_attempt_at=at or now,
        created_at=now,
        **_reader(to),
    )
    if about is not None:
        email.booking, email.revision = about, about.revision
    db.session.add(email)
    return email


def owe_at_once(
    kind: str, to: Mapping[str, User | Attendee], about: Booking, *, now: datetime
) -> None:
    """Owe messages of one kind about a booking that is being made, by their keys, in one statement.
    The session learns nothing of them.
    """
    same = {"kind": str(kind), "booking_id": about.id, "revision": about.revision}
    same |= {"next_attempt_at": now, "created_at": now}
    inserting.write(
        Email,
        *(
            {
                "dedupe_key": key,
                "attendee_id": None if isinstance(reader, User) else reader.id,
                "user_id": reader.id if isinstance(reader, User) else None,
                **same,
            }
            for key, reader in to.items()
        ),
    )


def _reader(to: User | Attendee | int | None) -> dict[str, Any]:
    if to is None:
        return {}
    if isinstance(to, int):
        return {"user_id": to}
    return {"user": to} if isinstance(to, User) else {"attendee": to}
