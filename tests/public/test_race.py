from pathlib import Path

import pytest
from flask import Flask

from bookme.extensions import db
from bookme.models import Booking, Hold
from tests import factories
from tests.public.racing import race

BOOKERS = 20


def form(number: int, minute: int = 0) -> dict[str, str]:
    return {
        "at": f"2027-03-02T09:{minute:02}:00Z",
        "email": f"booker{number}@example.com",
        "form_key": f"{number:032x}",
    }


def count(model: type[Booking] | type[Hold]) -> int | None:
    db.session.rollback()
    return db.session.scalar(db.select(db.func.count(model.id)))


@pytest.mark.parametrize("minutes", [[0], [0, 15, 30, 45]], ids=["one time", "overlapping times"])
def test_of_twenty_bookers_one_gets_the_time_and_the_others_are_told(
    app: Flask, database_url: str, tmp_path: Path, minutes: list[int]
) -> None:
    factories.schedule(duration_minutes=60, step_minutes=15)
    forms = [form(number, minutes[number % len(minutes)]) for number in range(BOOKERS)]
    answers = sorted(race(database_url, tmp_path, forms))
    assert [status for status, _ in answers] == [303] + [422] * (BOOKERS - 1)
    assert all(
        "That time was just taken. Choose another time." in words for _, words in answers[1:]
    )
    assert (count(Booking), count(Hold)) == (1, 1)


def test_one_booker_at_once_gets_no_more_than_the_cap(
    app: Flask, database_url: str, tmp_path: Path
) -> None:
    factories.schedule(max_per_booker=2)
    times = [f"2027-03-{day:02}T09:00:00Z" for day in (2, 3, 4, 5, 8)]
    forms = [form(7) | {"at": at, "form_key": f"{n:032x}"} for n, at in enumerate(times)]
    answers = sorted(race(database_url, tmp_path, forms))
    assert [status for status, _ in answers] == [303] * 2 + [422] * 3
    told = "You already have as many upcoming appointments as"
    assert all(told in words for _, words in answers[2:])
    assert count(Booking) == 2


def test_a_form_sent_five_times_at_once_is_one_booking(
    app: Flask, database_url: str, tmp_path: Path
) -> None:
    factories.schedule()
    answers = race(database_url, tmp_path, [form(1)] * 5)
    assert {status for status, _ in answers} == {303}
    assert len({address for _, address in answers}) == 1
    assert count(Booking) == 1
