"""What can be set while the sandbox runs, with a default and a check each."""

import json
import sqlite3
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

SCOPES = (
    "user:read:user",
    "meeting:write:meeting",
    "meeting:update:meeting",
    "meeting:delete:meeting",
    "meeting:read:list_meetings",
    "meeting:read:meeting",
)

GOOGLE_SCOPES = (
    "https://www.googleapis.com/auth/calendar.events",
    "https://www.googleapis.com/auth/calendar.calendarlist.readonly",
)
MICROSOFT_SCOPES = ("openid", "offline_access", "User.Read", "Calendars.ReadWrite")

SCOPES_OF = {"zoom": SCOPES, "google": GOOGLE_SCOPES, "microsoft": MICROSOFT_SCOPES}

MAIL_MODES = ("up", "refuse", "defer", "cut")


def is_number(value: Any) -> bool:
    """A number of zero or more; a bool is none."""
    return type(value) in (int, float) and value >= 0


def is_count(value: Any) -> bool:
    """A whole number of zero or more."""
    return type(value) is int and value >= 0


def _is_address(value: Any) -> bool:
    return isinstance(value, str) and urlsplit(value).scheme in ("http", "https")


def _list_of(check: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, list) and all(map(check, value))


def _or_none(check: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: value is None or check(value)


_SETTINGS: dict[str, tuple[Any, Callable[[Any], bool]]] = {
    # Zoom's tokens
    "access_ttl_seconds": (3599, is_count),
    "old_access_dies": (False, lambda value: type(value) is bool),  # already at a refresh
    "granted_scopes": (list(SCOPES), _list_of(SCOPES.__contains__)),  # of coming consents
    # Zoom's meetings
    "list_delay_seconds": (0, is_number),  # before a new meeting stands in listings
    "daily_limit": (100, is_count),  # creates and updates a person and day
    "per_second": (None, _or_none(is_count)),  # calls of everybody together
    # Zoom's webhooks
    "webhook_url": (None, _or_none(_is_address)),  # None: the environment's
    "webhook_retry_seconds": ([300, 1200, 3600], _list_of(is_number)),
    "event_on_revoke_seconds": (1, _or_none(is_number)),  # None: no event
    # The app's registration; None: the environment's
    "redirects": (None, _or_none(_list_of(_is_address))),
    "install_url": (None, _or_none(_is_address)),
    # Google's and Microsoft's calendars
    "google_unticked": ([], _list_of(GOOGLE_SCOPES.__contains__)),  # on coming consent pages
    "page_size": (7, is_count),  # the most that a page of a list holds, whatever is asked for
    "meet_pending_answers": (1, is_count),  # that say so before a Meet link is there
    "meet_fails": (False, lambda value: type(value) is bool),
    "google_revive": ("allowed", ("allowed", "forbidden").__contains__),  # a deleted event
    "teams_link_answers": (0, is_count),  # without the link, before it is there
    "graph_duplicates": ("same", ("same", "refused").__contains__),  # a transactionId again
    # iCloud's; None: as it should be
    "icloud_redirect": (None, _or_none(_is_address)),  # where the first question is sent on to
    "icloud_home": (None, _or_none(_is_address)),  # where everybody's calendars are said to be
    "icloud_absolute_hrefs": (False, lambda value: type(value) is bool),  # that name the first host
    # The provider that people sign in with
    "openid_claims": ({}, lambda value: type(value) is dict),  # over those of coming tokens
    "openid_signing": ("right", ("right", "none", "secret", "stranger", "forger").__contains__),
    "openid_key": (1, is_count),  # which one signs
    # The mail server
    "mail": ("up", MAIL_MODES.__contains__),
    "refused_recipients": ([], _list_of(lambda value: isinstance(value, str))),
}


def setting(db: sqlite3.Connection, key: str) -> Any:
    """The value that holds now."""
    return kept(db, key, _SETTINGS[key][0])


def all_settings(db: sqlite3.Connection) -> dict[str, Any]:
    """Every setting that can be changed."""
    return {key: setting(db, key) for key in _SETTINGS}


def change(db: sqlite3.Connection, wanted: dict[str, Any]) -> None:
    """Change some settings.

    :raises ValueError: naming those that are unknown or have a wrong value; none is changed then.
    """
    wrong = [
        key for key, value in wanted.items() if key not in _SETTINGS or not _SETTINGS[key][1](value)
    ]
    if wrong:
        raise ValueError(f"unknown or wrong: {', '.join(sorted(wrong))}")
    for key, value in wanted.items():
        keep(db, key, value)


def keep(db: sqlite3.Connection, key: str, value: Any) -> None:
    """Store one value under a key of any name."""
    db.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", (key, json.dumps(value)))


def kept(db: sqlite3.Connection, key: str, default: Any = None) -> Any:
    """What :func:`keep` has stored, else the default."""
    row = db.execute("SELECT value FROM setting WHERE key = ?", (key,)).fetchone()
    return json.loads(row["value"]) if row else default
