"""What of a text can be kept, and what a reader sees of it."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from wtforms import PasswordField, StringField, TextAreaField

from bookme import characters
from bookme.web.fields import Form

FAMILY = "\U0001f469\u200d\U0001f469\u200d\U0001f467"
PERSIAN = "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"
UNSEEN = [
    "\u200b",
    "\u200d",
    "\u2060\ufeff",
    "\u00ad",
    "\u3164",
    "\u2800",
    "\u115f\u1160",
]


@pytest.mark.parametrize("text", ["Mara", "7", "\u7389", FAMILY, PERSIAN, "\u200bMara", "\u20ac"])
def test_what_a_reader_sees_is_visible(text: str) -> None:
    assert characters.is_visible(text)


@pytest.mark.parametrize("text", ["", " ", *UNSEEN])
def test_what_nobody_sees_is_not(text: str) -> None:
    assert not characters.is_visible(text)


@pytest.mark.parametrize("text", ["Mara L\u00edndqvist", FAMILY, PERSIAN])
def test_names_of_all_scripts_are_lines(text: str) -> None:
    assert characters.is_line(text)


@pytest.mark.parametrize("text", ["a\nb", "a\0", "a\u202eb", "a\u2028b", "a\u200bb"])
def test_what_does_more_than_be_read_is_no_line(text: str) -> None:
    assert not characters.is_line(text)


class Example(Form):
    class Meta:
        csrf = False

    line = StringField()
    lines = TextAreaField()
    secret = PasswordField()


@pytest.mark.parametrize(
    ("field", "text", "wrong"),
    [
        ("line", "a\0b", True),
        ("line", "a\x1bb", True),
        ("line", "a\x85b", True),
        ("line", "a\nb", True),
        ("line", "a\tb", False),
        ("lines", "a\0b", True),
        ("lines", "a\r\n\tb\n", False),
        ("lines", PERSIAN, False),
        ("secret", "a\x01b", False),
    ],
)
def test_no_control_character_gets_past_a_form(
    app: Flask, field: str, text: str, wrong: bool
) -> None:
    with app.test_request_context():
        form = Example(formdata=MultiDict({field: text}))
        assert form.validate() is not wrong
        assert form[field].data == text, "what was typed is kept"


def test_every_form_has_the_same_base(app: Flask) -> None:
    from flask_wtf import FlaskForm

    ours = [one for one in _all_below(FlaskForm) if one.__module__.startswith("bookme.")]
    assert len(ours) > 15
    assert [one for one in ours if not issubclass(one, Form)] == []


def _all_below(kind: type) -> list[type]:
    return [found for one in kind.__subclasses__() for found in (one, *_all_below(one))]


@pytest.mark.parametrize("name", UNSEEN)
def test_nobody_signs_up_under_a_name_that_cannot_be_seen(client: FlaskClient, name: str) -> None:
    form = {"name": name, "email": "nora@example.com", "password": "a long enough password"}
    answer = client.post("/sign-up", data=form)
    assert answer.status_code == 422
