"""An answer of a CalDAV server as a tree, whatever is wrong with its letters.

Nothing in it is fetched, no entity of its own is expanded, and a character that XML forbids, raw or
as a reference, costs itself only.
"""

import re

from lxml import etree

from bookme.providers.http.answers import Answer
from bookme.providers.icloud.dav.names import DAV

_ENCODING = re.compile(rb"""<\?xml[^>]*encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
#: A line folded within a character (RFC 5545, 3.1): what follows could begin no other.
_FOLDED = re.compile(rb"(?:(?:\r|&#13;|&#xD;)?\n|\r)[ \t](?=[\x80-\xbf])", re.IGNORECASE)
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_REFERENCE = re.compile(r"&#(?:x([0-9a-fA-F]{1,8})|([0-9]{1,10}));")
#: What stands between these is text as it is.
QUOTED = re.compile(r"(<!\[CDATA\[.*?\]\]>)", re.DOTALL)
#: One that begins none of the five entities that XML has by itself, nor a reference.
_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#[0-9]+|#x[0-9a-fA-F]+);)")
_HAS_TYPES = re.compile(r"\s*(?:<!--.*?-->\s*)*<!DOCTYPE", re.DOTALL | re.IGNORECASE)
_END = re.compile(r"</(?:[\w.-]+:)?multistatus\s*>\s*$|<(?:[\w.-]+:)?multistatus[^>]*/>\s*$")


def text(answer: Answer) -> str:
    """The answer without what would stop a parser."""
    named = _ENCODING.match(answer.content[:200].lstrip())
    content = _FOLDED.sub(b"", answer.content)
    try:
        text = content.decode(named[1].decode() if named else "utf-8", errors="replace")
    except LookupError:
        text = content.decode("utf-8", errors="replace")
    text = _FORBIDDEN.sub("", _DECLARATION.sub("", text.lstrip("\ufeff")))
    pieces = QUOTED.split(text)
    pieces[::2] = [_AMPERSAND.sub("&amp;", _REFERENCE.sub(_allowed, one)) for one in pieces[::2]]
    return "".join(pieces)


def _allowed(found: re.Match[str]) -> str:
    number = int(found[1], 16) if found[1] else int(found[2])
    return found[0] if number < 0x110000 and not _FORBIDDEN.match(chr(number)) else ""


def tree(text: str) -> etree._Element:
    if _HAS_TYPES.match(text) or not _END.search(text):
        raise ValueError("no whole answer")
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, load_dtd=False, no_network=True, huge_tree=True
    )
    root = etree.fromstring(text.encode(), parser)
    if root is None or root.tag != f"{{{DAV}}}multistatus":
        raise ValueError("no list of things")
    return root
