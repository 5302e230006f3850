"""What the outside world answers at the wire, for the providers that stand in tests."""

import json
from dataclasses import dataclass
from typing import Any

Answer = tuple[int, dict[str, str], str]


class Killed(BaseException):
    """The process ends here."""


@dataclass(frozen=True)
class Fault:
    """What becomes of one call instead of a proper answer.

    :ivar outcome: an answer, or an exception to raise.
    :ivar done: the provider did what it was asked before.
    """

    outcome: Answer | BaseException
    done: bool = False

    def happens(self) -> Answer:
        if isinstance(self.outcome, BaseException):
            raise self.outcome
        return self.outcome


def says(status: int, body: dict[str, Any] | None = None, **headers: str) -> Answer:
    return status, headers, json.dumps(body) if body is not None else ""
