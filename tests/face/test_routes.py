"""The page of a host's face, and what is found at the addresses that it makes."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from bookme.extensions import db
from bookme.face import links
from bookme.face.pictures import MOST_BYTES
from bookme.models import Picture, User
from tests import factories
from tests.face.drawing import BLUE, RED, file, is_like, opened
from tests.public.pages import soup, text

AsHost = Callable[..., FlaskClient]
TYPED = {"headline": "Designer", "welcome": "Good to see you.\nSit down.", "colour": "#0f766e"}


@pytest.fixture
def mara(app: Flask) -> User:
    return factories.schedule().host


def save(browser: FlaskClient, uploaded: bytes | None = None, **typed: Any) -> TestResponse:
    fields = TYPED | typed
    if uploaded is not None:
        fields["picture"] = (BytesIO(uploaded), "me.jpg")
    return browser.post("/account/page", data=fields, content_type="multipart/form-data")


def portrait(colour: tuple[int, int, int] = RED) -> bytes:
    return file(Image.new("RGB", (300, 200), colour))


def address(answer: TestResponse) -> str:
    """The picture's, as a page shows it."""
    found = soup(answer).select_one("img.face")
    assert found is not None
    return str(found["src"])


def test_bookers_see_what_the_host_has_saved(
    client: FlaskClient, as_host: AsHost, mara: User
) -> None:
    assert save(as_host(mara), portrait()).status_code == 303
    page = client.get("/mara")
    assert "Mara Lindqvist Designer Good to see you. Sit down." in text(page)
    assert soup(page).select_one("link[href='/assets/0f766e.css']")
    picker = client.get("/mara/intro")
    assert "Mara Lindqvist Designer" in text(picker)
    for shown in (page, picker):
        jpeg = client.get(address(shown))
        assert jpeg.mimetype == "image/jpeg"
        assert jpeg.headers["Cache-Control"] == "public,max-age=31536000,immutable"
        assert jpeg.headers["X-Content-Type-Options"] == "nosniff"
        assert is_like(opened(jpeg.data), (40, 40), RED)


def test_without_a_picture_there_are_initials(client: FlaskClient, mara: User) -> None:
    face = soup(client.get("/mara")).select_one(".face")
    assert face is not None
    assert face.text == "ML"
    assert face["aria-hidden"] == "true"


def test_another_picture_has_another_address_and_the_old_one_is_gone(
    client: FlaskClient, as_host: AsHost, mara: User
) -> None:
    browser = as_host(mara)
    save(browser, portrait(RED))
    old = address(client.get("/mara"))
    save(browser, portrait(BLUE))
    new = address(client.get("/mara"))
    assert old != new
    assert client.get(old).status_code == 404
    assert is_like(opened(client.get(new).data), (40, 40), BLUE)
    save(browser)  # what was not chosen anew stays
    assert address(client.get("/mara")) == new
    save(browser, without="y")
    assert client.get(new).status_code == 404
    assert db.session.query(Picture).count() == 0


def test_a_picture_is_shown_only_while_its_host_is_published(
    client: FlaskClient, as_host: AsHost, mara: User
) -> None:
    save(as_host(mara), portrait())
    found = address(client.get("/mara"))
    mara.closing_at = factories.NOW
    db.session.commit()
    assert client.get(found).status_code == 404


@pytest.mark.parametrize("wrong", ["0" * 16, "", "%", "x" * 64])
def test_no_other_address_shows_it(
    client: FlaskClient, as_host: AsHost, mara: User, wrong: str
) -> None:
    save(as_host(mara), portrait())
    digest = mara.picture.digest[:16] if mara.picture else ""
    assert client.get(f"/images/mara/{digest}-96.jpg").status_code == 200
    for path in (f"{wrong}-96", f"{digest}-97", f"{digest[:8]}-96"):
        assert client.get(f"/images/mara/{path}.jpg").status_code == 404


def test_what_is_wrong_with_a_picture_leaves_the_rest_of_the_form(
    as_host: AsHost, mara: User
) -> None:
    answer = save(as_host(mara), b"\0\0\0\x18ftypheic\0\0\0\0", colour="own", own="#12AbEf")
    assert answer.status_code == 422
    page = soup(answer)
    assert "Save it as JPEG" in text(answer)
    assert page.select_one("input[name=headline]")["value"] == "Designer"  # type: ignore[index]
    assert page.select_one("input[name=own]")["value"] == "#12AbEf"  # type: ignore[index]
    assert page.select_one("input[name=colour][value=own][checked]")
    assert (mara.headline, mara.picture) == ("", None)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("#12AbEf", "#12abef"), ("12abef", "#12abef"), ("#1ae", "#11aaee"), (" #ffd400 ", "#ffd400")],
)
def test_any_colour_can_be_typed(as_host: AsHost, mara: User, typed: str, kept: str) -> None:
    browser = as_host(mara)
    assert save(browser, colour="own", own=typed).status_code == 303
    assert mara.accent == kept
    assert browser.get(links.accent_url(kept)).mimetype == "text/css"


