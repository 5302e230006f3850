"""What a CalDAV server (RFC 4791) is asked."""

from datetime import UTC, datetime

from lxml import etree
from lxml.builder import ElementMaker

from bookme.providers.icloud.dav.names import APPLE, CALDAV, DAV

_D = ElementMaker(namespace=DAV, nsmap={"D": DAV, "C": CALDAV, "I": APPLE})
_C = ElementMaker(namespace=CALDAV, nsmap={"D": DAV, "C": CALDAV})
_I = ElementMaker(namespace=APPLE, nsmap={"I": APPLE})


def who() -> bytes:
    """Ask whose calendars these are."""
    return _properties_of(_D("current-user-principal"))


def where() -> bytes:
    """Ask where somebody's calendars are."""
    return _properties_of(_C("calendar-home-set"))


def which() -> bytes:
    """Ask which calendars there are."""
    return _properties_of(
        _D("displayname"),
        _D("resourcetype"),
        _D("current-user-privilege-set"),
        _I("calendar-color"),
        _C("supported-calendar-component-set"),
        _C("calendar-timezone"),
    )


def entries_between(begin: datetime, end: datetime) -> bytes:
    """Ask for the entries that touch a stretch of time, those that repeat included."""
    first, last = (f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}" for at in (begin, end))
    when = _C("time-range", start=first, end=last)
    only = _C("comp-filter", _C("comp-filter", when, name="VEVENT"), name="VCALENDAR")
    query = _C("calendar-query", _D("prop", _C("calendar-data")), _C("filter", only))
    return _bytes(query)


def _properties_of(*names: etree._Element) -> bytes:
    return _bytes(_D("propfind", _D("prop", *names)))


def _bytes(element: etree._Element) -> bytes:
    return etree.tostring(element, encoding="utf-8", xml_declaration=True)
