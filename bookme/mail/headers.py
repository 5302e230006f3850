"""How the headers of a mail are folded and encoded.

Python 3.11 loses spaces where it folds a long header that is not ASCII, so what people read in
headers is encoded by the older :class:`email.header.Header`.
"""

from email.header import Header
from email.policy import EmailPolicy
from email.utils import formataddr
from typing import Any

#: A word that fits on a line beside the header's name (RFC 5322, 2.1.1: 78 characters).
_LONGEST_WORD = 60
#: All that a line may have (RFC 5322, 2.1.1).
_LONGEST_LINE = 998
_ADDRESSES = ("from", "to", "reply-to")
#: What holds an address of a page: one word, however long, that no program would put together.
_LINKS = ("list-unsubscribe",)


class MailPolicy(EmailPolicy):
    """The policy of :data:`email.policy.SMTP`, with subjects and names encoded faithfully."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**{"linesep": "\r\n"} | settings)

    def fold(self, name: str, value: Any) -> str:
        header = _encoded(name, value)
        if header is None:
            return super().fold(name, value)
        return f"{name}: {header.encode(linesep=self.linesep)}{self.linesep}"

    def fold_binary(self, name: str, value: Any) -> bytes:
        return self.fold(name, value).encode("ascii", "surrogateescape")


def _encoded(name: str, value: Any) -> Header | None:
    """The header as it is to be encoded; None for those that hold no words of people."""
    kind = name.lower()
    if kind == "subject":
        return Header(str(value), _charset(str(value)), header_name=name)
    if kind in _LINKS:
        return Header(str(value), maxlinelen=_LONGEST_LINE, header_name=name)
    if kind not in _ADDRESSES:
        return None
    (person,) = value.addresses
    if _charset(person.display_name) is None:
        plain = formataddr((person.display_name, person.addr_spec))
        return Header(plain, header_name=name)
    header = Header(person.display_name, "utf-8", header_name=name)
    header.append(f"<{person.addr_spec}>", "us-ascii")
    return header


def _charset(text: str) -> str | None:
    """None for what can stand as it is: ASCII that does not pretend to be encoded, with blanks
    where it can be folded. What is encoded can be folded anywhere.
    """
    longest = max(map(len, text.split(" ")))
    plain = text.isascii() and "=?" not in text and "  " not in text
    return None if plain and longest <= _LONGEST_WORD else "utf-8"
