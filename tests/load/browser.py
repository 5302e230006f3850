"""A browser as cheap as it can be: one kept connection, pages as text, no files."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

import brotli

#: Seconds until an answer counts as none.
PATIENCE = 30
_HEAD = (
    "Host: localhost\r\nAccept-Encoding: br\r\nAccept-Language: en-GB\r\nCookie: zone=Europe/Lisbon"
)


@dataclass(frozen=True, slots=True)
class Seen:
    """An answer.

    :param kind: of the page, as the visitor calls it.
    :param status: 0 where none came.
    :param seconds: from the request to the answer's last byte.
    :param was_cut: the first try ended with its connection and this is the second.
    """

    kind: str
    status: int
    seconds: float
    body: str
    location: str = ""
    was_cut: bool = False


class Browser:
    """One visitor's.

    :param note: gets every answer.
    """

    def __init__(self, port: int, note: Callable[[Seen], None]) -> None:
        self._port, self._note = port, note
        self._lines: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def get(self, kind: str, path: str, *, is_swap: bool = False) -> Seen:
        """Open a page, or with htmx a part of one."""
        more = "\r\nHX-Request: true" if is_swap else ""
        return await self._ask(kind, f"GET {path} HTTP/1.1\r\n{_HEAD}{more}\r\n\r\n".encode())

    async def post(self, kind: str, path: str, form: dict[str, str]) -> Seen:
        """Send a form. If the connection ends meanwhile, press the button again, as people do."""
        body = urlencode(form).encode()
        about = (
            "Content-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        head = f"POST {path} HTTP/1.1\r\n{_HEAD}\r\n{about}"
        return await self._ask(kind, head.encode() + body)

    def close(self) -> None:
        if self._lines is not None:
            self._lines[1].close()
            self._lines = None

    async def _ask(self, kind: str, request: bytes) -> Seen:
        began, was_cut = time.perf_counter(), False
        for is_last in (False, True):
            try:
                async with asyncio.timeout(PATIENCE):
                    head, body = await self._answer(request)
                break
            except (OSError, EOFError, TimeoutError):
                self.close()
                was_cut = True
                if is_last:
                    head, body = "HTTP/1.1 000 ", b""
        seconds = time.perf_counter() - began
        fields = dict(line.lower().partition(": ")[::2] for line in head.split("\r\n")[1:])
        where = next((one[10:] for one in head.split("\r\n") if one.startswith("Location: ")), "")
        text = brotli.decompress(body) if fields.get("content-encoding") == "br" else body
        status = int(head[9:12])
        seen = Seen(kind, status, seconds, text.decode(errors="replace"), where, was_cut)
        self._note(seen)
        return seen

    async def _answer(self, request: bytes) -> tuple[str, bytes]:
        if self._lines is None:
            self._lines = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._lines
        writer.write(request)
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")[:-4]
        length = 0
        for line in head.split("\r\n"):
            if line.lower().startswith("content-length:"):
                length = int(line[15:])
        return head, await reader.readexactly(length)
