"""Every form that htmx sends, refused in every way: words arrive where the form is, and the form
stays as it is; without JavaScript a page with the same words comes.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

import bookme
from bookme.accounts import links
from bookme.accounts.links import Purpose
from bookme.extensions import db
from bookme.models import Booking, User
from bookme.web.htmx import SHOW
from tests import factories
from tests.factories import NOW
from tests.public.pages import FORM_KEY

AsHost = Callable[..., FlaskClient]
TEMPLATES = Path(bookme.__file__).parent / "templates"


@dataclass(frozen=True)
class Form:
    """A form that htmx sends.

    :ivar templates: where it is.
    :ivar gone: its address when what it is about is gone; empty if that cannot be.
    """

    templates: tuple[str, ...]
    path: str
    gone: str = ""
    is_public: bool = False
    typed: dict[str, str] = field(default_factory=dict)


FORMS = {
    "a schedule's switch": Form(
        ("schedules/_schedule.html",),
        "/dashboard/schedules/{schedule}/switch",
        "/dashboard/schedules/99999/switch",
    ),
    "a schedule's rows": Form(
        (
            *("hours/_week.html", "hours/_dates.html"),
            *("schedules/_messages.html", "schedules/_questions.html"),
        ),
        "/dashboard/schedules/{schedule}",
        "/dashboard/schedules/99999",
        typed={"add": "0", "title": "Typed"},
    ),
    "a schedule's preview": Form(
        ("schedules/edit.html",),
        "/dashboard/schedules/{schedule}/preview",
        "/dashboard/schedules/99999/preview",
        typed={"title": "Typed"},
    ),
    "time off": Form(("hours/_time_off.html",), "/dashboard/hours/off/new"),
    "the rows of the set-up": Form(
        ("hours/_week.html",), "/dashboard/set-up/hours", typed={"add": "0"}
    ),
    "confirming an address": Form(
        ("accounts/confirm_email.html",), "/confirm-email/{confirm}", is_public=True
    ),
    "the details of a booking": Form(
        ("public/_details.html",),
        "/mara/intro/book",
        "/mara/nothing/book",
        is_public=True,
        typed={"email": "ana@example.com", "form_key": FORM_KEY},
    ),
    "moving a booking": Form(
        ("public/_move.html",),
        "/booking/{token}/reschedule",
        "/booking/nobody/reschedule",
        is_public=True,
    ),
    "testing a connection": Form(("connections/_details.html",), "/connections/zoom/test"),
    "which calendars are checked": Form(
        ("connections/_calendars.html",), "/connections/google/calendars"
    ),
    "reading the list": Form(
        ("connections/_calendars.html",), "/connections/google/calendars/list"
    ),
    "disconnecting": Form(("connections/_disconnect.html",), "/connections/zoom/disconnect"),
    "where bookings are added": Form(("connections/_taking.html",), "/connections/bookings"),
    "an Apple Account": Form(
        ("connections/_password.html",),
        "/connections/icloud/password",
        typed={"username": "ana@example.com"},
    ),
    "connecting": Form(
        ("connections/_connect.html",), "/connections/zoom/connect", "/connections/skype/connect"
    ),
    "alerts in calendar files": Form(("settings/_alarm.html",), "/connections/settings/alarm"),
    "the default video provider": Form(
        ("settings/_default_provider.html",), "/connections/settings"
    ),
}
HOSTS = [name for name, form in FORMS.items() if not form.is_public]
LIMITED = {"the details of a booking": 60, "moving a booking": 60, "an Apple Account": 20}

forms = pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
host_forms = pytest.mark.parametrize("form", [FORMS[name] for name in HOSTS], ids=HOSTS)
with_and_without = pytest.mark.parametrize("scripts", [True, False], ids=["htmx", "no JavaScript"])


@pytest.fixture
def booking(app: Flask) -> Booking:
    """Ana's, on a schedule of Mara's."""
    made: Booking = factories.booking()
    return made


@pytest.fixture
def host(booking: Booking) -> User:
    return booking.host


@pytest.fixture
def address(booking: Booking) -> Callable[[Form], str]:
    confirm = links.make(booking.host, Purpose.CONFIRM, now=NOW).rpartition("/")[2]
    names = {"schedule": booking.schedule_id, "token": booking.token, "confirm": confirm}
    return lambda form: form.path.format(**names)


def words(answer: TestResponse) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())


def arrives(answer: TestResponse, status: int, said: str, *, scripts: bool) -> None:
    """These words are shown: in place, where nothing that was typed is touched; or on a page."""
    assert answer.status_code == status
    assert said in words(answer)
    assert ("<html" in answer.text) is not scripts
    if scripts:
        headers = answer.headers
        assert (headers[SHOW], headers["HX-Retarget"]) == ("yes", "#trouble")
        assert headers["HX-Reswap"] == "innerHTML"


@contextmanager
def no_people() -> Iterator[None]:
    """The database fails whoever asks for a person. Other tests go on with the same PostgreSQL, so
    the table comes back.
    """
    rename("user", "elsewhere")
    try:
        yield
    finally:
        db.session.rollback()
        rename("elsewhere", "user")


def rename(table: str, to: str) -> None:
    db.session.execute(sa.text(f'ALTER TABLE "{table}" RENAME TO "{to}"'))
    db.session.commit()


def test_no_form_of_htmx_is_missing_here() -> None:
    found = {
        str(path.relative_to(TEMPLATES))
        for path in TEMPLATES.rglob("*.html")
        if "hx-post" in path.read_text()
    }
    assert found == {name for form in FORMS.values() for name in form.templates}


@host_forms
def test_a_session_that_is_over(
    htmx: FlaskClient, host: User, address: Callable[[Form], str], form: Form
) -> None:
    answer = htmx.post(address(form), data=form.typed)
    arrives(answer, 401, "You’re signed out.", scripts=True)
    assert 'href="/sign-in" target="_blank"' in answer.text


@host_forms
def test_a_session_that_is_over_without_javascript(
    client: FlaskClient, host: User, address: Callable[[Form], str], form: Form
) -> None:
    answer = client.post(address(form), data=form.typed)
    assert answer.headers["Location"] == "/sign-in"
    assert "Sign in to see this page." in words(client.get("/sign-in"))


@host_forms
@with_and_without
def test_a_page_from_before_the_last_sign_in(
    app: Flask,
    host: User,
    as_host: AsHost,
    address: Callable[[Form], str],
    form: Form,
    scripts: bool,
) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    browser = as_host(host, htmx=scripts)
    answer = browser.post(address(form), data=form.typed | {"csrf_token": "another session's"})
    said = "opened before you last signed in" if scripts else "open for too long"
    arrives(answer, 400, said, scripts=scripts)
    if scripts:
        assert host.email in answer.text
        given = re.search(
            r'value="([^"]+)" hx-swap-oob="outerHTML:input\[name=csrf_tok', answer.text
        )
        assert given is not None
        again = browser.post(address(form), data=form.typed | {"csrf_token": given[1]})
        assert "last signed in" not in again.text


@host_forms
def test_a_page_of_somebody_who_has_signed_out(
    app: Flask, htmx: FlaskClient, host: User, address: Callable[[Form], str], form: Form
) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    answer = htmx.post(address(form), data=form.typed | {"csrf_token": "another session's"})
    arrives(answer, 401, "You’re signed out.", scripts=True)


@forms
@with_and_without
def test_what_is_too_long(
    app: Flask,
    host: User,
    as_host: AsHost,
    address: Callable[[Form], str],
    form: Form,
    scripts: bool,
) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    sent = {"csrf_token": "x", "typed": "x" * (app.config["MAX_CONTENT_LENGTH"] + 1)}
    answer = as_host(host, htmx=scripts).post(address(form), data=sent)
    said = "That was too much at once" if scripts else "longer than we accept"
    arrives(answer, 413, said, scripts=scripts)


@pytest.mark.parametrize("name", LIMITED)
@with_and_without
def test_too_many_tries(
    host: User, as_host: AsHost, address: Callable[[Form], str], name: str, scripts: bool
) -> None:
    form, browser = FORMS[name], as_host(host, htmx=scripts)
    for _ in range(LIMITED[name]):
        assert browser.post(address(form), data=form.typed).status_code == 422
    answer = browser.post(address(form), data=form.typed)
    arrives(answer, 429, "Too many tries in a short time", scripts=scripts)
    assert ("Wait 1 hour" if "Apple" in name else "Wait 1 minute") in words(answer)


@forms
@with_and_without
def test_a_database_that_is_away(
    host: User, as_host: AsHost, address: Callable[[Form], str], form: Form, scripts: bool
) -> None:
    path, browser = address(form), as_host(host, htmx=scripts)
    with no_people():
        answer = browser.post(path, data=form.typed)
    said = "BookMe can’t reach its own records" if scripts else "BookMe isn’t available"
    arrives(answer, 503, said, scripts=scripts)


@forms
@with_and_without
def test_a_mistake_of_ours(
    app: Flask,
    host: User,
    as_host: AsHost,
    address: Callable[[Form], str],
    form: Form,
    scripts: bool,
) -> None:
    path, browser = address(form), as_host(host, htmx=scripts)
    app.config["PROPAGATE_EXCEPTIONS"] = app.testing = False

    @app.before_request
    def break_down() -> None:
        raise RuntimeError("a mistake of ours")

    arrives(
        browser.post(path, data=form.typed), 500, "Something broke on our side", scripts=scripts
    )


@pytest.mark.parametrize(
    "form", [one for one in FORMS.values() if one.gone], ids=lambda form: form.gone
)
@with_and_without
def test_what_is_gone(host: User, as_host: AsHost, form: Form, scripts: bool) -> None:
    answer = as_host(host, htmx=scripts).post(form.gone, data=form.typed)
    said = "This isn’t there anymore." if scripts else "Page not found"
    arrives(answer, 404, said, scripts=scripts)


@pytest.mark.parametrize("path", ["zoom/connect", "icloud/password"])
@with_and_without
def test_an_unconfirmed_host(host: User, as_host: AsHost, path: str, scripts: bool) -> None:
    host.email_confirmed_at = None
    db.session.commit()
    answer = as_host(host, htmx=scripts).post(f"/connections/{path}")
    arrives(answer, 403, "Confirm your e-mail address first", scripts=scripts)


@pytest.mark.parametrize("path", ["test", "calendars", "calendars/list"])
@with_and_without
def test_a_connection_that_has_ended_in_another_window(
    host: User, as_host: AsHost, path: str, scripts: bool
) -> None:
    browser, said = as_host(host, htmx=scripts), "Google isn&#39;t connected anymore."
    answer = browser.post(f"/connections/google/{path}")
    if not scripts:
        assert said in browser.get(answer.headers["Location"]).text
        return
    assert (answer.status_code, answer.headers[SHOW]) == (409, "yes")
    assert said in answer.text
    assert 'id="provider-google"' in answer.text


@with_and_without
def test_a_booking_that_was_cancelled_meanwhile(
    booking: Booking, client: FlaskClient, htmx: FlaskClient, scripts: bool
) -> None:
    client.post(f"/booking/{booking.token}/cancel")
    sent = {"starts_at": "2027-03-03T09:00:00Z", "zone": "UTC", "clock": "24"}
    browser = htmx if scripts else client
    answer = browser.post(f"/booking/{booking.token}/reschedule", data=sent)
    if scripts:
        assert answer.headers["HX-Redirect"] == f"/booking/{booking.token}"
        answer = client.get(answer.headers["HX-Redirect"])
    assert "cancelled" in words(answer)
