"""Which bookings a search finds, by indexes on both databases, and what their bookers answered."""

import re
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction

from bookme import searched
from bookme.extensions import db
from bookme.models import Attendee, Booking, SearchWord, User

#: Up to so many bookings are looked up; of more, some are met soon on a walk in order.
FEW = 1000
#: Stands behind every character.
_LAST = "\U0010ffff"
#: The beginning of a reference, and a character that stands behind all of its.
_REFERENCE, _AFTER_REFERENCES = re.compile(r"[0-9a-f]{4,32}"), "g"


class ItemsOf(GenericFunction[Any]):
    """The items of a JSON list as rows with one column, ``value``."""

    name = "items_of"
    type = sa.JSON()
    inherit_cache = True


@compiles(ItemsOf, "sqlite")
def _json_each(element: ItemsOf, compiler: Any, **how: Any) -> str:
    return f"json_each({compiler.process(element.clauses, **how)})"


@compiles(ItemsOf, "postgresql")
def _json_array_elements(element: ItemsOf, compiler: Any, **how: Any) -> str:
    return f"json_array_elements({compiler.process(element.clauses, **how)})"


def answers() -> Any:
    """What a person was asked and has answered, as rows beside those of ``Attendee``."""
    return ItemsOf(Attendee.answers).table_valued(sa.column("value", sa.JSON)).alias("asked")


def mentions(host: User, search: str) -> tuple[sa.ColumnElement[bool], bool]:
    """A host's bookings of which a person has, for each word of a search, a word that begins so, in
    a name, an e-mail address, a phone number, notes or answers; or whose reference begins so.

    How many have such a word is asked for first, up to :data:`FEW`: few are looked up by their ids,
    of many the page's own index soon finds enough.

    :return: the condition, and whether they are looked up: then no index by host is to be walked.
    """
    looked_for = searched.looked_for(search)
    rare = next((word for word in looked_for if _is_rare(host, word)), None)
    found = [_has(word) for word in looked_for if word != rare]
    if rare is None:
        return sa.and_(*found), False
    ids: sa.Select[int] | sa.CompoundSelect[int] = _with(host, rare)
    if len(looked_for) == 1 and _REFERENCE.fullmatch(rare):
        ids = _with(host, rare).union_all(_referred_to(host, rare))
    return sa.and_(Booking.id.in_(ids), *found), True


def _begins(word: str) -> sa.ColumnElement[bool]:
    return sa.and_(SearchWord.word >= word, SearchWord.word < word + _LAST)


def _with(host: User, word: str) -> sa.Select[int]:
    return sa.select(SearchWord.booking_id).where(SearchWord.host_id == host.id, _begins(word))


def _is_rare(host: User, word: str) -> bool:
    more = _with(host, word).order_by(SearchWord.word).offset(FEW).limit(1)
    return db.session.scalar(more) is None


def _has(word: str) -> sa.ColumnElement[bool]:
    mine = Attendee.booking_id == Booking.id, SearchWord.attendee_id == Attendee.id
    of_person = sa.select(sa.literal(1)).select_from(Attendee, SearchWord)
    return of_person.where(*mine, _begins(word)).correlate(Booking).exists()


def _referred_to(host: User, text: str) -> sa.Select[int]:
    begins = Booking.reference >= text, Booking.reference < text + _AFTER_REFERENCES
    return sa.select(Booking.id).where(Booking.host_id == host.id, *begins)
