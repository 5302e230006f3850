"""People's calendars, handled by hand on the pages."""

import sqlite3
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from werkzeug.test import TestResponse

from sandbox.store import Store
from tests.sandbox.app_side import AppSide
from tests.sandbox_process import BEN, MARA

PROVIDERS = ["google", "microsoft"]
GYM = {"title": "Gym", "starts_at": "2027-03-02 20:00", "minutes": "45", "shows": "free"}


def adding(zoom: AppSide, provider: str) -> TestResponse:
    """The form for a new event in Mara's main calendar."""
    page = BeautifulSoup(zoom.client.get(f"/{provider}/calendar").text, "html.parser")
    link = page.select_one("a[href*='/calendar/entry?calendar=']")
    assert link is not None
    return zoom.client.get(str(link["href"]))


def titles(zoom: AppSide, provider: str) -> list[str]:
    page = BeautifulSoup(zoom.client.get(f"/{provider}/calendar").text, "html.parser")
    return [one.text for one in page.select("li h3")]


@pytest.mark.parametrize("provider", PROVIDERS)
def test_an_event_is_added_changed_and_deleted(zoom: AppSide, provider: str) -> None:
    assert zoom.press(adding(zoom, provider), "/calendar/entry", **GYM).status_code == 303
    page = BeautifulSoup(zoom.client.get(f"/{provider}/calendar").text, "html.parser")
    gym = next(one for one in page.select("li") if "Gym" in one.text)
    assert "Tue 02 Mar 2027, 20:00 UTC" in gym.text
    assert "free" in gym.text
    link = gym.select_one("a[href*=entry]")
    assert link is not None
    form = zoom.client.get(str(link["href"]))
    assert "2027-03-02 20:00" in form.text
    saved = zoom.press(form, "/calendar/entry", **{**GYM, "title": "Spa", "minutes": "60"})
    assert saved.status_code == 303
    assert "Spa" in titles(zoom, provider)
    assert "Gym" not in titles(zoom, provider)
    fields = {str(one["name"]): str(one["value"]) for one in gym.select("form input")}
    assert zoom.client.post(f"/{provider}/calendar/delete", data=fields).status_code == 303
    assert "Spa" not in titles(zoom, provider)
    assert zoom.client.post(f"/{provider}/calendar/delete", data=fields).status_code == 404


@pytest.mark.parametrize("field", ["title", "starts_at", "minutes", "shows"])
def test_what_cannot_be_is_said_beside_its_field(zoom: AppSide, field: str) -> None:
    wrong = {**GYM, field: "" if field == "title" else "soon"}
    answer = zoom.press(adding(zoom, "google"), "/calendar/entry", **wrong)
    assert answer.status_code == 422
    page = BeautifulSoup(answer.text, "html.parser")
    kept = page.select_one("#place")
    assert kept is not None
    if field != "shows":
        assert [one["id"] for one in page.select("[aria-invalid]")] == [field]
    assert "Gym" not in titles(zoom, "google")


def test_a_calendar_that_can_only_be_read_has_no_form(zoom: AppSide) -> None:
    page = BeautifulSoup(zoom.client.get("/google/calendar").text, "html.parser")
    cards = page.select("section.card")
    [holidays] = [one for one in cards if "can only be read" in one.text]
    assert not holidays.select("form, a[href*=entry]")
    number = len(cards)
    assert zoom.client.get(f"/google/calendar/entry?calendar={number + 99}").status_code == 404


@pytest.mark.parametrize("provider", PROVIDERS)
def test_whole_days_are_those_of_their_owner(zoom: AppSide, provider: str) -> None:
    day = {"title": "Off", "starts_at": "2027-03-02T20:00:00Z", "all_day": True}
    zoom.control(f"calendars/{provider}/add", {"user": BEN, **day})
    [off] = [one for one in zoom.state("events") if "Off" in one["body"].values()]
    assert off["start_at"] == "2027-03-02T05:00:00.000000Z"  # midnight in New York


def test_everybodys_main_calendar_comes_first(zoom: AppSide) -> None:
    page = BeautifulSoup(zoom.client.get("/google/calendar").text, "html.parser")
    assert page.select("section.card h2")[0].text == MARA


def test_a_state_from_before_gets_its_columns(tmp_path: Path) -> None:
    path = tmp_path / "sandbox.sqlite"
    with sqlite3.connect(path) as old:
        old.execute("CREATE TABLE consent (id TEXT PRIMARY KEY, redirect_uri TEXT)")
        old.execute("INSERT INTO consent VALUES ('a', 'b')")
    old.close()
    store = Store(path)
    with store.read() as db:
        row = db.execute("SELECT * FROM consent").fetchone()
    store.close()
    assert (row["provider"], row["scopes"]) == ("zoom", "")
