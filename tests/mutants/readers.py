"""Mutants of what bookers see and hold: times held for them, shared times, languages, and their
host's face. Invariants 2, 8, 10, 11 and 13.
"""

from tests.mutants.mutant import Mutant

_ANSWERING = "bookme/bookings/answering.py"
_LETTER = "bookme/sharing/letter.py"
_WORDS = "bookme/web/words.py"
_PICTURES = "bookme/face/decoding.py"
_TEST_ANSWERING = "tests/bookings/test_answering.py"
_LAPSED = "test_a_held_time_that_lapses_leaves_no_trace_and_gives_its_link_back"
_TEST_SHARING = "tests/sharing/test_sharing.py"
_TEST_LANGUAGE = "tests/words/test_language.py"
_TEST_PICTURES = "tests/face/test_pictures.py"

MUTANTS = (
    Mutant(
        "a declined request keeps its time from others",
        2,
        _ANSWERING,
        "booking.status, booking.lapses_at, booking.hold = status, None, None",
        "booking.status, booking.lapses_at = status, None",
        (f"{_TEST_ANSWERING}::test_a_declined_request_frees_its_time_and_keeps_the_hosts_words",),
    ),
    Mutant(
        "a request lapses before its time has come",
        11,
        _ANSWERING,
        " or booking.lapses_at is None or booking.lapses_at > now:",
        " or booking.lapses_at is None:",
        (f"{_TEST_ANSWERING}::test_a_request_lapses_once_its_time_has_come",),
    ),
    Mutant(
        "a held time that lapsed has used its link up",
        11,
        _ANSWERING,
        "of_it.values(uses_left=1, booking_id=None)",
        "of_it.values(booking_id=None)",
        (f"{_TEST_ANSWERING}::{_LAPSED}",),
    ),
    Mutant(
        "shared times stand under the days of another zone",
        2,
        _LETTER,
        "months.by_day(starts, zone)",
        'months.by_day(starts, "UTC")',
        (f"{_TEST_SHARING}::test_a_time_stands_under_the_day_that_it_has_where_it_is_read",),
    ),
    Mutant(
        "a time in a mail opens the form without its length",
        2,
        _LETTER,
        "at=instant(start), minutes=minutes, **way",
        "at=instant(start), **way",
        (f"{_TEST_SHARING}::test_the_length_stands_in_the_links",),
    ),
    Mutant(
        "the browser's language comes before the one that was chosen",
        10,
        _WORDS,
        "_as_locale(found or _heard(there) or SOURCE)",
        "_as_locale(_heard(there) or found or SOURCE)",
        (f"{_TEST_LANGUAGE}::test_who_chooses_a_language_reads_it",),
    ),
    Mutant(
        "a host reads what the browser chose and not what the account says",
        10,
        _WORDS,
        'if request.blueprint == "public" else own or chosen()',
        'if request.blueprint == "public" else chosen() or _heard(there) or own',
        (f"{_TEST_LANGUAGE}::test_a_host_reads_the_accounts_language",),
    ),
    Mutant(
        "a picture says where and with what it was taken",
        8,
        _PICTURES,
        'image.save(out, "JPEG", quality=82,',
        'image.save(out, "JPEG", exif=image.getexif(), comment=image.info.get("comment", b""),'
        " quality=82,",
        (f"{_TEST_PICTURES}::test_nothing_of_the_file_stays_but_the_picture",),
    ),
    Mutant(
        "a huge animation is opened before it is refused",
        13,
        _PICTURES,
        "if _canvas(file) > MOST_PIXELS:",
        "if _canvas(file) > MOST_PIXELS_OF_JPEG * 100:",
        (f"{_TEST_PICTURES}::test_a_huge_animation_is_refused_before_it_is_opened",),
    ),
)
