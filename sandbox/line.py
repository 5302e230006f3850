"""The caller's connection, for faults that the protocol knows no words for."""

import os
import select
import socket
import struct
import threading
import time


class Dropped(ConnectionError):
    """The connection was ended without an answer. ``str()`` is how, for the log."""


class Line:
    """One connection.

    :param connection: None where there is none (Flask's test client).
    :param stopping: set when the process ends; nothing waits any longer then.
    """

    def __init__(self, connection: socket.socket | None, stopping: threading.Event) -> None:
        self._connection = connection
        self._stopping = stopping

    def wait(self, seconds: float) -> None:
        """Let time pass, but no longer than the caller stays.

        :raises Dropped: when the caller has gone.
        """
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            if self._stopping.wait(min(left, 0.05)):
                raise Dropped("stopped")
            if self._has_gone():
                raise Dropped("caller gone")

    def reset(self) -> None:
        """End the connection so that the caller sees a reset, not an end.

        :raises Dropped: always.
        """
        if self._connection is not None:
            linger = struct.pack("ii", 1, 0)
            self._connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            os.close(self._connection.detach())  # at once, whoever else holds the object
        raise Dropped("reset")

    def hang_up(self) -> None:
        """End the connection in good order; the server would wait for another request."""
        if self._connection is not None:
            try:
                self._connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass  # it has ended already

    def send(self, data: bytes, over: float = 0.0, most: int = 40) -> None:
        """Send bytes, in pieces spread over some seconds.

        :raises Dropped: when the caller has gone.
        """
        if self._connection is None:
            return
        step = max(1, len(data) // most) if over else max(1, len(data))
        pieces = [data[at : at + step] for at in range(0, len(data), step)]
        for piece in pieces:
            try:
                self._connection.sendall(piece)
            except OSError as gone:
                raise Dropped("caller gone") from gone
            self.wait(over / len(pieces))

    def _has_gone(self) -> bool:
        if self._connection is None:
            return False
        readable, _, _ = select.select([self._connection], [], [], 0)
        if not readable:
            return False
        try:
            return self._connection.recv(1, socket.MSG_PEEK) == b""
        except OSError:
            return True
