"""One web process: its clients, and the threads that answer them.

waitress's own limit of connections stops accepting, so that some who wait shut out all others.
Here, when there are too many, those that have waited longest make room for new ones.
"""

import copy
import heapq
import math
import socket
import threading
import time
from typing import Any

from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.server import TcpWSGIServer

from bookme.running.connections import Connection
from bookme.running.lanes import Lanes
from bookme.running.limits import Limits


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
            inbuf_overflow=limits.body_bytes,  # only what is uploaded becomes a file for a moment
            outbuf_high_watermark=2**31,  # a thread never waits for a client to read on
            clear_untrusted_proxy_headers=False,  # ProxyFix heeds them, or nobody does
        )
        settings.uploads, settings.for_uploads = limits.uploads, copy.copy(settings)
        settings.for_uploads.max_request_body_size = limits.upload_bytes
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
