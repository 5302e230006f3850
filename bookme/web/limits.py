"""Who may do what how often.

What guards others (signing in, sending mail, booking) is counted in the database, so that it holds
also while Redis is empty or away. What only costs something, such as drawing a picture, is counted
in Redis, and is not limited without it. Both are told keyed hashes only, never an address.
"""

import ipaddress
import math
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Flask, Response, abort, current_app, g, request
from flask_babel import format_timedelta
from flask_limiter import RouteLimit

from bookme import addresses
from bookme.clock import utcnow
from bookme.extensions import db, limiter
from bookme.guard import tally
from bookme.guard.tally import Counter

View = TypeVar("View", bound=Callable[..., Any])


def init_app(app: Flask) -> None:
    """Let a refusal say when to come back."""

    @app.after_request
    def say_when(response: Response) -> Response:
        if response.status_code == 429 and (seconds := _seconds()) is not None:
            response.headers.setdefault("Retry-After", str(seconds))
        return response


def wait() -> str | None:
    """In words, after how long a request that was refused may be tried again, at most: ``1
    minute``.
    """
    seconds = _seconds()
    return format_timedelta(timedelta(seconds=seconds)) if seconds is not None else None


def wait_until(again_at: datetime) -> str:
    """The same until an instant; the answer says it in ``Retry-After`` if it is a 429."""
    g.limited_until = again_at
    return wait() or ""


@limiter.request_filter
def _redis_is_off() -> bool:
    return bool(current_app.extensions["redis_pool"].is_off)


def gently(rate: str) -> RouteLimit:
    """Limit how often one visitor may call a view that costs something and harms nobody."""
    return limiter.limit(rate, key_func=lambda: _digest(network()))


def per_address(*rates: str) -> Callable[[View], View]:
    """Limit how often one visitor's network address may call the decorated view.

    :param rates: such as ``60/minute``.
    """
    return _limited(network, rates)


def per_email(rate: str, field: str = "email") -> Callable[[View], View]:
    """Limit how often the decorated view may be called for one e-mail address, whoever calls.

    :param field: the form's field with the address; a form without it is not limited by this.
    """
    return _limited(lambda: _typed(field), (rate,))


def hold_back(counters: Iterable[Counter]) -> None:
    """Count a try for each, and end the request with 429 if one is over its limit.

    Ends the open transaction: it comes before anything is written.
    """
    again_at = refused(counters)
    if again_at is not None:
        wait_until(again_at)
        abort(429)


def refused(counters: Iterable[Counter]) -> datetime | None:
    """Count a try for each; when to come back if one is over its limit, and then none is counted.

    Ends the open transaction, as :func:`hold_back` does.
    """
    if not current_app.config["RATELIMIT_ENABLED"]:
        return None
    over = tally.take(counters, now=utcnow())
    if over:
        db.session.rollback()
        return max(one.again_at for one in over)
    db.session.commit()
    return None


def network() -> str:
    """Where a request comes from: the address, or of IPv6 the /64 that one visitor usually has all
    of.
    """
    return network_of(request.remote_addr or "")


def network_of(address: str) -> str:
    """The same of an address."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped is None:
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return f"{getattr(parsed, 'ipv4_mapped', parsed)}/32"


def _limited(whom: Callable[[], str], rates: tuple[str, ...]) -> Callable[[View], View]:
    limits = tally.limits(*rates)

    def decorated(view: View) -> View:
        @wraps(view)
        def limited(*args: Any, **kwargs: Any) -> Any:
            if asks := whom():
                hold_back([Counter(f"asks {request.endpoint}", asks, limits)])
            return view(*args, **kwargs)

        return cast(View, limited)

    return decorated


def _seconds() -> int | None:
    until: datetime | None = g.get("limited_until")
    if until is not None:
        return max(1, math.ceil((until - utcnow()).total_seconds()))
    limit = limiter.current_limit
    return limit.limit.get_expiry() if limit is not None else None


def _typed(field: str) -> str:
    """The address in the form in which BookMe keeps it: each account has one counter, however
    its address is spelt.
    """
    typed = request.form.get(field, "")
    try:
        return addresses.folded(typed)
    except ValueError:  # the form will refuse it
        return typed.strip().casefold()[:254]


def _digest(key: str) -> str:
    return str(current_app.extensions["keys"].digest(key, "rate limit"))
