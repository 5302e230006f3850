"""Where a text stands in what is known of a booking, in any script, on both databases."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction

from bookme.models import Attendee, Booking


class SmallLetters(GenericFunction[str]):
    """A text in small letters, those beyond a to z too (SQLite's own ``lower`` knows no others)."""

    name = "small_letters"
    type = sa.String()
    inherit_cache = True


class ItemsOf(GenericFunction[Any]):
    """The items of a JSON list as rows with one column, ``value``."""

    name = "items_of"
    type = sa.JSON()
    inherit_cache = True


@compiles(SmallLetters, "postgresql")
def _lower(element: SmallLetters, compiler: Any, **how: Any) -> str:
    return f"lower({compiler.process(element.clauses, **how)})"


@compiles(ItemsOf, "sqlite")
def _json_each(element: ItemsOf, compiler: Any, **how: Any) -> str:
    return f"json_each({compiler.process(element.clauses, **how)})"


@compiles(ItemsOf, "postgresql")
def _json_array_elements(element: ItemsOf, compiler: Any, **how: Any) -> str:
    return f"json_array_elements({compiler.process(element.clauses, **how)})"


def answers() -> Any:
    """What a person was asked and has answered, as rows beside those of ``Attendee``."""
    return ItemsOf(Attendee.answers).table_valued(sa.column("value", sa.JSON)).alias("asked")


def mentions(search: str) -> sa.ColumnElement[bool]:
    """Bookings that a text stands in: their reference, or a person's name, e-mail address, phone
    number, notes or answers.
    """
    text = search.lower()
    asked = answers()
    answer = asked.c.value["answer"].as_string()
    columns = (Attendee.name, Attendee.email, Attendee.phone, Attendee.notes)
    in_person = sa.or_(*(_holds(column, text) for column in columns))
    in_answer = sa.select(sa.literal(1)).select_from(asked).where(_holds(answer, text))
    person = Booking.attendees.any(in_person | in_answer.correlate(Attendee).exists())
    return sa.or_(Booking.reference.startswith(text, autoescape=True), person)


def _holds(column: Any, text: str) -> sa.ColumnElement[bool]:
    return SmallLetters(column).contains(text, autoescape=True)
