"""A browser in a few words, so that a host can tell the entries of a list apart."""

from flask_babel import gettext as _

#: In this order: most browsers claim to be others too.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)


def kept(user_agent: str) -> str:
    """What is kept of a browser, in no language: ``Firefox; Linux``; a part that is unknown is
    empty.
    """
    return f"{_first(_BROWSERS, user_agent)}; {_first(_SYSTEMS, user_agent)}"


def label(kept: str) -> str:
    """Such as "Firefox on Linux"; "Unknown browser" for one that said nothing we know."""
    browser, __, system = kept.partition("; ")
    browser = browser or _("Unknown browser")
    return _("%(browser)s on %(system)s", browser=browser, system=system) if system else browser


def _first(names: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((name for mark, name in names if mark in user_agent), "")
