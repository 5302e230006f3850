"""A real mail server that delivers to nobody: it checks each message and keeps it."""

import asyncio
import json
import socket
import threading
from email.headerregistry import Address
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

from sandbox.clock import utcnow
from sandbox.mail import checks
from sandbox.settings import setting
from sandbox.store import Store
from sandbox.times import stamp

_LATER = "451 4.3.0 Not now, try again later"
_MOST_BYTES = 10_000_000


class Mailroom:
    """aiosmtpd's handler: says yes or no to each command."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def handle_MAIL(  # noqa: N802 (aiosmtpd's name)
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if await asyncio.to_thread(self._setting, "mail") == "defer":
            return _LATER
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 OK"

    async def handle_RCPT(  # noqa: N802 (aiosmtpd's name)
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        try:
            Address(addr_spec=address)
        except (ValueError, IndexError):
            return "501 5.1.3 That is no address"
        if address in await asyncio.to_thread(self._setting, "refused_recipients"):
            return "550 5.1.1 Nobody of that name here"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(  # noqa: N802 (aiosmtpd's name)
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        refusal = await asyncio.to_thread(self._keep, envelope)
        if refusal:
            return f"550 5.6.0 {refusal}"
        if await asyncio.to_thread(self._setting, "mail") == "cut":
            self._hang_up(server)  # taken, but the sender will not learn it
        return "250 2.0.0 Taken"

    def _hang_up(self, server: SMTP) -> None:
        if isinstance(server.transport, asyncio.WriteTransport):
            server.transport.abort()

    def _setting(self, key: str) -> Any:
        with self._store.read() as db:
            return setting(db, key)

    def _keep(self, envelope: Envelope) -> str | None:
        raw = envelope.original_content or b""
        seen = checks.inspect(raw, envelope.rcpt_tos, smtp_utf8=envelope.smtp_utf8)
        with self._store.write() as db:
            db.execute(
                "INSERT INTO mail (at, sender, recipients, message_id, subject, raw, refusal)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    stamp(utcnow()),
                    envelope.mail_from or "",
                    json.dumps(envelope.rcpt_tos),
                    seen.message_id,
                    seen.subject,
                    raw,
                    seen.refusal,
                ),
            )
        return seen.refusal


class MailServer:
    """The listener, in a thread of its own."""

    def __init__(self, host: str, port: int, store: Store) -> None:
        self._host = host
        self._room = Mailroom(store)
        self._loop = asyncio.new_event_loop()
        self._server: asyncio.Server | None = None
        # Keeps the port ours while nobody may connect: bound, but not listening.
        self._place: socket.socket | None = _bound(host, port)
        self.port: int = self._place.getsockname()[1]
        self._thread = threading.Thread(target=self._loop.run_forever, name="mail", daemon=True)
        self._thread.start()

    def apply(self, mode: str) -> None:
        """Listen, unless the mode is to refuse connections."""
        self._run(self._close() if mode == "refuse" else self._open())

    def stop(self) -> None:
        """Close everything and end the thread."""
        self._run(self._close())
        if self._place is not None:
            self._place.close()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(2)
        self._loop.close()

    def _run(self, work: Any) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(5)

    async def _open(self) -> None:
        if self._server is None and self._place is not None:
            place, self._place = self._place, None
            self._server = await self._loop.create_server(self._session, sock=place, backlog=100)

    async def _close(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
            self._place = _bound(self._host, self.port)

    def _session(self) -> SMTP:
        return SMTP(
            self._room,
            hostname="sandbox.invalid",
            ident="Sandbox, delivers to nobody",
            enable_SMTPUTF8=True,
            data_size_limit=_MOST_BYTES,
            loop=self._loop,
        )


def _bound(host: str, port: int) -> socket.socket:
    place = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    place.bind((host, port))
    return place
