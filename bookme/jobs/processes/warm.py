"""What every process that does jobs would otherwise do again after its fork: mapping the models,
compiling the templates of mails, reading the data of languages.
"""

import gc

from flask import Flask
from flask_babel import gettext as _
from sqlalchemy.orm import configure_mappers

from bookme.clock import utcnow
from bookme.web import filters
from bookme.web.words import spoken_to

#: The locales of those who chose none. Others are read when somebody needs them.
_LOCALES = ("en_GB", "en_US")


def loaded() -> None:
    """Have a process that is about to fork share what it has loaded with those it forks."""
    configure_mappers()  # or each does it at its first task, with all others waiting
    gc.collect()
    gc.freeze()  # or the collector's marks copy every page of memory for each process


def up(app: Flask) -> None:
    """Fill the caches of a worker that is about to fork; opens no connection."""
    with app.app_context():
        for name in app.jinja_env.list_templates(filter_func=_is_of_a_mail):
            app.jinja_env.get_template(name)
        for locale in _LOCALES:
            _say_a_time(locale)
    loaded()


def _say_a_time(locale: str) -> None:
    with spoken_to(locale):
        filters.when(utcnow(), "Europe/Berlin", 24, locale)
        filters.zone_time("Europe/Berlin")
        _("Waiting for the link")  # reads the catalogue


def _is_of_a_mail(name: str) -> bool:
    return name.startswith("email/")
