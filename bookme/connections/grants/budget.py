"""How long a conversation with a provider may take while somebody waits for it."""

from time import monotonic

from bookme.providers.http.remote import DEADLINE

#: Less than this is given to no call: it would only fail.
_LEAST = 0.2


class Budget:
    """Seconds for several calls together. Without a number every call has the usual deadline."""

    def __init__(self, seconds: float | None = None) -> None:
        self._ends = None if seconds is None else monotonic() + seconds

    @property
    def is_limited(self) -> bool:
        return self._ends is not None

    @property
    def left(self) -> float:
        """Seconds for the next call."""
        if self._ends is None:
            return DEADLINE
        return min(DEADLINE, max(_LEAST, self._ends - monotonic()))

    @property
    def is_spent(self) -> bool:
        return self._ends is not None and monotonic() >= self._ends
