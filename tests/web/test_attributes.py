"""Attributes of a form's controls are those that WTForms writes."""

import importlib.util
from typing import Any

import pytest
from flask import Flask
from markupsafe import Markup
from wtforms import Form, StringField, TextAreaField
from wtforms.widgets import core

from bookme.web.attributes import attributes

NAMED: list[dict[str, Any]] = [
    {},
    {"name": "a", "id": "b", "class_": "c", "value": ""},
    {"required": True, "readonly": False, "data_x_y": 1, "aria_label": 'It’s "so" & <so>'},
    {"value": Markup('&amp;"'), "maxlength": 100, "for_": None, "data-fill": "'"},
]


@pytest.mark.parametrize("named", NAMED)
def test_they_are_what_wtforms_writes(named: dict[str, Any]) -> None:
    found = attributes(**named)
    assert found == _theirs()(**named)
    assert isinstance(found, Markup)


def _theirs() -> Any:
    """The function of the package, in whose place another one stands by now."""
    spec = importlib.util.find_spec("wtforms.widgets.core")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.html_params


def test_forms_are_written_with_them(app: Flask) -> None:
    class Asking(Form):
        name = StringField(default='"')
        notes = TextAreaField()

    form = Asking()
    assert core.html_params is attributes
    assert str(form.name(required=True)) == (
        '<input id="name" name="name" required type="text" value="&#34;">'
    )
    assert 'id="notes" name="notes"' in form.notes()
