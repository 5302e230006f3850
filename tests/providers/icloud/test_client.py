"""Entries of bookings in a real CalDAV server behind a front that behaves as iCloud does."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
import requests

from bookme.errors import ConnectionRevoked, NotAllowed, NotFound, ProviderUnavailable
from bookme.providers.calendar import HOST_NOT_ALLOWED, STORAGE_FULL, Account, CalendarInfo
from bookme.providers.icloud.client import ICloudCalendar
from bookme.providers.icloud.dav.conversation import UID_CONFLICT
from tests.contracts import FIXTURES
from tests.providers.conftest import request
from tests.providers.radicale import HOME, PASSWORD, USER, Front, Radicale

KEY = request().key
LATER = datetime(2027, 3, 11, 10, 0, tzinfo=UTC)


def kept(radicale: Radicale, calendar: str = "work") -> str:
    """The booking's file, unfolded."""
    return radicale.ask("GET", f"{calendar}/{KEY}.ics").text.replace("\r\n ", "")


def by_hand(radicale: Radicale, old: str, new: str) -> None:
    """The host changes his entry."""
    changed = kept(radicale).replace(old, new)
    assert radicale.ask("PUT", f"work/{KEY}.ics", changed).status_code in (201, 204)


def test_the_account_is_found_over_both_hosts(icloud: ICloudCalendar, front: Front) -> None:
    assert icloud.me() == Account("/1234567/principal/", USER, can_meet=False)
    assert [(one.host, one.method) for one in front.seen] == [("localhost", "PROPFIND")] * 2


def test_a_wrong_password_is_refused(front: Front) -> None:
    wrong = ICloudCalendar(front.url, USER, "wxyz-wxyz-wxyz-wxyz", hosts=["localhost"])
    with pytest.raises(ConnectionRevoked):
        wrong.me()
    assert len(front.seen) == 1, "a wrong password is not tried twice"


def test_calendars_for_appointments_are_listed_on_one_host(
    icloud: ICloudCalendar, front: Front, radicale: Radicale
) -> None:
    zone = "BEGIN:VCALENDAR&#13;\nVERSION:2.0&#13;\nPRODID:x&#13;\nBEGIN:VTIMEZONE&#13;\n"
    zone += "TZID:W. Europe Standard Time&#13;\nEND:VTIMEZONE&#13;\nEND:VCALENDAR&#13;\n"
    radicale.make_calendar(
        "home",
        "<D:displayname>Mein Zuhause</D:displayname><I:calendar-color>#CB30E0FF</I:calendar-color>"
        f"<C:calendar-timezone>{zone}</C:calendar-timezone>",
    )
    only_tasks = '<C:comp name="VTODO"/>'
    radicale.make_calendar(
        "tasks",
        f"<C:supported-calendar-component-set>{only_tasks}</C:supported-calendar-component-set>",
    )
    found = sorted(icloud.calendars(), key=lambda calendar: calendar.id)
    assert found == [
        CalendarInfo(f"{front.home}home/", "Mein Zuhause", "#CB30E0", True, True, "Europe/Berlin"),
        CalendarInfo(f"{front.home}work/", "Work", None, False, True, None),
    ]


def test_an_entry_is_made_and_nobody_invited(
    icloud: ICloudCalendar, radicale: Radicale, work: str
) -> None:
    made = icloud.create(work, request())
    assert made.id == KEY
    assert made.etag
    assert not made.differs_from(request())
    lines = kept(radicale).splitlines()
    assert {
        f"UID:{KEY}",
        "SUMMARY:Intro call: Ana Costa",
        "LOCATION:https://zoom.us/j/92674392836",
        "DTSTART:20270311T090000Z",
        "DTEND:20270311T093000Z",
        "URL:https://bookme.example/dashboard/bookings/3f25",
    } <= set(lines)
    assert not [line for line in lines if line.startswith(("ORGANIZER", "ATTENDEE"))]


def test_a_repeated_create_leaves_one_entry_brought_up_to_date(
    icloud: ICloudCalendar, radicale: Radicale, work: str
) -> None:
    icloud.create(work, request())
    again = icloud.create(work, request(title="Other"))
    assert again.id == KEY
    assert not again.differs_from(request(title="Other"))
    assert "SUMMARY:Other\r\n" in kept(radicale)


def test_a_repeated_create_keeps_what_the_host_has_added(
    icloud: ICloudCalendar, radicale: Radicale, work: str
) -> None:
    icloud.create(work, request())
    by_hand(
        radicale, "SUMMARY:Intro call: Ana Costa", "SUMMARY:Intro call: Ana Costa\r\nX-OWN:kept"
    )
    icloud.create(work, request(title="Other"))
    assert "SUMMARY:Other\r\n" in kept(radicale)
    assert "X-OWN:kept\r\n" in kept(radicale)


