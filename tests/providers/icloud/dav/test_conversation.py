"""The password goes to no host but the allowed ones, whatever a server says."""

import time

import pytest

from bookme.clock import utcnow
from bookme.errors import (
    ConnectionRevoked,
    NotAllowed,
    NotFound,
    ProviderError,
    ProviderUnavailable,
    Rejected,
)
from bookme.providers.calendar import HOST_NOT_ALLOWED
from bookme.providers.icloud.client import ICloudCalendar
from bookme.providers.icloud.dav.conversation import Conversation
from tests import wire
from tests.contracts import FIXTURES
from tests.providers.conftest import BEGIN, END, request
from tests.providers.outcomes import outcome
from tests.providers.radicale import HOME, USER, Front, home_answer, principal_answer
from tests.wire import serve

SECRET = "SECRET-PASSWORD"
PATTERNS = ["caldav.icloud.com", "*.icloud.com"]


def conversation(url: str, hosts: list[str]) -> Conversation:
    return Conversation("icloud", url, (USER, SECRET), hosts, 10, utcnow)


@pytest.mark.parametrize(
    "url",
    [
        "https://caldav.icloud.com/",
        "https://p42-caldav.icloud.com/123/calendars/",
        "https://p42-caldav.icloud.com:443/",
        "https://P42-CALDAV.ICLOUD.COM/",
    ],
)
def test_apples_hosts_are_allowed(url: str) -> None:
    conversation("https://caldav.icloud.com/", PATTERNS).check(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/",
        "https://icloud.com/",
        "https://icloud.com.evil.example/",
        "https://evilicloud.com/",
        "https://evil-icloud.com/",
        "http://caldav.icloud.com/",
        "ftp://caldav.icloud.com/",
        "//caldav.icloud.com/",
        "/123/",
        "https:caldav.icloud.com",
        "https://caldav.icloud.com@evil.example/",
        "https://evil.example@caldav.icloud.com/",
        "https://evil.example\\@caldav.icloud.com/",
        "https://evil.example\\.caldav.icloud.com/",
        "https://evil.example#.icloud.com/",
        "https://evil.example?.icloud.com/",
        "https://evil.example%2f.icloud.com/",
        "https://evil.example\n.icloud.com/",
        "https://caldav.icloud.com\r\nX: y/",
        "https://caldav.icloud.com./",
        "https://ｅvil.icloud.com/",
        "https://..icloud.com/",
        "https://.icloud.com/",
        "https://[::1].icloud.com/",
        "https://[/",
        "https://caldav.icloud.com:x/",
        "",
    ],
)
def test_other_hosts_are_not(url: str) -> None:
    error = outcome(lambda: conversation("https://caldav.icloud.com/", PATTERNS).check(url))
    assert isinstance(error, NotAllowed)
    assert error.code == HOST_NOT_ALLOWED


def test_a_refusal_names_a_host_that_is_one_so_that_an_operator_may_allow_it() -> None:
    talk = conversation("https://caldav.icloud.com/", PATTERNS)
    with pytest.raises(NotAllowed, match=r"leads to p1\.example\.com, which"):
        talk.check("https://p1.example.com/SECRET")
    with pytest.raises(NotAllowed, match="leads to an address, which"):
        talk.check("https://two words/")


def test_a_server_of_the_operators_own_may_speak_plain_http() -> None:
    talk = conversation("http://localhost:5232/", ["localhost"])
    talk.check("http://localhost:5232/")
    talk.check("https://localhost/")
    with pytest.raises(NotAllowed):
        talk.check("ftp://localhost/")


def hosts_seen(front: Front) -> set[str]:
    return {one.host for one in front.seen}


def test_a_principal_of_another_host_gets_no_password(icloud: ICloudCalendar, front: Front) -> None:
    front.scripts["/"] = principal_answer(f"http://127.0.0.2:{front.port}/")
    error = outcome(icloud.me)
    assert isinstance(error, NotAllowed)
    assert hosts_seen(front) == {"localhost"}


@pytest.mark.parametrize("host", ["127.0.0.2", "localhost@127.0.0.2", "localhost.127.0.0.2"])
def test_a_home_of_another_host_gets_no_password(
    icloud: ICloudCalendar, front: Front, host: str
) -> None:
    front.scripts["/1234567/principal/"] = home_answer(f"http://{host}:{front.port}/")
    for call in (icloud.me, icloud.calendars):
        error = outcome(call)
        assert isinstance(error, NotAllowed)
        assert error.code == HOST_NOT_ALLOWED
    assert hosts_seen(front) == {"localhost"}


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_to_another_host_gets_no_password(
    icloud: ICloudCalendar, front: Front, work: str, status: int
) -> None:
    away = {"Location": f"http://127.0.0.2:{front.port}/"}
    front.scripts["/"] = front.scripts[f"{HOME}work/"] = status, away, ""
    front.scripts[f"{HOME}work/{request().key}.ics"] = status, away, ""
    for call in (
        icloud.me,
        lambda: icloud.busy(work, BEGIN, END),
        lambda: icloud.create(work, request()),
        lambda: icloud.delete(work, request().key),
    ):
        assert isinstance(outcome(call), NotAllowed)
    assert hosts_seen(front) == {"localhost", "127.0.0.1"}


