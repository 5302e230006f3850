"""Handles: their shape, the reserved ones, and how one is made of a name."""

import pytest
from flask import Flask

from bookme.accounts import handles


def test_every_address_of_ours_is_reserved(app: Flask) -> None:
    ours = {rule.rule.split("/")[1] for rule in app.url_map.iter_rules()}
    words = {word for word in ours if word and "<" not in word and "." not in word}
    assert len(words) > 10
    assert words <= handles.RESERVED


@pytest.mark.parametrize("handle", ["ma", "mara", "mara-lindqvist", "mara-2", "2mara", "x" * 40])
def test_a_sound_handle_has_no_problem(handle: str) -> None:
    assert handles.problem(handle) is None


@pytest.mark.parametrize(
    "handle",
    ["", "m", "x" * 41, "Mara", "mara_l", "mara lindqvist", "-mara", "mara-", "ma--ra", "m\u00e4ra"]
    + ["mara/intro", "mara.l", "mara\n", "dashboard", "sign-in", "admin"],
)
def test_other_handles_are_refused_in_words(handle: str) -> None:
    assert handles.problem(handle)


@pytest.mark.parametrize(
    ("name", "handle"),
    [
        ("Mara Lindqvist", "mara-lindqvist"),
        ("  Zo\u00eb  M\u00fcller-L\u00fcdenscheidt ", "zoe-muller-ludenscheidt"),
        ("O'Neil, Dr.", "o-neil-dr"),
        ("http://evil.example", "http-evil-example"),
        ("Admin", "admin-host"),
        ("\u5c71\u7530", "my-host"),
        ("X", "my-host"),
        ("", "my-host"),
        ("Anna-Maria Theodora Konstantina Papadopoulou", "anna-maria-theodora-konstantin"),
    ],
)
def test_a_handle_is_made_of_a_name(name: str, handle: str) -> None:
    assert handles.from_name(name) == handle
    assert handles.problem(handle) is None
