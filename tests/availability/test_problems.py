import pytest

from bookme.availability import Problem, ProblemKind, problems_of, problems_of_day
from bookme.availability.hours import Week
from tests.availability.saying import week, windows

OFF = [""] * 5


def overlap(at: tuple[int, int], other: tuple[int, int]) -> Problem:
    return Problem(ProblemKind.OVERLAPS, *at, other=other)


@pytest.mark.parametrize(
    "open_on",
    [
        week(""),
        week("09:00-12:00 12:00-17:00"),
        week("00:00-24:00"),
        week("22:00-02:00 02:00-06:00"),
        week("06:00-05:59"),
    ],
    ids=["closed", "touching", "round the clock", "touching overnight", "a minute's rest"],
)
def test_a_sound_week_has_no_problems(open_on: Week) -> None:
    assert problems_of(open_on) == []


@pytest.mark.parametrize(
    ("open_on", "problems"),
    [
        (week("", "09:00-09:00", *OFF), [Problem(ProblemKind.ENDS_AT_START, 1, 0)]),
        (week("09:00-12:00 11:00-13:00", "", *OFF), [overlap((0, 1), (0, 0))]),
        (week("11:00-13:00 09:00-12:00", "", *OFF), [overlap((0, 0), (0, 1))]),
        (week("09:00-12:00 09:00-10:00", "", *OFF), [overlap((0, 1), (0, 0))]),
        (week("09:00-17:00 10:00-11:00", "", *OFF), [overlap((0, 1), (0, 0))]),
        (week("22:00-02:00", "01:00-05:00", *OFF), [overlap((1, 0), (0, 0))]),
        (week("01:00-05:00", *OFF, "22:00-02:00"), [overlap((0, 0), (6, 0))]),
        (
            week("09:00-17:00 10:00-11:00 10:30-12:00", "", *OFF),
            [overlap((0, 1), (0, 0)), overlap((0, 2), (0, 0))],
        ),
        (
            week("09:00-09:00 09:00-10:00", "", *OFF),
            [Problem(ProblemKind.ENDS_AT_START, 0, 0)],
        ),
    ],
    ids=[
        "end equals start",
        "overlap",
        "in any order",
        "together",
        "inside",
        "across midnight",
        "Sunday into Monday",
        "three",
        "one fault told once",
    ],
)
def test_problems_name_the_window_at_fault(open_on: Week, problems: list[Problem]) -> None:
    assert problems_of(open_on) == problems


def test_a_single_date_has_the_same_problems() -> None:
    assert problems_of_day(windows("09:00-12:00 11:00-13:00")) == [overlap((0, 1), (0, 0))]
    assert problems_of_day(windows("22:00-02:00 01:00-03:00")) == []
