"""What a call that failed shows of its connection."""

from dataclasses import dataclass
from datetime import datetime

from bookme import waits
from bookme.connections.grants import alarms, pauses
from bookme.connections.grants.noted import note
from bookme.connections.grants.refreshing import OnDead
from bookme.errors import (
    ClientRefused,
    ConnectionRevoked,
    ProviderError,
    ProviderUnavailable,
    ScopeMissing,
    TokenRefused,
    WrongAccount,
)
from bookme.extensions import db
from bookme.models import Problem


@dataclass(frozen=True, slots=True)
class Judge:
    """What a failed action says about the connection, the pair of ``generation`` being used."""

    connection_id: int
    generation: int
    about_user: bool
    on_dead: OnDead

    def weigh(self, error: ProviderError, *, is_fresh: bool, now: datetime) -> None:
        """Note what the failure shows, and raise it unless another token may help.

        :param is_fresh: the token was the second, of which one is enough.
        """
        if self._another_token_may_help(error, is_fresh=is_fresh, now=now):
            return
        if isinstance(error, TokenRefused):
            raise ConnectionRevoked(error.provider, "refuses a fresh token") from error
        raise error

    def _another_token_may_help(
        self, error: ProviderError, *, is_fresh: bool, now: datetime
    ) -> bool:
        if isinstance(error, ClientRefused):
            alarms.ring(alarms.client_refused(error.provider), now=now)
        elif isinstance(error, ProviderUnavailable) and error.account_limit and error.retry_at:
            blocked_until = min(error.retry_at, now + waits.LONGEST_LIMIT)
            note(self.connection_id, blocked_until=blocked_until)
        elif isinstance(error, ProviderUnavailable) and pauses.asks_to_wait(error, now):
            calls_after = min(error.retry_at or now, now + waits.LONGEST_LIMIT)
            if not pauses.waits_until(self.connection_id, calls_after, now=now):
                note(self.connection_id, calls_after=calls_after)
        elif isinstance(error, TokenRefused) and not is_fresh:
            return True
        problem = self._problem(error)
        dead = problem and self.on_dead(self.connection_id, self.generation, problem, now=now)
        db.session.commit()
        return problem is not None and not dead and not is_fresh  # renewed by somebody meanwhile

    def _problem(self, error: ProviderError) -> Problem | None:
        if isinstance(error, ScopeMissing):
            return Problem.SCOPE_MISSING
        if isinstance(error, WrongAccount):
            return Problem.USER_MISSING if self.about_user else None
        if isinstance(error, (ConnectionRevoked, TokenRefused)):
            return Problem.GRANT_ENDED
        return None
