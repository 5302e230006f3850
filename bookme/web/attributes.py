"""Attributes of a form's controls, as WTForms writes them, in a tenth of its time: a form has some
fifty.
"""

from typing import Any

from flask import Flask
from markupsafe import Markup, escape
from wtforms.widgets import core


def attributes(**named: Any) -> Markup:
    """The attributes as they stand in a tag, in the order of their names. What is True has no
    value, what is False isn't there.
    """
    said = []
    for key, value in sorted(named.items()):
        if value is False:
            continue
        name = core.clean_key(key)
        if value is not True:
            inside = str.replace(escape(value), '"', "&quot;")
            name = f'{escape(name)}="{inside}"'
        said.append(name)
    return Markup(" ".join(said))


def init_app(_app: Flask) -> None:
    """Have WTForms write them so."""
    core.html_params = attributes
    for kind in (core.Input, core.Button):
        kind.html_params = staticmethod(attributes)
