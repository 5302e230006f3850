"""What of a host's own has been waiting for long, in words."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from bookme.connections import providers
from bookme.health.waiting import Waiting
from bookme.providers.registry import meetings_label

#: By kind of work: what happened, and since when what has been waiting.
_AT_PROVIDERS = {
    "meetings": (
        _l("%(provider)s isn't working as it should."),
        _l(
            "Meetings have been waiting for it since %(since)s. We'll keep trying; you don't need "
            "to do anything."
        ),
    ),
    "entries": (
        _l("%(provider)s isn't working as it should."),
        _l(
            "Calendar events have been waiting for it since %(since)s. We'll keep trying; you "
            "don't need to do anything."
        ),
    ),
}
_MAIL = (
    _l("Your e-mails are delayed."),
    _l(
        "The mail server isn't taking messages. Yours have been waiting since %(since)s. We'll "
        "keep trying; you don't need to do anything."
    ),
)
_BOOKME = (
    _l("BookMe is running late."),
    _l(
        "Meetings, calendar events and messages have been waiting since %(since)s. They'll "
        "follow; you don't need to do anything."
    ),
)


def late(of: Waiting, since: str) -> tuple[str, str]:
    """What happened, and since when work has been waiting.

    :param since: that instant, as its reader reads times.
    """
    title, text = _words(of)
    return title, text % {"since": since}


def _words(of: Waiting) -> tuple[str, LazyString]:
    title, text = _BOOKME if of.refused_by is None else _AT_PROVIDERS.get(of.kind, _MAIL)
    if of.refused_by is None or of.kind not in _AT_PROVIDERS:
        return str(title), text
    name = meetings_label(of.refused_by) or providers.label(of.refused_by)
    return title % {"provider": name}, text