@pytest.mark.parametrize("typed", ["", "blue", "#12", "#1234567", "red;}"])
def test_what_is_no_colour_is_refused_in_words(as_host: AsHost, mara: User, typed: str) -> None:
    answer = save(as_host(mara), colour="own", own=typed)
    assert answer.status_code == 422
    assert "Enter a colour as six digits" in text(answer)


def test_bookmes_own_colour_can_be_had_again(as_host: AsHost, mara: User) -> None:
    browser = as_host(mara)
    save(browser)
    save(browser, colour="")
    assert mara.accent is None
    assert "/assets/" not in browser.get("/mara").text


def test_a_style_sheet_is_there_for_colours_only(client: FlaskClient) -> None:
    answer = client.get("/assets/0f766e.css")
    assert answer.headers["Cache-Control"] == "public,max-age=31536000,immutable"
    for path in ("0F766E", "0f766", "0f766g", "red", "0f766e}"):
        assert client.get(f"/assets/{path}.css").status_code == 404


def test_a_file_over_the_limit_is_refused(as_host: AsHost, mara: User) -> None:
    head = b'--b\r\nContent-Disposition: form-data; name="picture"; filename="me.jpg"\r\n\r\n'
    body = head + b"\xff\xd8" + b"x" * MOST_BYTES + b"\r\n--b--\r\n"
    kind = "multipart/form-data; boundary=b"
    answer = as_host(mara).post("/account/page", data=body, content_type=kind)
    assert answer.status_code == 422
    assert "at most 8 MB" in text(answer)


def test_pages_for_bookers_name_bookme_in_the_footer_only_unless_it_is_switched_off(
    app: Flask, client: FlaskClient, mara: User
) -> None:
    booking = factories.booking(schedule=db.session.query(factories.Schedule).one())
    pages = ["/mara", "/mara/intro", f"/booking/{booking.token}"]
    for path in pages:
        page = soup(client.get(path))
        assert page.footer is not None
        assert "BookMe" in page.footer.text
        page.footer.decompose()
        assert "BookMe" not in page.body.text.replace("BookMe didn’t answer", "")  # type: ignore[union-attr]
    app.config["FOOTER_BRAND"] = False
    app.extensions.pop("kept_pages")  # as a process that begins with the setting
    for path in pages:
        footer = soup(client.get(path)).footer
        assert footer is not None
        assert "BookMe" not in footer.text


def test_the_address_of_a_picture_for_mails_is_whole(as_host: AsHost, mara: User) -> None:
    assert links.picture_url(mara, 48, external=True) is None
    save(as_host(mara), portrait())
    found = links.picture_url(mara, 48, external=True)
    assert found is not None
    assert found.startswith("http://localhost/images/mara/")
    assert found.endswith("-96.jpg")
    assert str(links.picture_url(mara, 96)).endswith("-384.jpg")


def test_search_engines_are_told_to_leave_out_a_host_who_wants_that(
    client: FlaskClient, as_host: AsHost, mara: User
) -> None:
    pages = ("/mara", "/mara/intro")
    told = "meta[name=robots][content=noindex]"
    assert not any(soup(client.get(page)).select_one(told) for page in pages)
    browser = as_host(mara)
    save(browser)  # the box isn't ticked
    assert all(soup(client.get(page)).select_one(told) for page in pages)
    assert "checked" not in soup(browser.get("/account/page")).select_one("#is_searchable").attrs  # type: ignore[union-attr]
    save(browser, is_searchable="y")
    assert not any(soup(client.get(page)).select_one(told) for page in pages)


@pytest.mark.parametrize("nothing", ["\u200b\u200b", "\U000e0041\U000e0042", "\u2800", "\u202e"])
def test_words_that_nobody_sees_are_none(
    client: FlaskClient, as_host: AsHost, mara: User, nothing: str
) -> None:
    assert save(as_host(mara), headline=nothing, welcome=nothing).status_code == 303
    assert (mara.headline, mara.welcome) == ("", "")
    assert soup(client.get("/mara")).select_one(".headline") is None
