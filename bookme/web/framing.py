"""Which other sites may show a page inside their own, and which pages show ours inside themselves.

By default none: a page has to say so while it is made, for that answer alone.
"""

from collections.abc import Iterable

from flask import g

NOBODY = "'none'"


def allow(sites: Iterable[str]) -> None:
    """Let the page that is being made be shown by our own pages and by these sites.

    :param sites: their origins, as ``embedding/sites.py`` has checked them.
    """
    g.framed_by = ("'self'", *sites)


def sites() -> tuple[str, ...]:
    """The origins of the sites that may show the page that is being made."""
    return tuple(g.get("framed_by", ()))[1:]


def show_own() -> None:
    """Let the page that is being made show pages of ours inside itself."""
    g.shows_own = True


def directives() -> tuple[str, ...]:
    """What the policy of this answer says of frames."""
    ancestors = " ".join(("frame-ancestors", *g.get("framed_by", (NOBODY,))))
    return (ancestors, "frame-src 'self'") if g.get("shows_own") else (ancestors,)


def older_browsers() -> str | None:
    """The same for those that know no frame-ancestors. They know no lists either, so None, which is
    no rule at all, where other sites may show the page.
    """
    return {0: "DENY", 1: "SAMEORIGIN"}.get(len(g.get("framed_by", ())))
