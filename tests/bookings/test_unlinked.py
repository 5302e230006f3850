import re

import pytest

from bookme.bookings.unlinked import unlinked

#: What mail programs make links of: a scheme with an address, and domain names.
LINK = re.compile(r"\w+://\S|\w[.\u3002\uff0e\uff61][^\W\d_]")


@pytest.mark.parametrize(
    ("typed", "safe"),
    [
        ("https://evil.example/x?y=1", "https: //evil. example/x?y=1"),
        ("www.evil.example", "www. evil. example"),
        ("see evil.com.", "see evil. com."),
        ("http://localhost", "http: //localhost"),
        ("me@evil.com", "me@evil. com"),
        ("evil。com", "evil。 com"),
        ("münchen.де", "münchen. де"),
        ("J.R.R. Tolkien", "J. R. R. Tolkien"),
        ("Dr. Müller, 10.30 or 1.5 hours...", "Dr. Müller, 10.30 or 1.5 hours..."),
        ("St. Mark's Square 1", "St. Mark's Square 1"),
        ("", ""),
    ],
)
def test_strangers_words_hold_no_link(typed: str, safe: str) -> None:
    assert unlinked(typed) == safe
    assert not LINK.search(safe)
    assert unlinked(safe) == safe