def test_a_redirect_to_an_allowed_host_is_followed(icloud: ICloudCalendar, front: Front) -> None:
    front.scripts["/"] = 301, {"Location": "/moved/"}, ""
    front.scripts["/moved/"] = principal_answer("/1234567/principal/")
    assert icloud.me().label == USER


@pytest.mark.parametrize("where", ["/", "/a/", ""])
def test_redirects_without_end_are_an_outage(
    icloud: ICloudCalendar, front: Front, where: str
) -> None:
    front.scripts["/"] = 302, {"Location": "/a/"}, ""
    front.scripts["/a/"] = 302, ({"Location": where} if where else {}), ""
    assert isinstance(outcome(icloud.me), ProviderUnavailable)
    assert len(front.seen) <= 5


def test_a_password_may_have_any_letters(front: Front) -> None:
    wrong = ICloudCalendar(front.url, "anä@例え.jp", "pässwörd😀", hosts=["localhost"])
    assert isinstance(outcome(wrong.me), ConnectionRevoked)


#: Every sample answer of a CalDAV server to the creation of an entry, and what comes of it.
OUTCOMES: dict[str, type[ProviderError] | None] = {
    "put_new": None,
    "put_if_none_match_again": Rejected,  # and to asking what is there
    "put_stale_if_match": Rejected,
    "put_ok_if_match": None,
    "delete_again": NotFound,
    "uid_conflict_radicale": NotAllowed,
    "icloud_401": ConnectionRevoked,
    "icloud_freebusy": Rejected,
}


@pytest.mark.parametrize("name", FIXTURES["caldav"])
def test_every_known_answer_has_its_class(
    icloud: ICloudCalendar, front: Front, work: str, name: str
) -> None:
    sample = FIXTURES["caldav"][name]
    scripted = sample["status"], sample.get("headers", {}), sample["body"] or ""
    front.scripts[f"{HOME}work/{request().key}.ics"] = scripted
    error = outcome(lambda: icloud.create(work, request()))
    assert isinstance(error, OUTCOMES[name] or type(None))
    assert error is None or not error.sent


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (400, Rejected),
        (403, NotAllowed),
        (409, NotFound),
        (410, NotFound),
        (423, Rejected),
        (429, ProviderUnavailable),
        (500, ProviderUnavailable),
        (503, ProviderUnavailable),
        (507, ProviderUnavailable),
    ],
)
def test_the_status_decides(
    icloud: ICloudCalendar, front: Front, work: str, status: int, expected: type[ProviderError]
) -> None:
    front.scripts[f"{HOME}work/"] = status, {"Retry-After": "30"}, "SECRET"
    error = outcome(lambda: icloud.busy(work, BEGIN, END))
    assert type(error) is expected
    if isinstance(error, ProviderUnavailable):
        assert error.retry_at is not None


@pytest.mark.parametrize(
    "body",
    [
        "",
        "SECRET",
        "<html>SECRET",
        "<html>SECRET</html>",
        '<multistatus xmlns="DAV:"/>',
        '<multistatus xmlns="DAV:"><response>SECRET</response></multistatus>',
        '<multistatus xmlns="DAV:"><response><status>SECRET</status></response></multistatus>',
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>',
    ],
    ids=lambda body: body[:40],
)
@pytest.mark.parametrize("kind", ["text/xml", "text/html"])
def test_an_answer_that_makes_no_sense_is_an_outage_and_not_logged(
    icloud: ICloudCalendar,
    front: Front,
    caplog: pytest.LogCaptureFixture,
    body: str,
    kind: str,
) -> None:
    front.scripts["/"] = 207, {"Content-Type": kind}, body
    with caplog.at_level(0):
        error = outcome(icloud.me)
    assert type(error) is ProviderUnavailable
    assert "SECRET" not in caplog.text


@pytest.mark.parametrize("action", ["create", "delete"])
def test_a_page_is_no_word_of_success(
    icloud: ICloudCalendar, front: Front, work: str, action: str
) -> None:
    page = {"Content-Type": "text/html; charset=utf-8"}
    front.scripts[f"{HOME}work/{request().key}.ics"] = 200, page, "<html>Please wait</html>"
    calls = {
        "create": lambda: icloud.create(work, request()),
        "delete": lambda: icloud.delete(work, request().key),
    }
    error = outcome(calls[action])
    assert type(error) is ProviderUnavailable
    assert error.sent


def test_all_requests_of_a_call_end_at_its_deadline(front: Front) -> None:
    with serve(wire.is_silent) as silent:
        front.scripts["/"] = principal_answer(f"{silent.url}/")
        hosts = ["localhost", "127.0.0.1"]
        icloud = ICloudCalendar(front.url, USER, SECRET, hosts=hosts, deadline=0.4)
        begun = time.monotonic()
        error = outcome(icloud.me)
    assert isinstance(error, ProviderUnavailable)
    assert time.monotonic() - begun < 2
