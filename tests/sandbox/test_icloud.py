"""iCloud: the way to the calendars, and what is strict about them. All of it needs a real wire."""

from urllib.parse import urlsplit

import pytest
import requests

from tests.sandbox.icloud_side import FREE_BUSY, NAMES, QUERY, WHERE, WHO, ICloudSide, hrefs, ics
from tests.sandbox_process import BEN, MARA, SandboxProcess


@pytest.fixture
def icloud(process: SandboxProcess) -> ICloudSide:
    return ICloudSide(process)


def test_the_way_leads_to_another_host(icloud: ICloudSide) -> None:
    begin, home = urlsplit(icloud.url), urlsplit(icloud.home())
    assert (begin.hostname, home.hostname) == ("localhost", "127.0.0.1")
    assert begin.port == home.port
    there = hrefs(icloud.ask("PROPFIND", icloud.home(), NAMES, Depth="1"))
    assert {path.rstrip("/").rpartition("/")[2] for path in there[1:]} == {
        "home",
        "family",
        "read-only",
    }
    assert icloud.ask("PROPFIND", home.path, NAMES, Depth="1").status_code == 404


def test_hrefs_may_name_the_first_host(process: SandboxProcess, icloud: ICloudSide) -> None:
    process.control("settings", {"icloud_absolute_hrefs": True})
    there = hrefs(icloud.ask("PROPFIND", icloud.home(), NAMES, Depth="1"))
    assert all(one.startswith(process.web_url) for one in there)
    assert icloud.ask("PROPFIND", there[0], NAMES, Depth="1").status_code == 207


@pytest.mark.parametrize("path", ["/.well-known/caldav", "/icloud/.well-known/caldav"])
def test_the_well_known_address_leads_there(icloud: ICloudSide, path: str) -> None:
    answer = icloud.ask("PROPFIND", path, WHO, Depth="0")
    assert (answer.status_code, answer.headers["Location"]) == (301, icloud.url)


def test_the_way_can_lead_astray(process: SandboxProcess, icloud: ICloudSide) -> None:
    process.control("settings", {"icloud_home": "http://evil.example"})
    assert icloud.home().startswith("http://evil.example/")
    process.control("settings", {"icloud_redirect": "http://evil.example"})
    answer = icloud.ask("PROPFIND", "", WHO, Depth="0")
    assert answer.headers["Location"] == "http://evil.example/icloud/"


@pytest.mark.parametrize("login", [(MARA, "make yourself at home"), ("x@example.com", "y")])
def test_a_wrong_password_is_offered_both_schemes(
    icloud: ICloudSide, login: tuple[str, str]
) -> None:
    for address in (icloud.url, icloud.home()):
        answer = icloud.ask("PROPFIND", address, WHO, Depth="0", login=login)
        assert answer.status_code == 401
        offered = answer.headers["WWW-Authenticate"]
        assert offered.startswith("X-MobileMe-AuthToken realm=")
        assert "Basic realm=" in offered


def test_a_revoked_password_is_dead_at_once(process: SandboxProcess, icloud: ICloudSide) -> None:
    home = icloud.home()
    new = process.control("calendars/icloud/passwords", {"user": MARA})["password"]
    assert icloud.ask("PROPFIND", home, NAMES, Depth="1").status_code == 401
    assert icloud.ask("PROPFIND", home, NAMES, Depth="1", login=(MARA, new)).status_code == 207
    process.control("calendars/icloud/passwords", {"user": MARA, "revoke": True})
    assert icloud.ask("PROPFIND", home, NAMES, Depth="1", login=(MARA, new)).status_code == 401


def test_nobody_sees_anothers_calendars(process: SandboxProcess, icloud: ICloudSide) -> None:
    ben = ICloudSide(process, BEN)
    for address in (icloud.principal(), icloud.home(), f"{icloud.home()}home/"):
        assert ben.ask("PROPFIND", address, NAMES, Depth="0").status_code == 403


@pytest.mark.parametrize("depth", ["1", "infinity", None])
def test_a_principal_is_asked_flat(icloud: ICloudSide, depth: str | None) -> None:
    deep = {"Depth": depth} if depth else {}
    assert icloud.ask("PROPFIND", icloud.principal(), WHERE, **deep).status_code == 400
    assert icloud.ask("PROPFIND", "", WHO, **deep).status_code == 400


def test_busy_times_are_asked_by_query_alone(icloud: ICloudSide) -> None:
    home = f"{icloud.home()}home/"
    icloud.create(f"{home}bookme7.ics")
    span = ("20270308T000000Z", "20270309T000000Z")
    found = icloud.ask("REPORT", home, QUERY.format("VEVENT", *span), Depth="1")
    assert found.text.count("SUMMARY:Intro call") == 1
    assert icloud.ask("REPORT", home, FREE_BUSY, Depth="1").status_code == 400
    todo = QUERY.format("VTODO", *span)
    assert icloud.ask("REPORT", home, todo, Depth="1").status_code == 400
    assert icloud.ask("REPORT", home, QUERY.format("VEVENT", *span)).status_code == 400
    assert icloud.ask("REPORT", home, "nonsense", Depth="1").status_code == 400


