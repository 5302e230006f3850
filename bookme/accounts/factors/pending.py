"""What a browser has begun to show: rows that serve once, for a few minutes."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from bookme.crypto import fingerprint, new_token
from bookme.extensions import db
from bookme.models import PendingProof, Session, Step, User

GOOD_FOR = {
    Step.SECOND_STEP: timedelta(minutes=10),
    Step.SIGN_IN: timedelta(minutes=5),
    Step.STEP_UP: timedelta(minutes=5),
    Step.ADD_PASSKEY: timedelta(minutes=5),
}


def begin(
    step: Step,
    *,
    user: User | None = None,
    session: Session | None = None,
    challenge: bytes | None = None,
    user_handle: bytes | None = None,
    now: datetime,
) -> str:
    """Begin a proof.

    :return: the random id for the browser's cookie, which is kept nowhere else.
    """
    token = new_token()
    row = PendingProof(
        step=step,
        token_hash=fingerprint(token),
        user_id=user.id if user is not None else None,
        session_id=session.id if session is not None else None,
        challenge=challenge,
        user_handle=user_handle,
        expires_at=now + GOOD_FOR[step],
    )
    db.session.add(row)
    db.session.flush()
    return token


def find(step: Step, token: object, *, now: datetime) -> PendingProof | None:
    """The proof that a cookie names, if it can still be given."""
    if not isinstance(token, str):
        return None
    return db.session.scalar(
        sa.select(PendingProof).where(
            PendingProof.token_hash == fingerprint(token),
            PendingProof.step == step,
            PendingProof.expires_at > now,
        )
    )


def take(
    step: Step, token: object, *, session: Session | None = None, now: datetime
) -> PendingProof | None:
    """The same, for the last time: whoever finds it has it alone.

    :param session: whose proof it must be; None: that of no session.
    """
    found = find(step, token, now=now)
    if found is None:
        return None
    gone = sa.delete(PendingProof).where(PendingProof.id == found.id).returning(PendingProof.id)
    db.session.expunge(found)
    if db.session.scalar(gone) is None:
        return None
    return found if found.session_id == (session.id if session is not None else None) else None


def end_of(user: User) -> None:
    """End all that is pending of a host who isn't signed in by it yet."""
    db.session.execute(
        sa.delete(PendingProof).where(
            PendingProof.user_id == user.id, PendingProof.session_id.is_(None)
        )
    )
