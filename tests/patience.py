"""The one place where tests look again and again: until something is so, or time is up."""

import threading
import time
from collections.abc import Callable
from typing import TypeVar

#: Seconds between two looks.
GLANCE = 0.05

T = TypeVar("T")


def wait_until(look: Callable[[], T], what: str, seconds: float = 20) -> T:
    """What ``look`` gives, as soon as that is something; an AssertionError inside counts as "not
    yet".

    :param what: what is waited for, in words, for the failure.
    :raises AssertionError: when the time is up, with what ``look`` complained of last.
    """
    ends = time.monotonic() + seconds
    while True:
        complaint: AssertionError | None = None
        try:
            found = look()
        except AssertionError as error:
            complaint = error
        else:
            if found:
                return found
        if time.monotonic() >= ends:
            raise AssertionError(f"not within {seconds:g} s: {what}") from complaint
        threading.Event().wait(GLANCE)
