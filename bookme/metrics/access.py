"""Who may read the metrics."""

import hmac

#: The headers of a refusal.
REFUSAL = {"WWW-Authenticate": "Bearer"}


def is_allowed(authorization: str | None, token: str) -> bool:
    """Whether a request's ``Authorization`` shows the token; compared in constant time. Without a
    token all may read, since nobody else reaches the port.
    """
    if not token:
        return True
    scheme, _, shown = (authorization or "").partition(" ")
    is_right = hmac.compare_digest(shown.strip().encode(), token.encode())
    return is_right and scheme.lower() == "bearer"
