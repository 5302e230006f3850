"""Opening hours as the rows of a form."""

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import Form

from bookme.hours import checks, stored, time_fields
from bookme.hours import rows as hours


class Week(Form):
    windows = hours.Rows(hours.HoursForm, "Opening hours")
    overrides = hours.Rows(hours.OverrideForm, "Dates")


def week(*rows: str) -> Week:
    """A form with rows such as ``0 09:00 17:00`` (Monday)."""
    fields = MultiDict()
    for number, row in enumerate(rows):
        weekday, opens, closes = row.split(" ")
        fields[f"windows-{number}-weekday"] = weekday
        fields[f"windows-{number}-opens"] = opens
        fields[f"windows-{number}-closes"] = closes
    form = Week(fields)
    form.validate()
    return form


def dates(*rows: str) -> Week:
    fields = MultiDict()
    for number, row in enumerate(rows):
        on, opens, closes = row.split(" ")
        fields[f"overrides-{number}-on"] = on
        fields[f"overrides-{number}-opens"] = opens
        fields[f"overrides-{number}-closes"] = closes
    form = Week(fields)
    form.validate()
    return form


def errors(form: Week) -> list[str]:
    rows = [entry.form for entry in (*form.windows, *form.overrides)]
    return [str(words) for row in rows for field in row for words in field.errors]


def week_is_fine(form: Week) -> bool:
    return checks.check_week(entry.form for entry in form.windows)


def dates_are_fine(form: Week) -> bool:
    return checks.check_overrides(entry.form for entry in form.overrides)


def test_rows_become_a_week_in_order() -> None:
    form = week("0 13:00 17:00", "0 09:00 12:00", "6 22:00 02:00", "2  ")
    assert week_is_fine(form)
    assert stored.week_of(entry.form for entry in form.windows) == [
        [[540, 720], [780, 1020]],
        *([],) * 5,
        [[1320, 120]],
    ]


@pytest.mark.parametrize("end", ["00:00", "24:00"])
@pytest.mark.parametrize("start", ["20:00", "00:00"])
def test_midnight_ends_the_day_also_a_whole_one(start: str, end: str) -> None:
    form = week(f"4 {start} {end}")
    assert week_is_fine(form)
    opens = 60 * int(start[:2])
    assert stored.week_of(entry.form for entry in form.windows)[4] == [[opens, 1440]]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (["0 09:00 09:00"], ["Enter an end time other than the start, such as 17:00."]),
        (["0 09:00 12:00", "0 11:00 13:00"], ["This overlaps 09:00 to 12:00 on Monday."]),
        (["6 22:00 02:00", "0 01:00 03:00"], ["This overlaps 22:00 to 02:00 on Sunday."]),
        (["0 09:00 "], ["Enter an end time, such as 17:00."]),
        (["0  17:00"], ["Enter a start time, such as 09:00."]),
        (["0 morning 17:00"], ["Enter a time, such as 09:30."]),
        (["0 09:61 17:00"], ["Enter a time, such as 09:30."]),
        (["0 24:00 02:00"], ["Enter a time, such as 09:30."]),
        (["0 25:00 26:00"], ["Enter a time, such as 09:30."] * 2),
        (
            ["0 09:00 09:00", "1 10:00 "],
            [
                "Enter an end time other than the start, such as 17:00.",
                "Enter an end time, such as 17:00.",
            ],
        ),
    ],
    ids=[
        *("empty", "overlap", "over-sunday", "no-end", "no-start"),
        *("word", "minute", "late", "hour", "two"),
    ],
)
def test_what_is_wrong_is_said_beside_its_row(rows: list[str], words: list[str]) -> None:
    form = week(*rows)
    assert not week_is_fine(form)
    assert errors(form) == words


def test_touching_windows_are_fine() -> None:
    assert week_is_fine(week("0 09:00 12:00", "0 12:00 15:00"))


def test_what_was_typed_is_shown_again() -> None:
    form = week("0 quarter-past 17:00")
    assert 'value="quarter-past"' in str(form.windows[0].form.opens())


def test_dates_become_overrides_and_a_date_without_times_is_a_day_off() -> None:
    form = dates("2027-12-24  ", "2027-12-31 12:00 14:00", "2027-12-31 09:00 11:00", "  ")
    assert dates_are_fine(form)
    assert stored.overrides_of(entry.form for entry in form.overrides) == {
        "2027-12-24": [],
        "2027-12-31": [[540, 660], [720, 840]],
    }


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (["2027-12-24 09:00 09:00"], ["Enter an end time other than the start, such as 17:00."]),
        (
            ["2027-12-24 09:00 12:00", "2027-12-24 10:00 11:00"],
            ["This overlaps 09:00 to 12:00."],
        ),
        ([" 09:00 12:00"], ["Enter the date of these hours, such as 2027-12-24."]),
        (["christmas 09:00 12:00"], ["Enter a date, such as 2027-12-24."]),
    ],
    ids=["empty", "overlap", "no-date", "word"],
)
def test_what_is_wrong_with_a_date_is_said_beside_it(rows: list[str], words: list[str]) -> None:
    form = dates(*rows)
    assert not dates_are_fine(form) or not form.validate()
    assert errors(form) == words


def test_a_week_survives_the_form_and_a_day_off_begins_with_office_hours() -> None:
    kept = [[[540, 720], [780, 1440]], [], [[1320, 120]], *[[[540, 600]]] * 4]
    rows = stored.week_rows(kept)
    texts = [f"{row['weekday']} {_text(row['opens'])} {_text(row['closes'])}" for row in rows]
    form = week(*texts)
    assert week_is_fine(form)
    found = stored.week_of(entry.form for entry in form.windows)
    assert found == [kept[0], [[540, 1020]], *kept[2:]]


def _text(minutes: int | None) -> str:
    return "" if minutes is None else time_fields.clock(minutes % 1440)
