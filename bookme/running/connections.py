"""A web process: waitress, with an end to every client's patience.

waitress reads requests whole without a thread for each, and writes answers the same way; only what
happens in between takes a thread. Its own time-out is about silence, so a client that sends a byte
now and then would stay for ever, and its own limit of connections stops accepting, so that some who
wait shut out all others. Here every wait for a client has an end however busy it looks, and when
there are too many connections those that have waited longest make room for new ones.
"""

import heapq
import math
import socket
import threading
import time
from dataclasses import dataclass
from typing import Any

from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.server import TcpWSGIServer
from waitress.utilities import BadRequest

from bookme.running.access_log import LoggedErrorTask, LoggedTask
from bookme.running.lanes import Lanes


@dataclass(frozen=True, slots=True)
class Limits:
    """What a client may cost. Seconds are counted from the first byte of what they limit.

    :param head: for a request's head.
    :param request: for the whole of it, its body included.
    :param idle: between requests; longer than proxies usually keep a connection, so that they end
        it and not we, in the moment in which they send the next request.
    :param answer: until the client has taken the whole answer.
    :param linger: for reading that it was refused while it still sends.
    :param connections: as many may be open at once in one process.
    :param head_bytes: size of a head.
    :param body_bytes: size of a body. The application refuses smaller ones, with a page.
    """

    head: float = 10
    request: float = 30
    idle: float = 75
    answer: float = 120
    linger: float = 2
    connections: int = 1000
    head_bytes: int = 32 * 1024
    body_bytes: int = 512 * 1024


class RequestTimeout(BadRequest):
    code = 408
    reason = "Request Timeout"


class Connection(HTTPChannel):
    """One client."""

    task_class = LoggedTask
    error_task_class = LoggedErrorTask
    request: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        #: When the last answer was made, or the connection.
        self.free_since = time.monotonic()
        #: When the first byte of the request came that is being read.
        self.reading_since = math.inf
        #: Refused and answered: what still comes is thrown away. Closed at once, the connection
        #: would be reset, and the client would not see why.
        self.lingers = False
        self.was_refused = False
        super().__init__(*args, **kwargs)

    def received(self, data: bytes) -> bool:
        before = self.request
        result: bool = super().received(data)
        now = time.monotonic()
        if self.request is not before:
            self.reading_since = now
        if self.requests:
            self.free_since = now  # until :meth:`service` knows better
        return result

    def readable(self) -> bool:
        return self.lingers or bool(super().readable())

    def writable(self) -> bool:
        return not self.lingers and bool(super().writable())

    def handle_read(self) -> None:
        if not self.lingers:
            super().handle_read()
        else:
            try:
                self.recv(65536)  # closes at the end
            except OSError:
                self.end()

    def handle_write(self) -> None:
        if self.was_refused and self.close_when_flushed and not self.total_outbufs_len:
            self._linger()
        else:
            super().handle_write()

    def _linger(self) -> None:
        self.lingers = True
        self.close_when_flushed = False
        self.free_since = time.monotonic()
        try:
            self.socket.shutdown(socket.SHUT_WR)
        except OSError:
            self.end()

    def service(self) -> None:
        self.was_refused = bool(self.requests[0].error)
        super().service()
        self.free_since = time.monotonic()

    @property
    def is_ours(self) -> bool:
        """Whether the next move is ours: a request has come and is not answered yet."""
        return bool(self.requests)

    @property
    def is_reading(self) -> bool:
        return self.request is not None and not self.total_outbufs_len

    def is_overdue(self, limits: Limits, now: float) -> bool:
        """Whether the client has had time enough for its move."""
        if self.is_ours:
            return False
        if self.lingers:
            patience = limits.linger
        elif self.total_outbufs_len:
            patience = limits.answer
        elif self.request is None:
            patience = limits.idle
        else:
            patience = limits.request if self.request.headers_finished else limits.head
        return now - (self.reading_since if self.is_reading else self.free_since) > patience

    def end(self) -> None:
        """Close it now. Only where it is not ours: no thread is at it then."""
        self.handle_close()

    def refuse(self) -> None:
        """Tell a client that does not come to an end with its request, and close."""
        with self.requests_lock:
            late, self.request = self.request, None
            late.error = RequestTimeout("The request took too long to arrive.")
            late.completed = True
            self.requests.append(late)
        self.server.add_task(self)


class Server(TcpWSGIServer):
    """One process's clients, and the threads that answer them.

    :param listener: a bound socket; other processes may accept from it too.
    :param lanes: the threads.
    """

    channel_class = Connection

    def __init__(self, app: Any, listener: socket.socket, lanes: Lanes, limits: Limits) -> None:
        self.limits = limits
        self._tended = -math.inf
        settings = Adjustments(
            ident=None,
            log_socket_errors=False,
            max_request_header_size=limits.head_bytes,
            max_request_body_size=limits.body_bytes,
            inbuf_overflow=limits.body_bytes,  # a request never becomes a file
            outbuf_high_watermark=2**31,  # a thread never waits for a client to read on
            clear_untrusted_proxy_headers=False,  # ProxyFix heeds them, or nobody does
        )
        info = (listener.family, listener.type, listener.proto, listener.getsockname())
        super().__init__(
            app,
            map={},
            _sock=listener,
            dispatcher=lanes,
            bind_socket=False,
            sockinfo=info,
            adj=settings,
        )

    def turn(self, seconds: float = 1.0) -> None:
        """Wait for something to happen, at most so long, and do what it asks for."""
        wasyncore.poll2(seconds, self._map)
        now = time.monotonic()
        if now - self._tended >= min(1.0, self.limits.head / 10):
            self._tended = now
            self._end_overdue(now)
        if len(self.active_channels) >= self.limits.connections:
            self._make_room()

    def readable(self) -> bool:
        return self.accepting and len(self.active_channels) < self.limits.connections

    def close_listener(self) -> None:
        """Take no more clients; those that there are stay."""
        self.accepting = False
        self.del_channel()
        self.socket.close()

    def finish(self, seconds: float, half_read: float = 1.0) -> None:
        """Answer what has been asked, and close.

        :param half_read: as long the rest of a request is waited for.
        """
        now = time.monotonic()
        ends, reads_until = now + seconds, now + half_read
        while self.active_channels and time.monotonic() < ends:
            may_read = time.monotonic() < reads_until
            for one in self._waiting():
                if not one.total_outbufs_len and not (may_read and one.is_reading):
                    one.end()
            self.turn(0.05)

    def _waiting(self) -> list[Connection]:
        return [one for one in self.active_channels.values() if not one.is_ours]

    def _end_overdue(self, now: float) -> None:
        for one in self._waiting():
            if one.is_overdue(self.limits, now):
                if one.is_reading:
                    one.refuse()
                else:
                    one.end()

    def _make_room(self) -> None:
        """End a few connections: those that have been open longest without an answer. Never the
        last to come, who has had no time to ask: where all others are in hand, there is no room to
        make, and whoever comes next waits to be accepted.
        """
        some = self.limits.connections // 20 + 1
        newest = next(reversed(self.active_channels.values()))
        others = [one for one in self._waiting() if one is not newest]
        for one in heapq.nsmallest(some, others, key=lambda one: one.free_since):
            one.end()


def serve(server: Server, stopped: threading.Event, farewell: float) -> None:
    """Serve until told to stop (and woken by ``server.pull_trigger``), then end in order."""
    while not stopped.is_set():
        server.turn()
    server.close_listener()
    server.finish(farewell)
