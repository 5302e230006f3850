"""Whether a request was signed by Zoom: https://developers.zoom.us/docs/api/webhooks/"""

import hashlib
import hmac
from datetime import UTC, datetime, timedelta

#: Zoom's last retry comes 85 minutes after the first try, and may carry that one's time.
OLDEST = timedelta(hours=2)
#: How far Zoom's clock may be ahead of ours.
NEWEST = timedelta(minutes=5)

_LONGEST_TIMESTAMP = 13
_FIRST_IN_MILLISECONDS = 10**11


def is_genuine(
    body: bytes, signature: str | None, timestamp: str | None, secret: str, *, now: datetime
) -> bool:
    """Whether this body was signed with our secret, at a time that we accept.

    Over the bytes as they came: a body that was parsed and written again may differ. Without a
    secret nothing is genuine.
    """
    if not secret or signature is None or timestamp is None or not _is_recent(timestamp, now):
        return False
    signed = b"v0:" + timestamp.encode() + b":" + body
    expected = f"v0={digest(secret, signed)}".encode()
    return hmac.compare_digest(expected, signature.encode())


def digest(secret: str, message: bytes) -> str:
    """HMAC-SHA256 in hexadecimal digits."""
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()


def _is_recent(timestamp: str, now: datetime) -> bool:
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= _LONGEST_TIMESTAMP):
        return False
    seconds = int(timestamp)
    if seconds >= _FIRST_IN_MILLISECONDS:
        seconds //= 1000
    return now - OLDEST <= datetime.fromtimestamp(seconds, UTC) <= now + NEWEST
