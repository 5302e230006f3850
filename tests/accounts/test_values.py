"""The small pure parts: addresses, browsers, zones, passwords."""

import pytest
from argon2 import PasswordHasher
from flask import Flask

from bookme import addresses
from bookme.accounts import browsers, passwords, zones


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("mara@example.com", "mara@example.com"),
        ("  Mara.L+zoom@Example.COM ", "mara.l+zoom@example.com"),
        ("mara@b\u00fccher.example", "mara@xn--bcher-kva.example"),
        ("mara@office", "mara@office"),
    ],
)
def test_an_address_is_folded(typed: str, kept: str) -> None:
    assert addresses.folded(typed) == kept


@pytest.mark.parametrize(
    "typed",
    ["", "mara", "mara@", "@example.com", "a b@example.com", "mara@example.com\nBcc: x@y.example"]
    + ["Mara <mara@example.com>", "m\u00e4ra@example.com", "a@b.example, c@d.example"],
)
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="not an e-mail address"):
        addresses.folded(typed)


KHTML = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("user_agent", "label"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0", "Firefox on Linux"),
        (f"Mozilla/5.0 (Windows NT 10.0) {KHTML} Chrome/140.0 Safari/537.36", "Chrome on Windows"),
        (f"Mozilla/5.0 (Windows NT 10.0) {KHTML} Chrome/140.0 Edg/140.0", "Edge on Windows"),
        (f"Mozilla/5.0 (iPhone; like Mac OS X) {KHTML} Safari/604.1", "Safari on iPhone"),
        (f"Mozilla/5.0 (Linux; Android 15) {KHTML} Chrome/140.0 Mobile", "Chrome on Android"),
        ("curl/8.5.0", "Unknown browser"),
        ("", "Unknown browser"),
    ],
)
def test_a_browser_is_named_in_a_few_words(user_agent: str, label: str) -> None:
    assert browsers.label(browsers.kept(user_agent)) == label


def test_zones_are_chosen_by_region_and_the_present_one_is_always_there() -> None:
    choices = zones.choices("Asia/Calcutta")
    assert ("Europe/Lisbon", "Lisbon") in choices["Europe"]
    assert ("America/Argentina/Buenos_Aires", "Buenos Aires") in choices["America"]
    assert ("Asia/Calcutta", "Kolkata") in choices["Asia"]
    names = {name for cities in choices.values() for name, _ in cities}
    assert not names & {"Asia/Kolkata", "Europe/Kiev", "US/Eastern", "Asia/Saigon", "GMT"}
    assert ("UTC", "UTC") in zones.choices("Europe/Lisbon")["Elsewhere"]


@pytest.mark.parametrize("name", ["", None, "Mars/Olympus", "../etc/passwd", "europe/lisbon"])
def test_other_names_are_no_zones(name: str | None) -> None:
    assert not zones.is_zone(name)


def test_a_password_matches_its_own_hash_only(app: Flask) -> None:
    kept = passwords.hash_password("correct horse")
    assert passwords.matches(kept, "correct horse")
    assert not passwords.matches(kept, "correct house")
    assert not passwords.matches(None, "correct horse")
    assert not passwords.matches("not a hash", "correct horse")


def test_one_letter_typed_in_two_ways_is_one_password(app: Flask) -> None:
    assert passwords.matches(passwords.hash_password("caf\u00e9 au lait"), "cafe\u0301 au lait")


def test_without_a_setting_the_hash_is_as_strong_as_the_library_says(app: Flask) -> None:
    del app.config["PASSWORD_HASHER"]
    strong = PasswordHasher()
    assert not strong.check_needs_rehash(passwords.hash_password("correct horse"))
