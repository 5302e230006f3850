"""Words that strangers typed, made safe to put into a mail."""

import re

#: What mail programs and calendars make links of: an address with a scheme, and a domain name; also
#: with the full stops that browsers take for dots.
_SCHEME = re.compile(r":(?=//)")
_DOT = re.compile(r"(?<=\S)([.\u3002\uff0e\uff61])(?=[^\W\d_])")


def unlinked(text: str) -> str:
    """The same words, with a space wherever a mail program would see a link.

    BookMe sends confirmations to whatever address a booker typed; without this, anybody could have
    it send a link of their choice to anybody.
    """
    return _DOT.sub(r"\1 ", _SCHEME.sub(": ", text))
