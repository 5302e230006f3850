"""The messages of a schedule, as its host sets them."""

from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from bookme.extensions import db
from bookme.models import MessageRule, Schedule, Timing
from bookme.schedules import messages, service
from tests import factories
from tests.conftest import NOW
from tests.schedules.test_routes import TYPED

AsHost = Callable[..., FlaskClient]
NEW = "/dashboard/schedules/new"


def row(place: int, number: str, unit: str, **more: str) -> dict[str, str]:
    """A reminder to the booker, unless told otherwise."""
    typed = {"number": number, "unit": unit, "timing": "before_start", "to_booker": "y"} | more
    return {f"messages-{place}-{name}": value for name, value in typed.items() if value}


def rules() -> list[tuple[Any, ...]]:
    db.session.expire_all()
    found = db.session.query(MessageRule).order_by(MessageRule.position)
    return [(one.timing, one.minutes, one.to_booker, one.to_host, one.words) for one in found]


def fields(page: str) -> dict[str, str]:
    """What a page's form would send of its messages."""
    form = BeautifulSoup(page, "html.parser").select_one("#schedule-form")
    assert form is not None
    sent = {}
    for control in form.select("[name^=messages-]"):
        chosen = control.select_one("option[selected]")
        kind = control.get("type")
        if kind != "checkbox" or control.has_attr("checked"):
            value = chosen["value"] if chosen is not None else control.get("value") or control.text
            sent[str(control["name"])] = str(value).strip()
    return sent


BEFORE, AFTER = Timing
DAY, HOUR = (BEFORE, 1440, True, False, ""), (BEFORE, 60, True, False, "")


def test_a_new_schedule_begins_with_a_day_and_an_hour_before(app: Flask, as_host: AsHost) -> None:
    mara = as_host(factories.host())
    assert mara.post(NEW, data=TYPED | fields(mara.get(NEW).text)).status_code == 303
    assert rules() == [DAY, HOUR]


def test_what_is_set_is_kept_and_shown_again(app: Flask, as_host: AsHost) -> None:
    schedule = factories.schedule()
    mara, here = as_host(schedule.host), f"/dashboard/schedules/{schedule.id}"
    typed = row(0, "3", "hours", words="Bring tea.\r\nAnd cake.") | row(
        1, "0", "minutes", timing="after_end", to_booker="", to_host="y"
    )
    assert mara.post(here, data=TYPED | typed).status_code == 303
    kept = rules()
    assert [one[:4] for one in kept] == [(BEFORE, 180, True, False), (AFTER, 0, False, True)]
    assert kept[0][4].split() == ["Bring", "tea.", "And", "cake."]
    shown = fields(mara.get(here).text)
    assert shown["messages-0-number"] == "3"
    assert mara.post(here, data=TYPED | shown).status_code == 303
    assert [one[:4] for one in rules()] == [one[:4] for one in kept]


def test_rows_come_and_go_and_nothing_typed_is_lost(app: Flask, as_host: AsHost) -> None:
    mara = as_host(factories.host())
    three = row(0, "1", "days") | row(1, "x", "hours", words="Second") | row(2, "5", "minutes")
    page = mara.post(NEW, data=TYPED | three | {"add": "message"})
    assert page.status_code == 200
    grown = fields(page.text)
    assert (grown["messages-1-number"], grown["messages-1-words"]) == ("x", "Second")
    assert "messages-3-number" in grown
    left = fields(mara.post(NEW, data=TYPED | grown | {"less": "messages-0"}).text)
    assert (left["messages-0-number"], left["messages-0-words"]) == ("x", "Second")
    assert (left["messages-1-number"], left["messages-1-unit"]) == ("5", "minutes")
    assert "messages-3-number" not in left
    for odd in ("messages-77", "title", "", "messages"):
        assert fields(mara.post(NEW, data=TYPED | grown | {"less": odd}).text) == grown


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (row(0, "", "hours"), "Enter a whole number from 0 to 43,200."),
        (row(0, "1.5", "hours"), "Enter a whole number from 0 to 43,200."),
        (row(0, "31", "days"), "Enter at most 30 days."),
        (row(0, "43200", "days"), "Enter at most 30 days."),
        (row(0, "0", "minutes"), "Enter at least 1 minute before the start."),
        (row(0, "1", "hours", to_booker=""), "Choose who gets this message."),
        (row(0, "1", "weeks"), "Not a valid choice"),
        (row(0, "1", "hours", timing="whenever"), "Not a valid choice"),
        (row(0, "1", "hours", words="x" * 1001), "Enter at most 1,000 characters."),
        (row(0, "1", "hours", words="x\x00"), "a character that can’t be saved"),
        (
            row(0, "1", "hours", to_host="y") | row(1, "60", "minutes", to_booker="", to_host="y"),
            "Another message goes to the same people at this time.",
        ),
        (
            {k: v for n in range(6) for k, v in row(n, str(n + 1), "hours").items()},
            "A schedule can send at most five messages. Remove one.",
        ),
    ],
)
def test_a_mistake_is_said_and_nothing_is_stored(
    app: Flask, as_host: AsHost, typed: dict[str, str], words: str
) -> None:
    answer = as_host(factories.host()).post(NEW, data=TYPED | typed)
    assert answer.status_code == 422
    page = BeautifulSoup(answer.text, "html.parser")
    assert words in page.select_one("[role=alert]").get_text(" ", strip=True)
    assert fields(answer.text).keys() >= {name for name in typed if "to_" not in name}
    assert db.session.query(Schedule).count() == 0


def test_there_are_five_at_most(app: Flask, as_host: AsHost) -> None:
    mara = as_host(factories.host())
    five = {k: v for n in range(5) for k, v in row(n, str(n + 1), "hours").items()}
    page = mara.post(NEW, data=TYPED | five | {"add": "message"}).text
    assert "messages-5-number" not in page
    assert 'value="message"' not in page
    assert mara.post(NEW, data=TYPED | five).status_code == 303


def test_a_copy_has_the_same(app: Flask) -> None:
    schedule = factories.schedule(message_rules=messages.usual())
    copy = service.duplicate(schedule, now=NOW)
    db.session.commit()
    assert [one.minutes for one in copy.message_rules] == [1440, 60]
    assert len(rules()) == 4


def test_only_a_change_makes_bookings_due(app: Flask) -> None:
    booking = factories.booking(schedule=factories.schedule(message_rules=messages.usual()))
    schedule = booking.schedule
    same = [messages._columns(rule) for rule in schedule.message_rules]
    for wanted, due in ((same, None), (same[:1], NOW)):
        service.update(schedule, {"message_rules": wanted}, now=NOW)
        db.session.commit()
        assert booking.due_at == due
    assert rules() == [DAY]


def test_two_who_change_them_at_once_end_with_what_the_later_wants(app: Flask) -> None:
    schedule = factories.schedule(message_rules=messages.usual())
    kept = [messages._columns(rule) for rule in schedule.message_rules]
    assert len(schedule.message_rules) == 2  # read before the other's change
    db.session.execute(db.delete(MessageRule).where(MessageRule.minutes == 60))
    messages.change(schedule, [kept[0], {**kept[1], "minutes": 30}], now=NOW)
    db.session.commit()
    assert [one[1] for one in rules()] == [1440, 30]
