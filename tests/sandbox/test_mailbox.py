"""The mailbox's pages."""

import json
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from time_machine import Traveller

from bookme.clock import utcnow
from sandbox.mail.html import restyled
from sandbox.mail.mailbox import with_links
from sandbox.times import stamp
from tests.sandbox.app_side import AppSide
from tests.sandbox.letters import HTML, calendar, letter


def arrive(
    app: Flask,
    to: str = "ana@example.net",
    subject: str = "Booked",
    raw: bytes | None = None,
    refusal: str | None = None,
) -> int:
    """Put a message into the mailbox; its id."""
    with app.extensions["sandbox"].store.write() as db:
        row = db.execute(
            "INSERT INTO mail (at, sender, recipients, message_id, subject, raw, refusal)"
            " VALUES (?, 'bookme@bookme.test', ?, '<bk7@bookme.test>', ?, ?, ?) RETURNING id",
            (
                stamp(utcnow()),
                json.dumps([to]),
                subject,
                raw or letter(to, event=calendar()).as_bytes(),
                refusal,
            ),
        ).fetchone()
    return int(row["id"])


@pytest.fixture
def mail(zoom: AppSide, sandbox_app: Flask) -> str:
    """The address of a confirmation."""
    return f"/mail/{arrive(sandbox_app)}"


def test_the_newest_message_comes_first(
    zoom: AppSide, sandbox_app: Flask, clock: Traveller
) -> None:
    arrive(sandbox_app, subject="First")
    clock.shift(timedelta(minutes=5))
    arrive(sandbox_app, "bo@example.org", subject="Second")
    page = BeautifulSoup(zoom.client.get("/mail").text, "html.parser")
    rows = [row.get_text(" ", strip=True) for row in page.select("main li")]
    assert [row.split()[0] for row in rows] == ["Second", "First"]
    assert "to bo@example.org, Mon 01 Mar 2027, 08:05 UTC" in rows[0]
    assert "Arrived 2 times" in rows[0]


def test_the_list_can_be_of_one_recipient(zoom: AppSide, sandbox_app: Flask) -> None:
    arrive(sandbox_app, "ana@example.net", subject="First")
    arrive(sandbox_app, "bo@example.org", subject="Second")
    page = zoom.client.get("/mail?to=BO%40").text
    assert "Second" in page
    assert "First" not in page
    assert "No messages to “%”" in zoom.client.get("/mail?to=%25").text


def test_long_lists_go_on_where_they_stopped(zoom: AppSide, sandbox_app: Flask) -> None:
    for number in range(51):
        arrive(sandbox_app, subject=f"Message {number} of many")
    page = BeautifulSoup(zoom.client.get("/mail").text, "html.parser")
    assert len(page.select("main li")) == 50
    older = next(str(a["href"]) for a in page.select("main a") if a.text == "Older messages")
    rest = zoom.client.get(older).text
    assert "Message 0 of many" in rest
    assert "Message 1 of many" not in rest


def test_a_message_shows_headers_parts_and_links(zoom: AppSide, mail: str) -> None:
    page = zoom.client.get(mail).text
    for words in ("Reply-To", "mara@example.com", "booking.ics", "METHOD:REQUEST"):
        assert words in page
    assert '<a href="https://zoom.test/j/1?pwd=a">https://zoom.test/j/1?pwd=a</a>.' in page
    frame = BeautifulSoup(page, "html.parser").select_one("iframe")
    assert frame is not None
    assert frame["src"] == f"{mail}/html"
    assert "allow-scripts" not in frame["sandbox"]
    assert "allow-same-origin" not in frame["sandbox"]


def test_the_html_part_is_shown_under_a_strict_policy(zoom: AppSide, mail: str) -> None:
    response = zoom.client.get(f"{mail}/html")
    policy = response.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'nonce-")
    assert "unsafe" not in policy
    assert "sandbox" in policy
    assert "frame-ancestors 'self'" in policy
    assert "the call" in response.text


def test_inline_styles_survive_that_policy() -> None:
    page = BeautifulSoup(restyled(HTML, "n1"), "html.parser")
    [paragraph] = page.select("p")
    assert not paragraph.has_attr("style")
    style = page.select("style")[-1]
    assert style["nonce"] == "n1"
    assert f'[data-style="{paragraph["data-style"]}"]' in style.text
    assert "color: green" in style.text
    [link] = page.select("a")
    assert (link["href"], link["target"]) == ("https://zoom.test/j/1", "_top")


def test_nothing_active_survives() -> None:
    html = (
        "<!doctype html><base href=//x><script>alert(1)</script><p onclick=x>a &amp; b &#64; c</p>"
        "<form action=//x><input></form><meta http-equiv=refresh content=0><style>p{}</style>"
        "<p style='color:red}</style><script>x</script>'>d</p>"
    )
    page = restyled(html, "n1")
    assert "a &amp; b &#64; c" in page
    for word in ("<script", "onclick", "<base", "<form", "<input", "<meta"):
        assert word not in page
    assert page.count("</style>") == 2


def test_an_attachment_can_be_saved(zoom: AppSide, mail: str) -> None:
    response = zoom.client.get(f"{mail}/attachments/0")
    assert response.data.decode() == calendar()
    assert response.headers["Content-Disposition"] == "attachment; filename=booking.ics"
    assert response.mimetype == "text/calendar"
    assert response.mimetype_params["method"] == "REQUEST"
    assert zoom.client.get(f"{mail}/attachments/1").status_code == 404


def test_the_message_can_be_read_as_it_came(zoom: AppSide, sandbox_app: Flask) -> None:
    raw = letter().as_bytes()
    response = zoom.client.get(f"/mail/{arrive(sandbox_app, raw=raw)}/raw")
    assert response.data == raw
    assert response.mimetype == "text/plain"


def test_a_refused_message_says_why(zoom: AppSide, sandbox_app: Flask) -> None:
    number = arrive(sandbox_app, raw=b"Subject: x\r\n\r\nhello", refusal="Date must stand there")
    assert "Refused: Date must stand there" in zoom.client.get(f"/mail/{number}").text
    assert "Refused" in zoom.client.get("/mail").text
    assert (zoom.client.get("/mail.json").json or {})["messages"] == []


@pytest.mark.parametrize("raw", [b"", b"\xff\xfe", b"To: @@\r\nContent-Type: x\r\n\r\n\x00"])
def test_rubbish_can_be_looked_at(zoom: AppSide, sandbox_app: Flask, raw: bytes) -> None:
    number = arrive(sandbox_app, raw=raw or b"\r\n", refusal="rubbish")
    for path in ("", "/html", "/raw"):
        assert zoom.client.get(f"/mail/{number}{path}").status_code == 200
    assert zoom.client.get("/mail.json").status_code == 200


def test_there_is_no_message_of_another_number(zoom: AppSide) -> None:
    for path in ("", "/html", "/raw", "/attachments/0"):
        assert zoom.client.get(f"/mail/7{path}").status_code == 404


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a <b> & c", "a &lt;b&gt; &amp; c"),
        ("(http://x.test/a?b=1&c=2).", '(<a href="http://x.test/a?b=1&amp;c=2">'),
        ("javascript:alert(1)", "javascript:alert(1)"),
    ],
)
def test_only_links_become_links(text: str, html: str) -> None:
    assert html in with_links(text)
