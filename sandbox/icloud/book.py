"""iCloud's calendars for their owners."""

import xml.etree.ElementTree as ET
from dataclasses import dataclass
from datetime import datetime
from sqlite3 import Row
from urllib.parse import quote

from icalendar import Event

from sandbox import people
from sandbox.context import Sandbox
from sandbox.entries import Entry, Listed, Shelf
from sandbox.icloud import accounts, cloud, files
from sandbox.icloud.radicale import PREFIX

_NAMES = '<propfind xmlns="DAV:"><prop><displayname/></prop></propfind>'


@dataclass(frozen=True, slots=True)
class CloudBook:
    """Implements :class:`~sandbox.entries.Book`; a key is a calendar's path."""

    name: str = "icloud"
    title: str = "iCloud Calendar"

    def shelves(self, here: Sandbox) -> list[Shelf]:
        with here.store.read() as db:
            everybody = people.everybody(db)
        return [shelf for person in everybody for shelf in self._of(here, person)]

    def add(self, here: Sandbox, key: str, entry: Entry, now: datetime) -> str:
        uid = files.new_uid()
        file = files.written(entry, uid, self._owner(here, key), now)
        cloud.server(here).call("PUT", f"{key}{uid}.ics", file, files.TYPE).raise_for_status()
        return uid

    def change(self, here: Sandbox, key: str, entry_id: str, entry: Entry, now: datetime) -> bool:
        path = f"{key}{quote(entry_id)}.ics"
        there = cloud.server(here).call("GET", path)
        if not there.ok:
            return False
        [old, *_] = files.events(there.content)
        file = files.written(entry, entry_id, self._owner(here, key), now, old)
        cloud.server(here).call("PUT", path, file, files.TYPE).raise_for_status()
        return True

    def remove(self, here: Sandbox, key: str, entry_id: str, now: datetime) -> bool:
        return cloud.server(here).call("DELETE", f"{key}{quote(entry_id)}.ics").ok

    def drop(self, here: Sandbox, key: str, now: datetime) -> None:
        cloud.server(here).call("DELETE", key).raise_for_status()

    def _of(self, here: Sandbox, person: Row) -> list[Shelf]:
        home = f"/{accounts.number(person)}/"
        said = cloud.server(here).call("PROPFIND", home, _NAMES, {"Depth": "1"})
        found = []
        for response in ET.fromstring(said.content).iter("{DAV:}response"):
            path = response.findtext("{DAV:}href", "").removeprefix(PREFIX)
            name = response.findtext(".//{DAV:}displayname", "")
            if path != home:
                found.append(self._shelf(here, person, path, name))
        return sorted(found, key=lambda shelf: (not shelf.main, shelf.name))

    def _shelf(self, here: Sandbox, person: Row, path: str, name: str) -> Shelf:
        content = cloud.server(here).call("GET", path).content
        listed = [_listed(event, person) for event in files.events(content)]
        listed.sort(key=lambda one: one.entry.starts_at)
        place = path.rstrip("/").rpartition("/")[2]
        return Shelf(
            key=path,
            user=person["email"],
            name=name,
            zone=person["timezone"],
            main=place == "home",
            writable=place != "read-only",
            entries=listed,
        )

    def _owner(self, here: Sandbox, key: str) -> str:
        with here.store.read() as db:
            owners = {accounts.number(one): str(one["email"]) for one in people.everybody(db)}
        return owners[key.strip("/").split("/")[0]]


def _listed(event: Event, person: Row) -> Listed:
    return files.read(event, person["timezone"], person["email"])


BOOK = CloudBook()
