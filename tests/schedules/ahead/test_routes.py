"""The preview beside the editor, and the next free times on the cards."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from bookme.extensions import db
from bookme.models import Connection, ConnectionStatus, LocationKind, Schedule
from tests import factories
from tests.factories import NOW
from tests.schedules.test_routes import TYPED

AsHost = Callable[..., FlaskClient]
NEW = "/dashboard/schedules/new/preview"


def days(text: str) -> dict[str, str]:
    rows = BeautifulSoup(text, "html.parser").select("#preview dl > div")
    return {row.dt.get_text(): row.dd.get_text(" ", strip=True) for row in rows}


def test_the_preview_shows_what_is_typed_and_stores_nothing(app: Flask, as_host: AsHost) -> None:
    client = as_host(factories.host(email_confirmed_at=None), htmx=True)
    shown = days(client.post(NEW, data=TYPED | {"zone": "UTC"}).text)
    assert len(shown) == 14
    assert shown["Mon 8 Mar"] == "09:00 to 17:00"
    assert shown["Tue 9 Mar"] == "No times"
    assert db.session.query(Schedule).count() == 0


def test_bookings_are_left_out_of_the_preview(app: Flask, as_host: AsHost) -> None:
    booking = factories.booking(starts_at=NOW + timedelta(days=7, hours=2))
    typed = TYPED | {"zone": "UTC", "duration_minutes": "30", "buffer_after_minutes": "0"}
    here = f"/dashboard/schedules/{booking.schedule_id}/preview"
    shown = days(as_host(booking.host, htmx=True).post(here, data=typed).text)
    assert shown["Mon 8 Mar"] == "09:00 to 10:00 10:30 to 17:00"


def test_what_is_wrong_is_left_out_and_the_rest_shown(app: Flask, as_host: AsHost) -> None:
    client = as_host(factories.host(), htmx=True)
    answer = client.post(NEW, data=TYPED | {"title": "", "zone": "UTC", "horizon_days": "soon"})
    assert answer.status_code == 200
    assert days(answer.text)["Mon 8 Mar"] == "09:00 to 17:00"
    assert "What isn’t right yet isn’t in it." in answer.text


def test_without_htmx_the_preview_comes_with_the_page_and_all_that_was_typed(
    app: Flask, as_host: AsHost
) -> None:
    page = as_host(factories.host()).post(NEW, data=TYPED | {"title": "Kept", "slug": "No Slug"})
    assert days(page.text)
    shown = BeautifulSoup(page.text, "html.parser")
    assert [shown.select_one(f"[name={one}]")["value"] for one in ("title", "slug")] == [
        "Kept",
        "No Slug",
    ]


def test_another_hosts_schedule_has_no_preview(app: Flask, as_host: AsHost) -> None:
    strange = factories.schedule(host=factories.host(another=True))
    here = f"/dashboard/schedules/{strange.id}/preview"
    assert as_host(factories.host()).post(here, data=TYPED).status_code == 404


def test_cards_get_their_next_free_times(app: Flask, as_host: AsHost) -> None:
    first = factories.schedule()
    limited = factories.schedule(host=first.host, slug="limited", max_per_day=1)
    factories.booking(schedule=limited, starts_at=NOW + timedelta(hours=1))
    page = as_host(first.host, htmx=True).get("/dashboard/schedules/free").text
    shown = {
        one["id"]: one.get_text(strip=True) for one in BeautifulSoup(page, "html.parser")("small")
    }
    assert shown == {
        f"free-{first.id}": "Next free time: Monday, 1 March, 09:30",
        f"free-{limited.id}": "Next free time: Tuesday, 2 March, 09:00",
    }
    whole = as_host(first.host).get("/dashboard/schedules/free").text
    assert "Next free time: Monday, 1 March, 09:30" in whole


@pytest.mark.parametrize(
    ("status", "plan", "badge", "words", "button"),
    [
        (None, None, "No video link", "Zoom isn't connected.", "Connect Zoom"),
        ("needs_reconnect", None, "No video link", "Zoom needs your attention.", "Reconnect Zoom"),
        ("active", "licensed", "Open for bookings", "", ""),
        ("active", "basic", "Open for bookings", "45 minutes on a Basic plan", "Edit schedule"),
    ],
)
def test_a_card_is_never_green_without_its_provider(
    app: Flask, as_host: AsHost, status: str, plan: str, badge: str, words: str, button: str
) -> None:
    app.config["ZOOM_CLIENT_ID"] = "id"
    made = factories.schedule(
        location_kind=LocationKind.VIDEO, video_provider="zoom", duration_minutes=45
    )
    if status:
        of = {"host": made.host, "provider": "zoom", "seal_id": "s", "connected_at": NOW}
        db.session.add(Connection(status=ConnectionStatus(status), plan=plan, **of))
        db.session.commit()
    page = BeautifulSoup(as_host(made.host).get("/dashboard/schedules").text, "html.parser")
    card = page.select_one(f"#schedule-{made.id}")
    assert card.select_one(".badge").get_text() == badge
    assert [one.get_text() for one in card.select(".notice .button")] == (
        [button] if button else []
    )
    assert words in card.get_text()
    editor = BeautifulSoup(
        as_host(made.host).get(f"/dashboard/schedules/{made.id}").text, "html.parser"
    )
    assert words in editor.get_text()
    assert "Edit schedule" not in editor.get_text(), "it is open already"


def test_dates_without_hours_are_named(app: Flask, as_host: AsHost) -> None:
    saturday = NOW.date() + timedelta(days=5)
    made = factories.schedule(dates_from=saturday, dates_until=saturday)
    page = as_host(made.host).get(f"/dashboard/schedules?saved={made.id}").text
    assert page.count("No opening hours ahead.") == 2  # on the card, and after saving
