"""What a client of the web server may cost."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """What a client may cost. Seconds are counted from the first byte of what they limit.

    :param head: for a request's head.
    :param request: for the whole of it, its body included.
    :param upload: the same at the addresses in ``uploads``: a large picture on a slow line.
    :param idle: between requests; longer than proxies usually keep a connection, so that they end
        it and not we, in the moment in which they send the next request.
    :param answer: until the client has taken the whole answer.
    :param linger: for reading that it was refused while it still sends.
    :param connections: as many may be open at once in one process.
    :param head_bytes: size of a head.
    :param body_bytes: size of a body. The application refuses smaller ones, with a page.
    :param upload_bytes: the same at the addresses in ``uploads``, where a file comes along.
    """

    head: float = 10
    request: float = 30
    upload: float = 300
    idle: float = 75
    answer: float = 120
    linger: float = 2
    connections: int = 1000
    head_bytes: int = 32 * 1024
    body_bytes: int = 512 * 1024
    upload_bytes: int = 10 * 1024 * 1024
    uploads: frozenset[str] = frozenset({"/account/page"})
