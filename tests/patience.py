"""The one place where tests look again and again: until something is so, or time is up."""

import threading
import time
from collections.abc import Callable
from typing import TypeVar

#: Seconds between the first two looks; the longer it takes, the longer between two, up to LONGEST:
#: a look costs those something who are waited for.
GLANCE, LONGEST = 0.03, 0.25

T = TypeVar("T")


def wait_until(look: Callable[[], T], what: str, seconds: float = 20) -> T:
    """What ``look`` gives, as soon as that is something; an AssertionError inside counts as "not
    yet".

    :param what: what is waited for, in words, for the failure.
    :raises AssertionError: when the time is up, with what ``look`` complained of last.
    """
    ends, pause = time.monotonic() + seconds, GLANCE
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
        threading.Event().wait(pause)
        pause = min(pause * 1.3, LONGEST)