def test_a_file_lives(process: SandboxProcess, icloud: ICloudSide) -> None:
    address = f"{icloud.home()}home/bookme7.ics"
    assert icloud.create(address).status_code == 201
    assert icloud.create(address).status_code == 412
    etag = icloud.ask("GET", address).headers["ETag"]
    other = ics(without="SUMMARY").replace("END:VEVENT", "SUMMARY:Other\r\nEND:VEVENT")
    assert icloud.put(address, other, If_Match=etag).status_code == 204
    assert icloud.put(address, other, If_Match=etag).status_code == 412
    [made] = [one for one in process.events("icloud") if one["made_by"] == "app"]
    assert (made["id"], made["title"], made["calendar"]) == ("bookme7", "Other", "Home")
    assert icloud.ask("DELETE", address).status_code == 204
    assert icloud.ask("DELETE", address).status_code == 404


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 400),
        ({"If_Match": "*"}, 400),
        ({"If_Match": 'W/"x"'}, 400),
        ({"If_None_Match": '"x"'}, 400),
        ({"If_None_Match": "*", "If_Match": '"x"'}, 400),
        ({"If_None_Match": "*", "Content_Type": "text/plain"}, 415),
    ],
    ids=str,
)
def test_a_file_is_written_under_a_condition(
    icloud: ICloudSide, headers: dict[str, str], status: int
) -> None:
    address = f"{icloud.home()}home/bookme7.ics"
    assert icloud.put(address, ics(), **headers).status_code == status
    assert icloud.ask("GET", address).status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        ics(without="DTEND"),
        ics(without="UID"),
        ics(without="DTSTAMP"),
        ics(without="DTSTART"),
        ics("ORGANIZER:mailto:mara@example.com"),
        ics("ATTENDEE:mailto:ana@example.org"),
        ics("DTSTART;TZID=Europe/Berlin:20270308T150000", without="DTSTART"),
        ics().replace("bookme7", "another"),
        ics().replace("VERSION:2.0", "VERSION:1.0"),
        ics().replace("BEGIN:VEVENT", "BEGIN:VTODO").replace("END:VEVENT", "END:VTODO"),
        "nonsense",
    ],
    ids=range(11),
)
def test_a_wrong_file_is_refused(icloud: ICloudSide, body: str) -> None:
    assert icloud.create(f"{icloud.home()}home/bookme7.ics", body).status_code == 403


def test_an_entry_lives_in_one_calendar(icloud: ICloudSide) -> None:
    icloud.create(f"{icloud.home()}home/bookme7.ics")
    twice = icloud.create(f"{icloud.home()}family/bookme7.ics")
    assert (twice.status_code, "no-uid-conflict" in twice.text) == (403, True)


def test_some_things_are_not_taken(icloud: ICloudSide) -> None:
    home = icloud.home()
    assert icloud.create(f"{home}read-only/bookme7.ics").status_code == 403
    assert icloud.create(f"{home}nowhere/bookme7.ics").status_code == 409
    for method in ("MKCALENDAR", "MOVE", "POST", "PROPPATCH"):
        assert icloud.ask(method, f"{home}home/").status_code == 405
    assert icloud.ask("GET", icloud.principal()).status_code == 405
    icloud.create(f"{home}home/bookme7.ics")
    assert icloud.ask("DELETE", f"{home}home/bookme7.ics", If_Match="*").status_code == 400
    assert icloud.ask("DELETE", f"{home}home/").status_code == 405


def test_owners_add_change_and_delete(process: SandboxProcess, icloud: ICloudSide) -> None:
    given = {"user": MARA, "title": "Gym", "starts_at": "2027-03-02T20:00:00Z", "minutes": 45}
    number = process.control("calendars/icloud/add", given)["id"]
    address = f"{icloud.home()}home/{number}.ics"
    assert "SUMMARY:Gym" in icloud.ask("GET", address).text
    process.control("calendars/icloud/change", {"entry": number, "title": "Spa", "shows": "free"})
    changed = icloud.ask("GET", address).text
    assert "SUMMARY:Spa" in changed
    assert "TRANSP:TRANSPARENT" in changed
    assert changed.count("BEGIN:VEVENT") == 1
    process.control("calendars/icloud/remove", {"entry": number})
    assert icloud.ask("GET", address).status_code == 404
    process.control("calendars/icloud/drop", {"user": MARA, "calendar": "Family"})
    assert icloud.ask("PROPFIND", f"{icloud.home()}family/", NAMES, Depth="0").status_code == 404


def test_the_page_shows_passwords_and_entries(process: SandboxProcess, icloud: ICloudSide) -> None:
    page = requests.get(f"{process.web_url}/icloud/calendar", timeout=30).text
    for words in (icloud.login[1], "Stand-up", "Sales pitch", "declined", "cancelled", "Holidays"):
        assert words in page
    assert "Sandbox: not the real iCloud" in page


@pytest.mark.parametrize(
    ("operation", "method"),
    [
        ("icloud.propfind", "PROPFIND"),
        ("icloud.report", "REPORT"),
        ("icloud.get", "GET"),
        ("icloud.put", "PUT"),
        ("icloud.delete", "DELETE"),
    ],
)
def test_each_operation_can_fail_alone(
    process: SandboxProcess, icloud: ICloudSide, operation: str, method: str
) -> None:
    process.control("faults", {"operation": operation, "kind": "503"})
    methods = ("PROPFIND", "REPORT", "GET", "PUT", "DELETE")
    failed = [one for one in methods if icloud.ask(one, "/icloud/").status_code == 503]
    assert failed == [method]


def test_a_call_is_logged_with_person_and_entry(
    process: SandboxProcess, icloud: ICloudSide
) -> None:
    icloud.create(f"{icloud.home()}home/bookme7.ics")
    call = process.calls("icloud.put")[-1]
    assert (call["user"], call["event_id"], call["did"]) == (MARA, "bookme7", 201)