def test_what_the_host_changed_by_hand_stands_until_the_booking_changes_it(
    icloud: ICloudCalendar, radicale: Radicale, work: str
) -> None:
    icloud.create(work, request())
    by_hand(radicale, "SUMMARY:Intro call: Ana Costa", "SUMMARY:Mine\r\nX-OWN:kept")
    assert icloud.get(work, KEY).differs_from(request())
    moved = request(ends_at=LATER)
    icloud.update(work, KEY, moved, request())
    file = kept(radicale)
    assert "SUMMARY:Mine\r\n" in file
    assert "X-OWN:kept\r\n" in file
    assert "DTEND:20270311T100000Z\r\n" in file
    assert "SEQUENCE:1\r\n" in file
    icloud.update(work, KEY, request(title="Other", ends_at=LATER), moved)
    assert "SUMMARY:Other\r\n" in kept(radicale)


def test_an_update_that_changes_nothing_writes_nothing(
    icloud: ICloudCalendar, front: Front, radicale: Radicale, work: str
) -> None:
    made = icloud.create(work, request())
    front.seen.clear()
    assert icloud.update(work, KEY, request(), request()) == made
    assert [one.method for one in front.seen] == ["GET"]


def test_a_change_by_the_host_while_we_write_is_not_lost(
    icloud: ICloudCalendar, front: Front, radicale: Radicale, work: str
) -> None:
    icloud.create(work, request())
    stale = radicale.ask("GET", f"work/{KEY}.ics")
    by_hand(radicale, "LOCATION:https://zoom.us/j/92674392836", "LOCATION:Mine")

    def once() -> tuple[int, dict[str, str], str]:
        del front.scripts[f"{HOME}work/{KEY}.ics"]
        return 200, {"ETag": stale.headers["ETag"], "Content-Type": "text/calendar"}, stale.text

    front.scripts[f"{HOME}work/{KEY}.ics"] = once
    icloud.update(work, KEY, request(title="Other"), request())
    assert [one.method for one in front.seen[-4:]] == ["GET", "PUT", "GET", "PUT"]
    assert "LOCATION:Mine\r\n" in kept(radicale)
    assert "SUMMARY:Other\r\n" in kept(radicale)


def test_an_entry_that_never_stands_still_is_left_for_later(
    icloud: ICloudCalendar, front: Front, radicale: Radicale, work: str
) -> None:
    icloud.create(work, request())
    path, text = f"{HOME}work/{KEY}.ics", radicale.ask("GET", f"work/{KEY}.ics").text
    answers = [(412, {}, ""), (200, {"ETag": '"old"'}, text)] * 3
    front.scripts[path] = lambda: answers.pop()
    with pytest.raises(ProviderUnavailable):
        icloud.update(work, KEY, request(title="Other"), request())
    assert answers == []


def test_an_entry_that_is_gone_is_gone_and_deleting_it_is_success(
    icloud: ICloudCalendar, radicale: Radicale, work: str
) -> None:
    icloud.create(work, request())
    icloud.delete(work, KEY)
    assert radicale.ask("GET", f"work/{KEY}.ics").status_code == 404
    icloud.delete(work, KEY)
    with pytest.raises(NotFound):
        icloud.get(work, KEY)
    with pytest.raises(NotFound):
        icloud.update(work, KEY, request(title="Other"), request())


def test_a_calendar_that_vanished_is_gone(icloud: ICloudCalendar, front: Front) -> None:
    gone = f"{front.home}gone/"
    calls: list[Callable[[], object]] = [
        lambda: icloud.create(gone, request()),
        lambda: icloud.busy(gone, LATER, LATER.replace(hour=12)),
        lambda: icloud.get(gone, KEY),
    ]
    for call in calls:
        with pytest.raises(NotFound):
            call()


@pytest.mark.parametrize("status", [403, 409, 412])
def test_an_entry_that_was_moved_to_another_calendar_is_not_made_twice(
    icloud: ICloudCalendar, front: Front, work: str, status: int
) -> None:
    refusal = FIXTURES["caldav"]["uid_conflict_radicale"]["body"]
    front.scripts[f"{HOME}work/{KEY}.ics"] = status, {}, refusal
    with pytest.raises(NotAllowed) as caught:
        icloud.create(work, request())
    assert caught.value.code == UID_CONFLICT


def test_a_calendar_id_of_another_host_gets_no_password(
    icloud: ICloudCalendar, front: Front
) -> None:
    with pytest.raises(NotAllowed) as caught:
        icloud.get(f"http://127.0.0.2:{front.port}{HOME}work/", KEY)
    assert caught.value.code == HOST_NOT_ALLOWED
    assert front.seen == []


def test_the_front_is_as_strict_as_icloud(front: Front) -> None:
    wrong = requests.request(
        "REPORT", f"{front.home}work/", data="<free-busy-query/>", auth=(USER, PASSWORD), timeout=5
    )
    assert wrong.status_code == 400
    front.refused.clear()


def test_an_account_without_room_is_said_so_and_nothing_was_sent(
    icloud: ICloudCalendar, front: Front, work: str
) -> None:
    front.scripts[f"{HOME}work/{request().key}.ics"] = 507, {}, "SECRET"
    with pytest.raises(NotAllowed) as caught:
        icloud.create(work, request())
    assert (caught.value.code, caught.value.sent) == (STORAGE_FULL, False)
