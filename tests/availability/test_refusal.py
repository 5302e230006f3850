import pytest

from bookme.availability import Refusal, refusal
from tests.availability.saying import hours, plans, rules, spans, utc, week

#: Open from 9 to 12, an hour's notice, ten days ahead, one booking a day; it is Monday, 9:10.
WHAT = rules(hours(week("09:00-12:00"), "UTC"), notice=60, horizon=10, max_per_day=1)
NOW = utc("2027-03-01 09:10")


@pytest.mark.parametrize(
    ("start", "reason"),
    [
        ("2027-03-01 10:30", None),
        ("2027-03-01 09:00", Refusal.PAST),
        ("2027-03-01 09:30", Refusal.NOTICE),
        ("2027-03-11 09:30", Refusal.HORIZON),
        ("2027-03-02 08:30", Refusal.OUTSIDE),
        ("2027-03-02 11:45", Refusal.OUTSIDE),
        ("2027-03-02 09:10", Refusal.OFF_GRID),
        ("2027-03-03 09:00", Refusal.LIMIT),
        ("2027-03-01 11:00", Refusal.TAKEN),
        ("2027-03-01 11:30", Refusal.TAKEN),
        ("0001-01-01 00:00", Refusal.PAST),
        ("9999-12-31 23:59", Refusal.HORIZON),
    ],
)
def test_a_refusal_says_why(start: str, reason: Refusal | None) -> None:
    holds, busy = spans("11:00-11:30"), spans("11:45-12:15")
    there = plans(holds, busy, booked=[utc("2027-03-03 11:00")])
    why = refusal(WHAT, utc(start), now=NOW, plans=there)
    assert why == reason


@pytest.mark.parametrize("start", [-(10**15), 10**15], ids=["never", "beyond all calendars"])
def test_an_absurd_time_is_refused_like_any_other(start: int) -> None:
    assert refusal(WHAT, start, now=NOW, plans=plans()) in {Refusal.PAST, Refusal.HORIZON}


@pytest.mark.parametrize(
    ("start", "reason"),
    [("21:00", Refusal.TAKEN), ("22:00", Refusal.OFF_GRID), ("14:00", None)],
)
def test_round_the_clock_midnight_is_no_reason(start: str, reason: Refusal | None) -> None:
    """The grid is 00:00, 07:00, 14:00, 21:00, anew every day."""
    what = rules(hours(week("00:00-24:00"), "UTC"), length=300, step=420)
    busy = spans("23:30-23:40")
    assert refusal(what, utc(f"2027-03-01 {start}"), now=NOW, plans=plans(busy=busy)) == reason
