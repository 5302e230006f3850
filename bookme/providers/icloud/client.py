"""iCloud calendars, over CalDAV (RFC 4791).

The account is an Apple Account's address and an app-specific password, sent with every request.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import quote, urljoin, urlsplit
from zoneinfo import ZoneInfo

from bookme.clock import utcnow
from bookme.errors import NotFound, ProviderUnavailable
from bookme.providers.calendar import Account, CalendarInfo, Entry, EntryRequest, Found
from bookme.providers.http.answers import Answer, reading
from bookme.providers.http.remote import DEADLINE
from bookme.providers.icloud import ics, payload
from bookme.providers.icloud.dav import answers, names, questions
from bookme.providers.icloud.dav.conversation import Changed, Conversation
from bookme.providers.icloud.listing import calendars
from bookme.providers.zones import zone_named

_MOST_TRIES = 3
_XML = {"Content-Type": "text/xml; charset=utf-8"}
_FILE = {"Content-Type": "text/calendar; charset=utf-8"}
#: Servers judge days, and times without a zone, by a zone of their own.
_ZONES_DIFFER = timedelta(days=1)


class ICloudCalendar:
    """Implements :class:`~bookme.providers.calendar.CalendarProvider`.

    A calendar's id is its address, and an entry's its UID.

    :param hosts: where the password may be sent; see
        :class:`~bookme.providers.icloud.dav.conversation.Conversation`.
    :param deadline: seconds for the whole of each method, however many requests it takes.
    :param zone: the host's own, for days and for times that do not say theirs.
    """

    name: ClassVar[str] = "icloud"

    def __init__(
        self,
        url: str,
        username: str,
        password: str,
        *,
        hosts: Sequence[str],
        deadline: float = DEADLINE,
        zone: str = "UTC",
        clock: Callable[[], datetime] = utcnow,
    ) -> None:
        self._url = url
        self._login = (username, password)
        self._hosts = hosts
        self._deadline = deadline
        self._zone = zone_named(zone) or ZoneInfo("UTC")
        self._clock = clock

    def me(self) -> Account:
        talk = self._talk()
        principal, home = self._home(talk)
        talk.check(home)
        return Account(urlsplit(principal).path, self._login[0], can_meet=False)

    def calendars(self) -> list[CalendarInfo]:
        talk = self._talk()
        _, home = self._home(talk)
        at, answer = talk.ask(
            "PROPFIND", home, body=questions.which(), headers={**_XML, "Depth": "1"}
        )
        return calendars(at, answers.properties(self.name, answer))

    def busy(self, calendar_id: str, begin: datetime, end: datetime) -> Found:
        query = questions.entries_between(begin - _ZONES_DIFFER, end + _ZONES_DIFFER)
        _, answer = self._talk().ask(
            "REPORT", calendar_id, body=query, headers={**_XML, "Depth": "1"}
        )
        entries = answers.entries(self.name, answer)
        reading = ics.Reading(begin, end, zone=self._zone, own=self._login[0])
        for content in entries.files:
            reading.take(content)
        reading.lost(entries.lost)
        return reading.found

    def create(self, calendar_id: str, wanted: EntryRequest) -> Entry:
        """See :meth:`CalendarProvider.create <bookme.providers.calendar.CalendarProvider.create>`.

        The file's name comes from the request, and is taken once as long as the file is there.
        """
        talk = self._talk()
        file = payload.new(wanted, self._clock())
        try:
            answer = self._put(talk, calendar_id, wanted.key, file, {"If-None-Match": "*"})
        except Changed:
            # What an earlier try asked for may be old by now.
            return self._change(talk, calendar_id, wanted.key, wanted, None)
        return self._read(file, answer)

    def find(self, calendar_id: str, sent: EntryRequest) -> Entry | None:
        try:
            return self.get(calendar_id, sent.key)
        except NotFound:
            return None

    def get(self, calendar_id: str, entry_id: str) -> Entry:
        _, answer = self._talk().ask("GET", _address(calendar_id, entry_id))
        return self._read(answer.content, answer)

    def update(
        self,
        calendar_id: str,
        entry_id: str,
        wanted: EntryRequest,
        previous: EntryRequest | None = None,
    ) -> Entry:
        return self._change(self._talk(), calendar_id, entry_id, wanted, previous)

    def delete(self, calendar_id: str, entry_id: str) -> None:
        try:
            self._talk().ask("DELETE", _address(calendar_id, entry_id))
        except NotFound:
            pass

    def _talk(self) -> Conversation:
        return Conversation(
            self.name, self._url, self._login, self._hosts, self._deadline, self._clock
        )

    def _home(self, talk: Conversation) -> tuple[str, str]:
        # Depth 0: iCloud answers 400 to anything deeper on a principal.
        principal = self._told(talk, self._url, questions.who(), names.PRINCIPAL)
        return principal, self._told(talk, principal, questions.where(), names.HOME)

    def _told(self, talk: Conversation, url: str, question: bytes, name: str) -> str:
        at, answer = talk.ask("PROPFIND", url, body=question, headers={**_XML, "Depth": "0"})
        for _, properties in answers.properties(self.name, answer):
            value: Any = properties.get(name)
            first = value[0] if isinstance(value, list) and value else value
            if isinstance(first, str) and first.strip():
                return urljoin(at, first.strip())
        raise ProviderUnavailable(self.name, "does not say where the calendars are", sent=True)

    def _change(
        self,
        talk: Conversation,
        calendar_id: str,
        entry_id: str,
        wanted: EntryRequest,
        previous: EntryRequest | None,
    ) -> Entry:
        for _ in range(_MOST_TRIES):
            _, there = talk.ask("GET", _address(calendar_id, entry_id))
            with reading(self.name):
                file = payload.changed(there.content, wanted, previous, self._clock())
            if file is None:
                return self._read(there.content, there)
            # Never "*", which iCloud understands backwards.
            etag = there.headers.get("ETag")
            condition = {"If-Match": etag} if etag else {}
            try:
                answer = self._put(talk, calendar_id, entry_id, file, condition)
            except Changed:
                continue  # by the host, since it was read
            return self._read(file, answer)
        raise ProviderUnavailable(self.name, f"the entry changed {_MOST_TRIES} times meanwhile")

    def _put(
        self,
        talk: Conversation,
        calendar_id: str,
        entry_id: str,
        file: bytes,
        condition: dict[str, str],
    ) -> Answer:
        address = _address(calendar_id, entry_id)
        _, answer = talk.ask("PUT", address, body=file, headers={**_FILE, **condition})
        return answer

    def _read(self, content: bytes, answer: Answer) -> Entry:
        with reading(self.name):
            return payload.entry(content, answer.headers.get("ETag"))


def _address(calendar_id: str, entry_id: str) -> str:
    return f"{calendar_id.rstrip('/')}/{quote(entry_id, safe='')}.ics"
