"""Who may do what how often. Limits fail open: without Redis nothing is limited and nobody waits.

Redis is told keyed hashes only, never an address.
"""

import ipaddress
from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import partial, wraps
from itertools import islice
from typing import Any, TypeVar, cast

from flask import Flask, Response, current_app, request
from flask_babel import format_timedelta
from flask_limiter import RouteLimit

from bookme import addresses
from bookme.extensions import limiter

View = TypeVar("View", bound=Callable[..., Any])
#: Forms with more addresses are refused anyway.
_MOST_EMAILS = 20


def init_app(app: Flask) -> None:
    """Let a refusal say when to come back."""

    @app.after_request
    def say_when(response: Response) -> Response:
        limit = limiter.current_limit
        if response.status_code == 429 and limit is not None:
            response.headers.setdefault("Retry-After", str(limit.limit.get_expiry()))
        return response


def wait() -> str | None:
    """In words, after how long a request that was refused may be tried again, at most: ``1
    minute``.
    """
    limit = limiter.current_limit
    return format_timedelta(timedelta(seconds=limit.limit.get_expiry())) if limit else None


@limiter.request_filter
def _redis_is_off() -> bool:
    return bool(current_app.extensions["redis_pool"].is_off)


def per_address(rate: str) -> RouteLimit:
    """Limit how often one visitor's network address may call the decorated view."""
    return limiter.limit(rate, key_func=lambda: _digest(_network(request.remote_addr or "")))


def per_email(rate: str, field: str = "email") -> RouteLimit:
    """Limit how often the decorated view may be called for one e-mail address, whoever calls.

    :param field: the form's field with the address; a form without it is not limited by this.
    """
    return limiter.limit(
        rate, key_func=lambda: _digest(_typed(field)), exempt_when=lambda: not _typed(field)
    )


def per_emails(rate: str, addresses_in: Callable[[], Iterable[str]]) -> Callable[[View], View]:
    """The same for each of several addresses that a form has, beside its own."""

    def decorated(view: View) -> View:
        @wraps(view)
        def limited(*args: Any, **kwargs: Any) -> Any:
            for address in set(islice(addresses_in(), _MOST_EMAILS)):
                with limiter.limit(rate, key_func=partial(_digest, address)):
                    pass
            return view(*args, **kwargs)

        return cast(View, limited)

    return decorated


def _typed(field: str) -> str:
    """The address in the form in which BookMe keeps it: each account has one counter, however
    its address is spelt.
    """
    typed = request.form.get(field, "")
    try:
        return addresses.folded(typed)
    except ValueError:  # the form will refuse it
        return typed.strip().casefold()


def _network(address: str) -> str:
    """The address, or of IPv6 the /64 that one visitor usually has all of."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        parsed = parsed.ipv4_mapped or parsed
    return str(ipaddress.ip_network((parsed, 64 if parsed.version == 6 else 32), strict=False))


def _digest(key: str) -> str:
    return str(current_app.extensions["keys"].digest(key, "rate limit"))
