"""What most bookers send is read without the form, and as the form would take it."""

from typing import Any
from urllib.parse import urlencode

from flask import Flask, request
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bookme.models import Caller, LocationKind, Question, QuestionKind, Schedule
from bookme.public.carried import Carried, carried
from bookme.public.forms import BookingForm
from bookme.public.reader import visitor
from bookme.public.sent import Sent, plainly
from tests import factories
from tests.examples import examples
from tests.public.pages import FORM_KEY, TYPED

SENT = {"starts_at": "2027-03-02T09:00:00Z", "form_key": FORM_KEY, "zone": "Europe/Lisbon", **TYPED}
ODD = st.text(st.sampled_from("a .@,+-_\0\t\n\r\x85\u200b\u202e\u2028\u3164é字👪"), max_size=12)
TEXTS = {
    "name": ODD | st.sampled_from(["Ana Costa", " Ana  Costa ", "a" * 100, "a" * 101]),
    "email": ODD | st.sampled_from(["Ana@Example.com", "ana@office", "ana@exämple.de", "é@x.de"]),
    "notes": ODD | st.sampled_from(["a" * 2000, "a" * 2001, " two\r\nlines \n"]),
    "starts_at": st.sampled_from(["", "now", "2027-03-02T09:00:00", "2027-03-02T10:00:00+01:00"]),
    "form_key": st.sampled_from(["", "a" * 31, "g" * 32, "a" * 32 + "\n"]),
    "minutes": st.sampled_from(["", "30", "45", "00030", "x"]),
    "guests": ODD | st.sampled_from(["", " \n", "bo@example.com"]),
    "answer_color": st.sampled_from(["", "red"]),
    "phone": st.sampled_from(["", "+351 912 345 678"]),
    "utm_source": st.sampled_from(["", "news"]),
    "clock": st.sampled_from(["12", "24", "x"]),
}


def read_both_ways(
    app: Flask, schedule: Schedule, typed: dict[str, str]
) -> tuple[Sent | None, Sent | None]:
    """What is read plainly, and what the form takes."""
    with app.test_request_context("/", method="POST", data=urlencode(typed), content_type=FORM):
        reader = visitor(request.form, None, schedule)
        brought: Carried = carried(request, schedule)
        plain = plainly(request.form, schedule, reader, brought)
        return plain, BookingForm.of(schedule, reader).sent(reader, brought)


FORM = "application/x-www-form-urlencoded"


def test_what_is_read_plainly_is_what_the_form_takes(app: Flask) -> None:
    usual = factories.schedule()
    schedules = [usual, factories.schedule(host=usual.host, slug="alone", max_guests=0)]
    some, seen = examples(150), [HealthCheck.function_scoped_fixture]
    counted = []

    @settings(parent=some, suppress_health_check=seen)
    @given(st.sampled_from(schedules), st.fixed_dictionaries({}, optional=TEXTS))
    def read(schedule: Schedule, typed: dict[str, str]) -> None:
        plain, formal = read_both_ways(app, schedule, SENT | typed)
        counted.append(plain is not None)
        assert plain in (None, formal)

    read()
    assert any(counted)
    assert not all(counted)


def test_what_most_bookers_send_needs_no_form(app: Flask) -> None:
    typed = SENT | {"guests": "", "minutes": "30", "utm_source": "news", "website": ""}
    plain, formal = read_both_ways(app, factories.schedule(), typed)
    assert plain is not None
    assert plain == formal


def test_what_is_asked_besides_is_for_the_form(app: Flask) -> None:
    of_kinds: list[dict[str, Any]] = [
        {"location_kind": LocationKind.PHONE, "caller": Caller.HOST},
        {"questions": [Question(position=0, kind=QuestionKind.TEXT, name="why", label="Why?")]},
    ]
    host = factories.host()
    for number, columns in enumerate(of_kinds):
        schedule = factories.schedule(host=host, slug=f"asks-{number}", **columns)
        assert read_both_ways(app, schedule, SENT)[0] is None
