"""Connecting iCloud with an app-specific password, against a real CalDAV server."""

import logging
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from bookme.connections import service
from bookme.connections.grants import seals, tokens
from bookme.connections.service import Finding, Revocation
from bookme.extensions import db
from bookme.models import ConnectionStatus, Problem, User
from bookme.web.htmx import SHOW
from tests.conftest import NOW
from tests.connections.clouds import calendars, live
from tests.connections.making import rows
from tests.providers.radicale import PASSWORD, USER, Front, Radicale, home_answer
from tests.test_wal import kept_bytes

AsHost = Callable[..., FlaskClient]
FORM = "/connections/icloud/password"
TYPED = {"username": USER, "password": PASSWORD}


@pytest.fixture(scope="module")
def radicale(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Radicale]:
    server = Radicale(tmp_path_factory.mktemp("radicale"))
    yield server
    server.stop()


@pytest.fixture
def front(app: Flask, radicale: Radicale) -> Iterator[Front]:
    """iCloud as this server knows it, with two calendars of the user's."""
    radicale.empty()
    for name in ("home", "work"):
        radicale.make_calendar(name, f"<D:displayname>{name.title()}</D:displayname>")
    server = Front()
    server.behind = radicale.url
    app.config.update(ICLOUD_URL=server.url, ICLOUD_HOSTS=("localhost", "127.0.0.1"))
    yield server
    server.close()


def errors(text: str) -> list[str]:
    return [" ".join(p.text.split()) for p in BeautifulSoup(text, "html.parser").select(".error")]


def kept(text: str) -> str:
    """What the form still shows of the Apple ID; the password's field is empty."""
    form = BeautifulSoup(text, "html.parser").select_one("form#by-password")
    assert form is not None
    password, username = form.select_one("#password"), form.select_one("#username")
    assert password is not None
    assert username is not None
    assert not password.get("value")
    return str(username.get("value") or "")


def test_the_page_leads_to_a_form_that_says_where_the_password_comes_from(
    host: User, as_host: AsHost
) -> None:
    browser = as_host(host)
    card = BeautifulSoup(browser.get("/connections").text, "html.parser").find(id="provider-icloud")
    assert card is not None
    link = card.select_one("a.button")
    assert link is not None
    assert (link.text, link["href"]) == ("Connect iCloud", FORM)
    page = browser.get(FORM).text
    assert "https://account.apple.com" in page
    form = BeautifulSoup(page, "html.parser").select_one("form#by-password")
    assert form is not None
    assert form["action"] == form["hx-post"] == FORM


def test_the_right_password_connects(
    host: User, as_host: AsHost, front: Front, hints: list[tuple[str, tuple[int, ...]]]
) -> None:
    answer = as_host(host).post(FORM, data=TYPED)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/connections?open=icloud")
    made, found = live(host), calendars(host)
    assert (made.provider, made.status, tokens.label(made)) == ("icloud", "active", USER)
    assert (made.expires_at, made.refresh_token_sealed) == (None, None)
    assert set(found) == {"Home", "Work"}
    (checked,) = [row for row in found.values() if row.is_checked]
    assert checked.takes_bookings
    assert ("calendars.reading.read_busy", (checked.id,)) in hints
    page = as_host(host).get("/connections?open=icloud").text
    assert "iCloud is connected." in page or USER in page
    assert {seen.host for seen in front.seen if seen.had_password} == {"localhost", "127.0.0.1"}


