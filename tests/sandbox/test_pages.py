"""The pages that people look at."""

import re
from typing import Any

import pytest
from bs4 import BeautifulSoup

from tests.sandbox.app_side import AppSide
from tests.sandbox_process import BEN, MARA

PAGES = [
    "/",
    "/google/calendar",
    "/microsoft/calendar",
    "/zoom/meetings",
    "/zoom/marketplace",
    "/mail",
    "/faults",
    "/nowhere",
]


@pytest.fixture
def meeting(zoom: AppSide, token: str) -> dict[str, Any]:
    return dict(zoom.create(token).json or {})


@pytest.mark.parametrize("path", PAGES)
def test_every_page_says_what_it_is_and_is_guarded(zoom: AppSide, path: str) -> None:
    response = zoom.client.get(path)
    assert response.status_code == (404 if path == "/nowhere" else 200)
    assert "Sandbox: not the real " in response.text
    assert "unsafe" not in response.headers["Content-Security-Policy"]
    page = BeautifulSoup(response.text, "html.parser")
    assert page.select("meta[name=viewport]")
    assert not page.select("script, style, [style], [onclick]")
    for form in page.select("form[method=post]"):
        assert form.has_attr("action")
        assert form.select("input[name=csrf_token]")
    for field in page.select("main input:not([type=hidden]), select, textarea"):
        assert page.select(f"label[for={field['id']}]")


def test_the_front_page_leads_everywhere(zoom: AppSide) -> None:
    page = BeautifulSoup(zoom.client.get("/").text, "html.parser")
    leads = {str(link["href"]) for link in page.select("main a")}
    assert leads == {
        "/zoom/meetings",
        "/google/calendar",
        "/microsoft/calendar",
        "/icloud/calendar",
        "/mail",
        "/zoom/marketplace",
        "/faults",
    }


def test_meetings_are_shown_with_their_people(zoom: AppSide, meeting: dict[str, Any]) -> None:
    page = zoom.client.get("/zoom/meetings").text
    of_mara, of_ben = page.index(MARA), page.index(BEN)
    assert of_mara < page.index(meeting["topic"]) < of_ben
    for words in ("Mon 08 Mar 2027, 15:00 UTC, 30 minutes", "About the project"):
        assert words in page
    link = BeautifulSoup(page, "html.parser").select_one("a[href^='/zoom/j/']")
    assert link is not None
    assert meeting["join_url"].endswith(str(link["href"]))


def test_a_join_link_leads_to_where_the_meeting_would_be(
    zoom: AppSide, meeting: dict[str, Any]
) -> None:
    path = meeting["join_url"].removeprefix("http://sandbox.test")
    page = zoom.client.get(path)
    assert "This is where the meeting would be" in page.text
    assert meeting["topic"] in page.text
    wrong = zoom.client.get(re.sub("pwd=.*", "pwd=x", path))
    assert "passcode is not the meeting" in wrong.text
    start = meeting["start_url"].removeprefix("http://sandbox.test")
    assert "This is where the meeting would be" in zoom.client.get(start).text


def test_a_meeting_can_be_edited_and_deleted_like_at_zoom(
    zoom: AppSide, meeting: dict[str, Any]
) -> None:
    form = zoom.client.get(f"/zoom/meetings/{meeting['id']}")
    done = zoom.press(form, str(meeting["id"]), topic="Mine", start_time="2027-03-09 10:30")
    assert done.status_code == 303
    [row] = zoom.state("meetings")
    assert (row["topic"], row["start_time"]) == ("Mine", "2027-03-09T10:30:00Z")
    zoom.press(zoom.client.get("/zoom/meetings"), "delete")
    assert zoom.state("meetings")[0]["deleted_by"] == "user"
    page = zoom.client.get("/zoom/meetings").text
    assert "deleted by its host" in page
    path = meeting["join_url"].removeprefix("http://sandbox.test")
    assert zoom.client.get(path).status_code == 404


def test_a_wrong_edit_keeps_what_was_typed(zoom: AppSide, meeting: dict[str, Any]) -> None:
    form = zoom.client.get(f"/zoom/meetings/{meeting['id']}")
    wrong = {"topic": "x" * 201, "start_time": "tomorrow", "duration": "long"}
    page = zoom.press(form, str(meeting["id"]), **wrong)
    assert page.status_code == 422
    fields = BeautifulSoup(page.text, "html.parser").select("[aria-invalid=true]")
    assert {str(one["name"]): str(one["value"]) for one in fields} == wrong
    assert zoom.state("meetings")[0]["topic"] == meeting["topic"]


def test_words_of_strangers_stay_words(zoom: AppSide, token: str) -> None:
    zoom.create(token, topic="<script>x</script>", agenda="<img src=x>")
    page = zoom.client.get("/zoom/meetings").text
    assert "<script" not in page
    assert "<img" not in page


def test_faults_can_be_set_and_cleared_by_hand(zoom: AppSide, token: str) -> None:
    page = zoom.client.get("/faults")
    zoom.press(page, "add", operation="create", kind="reset-after", count="3")
    [rule] = zoom.state("faults")
    assert (rule["operation"], rule["kind"]) == (["create"], ["reset-after"])
    assert rule["remaining"] == 3
    page = zoom.client.get("/faults")
    assert "reset-after" in page.text
    zoom.press(page, "clear")
    assert zoom.state("faults") == []


def test_a_fault_that_does_not_exist_is_not_added(zoom: AppSide) -> None:
    zoom.press(zoom.client.get("/faults"), "add", operation="create", kind="dance")
    assert "Not added" in zoom.client.get("/faults").text
    assert zoom.state("faults") == []


def test_tokens_and_mail_can_be_broken_by_hand(zoom: AppSide, token: str) -> None:
    zoom.press(zoom.client.get("/faults"), "expire")
    assert zoom.call("GET", "/users/me", token).status_code == 401
    assert "1 access tokens have expired" in zoom.client.get("/faults").text
    zoom.press(zoom.client.get("/faults"), "faults/mail", mode="refuse")
    assert zoom.state("settings")["mail"] == "refuse"
    zoom.press(zoom.client.get("/faults"), "faults/mail", mode="sideways")
    assert "Not changed" in zoom.client.get("/faults").text


def test_the_session_has_a_name_of_its_own(zoom: AppSide) -> None:
    cookie = zoom.client.get("/zoom/marketplace").headers["Set-Cookie"]
    assert cookie.startswith("sandbox_session=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
