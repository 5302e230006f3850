"""Visits of a host's pages hurry the reading of the host's calendars."""

from bookme import queue
from bookme.public.versions import Seen


def noted(seen: Seen | None) -> None:
    """Have the calendars of a host who is visited read soon, unless that was asked for just now.

    The page itself waits for nothing and goes by what is known.
    """
    if seen is not None and seen.is_unvisited:
        hurry(seen.host_id)


def hurry(host_id: int) -> None:
    """Have a host's calendars read soon."""
    queue.hint(queue.Job.HURRY_READINGS, host_id)
