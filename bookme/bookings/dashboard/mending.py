"""Why an account no longer works for a booking, as the Connections page says it, and over which
connection it is mended.
"""

from bookme.connections import providers
from bookme.connections import service as connections
from bookme.connections.page import words
from bookme.models import Meeting
from bookme.providers.registry import MAKERS


def connection(of: Meeting) -> str:
    """The connection over which a meeting is made."""
    return MAKERS[of.provider].name


def because(host_id: int, provider: str) -> str:
    """What is wrong with a connection and what helps; empty if it isn't known to need its host."""
    found = connections.live(host_id, provider)
    if found is None or not found.needs_reconnect or found.problem is None:
        return ""
    return " ".join(words.problem(found.problem, provider))


def by_password(provider: str) -> bool:
    """Whether a provider is connected by a form for its password, and not at its consent page."""
    return providers.facts(provider).password is not None
