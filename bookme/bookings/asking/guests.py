"""Guests, as somebody names them in a form."""

import re
from collections.abc import Iterator
from itertools import islice

from flask_babel import gettext as _
from flask_babel import ngettext
from wtforms import ValidationError

from bookme import addresses
from bookme.bookings.asking.reading import line
from bookme.bookings.new import Guest
from bookme.characters import is_visible
from bookme.typed import cut

_NAMED = re.compile(r"([^<>]*)<([^<>]*)>")
_LONGEST_NAME, _LONGEST, _MOST_READ = 100, 500, 40


def read(typed: str, booker: str, *, most: int) -> tuple[Guest, ...]:
    """Whom a booker names, each once: an address a line, or several with commas between them; with
    a name as ``Bo Berg <bo@example.com>``. The booker's own address is left out.

    :raises ValidationError: with words about what is no address, or about too many.
    """
    named = list(islice(_parts(typed), 2 * most + 1))
    if len(named) > 2 * most:  # whoever is named twice doesn't count twice, but this is no slip
        raise _too_many(most)
    found, wrong = dict[str, Guest](), []
    for one in named:
        try:
            guest = _guest(one)
        except ValueError:
            wrong.append(one)
        else:
            found.setdefault(guest.email, guest)
    if wrong:
        first = cut(wrong[0], 60)
        raise ValidationError(
            _("“%(typed)s” isn’t an e-mail address. Enter one such as bo@example.com.", typed=first)
        )
    found.pop(booker, None)
    if len(found) > most:
        raise _too_many(most)
    return tuple(found.values())


def addresses_in(typed: str) -> Iterator[str]:
    """The addresses in such a text, as far as they are any; of an endless one, the first."""
    for part in islice(_parts(typed), _MOST_READ):
        try:
            yield _guest(part).email
        except ValueError:
            continue


def _parts(typed: str) -> Iterator[str]:
    return (one for part in re.split(r"[\n,;]", typed) if (one := line(part)))


def _guest(text: str) -> Guest:
    if len(text) > _LONGEST:
        raise ValueError("no address and no name is that long")
    named = _NAMED.fullmatch(text)
    name, address = (line(named[1]).strip("\"' "), named[2]) if named else ("", text)
    email = addresses.folded(address, public=True)
    if not is_visible(name):
        name = email.partition("@")[0]
    return Guest(name[:_LONGEST_NAME], email)


def _too_many(most: int) -> ValidationError:
    return ValidationError(
        ngettext("Add at most %(num)s guest.", "Add at most %(num)s guests.", most)
    )
