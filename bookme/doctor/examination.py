"""Checks what BookMe needs, one after the other, and says in words what it found."""

from collections.abc import Callable, Iterator
from datetime import datetime

from bookme import database
from bookme.doctor import counted, inside, outside, own, waiting
from bookme.doctor.finding import Finding


def examine(now: datetime) -> list[Finding]:
    """Check everything; never raises. Asks the providers and the mail server, so it takes some
    seconds at worst.
    """
    checks: list[Callable[[datetime], Iterator[Finding]]] = [
        own.addresses,
        own.operator,
        own.database,
        inside.disk,
        own.keys,
        outside.redis,
        outside.mail,
        outside.providers,
        own.entering,
        outside.sign_in,
        own.processes,
        counted.metrics,
        waiting.late,
        inside.connections,
        own.rung,
    ]
    with database.reading():  # a busy writer keeps nobody from hearing what is wrong
        return [finding for check in checks for finding in inside.checked(check, now)]
