"""The sites that may show a host's public pages inside their own: read as people type them, kept as
origins (RFC 6454), which is what browsers compare.
"""

import re
from collections.abc import Iterator
from itertools import islice
from urllib.parse import urlsplit

#: More than anybody has; the header that lists them stays short enough for every proxy.
MOST = 20
LONGEST = 300
_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
_USUAL_PORT = {"https": 443, "http": 80}
#: Where somebody tries a page on their own machine, where there is no https.
_TRYING = ("localhost", "127.0.0.1")


def typed(text: str) -> list[str]:
    """What was typed, a site a line or several with commas between them; of an endless text as much
    as shows that it is too long.
    """
    return list(islice(_parts(text), MOST + 1))


def _parts(text: str) -> Iterator[str]:
    return (part for part in re.split(r"[\s,;]+", text) if part)


def origin(text: str) -> str:
    """The origin of the site that an address leads to: ``https://example.com`` of
    ``example.com/contact``.

    :raises ValueError: for what is no address of a site, and for one without https that is not on
        the reader's own machine.
    """
    if len(text) > LONGEST:
        raise ValueError("longer than any site's name")
    parts = urlsplit(text if "://" in text else f"https://{text}")
    host, port = _host(parts.hostname or ""), parts.port
    if parts.scheme not in _USUAL_PORT or parts.username is not None or port == 0:
        raise ValueError("not the address of a site")
    if host not in _TRYING and (parts.scheme != "https" or "." not in host):
        raise ValueError("not a site that everybody reaches, and by https")
    tail = f":{port}" if port and port != _USUAL_PORT[parts.scheme] else ""
    return f"{parts.scheme}://{host}{tail}"


def _host(name: str) -> str:
    """The name as browsers write it, letters of other scripts encoded (IDNA)."""
    try:
        host = name.encode("idna").decode("ascii").lower()
    except UnicodeError as error:
        raise ValueError("not a name") from error
    if len(host) > 253 or not all(_LABEL.fullmatch(label) for label in host.split(".")):
        raise ValueError("not a name")
    return host
