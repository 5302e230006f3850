"""Recovery codes: ten, shown once, kept as hashes; each serves once.

A code has 80 random bits, so its hash needs no salt and no stretching, and guessing needs no limit.
"""

import base64
import secrets
from datetime import datetime

import sqlalchemy as sa

from bookme.crypto import fingerprint
from bookme.extensions import db
from bookme.models import RecoveryCode, User

NUMBER = 10
_BYTES, _GROUP = 10, 4
#: What people write instead: base32 has neither.
_TAKEN_FOR = str.maketrans({"0": "o", "1": "l"})


def make(user: User, *, now: datetime) -> list[str]:
    """New codes, such as ``abcd-efgh-ijkl-mnop``; the older ones serve no longer."""
    remove(user)
    made = [secrets.token_bytes(_BYTES) for _ in range(NUMBER)]
    codes = [base64.b32encode(one).decode().lower() for one in made]
    db.session.add_all(
        RecoveryCode(user_id=user.id, code_hash=fingerprint(code), created_at=now) for code in codes
    )
    db.session.flush()
    return ["-".join(_groups(code)) for code in codes]


def take(user: User, typed: str, *, now: datetime) -> bool:
    """Use a code up, however it was typed; return whether there was such a one."""
    code = "".join(one for one in typed.lower() if one.isalnum()).translate(_TAKEN_FOR)
    used = sa.update(RecoveryCode).where(
        RecoveryCode.user_id == user.id,
        RecoveryCode.code_hash == fingerprint(code),
        RecoveryCode.used_at.is_(None),
    )
    return db.session.scalar(used.values(used_at=now).returning(RecoveryCode.id)) is not None


def left(user: User) -> int:
    """How many can still be used."""
    unused = sa.select(sa.func.count()).where(
        RecoveryCode.user_id == user.id, RecoveryCode.used_at.is_(None)
    )
    return db.session.scalar(unused) or 0


def remove(user: User) -> None:
    """Delete all codes of a host."""
    db.session.execute(sa.delete(RecoveryCode).where(RecoveryCode.user_id == user.id))


def _groups(code: str) -> list[str]:
    return [code[at : at + _GROUP] for at in range(0, len(code), _GROUP)]