def test_the_password_is_taken_however_it_was_copied(
    host: User, as_host: AsHost, front: Front
) -> None:
    typed = {"username": f" {USER} ", "password": PASSWORD.upper().replace("-", " ")}
    assert as_host(host).post(FORM, data=typed).status_code == 303
    assert live(host).is_active


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"password": "Tr0ub4dor&3 horse"}, "Enter an app-specific password: four groups"),
        ({"password": "abcd-efgh-ijkl"}, "Enter an app-specific password: four groups"),
        ({"password": ""}, "Enter an app-specific password."),
        ({"username": "ana"}, "Enter an e-mail address, such as name@example.com."),
        ({"username": "a:b@example.com"}, "Enter an e-mail address, such as name@example.com."),
        ({"username": "https://caldav.icloud.com/"}, "the address of a server"),
        ({"username": "https://ana@caldav.icloud.com/1/"}, "the address of a server"),
        ({"username": "p07-caldav.icloud.com"}, "the address of a server"),
        ({"username": ""}, "Enter the e-mail"),
    ],
)
@pytest.mark.parametrize("with_htmx", [True, False])
def test_what_cannot_be_right_is_sent_nowhere(
    host: User, as_host: AsHost, front: Front, typed: dict[str, str], said: str, with_htmx: bool
) -> None:
    answer = as_host(host, htmx=with_htmx).post(FORM, data=TYPED | typed)
    assert answer.status_code == 422
    assert said in errors(answer.text)[0]
    assert (front.seen, rows(host)) == ([], [])
    assert kept(answer.text) == (TYPED | typed)["username"]
    for secret in filter(None, (typed.get("password"), PASSWORD)):
        assert f'value="{secret}"' not in answer.text


def test_a_wrong_password_says_so_and_keeps_what_was_typed(
    host: User, as_host: AsHost, front: Front
) -> None:
    answer = as_host(host).post(FORM, data=TYPED | {"password": "abcd-efgh-ijkl-xxxx"})
    assert answer.status_code == 422
    assert (
        "doesn't accept this e-mail address with this app-specific password"
        in errors(answer.text)[0]
    )
    assert kept(answer.text) == USER
    assert "abcd-efgh-ijkl-xxxx" not in answer.text
    assert rows(host) == []


@pytest.mark.parametrize("with_htmx", [True, False])
@pytest.mark.parametrize(
    "leads",
    [
        lambda front: (301, {"Location": f"http://127.0.0.2:{front.port}/"}, ""),
        lambda front: home_answer(f"http://127.0.0.2:{front.port}/calendars/"),
        lambda front: home_answer("http://localhost@127.0.0.2/"),
    ],
    ids=["redirect", "home-set", "disguised"],
)
def test_another_host_never_gets_the_password(
    host: User,
    as_host: AsHost,
    front: Front,
    leads: Callable[[Front], object],
    with_htmx: bool,
) -> None:
    path = "/" if leads(front)[0] == 301 else "/1234567/principal/"  # type: ignore[index]
    front.scripts[path] = leads(front)  # type: ignore[assignment]
    answer = as_host(host, htmx=with_htmx).post(FORM, data=TYPED)
    assert answer.status_code == 502
    assert (SHOW in answer.headers) is with_htmx
    assert "so we didn't send your password there" in unescape(answer.text)
    assert kept(answer.text) == USER
    assert PASSWORD not in answer.text
    assert [seen for seen in front.seen if seen.host == "127.0.0.2"] == []
    assert rows(host) == []


def test_an_address_that_the_operator_has_not_allowed_gets_nothing(
    app: Flask, host: User, as_host: AsHost, front: Front
) -> None:
    app.config["ICLOUD_HOSTS"] = ("caldav.icloud.com", "*.icloud.com")
    assert as_host(host).post(FORM, data=TYPED).status_code == 502
    assert front.seen == []


@pytest.mark.parametrize("with_htmx", [True, False])
def test_an_icloud_that_does_not_answer_keeps_nothing(
    host: User, as_host: AsHost, front: Front, with_htmx: bool
) -> None:
    front.scripts["/"] = (503, {}, "")
    answer = as_host(host, htmx=with_htmx).post(FORM, data=TYPED)
    assert answer.status_code == 503
    assert (SHOW in answer.headers) is with_htmx
    assert kept(answer.text) == USER
    assert "didn't answer" in unescape(answer.text)
    assert rows(host) == []


