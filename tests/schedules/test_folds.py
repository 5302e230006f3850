"""The folded parts of the editor: closed, in words, until something in them has to be seen."""

from collections.abc import Callable

from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from bookme.models import Schedule
from tests import factories
from tests.schedules.test_routes import sent_by

AsHost = Callable[..., FlaskClient]


def parts(page: TestResponse) -> dict[str, tuple[str, bool]]:
    """What each part says, and whether it is open."""
    found = BeautifulSoup(page.text, "html.parser").select("#schedule-form details.fold")
    return {
        str(one["id"]).removeprefix("part-"): (
            one.select("summary > :not(h2)")[0].get_text(" ", strip=True),
            one.has_attr("open"),
        )
        for one in found
    }


def opened(page: TestResponse) -> list[str]:
    return [name for name, (_said, is_open) in parts(page).items() if is_open]


def typed(page: TestResponse) -> MultiDict[str, str]:
    return sent_by(BeautifulSoup(page.text, "html.parser").select_one("#schedule-form"))


def rich() -> Schedule:
    """A schedule with something in every part."""
    return factories.schedule(
        description="Bring what you have.",
        notice_minutes=4 * 60,
        horizon_days=60,
        max_per_day=3,
        visibility="hidden",
        needs_approval=True,
        cancel_notice_minutes=24 * 60,
        max_guests=3,
        after_words="See you",
        redirect_url="https://studio.example/thanks",
    )


def test_each_part_is_closed_and_says_what_is_in_it(app: Flask, as_host: AsHost) -> None:
    schedule = rich()
    page = as_host(schedule.host).get(f"/dashboard/schedules/{schedule.id}")
    assert opened(page) == []
    assert {name: said for name, (said, _open) in parts(page).items()} == {
        "description": "Bring what you have.",
        "hours": "Own hours for this schedule",
        "limits": "Notice: 4 hours · 60 days ahead · At most 3 a day",
        "access": "Anyone who has its address",
        "confirmation": "You answer each request",
        "changes": "Cancel: until 1 day before",
        "questions": "None",
        "guests": "Up to 3 guests",
        "messages": "None",
        "after": "Your own words · A link to studio.example",
    }


def test_a_part_is_open_where_something_is_wrong_or_not_saved(app: Flask, as_host: AsHost) -> None:
    schedule = rich()
    client, here = as_host(schedule.host), f"/dashboard/schedules/{schedule.id}"
    sent = typed(client.get(here))
    sent["notice"], sent["max_guests"] = "soon", "2"
    page = client.post(here, data=sent)
    assert page.status_code == 422
    assert opened(page) == ["limits", "guests"]
    assert parts(page)["limits"][0] == "There’s a problem."
    assert parts(page)["guests"][0] == "Up to 2 guests"


def test_parts_of_a_new_schedule_stay_closed_when_only_its_title_is_wrong(
    app: Flask, as_host: AsHost
) -> None:
    client, here = as_host(factories.host()), "/dashboard/schedules/new"
    sent = typed(client.get(here))
    assert opened(client.post(here, data=sent | {"title": ""})) == []


def test_a_row_that_was_added_is_seen_and_has_the_focus(app: Flask, as_host: AsHost) -> None:
    schedule = factories.schedule()
    client, here = as_host(schedule.host), f"/dashboard/schedules/{schedule.id}"
    sent = typed(client.get(here))
    cases = {
        "question": ("questions", "questions-0-label"),
        "message": ("messages", "messages-0-number"),
        "0": ("hours", "windows-7-opens"),
        "date": ("hours", "overrides-0-on"),
    }
    for pressed, (part, field) in cases.items():
        page = client.post(here, data=sent | {"add": pressed})
        assert opened(page) == [part], pressed
        [focused] = BeautifulSoup(page.text, "html.parser").select("[autofocus]")
        assert focused["name"] == field


def test_the_focus_stays_at_a_question_that_is_moved_or_removed(
    app: Flask, as_host: AsHost
) -> None:
    client, here = as_host(factories.host()), "/dashboard/schedules/new"
    sent = typed(client.get(here))
    for nth, label in enumerate("ABC"):
        sent |= {f"questions-{nth}-label": label, f"questions-{nth}-kind": "text"}
    cases = {
        "question-up-2": "question-up-1",
        "question-up-1": "question-down-0",
        "question-down-0": "question-down-1",
        "question-down-1": "question-up-2",
        "question-remove-0": "question-remove-0",
        "question-remove-2": "question-remove-1",
    }
    for pressed, focused in cases.items():
        page = BeautifulSoup(client.post(here, data=sent | {"add": pressed}).text, "html.parser")
        assert [one["id"] for one in page.select("[autofocus]")] == [focused], pressed
