"""What the doctor says of one thing."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was checked.

    :param good: whether it works.
    """

    what: str
    good: bool
    words: str
