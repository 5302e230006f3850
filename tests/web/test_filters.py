"""Times, dates and lengths in words."""

from datetime import UTC, date, datetime
from itertools import product

import pytest
from flask import Flask

from bookme import zone_names
from bookme.web import filters, words

DAY = date(2027, 3, 11)
AT = datetime(2027, 3, 11, 14, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("locale", "long", "short"),
    [
        ("en_GB", "Thursday, 11 March 2027", "Thu 11 Mar 2027"),
        ("en_US", "Thursday, March 11, 2027", "Thu, Mar 11, 2027"),
        ("en", "Thursday, March 11, 2027", "Thu, Mar 11, 2027"),
        ("de_DE", "Thursday, 11 March 2027", "Thu 11 Mar 2027"),
    ],
)
def test_an_english_date_is_in_the_order_of_its_reader(
    app: Flask, locale: str, long: str, short: str
) -> None:
    assert filters.long_day(DAY, locale, year=True) == long
    assert filters.short_day(DAY, locale) == short
    assert long.startswith(filters.long_day(DAY, locale))


def test_dates_and_lengths_are_in_the_language_around_them(app: Flask) -> None:
    app.config["LANGUAGES"] = ("en", "de")
    with words.spoken_to("de_AT"):
        assert filters.written("de_AT") == "de_AT"
        assert filters.written("en_US") == "de_AT"
        assert filters.long_day(DAY, "de_DE", year=True) == "Donnerstag, 11. März 2027"
        assert filters.month(DAY, "en_US") == "März 2027"
        assert filters.duration(90) == "1 Stunde, 30 Minuten"
        assert zone_names.name("Europe/Vienna") == "Wien"
    assert zone_names.name("Europe/Vienna") == "Vienna"


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [
        (0, "0 minutes"),
        (1, "1 minute"),
        (60, "1 hour"),
        (90, "1 hour 30 minutes"),
        (121, "2 hours 1 minute"),
    ],
)
def test_a_length_is_in_hours_and_minutes(app: Flask, minutes: int, expected: str) -> None:
    assert filters.duration(minutes) == expected


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("nl", ["1 uur", "1 dag", "3 dagen"]),
        ("ja", ["1 時間", "1 日", "3 日"]),
        ("pt_BR", ["1 hora", "1 dia", "3 dias"]),
        ("it", ["1 ora", "1 giorno", "3 giorni"]),
        ("ar", ["ساعة", "يوم", "3 أيام"]),
    ],
)
def test_a_length_has_its_word_in_a_language_without_a_longer_one(
    app: Flask, language: str, expected: list[str]
) -> None:
    app.config["LANGUAGES"] = ("en", language)
    with words.spoken_to(language):
        said = [filters.duration(60), filters.counted(1, "day"), filters.counted(3, "day")]
    assert said == expected


@pytest.mark.parametrize(
    ("language", "expected"),
    [("ar", "ساعة و30 دقيقة"), ("bg", "1 час и 30 минути"), ("he", "1 שעה 30 דקות")],
)
def test_a_length_says_each_of_its_parts_once(app: Flask, language: str, expected: str) -> None:
    app.config["LANGUAGES"] = ("en", language)
    with words.spoken_to(language):
        assert filters.duration(90) == expected


def test_a_time_of_12_hours_stays_in_one_piece_among_words_from_right_to_left(app: Flask) -> None:
    app.config["LANGUAGES"] = ("en", "he")
    with words.spoken_to("he"):
        assert filters.clock(AT, "UTC", 12) == "\u20682:05 PM\u2069"
        assert filters.clock(AT, "UTC", 24) == "14:05"


def test_a_clock_has_12_or_24_hours(app: Flask) -> None:
    assert filters.clock(AT, "UTC") == "14:05"
    assert filters.clock(AT, "UTC", 12) == "2:05 pm"
    assert filters.clock(AT.replace(hour=0), "UTC", 12) == "12:05 am"


def test_an_hour_that_comes_twice_is_told_apart(app: Flask) -> None:
    first, second = (datetime(2027, 10, 31, hour, 30, tzinfo=UTC) for hour in (0, 1))
    assert filters.clock(first, "Europe/Berlin") == "02:30 (first)"
    assert filters.clock(second, "Europe/Berlin", 12) == "2:30 am (second)"


LOCALES = ["en_GB", "de", "fr", "es", "it", "nl", "pt_BR", "ja", "ar", "he"]


def test_lengths_are_words_in_every_language(app: Flask) -> None:
    """Babel has no long words for some units of some languages."""
    app.config["LANGUAGES"] = tuple(LOCALES)
    for locale in LOCALES:
        with words.spoken_to(locale):
            for unit, number in product(("minute", "hour", "day"), (1, 2, 5)):
                assert "duration" not in filters.counted(number, unit), (locale, unit)
    with words.spoken_to("it"):
        assert filters.counted(2, "day") == "2 giorni"


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("https://book.example/mara/intro", "https://book.example/<wbr>mara/<wbr>intro"),
        ("https://book.example/", "https://book.example/"),
        ("/a<b>/c", "/a&lt;b&gt;/<wbr>c"),
    ],
)
def test_a_line_may_end_behind_the_slashes_of_a_path(address: str, said: str) -> None:
    assert filters.breakable(address) == said


def test_days_are_written_in_full_in_every_language(app: Flask) -> None:
    app.config["LANGUAGES"] = tuple(LOCALES)
    expected = {
        "de": "Montag, 1. März",
        "fr": "lundi 1er mars",
        "es": "lunes, 1 de marzo",
        "it": "lunedì 1 marzo",
        "ja": "3月1日(月曜日)",
    }
    for locale, said in expected.items():
        with words.spoken_to(locale):
            assert filters.long_day(date(2027, 3, 1), locale) == said
    with words.spoken_to("fr"):
        assert filters.long_day(date(2027, 3, 1), "fr", year=True) == "lundi 1er mars 2027"
        assert filters.long_day(date(2027, 3, 11), "fr") == "jeudi 11 mars"
