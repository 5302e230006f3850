"""Strangers' words in mails: read as they were typed, and never a link."""

import re
from html import unescape

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bookme.mail.defuse import defused, theirs

#: Words as people write them, with the pieces of which links are made.
PIECES = st.sampled_from(
    ["evil", "com", "js", "www", "http", "https://", "mailto:", "//", "\\\\", "@", ".", "。", "．"]
    + [
        " ",
        "\n",
        ":",
        "/",
        "-",
        "Node.js",
        "1.2.3.4",
        "рф",
        "भारत",
        "\u200d",
        "\u202e",
        "\u2069",
        "🙂",
    ]
)
TYPED = st.one_of(st.lists(PIECES, max_size=12).map("".join), st.text(max_size=80))
#: What mail programs make links of, said in another way than in the code.
LINK = re.compile(
    r"\w://\S|\b(?:www|ftp)\.\w|\w@\w+\.\w|(?<!\\)\\\\[^\\\s]|\bmailto:\S"
    r"|\w[.\u3002\uff0e\uff61](?:com(?![a-zA-Z0-9])|(?:рф|भारत)(?!\w))"
)


@pytest.mark.parametrize(
    ("typed", "safe"),
    [
        ("https://evil.example/x?y=1", "https: //evil. example/x?y=1"),
        ("https://evil.newest/x", "https: //evil. newest/x"),
        ("www.evil.example", "www. evil. example"),
        ("see evil.com.", "see evil. com."),
        ("evil.com/x", "evil. com/x"),
        ("evil.com-x, evil.com_x", "evil. com-x, evil. com_x"),
        ("http://localhost", "http: //localhost"),
        ("http:evil", "http: evil"),
        ("mailto:/evil", "mailto: /evil"),
        ("me@evil.com", "me@evil. com"),
        ("me@host.intern", "me@host. intern"),
        ("evil。com", "evil。 com"),
        ("ｅｖｉｌ．ｃｏｍ", "ｅｖｉｌ． ｃｏｍ"),
        ("evil.comに", "evil. comに"),
        ("evil.c\u200dom", "evil. c\u200dom"),
        ("пример.рф", "пример. рф"),
        ("xn--e1afmkfd.xn--p1ai", "xn--e1afmkfd. xn--p1ai"),
        (r"\\server\share", r"\\ server\share"),
        ("1.2.3.4/x", "1.2.3. 4/x"),
    ],
)
def test_what_a_mail_program_would_link_is_broken_up_in_text(typed: str, safe: str) -> None:
    assert defused(typed) == safe
    assert defused(safe) == safe


@pytest.mark.parametrize(
    "typed",
    [
        *("Node.js", "Vue.js/Nuxt.js", "J.R.R. Tolkien", "e.V.", "Ph.D.", "St. Mark's Square 1"),
        *("Dr. Müller, 10.30 or 1.5 hours...", "v1.2.3.4", "Ana @ Work", "@ana", "a: b", "12:30"),
        *("main.cxx", "münchen.beispiel", "x" * 1000, "👩‍👩‍👧", "میرزا‌علی", "ශ්‍රී", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "O", ""),
    ],
)
def test_nothing_else_is_changed(typed: str) -> None:
    assert defused(typed) == typed
    assert theirs(typed).html.striptags() == " ".join(typed.split())


@given(TYPED)
@example("http://" + "evil.com/" * 8)
@example("mailto:/")
def test_in_text_no_link_is_left_and_only_spaces_are_added(typed: str) -> None:
    safe = defused(typed)
    assert not LINK.search(safe)
    assert safe.replace(" ", "") == typed.replace(" ", "")
    assert defused(safe) == safe


@given(TYPED)
def test_in_html_what_is_read_is_what_was_typed_and_no_link_is_in_one_piece(typed: str) -> None:
    pieces = re.split("<[^<>]*>", theirs(typed).html)
    marks = (
        "\u202c\u2069"  # ends of direction: those that lack are added, those that end nothing go
    )
    assert _without(unescape("".join(pieces)), marks) == _without(typed, marks)
    assert not any(LINK.search(unescape(piece)) for piece in pieces)
    assert "<a" not in theirs(typed).html


def _without(text: str, unwanted: str) -> str:
    return "".join(char for char in text if char not in unwanted)
