import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import bookme
from bookme.face import colours
from tests.look.colours import contrast, linear, palette

CSS = (Path(bookme.__file__).parent / "static/look.css").read_text()
SHEETS = {"light": colours.light, "dark": colours.dark}
ANY = st.integers(0, 0xFFFFFF).map("#{:06x}".format)


def faint(colour: str) -> list[str]:
    """What could not be read, measured by what look.css has and not by our own constants."""
    wrong = []
    for mode, shades_of in SHEETS.items():
        shades, ours = shades_of(colour), palette(CSS, mode)
        own = {name: linear(getattr(shades, name)) for name in shades.__dataclass_fields__}
        pairs = [
            (name, ground, own[name], known)
            for name in ("accent", "strong")
            for ground, known in {
                "page": ours["page"],
                "card": ours["card"],
                "soft": own["soft"],
                "on": own["on"],
            }.items()
        ]
        pairs += [(ink, "soft", ours[ink], own["soft"]) for ink in ("ink", "ink-soft")]
        wrong += [
            f"{colour}: {name} on {ground}, {mode}"
            for name, ground, one, other in pairs
            if contrast(one, other) < 4.5
        ]
    return wrong


@given(ANY)
def test_any_colour_can_be_read_in_light_and_dark(colour: str) -> None:
    assert faint(colour) == []


@pytest.mark.parametrize(
    "colour", [*colours.PALETTE, "#000000", "#ffffff", "#ffff00", "#00ffff", "#808080"]
)
def test_those_to_choose_from_and_the_extremes_can_be_read(colour: str) -> None:
    assert faint(colour) == []


def test_a_colour_that_can_be_read_as_it_is_stays() -> None:
    assert colours.light("#0f766e").accent == "#0f766e"
    assert colours.light("#be123c").accent == "#be123c"


def test_the_sheet_sets_every_token_that_follows_the_accent() -> None:
    sheet = colours.sheet("#0f766e")
    ours = set(re.findall(r"--((?:on-)?accent[a-z-]*):", CSS))
    assert set(re.findall(r"--([a-z-]+):light-dark\(#\w{6},#\w{6}\);", sheet)) == ours
    assert len(ours) == 5


@pytest.mark.parametrize("colour", [*colours.PALETTE, "#ffff00", "#000000"])
def test_a_colour_is_stronger_for_those_who_ask_for_more_contrast(colour: str) -> None:
    _, _, more = colours.sheet(colour).partition("@media (prefers-contrast:more)")
    shades = re.findall(r"--(accent[a-z-]*):light-dark\((#\w{6}),(#\w{6})\);", more)
    assert {name for name, *_ in shades} == {"accent", "accent-strong", "accent-line"}
    for mode, ours in (("light", 1), ("dark", 2)):
        for ground in ("page", "card"):
            found = linear(shades[0][ours])
            assert contrast(found, palette(CSS, mode)[ground]) > 7


@pytest.mark.parametrize(
    "text", ["", "#fff", "#12345G", "#1234567", "123456", "#ABCDEF", "#12345\n"]
)
def test_other_text_is_no_colour(text: str) -> None:
    assert not colours.is_colour(text)