def test_an_icloud_that_leads_elsewhere_later_is_said_as_that(
    host: User, as_host: AsHost, front: Front
) -> None:
    browser = as_host(host)
    browser.post(FORM, data=TYPED)
    front.scripts["/"] = (301, {"Location": f"http://127.0.0.2:{front.port}/"}, "")
    for path in ("icloud/test", "icloud/calendars/list"):
        answer = browser.post(f"/connections/{path}")
        said = browser.get(answer.headers["Location"]).text
        assert "isn&#39;t one of Apple&#39;s" in said, path
    assert live(host).is_active


def test_a_password_taken_back_needs_its_host(host: User, as_host: AsHost, front: Front) -> None:
    as_host(host).post(FORM, data=TYPED)
    front.scripts["/"] = (401, {"WWW-Authenticate": 'Basic realm="x"'}, "")
    assert service.test_connection(live(host), now=NOW) is Finding.DEAD
    made = live(host)
    assert (made.status, made.problem) == (ConnectionStatus.NEEDS_RECONNECT, Problem.GRANT_ENDED)
    assert made.access_token_sealed is None
    page = as_host(host).get("/connections?open=icloud").text
    assert "no longer accepts the app-specific password" in page
    assert "Reconnect iCloud" in page
    front.scripts.clear()
    before = set(calendars(host))
    as_host(host).post(FORM, data=TYPED)
    assert live(host).is_active
    assert set(calendars(host)) == before


@pytest.mark.parametrize("with_htmx", [True, False])
def test_another_apple_account_is_not_put_in_its_place_unasked(
    host: User, as_host: AsHost, front: Front, with_htmx: bool
) -> None:
    as_host(host).post(FORM, data=TYPED)
    made = live(host)
    made.user_digest, made.user_id_sealed = "of-another", None
    db.session.commit()
    answer = as_host(host, htmx=with_htmx).post(FORM, data=TYPED)
    assert answer.status_code == 409
    assert (SHOW in answer.headers) is with_htmx
    assert f"{USER} is connected. Select this to use {USER} instead." in errors(answer.text)[0]
    assert as_host(host).post(FORM, data=TYPED | {"replace": "y"}).status_code == 303
    assert [row.status for row in rows(host)] == ["inactive", "active"]


def test_there_is_no_consent_page_to_go_to(host: User, as_host: AsHost) -> None:
    assert as_host(host).post("/connections/icloud/connect").status_code == 404
    assert as_host(host).get("/connections/icloud/callback?code=x").status_code == 404


def test_an_unconfirmed_host_cannot_connect(host: User, as_host: AsHost, front: Front) -> None:
    host.email_confirmed_at = None
    db.session.commit()
    assert as_host(host).post(FORM, data=TYPED).status_code == 403
    assert front.seen == []


def test_disconnecting_names_the_page_and_leaves_no_byte(
    host: User,
    as_host: AsHost,
    front: Front,
    tmp_path: Path,
    hints: list[tuple[str, tuple[int, ...]]],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    browser = as_host(host)
    browser.post(FORM, data=TYPED)
    made = live(host)
    gone = {
        name: bytes(value)
        for name in seals.NOTHING
        if name.endswith("_sealed") and (value := getattr(made, name)) is not None
    }
    db.session.commit()
    before = kept_bytes(tmp_path)
    assert all(value in before for value in gone.values())
    for text in (USER, PASSWORD):
        assert text.encode() not in before
    answer = browser.post("/connections/icloud/disconnect")
    assert 'href="https://account.apple.com"' in browser.get(answer.headers["Location"]).text
    after = kept_bytes(tmp_path) + repr(hints).encode()
    after += "".join(
        one.getMessage() for one in caplog.records if one.name.startswith("bookme")
    ).encode()
    gone |= {text: text.encode() for text in (USER, PASSWORD, "1234567", "efgh-ijkl")}
    assert [name for name, value in gone.items() if value in after] == []
    assert calendars(host) == {}


def test_a_password_is_not_revoked_and_nothing_is_asked(
    host: User, as_host: AsHost, front: Front
) -> None:
    as_host(host).post(FORM, data=TYPED)
    front.seen.clear()
    assert service.disconnect(live(host), now=NOW) is Revocation.NOT_POSSIBLE
    assert front.seen == []
