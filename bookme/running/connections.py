"""A client of the web server: waitress's, with an end to every client's patience.

waitress reads requests whole without a thread for each, and writes answers the same way; only what
happens in between takes a thread. Its own time-out is about silence, so a client that sends a byte
now and then would stay for ever. Here every wait for a client has an end however busy it looks.
"""

import math
import socket
import time
from typing import Any

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.utilities import BadRequest

from bookme.running.access_log import LoggedErrorTask, LoggedTask
from bookme.running.limits import Limits


class RequestTimeout(BadRequest):
    code = 408
    reason = "Request Timeout"


class Parser(HTTPRequestParser):
    """One request. Where a file comes along, its body may be larger."""

    adj: Any
    brings_file = False

    def parse_header(self, header_plus: bytes) -> None:
        super().parse_header(header_plus)
        if getattr(self, "path", "") in self.adj.uploads:
            self.brings_file, self.adj = True, self.adj.for_uploads


class Connection(HTTPChannel):
    """One client."""

    parser_class = Parser
    task_class = LoggedTask
    error_task_class = LoggedErrorTask
    request: Any
    requests: list[Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        #: When the last answer was made, or the connection.
        self.free_since = time.monotonic()
        #: When the first byte of the request came that is being read.
        self.reading_since = math.inf
        #: Answered for the last time: what still comes is thrown away. Closed at once, the
        #: connection would be reset, and the client would not see the answer.
        self.lingers = False
        #: Whether something unread is left behind the last answer.
        self.leaves_unread = False
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
        if self.leaves_unread and self.close_when_flushed and not self.total_outbufs_len:
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
        """Answer one request. Who has sent several at once, as no browser does, hears with the
        first answer that there are no more on this connection: each would be an answer to keep
        until the client reads it.
        """
        with self.requests_lock:
            first, *others = self.requests
            if others:
                self.requests, self.request = [first], None
                first.headers["CONNECTION"] = "close"
                for one in others:
                    one.close()
        self.leaves_unread = bool(first.error or others)
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
            patience = self._patience(limits)
        return now - (self.reading_since if self.is_reading else self.free_since) > patience

    def _patience(self, limits: Limits) -> float:
        """For the request that is being read."""
        if not self.request.headers_finished:
            return limits.head
        return limits.upload if self.request.brings_file else limits.request

    def end(self) -> None:
        """Close it now. Only where it is not ours: no thread is at it then."""
        self.handle_close()

    def refuse(self) -> None:
        """Tell a client that does not come to an end with its request, and close."""
        with self.requests_lock:
            late, self.request = self.request, None
            late.error = RequestTimeout(
                "This took too long to arrive, so nothing was changed. Go back and try again, on a "
                "faster connection or with a smaller file."
            )
            late.completed = True
            self.requests.append(late)
        self.server.add_task(self)
