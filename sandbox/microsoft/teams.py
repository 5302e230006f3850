"""Teams: the part of an event's text that is Teams' own, without which there is no meeting."""

import re
import secrets
from html import escape, unescape

_BODY = re.compile(r"<body[^>]*>(.*)</body\s*>", re.IGNORECASE | re.DOTALL)
_HEAD = '<meta http-equiv="Content-Type" content="text/html; charset=utf-8">'
#: What Teams' part begins with.
_START = f'<br>\r\n<div style="width:100%"><span style="color:#5F5F5F">{"_" * 80}'


def new_key() -> str:
    """What a Teams link ends with."""
    return f"19_meeting_{secrets.token_hex(24)}"


def link(key: str, public_url: str) -> str:
    """The way into a meeting; at Microsoft ``https://teams.microsoft.com/l/meetup-join/…``."""
    return f"{public_url}/microsoft/meet/{key}"


def page(content: str, kind: str, key: str | None, public_url: str) -> str:
    """An event's text as Exchange keeps it: always a page, Teams' part at its end.

    :param kind: ``text`` or ``html``.
    :param key: of the meeting; None if there is none.
    """
    inner = _inside(content)
    if kind == "text":
        inner = escape(content, quote=False).replace("\n", "<br>\n")
    missing = key and blob(key, public_url) not in inner
    return _page(inner + (blob(key, public_url) if key and missing else ""))


def blob(key: str, public_url: str) -> str:
    """Teams' part of the text."""
    return (
        f'{_START}</span></div>\r\n<div class="me-email-text" lang="en-US">\r\n'
        '<div class="me-email-headline"><span>Microsoft Teams</span> '
        '<a href="https://aka.ms/JoinTeamsMeeting?omkt=en-US">Need help?</a></div>\r\n'
        f'<div><a id="meet_invite_block.action.join_link" href="{link(key, public_url)}">'
        "<strong>Join the meeting now</strong></a></div>\r\n</div>\r\n"
    )


def own_text(content: str) -> str:
    """What people read of such a page, without Teams' part."""
    own = _inside(content).partition(_START)[0]
    return unescape(re.sub(r"<[^>]*>", "", re.sub(r"<br>\s*|</div>", "\n", own))).strip()


def with_text(content: str, other: str) -> str:
    """Another page's text with Teams' part of this one."""
    _, start, rest = _inside(content).partition(_START)
    return _page(_inside(other).partition(_START)[0] + start + rest)


def _page(inner: str) -> str:
    return f"<html><head>\r\n{_HEAD}\r\n</head><body>{inner}</body></html>"


def _inside(content: str) -> str:
    found = _BODY.search(content)
    return found[1] if found else content
