"""The Radicale server of the running sandbox, with everybody's calendars in it."""

from sandbox import demo_events, people
from sandbox.clock import utcnow
from sandbox.context import Sandbox, sandbox
from sandbox.icloud import accounts, files
from sandbox.icloud.radicale import Radicale

#: The last part of each calendar's address.
PLACES = {"": "home", demo_events.SECOND: "family", demo_events.READ_ONLY: "read-only"}
_MAKE = """<?xml version="1.0"?>
<C:mkcalendar xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"
 xmlns:I="http://apple.com/ns/ical/"><set><prop><displayname>{name}</displayname>
<I:calendar-color>{colour}</I:calendar-color><C:supported-calendar-component-set>
<C:comp name="VEVENT"/></C:supported-calendar-component-set></prop></set></C:mkcalendar>"""
_COLOURS = ("#1badf8ff", "#63da38ff", "#cc73e1ff")


def server(here: Sandbox | None = None) -> Radicale:
    """The server, running, with the passwords that are good now."""
    here = here or sandbox()
    with here.store.read() as db:
        passwords = accounts.passwords(db)
    with here.cloud_turn:
        if here.cloud.use(passwords):
            _fill(here)
            here.cloud.seeded()
    return here.cloud


def _fill(here: Sandbox) -> None:
    """Make everybody's calendars, with what stands in them from the first day on."""
    with here.store.read() as db:
        everybody = people.everybody(db)
    for person in everybody:
        home = f"/{accounts.number(person)}"
        here.cloud.call("MKCOL", f"{home}/").raise_for_status()
        names = ["", *demo_events.calendar_names(person["email"])]
        for name, colour in zip(names, _COLOURS, strict=False):
            body = _MAKE.format(name=name or "Home", colour=colour)
            made = here.cloud.call("MKCALENDAR", f"{home}/{PLACES[name]}/", body)
            made.raise_for_status()
        planned = demo_events.entries(person["email"], person["timezone"], utcnow())
        for name, entry in planned:
            uid = files.new_uid()
            path = f"{home}/{PLACES[name]}/{uid}.ics"
            file = files.written(entry, uid, person["email"], utcnow())
            here.cloud.call("PUT", path, file, files.TYPE).raise_for_status()
