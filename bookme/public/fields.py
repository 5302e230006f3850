"""The fields of the details form, with its button.

Most forms are opened with nothing in them. Their fields are written once for all to whom they are
the same, whatever else is booked meanwhile. What somebody sent, or an address fills in, is nobody
else's and is written anew.
"""

from collections.abc import Hashable

import sqlalchemy as sa
from flask import current_app, render_template, request
from flask_babel import get_locale
from markupsafe import Markup

from bookme.bookings.asking import countries, questions
from bookme.bookings.asking.form import asks_for_phone
from bookme.models import Question, QuestionKind, Schedule
from bookme.public import kept
from bookme.public.forms import BookingForm
from bookme.public.kept import Part
from bookme.public.reader import Reader

_ASKED = sorted({*sa.inspect(Question).columns.keys()} - {"id", "schedule_id"})


def of(schedule: Schedule, form: BookingForm | None, reader: Reader, *, begins: bool) -> Markup:
    """The fields as they stand on the page.

    :param form: None where nothing is filled in.
    :param begins: the page begins in the first field that is wrong, else in the first empty one.
    """
    if form is not None:
        return _written(schedule, form, begins)
    forms, key = kept.pages_of(current_app).forms, _key(schedule, reader, begins)
    part = forms.get(key)
    if part is None:
        part = Part(_written(schedule, BookingForm.of(schedule, reader), begins))
        forms.keep(key, part)
    return part.html


def _key(schedule: Schedule, reader: Reader, begins: bool) -> Hashable:
    """All that fields with nothing in them are a function of."""
    asked = [[getattr(one, name) for name in _ASKED] for one in schedule.questions]
    calls = asks_for_phone(schedule)
    dials = calls or any(one.kind is QuestionKind.PHONE for one in schedule.questions)
    return (
        *(request.script_root, str(get_locale()), begins, calls, repr(asked)),
        *(schedule.host.name, schedule.needs_approval, bool(schedule.max_guests)),
        countries.country_of(reader.zone, reader.locale) if dials else "",
    )


def _written(schedule: Schedule, form: BookingForm, begins: bool) -> Markup:
    if begins:
        form.place_cursor()
    known = {"schedule": schedule, "form": form, "prefix": questions.PREFIX}
    return Markup(render_template("public/_fields.html", **known))
