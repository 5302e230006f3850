import gzip
import re
from itertools import product
from pathlib import Path

import pytest

import bookme
from tests.look.colours import contrast, linear, palette

PACKAGE = Path(bookme.__file__).parent
CSS = (PACKAGE / "static/look.css").read_text()
TOKENS, _, REST = CSS.partition("@layer base {")

GROUNDS = ("page", "card")
SOFT = ("accent-soft", "good-soft", "warn-soft", "bad-soft")
TEXT = [
    *product(("ink", "ink-soft", "accent", "accent-strong", "good", "warn", "bad"), GROUNDS),
    *product(("ink", "ink-soft"), SOFT),
    ("accent", "accent-soft"),
    ("accent-strong", "accent-soft"),
    ("good", "good-soft"),
    ("warn", "warn-soft"),
    ("bad", "bad-soft"),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
]
#: What must be seen but not read: a field's border, the focus ring, an invalid field.
SHAPES = [*product(("line-strong", "accent", "bad"), GROUNDS)]


def test_the_measure_agrees_with_known_contrasts() -> None:
    assert contrast(linear("#000"), linear("#fff")) == pytest.approx(21)
    assert contrast(linear("#767676"), linear("#ffffff")) == pytest.approx(4.54, abs=0.005)
    assert contrast(linear("oklch(100% 0 0)"), linear("#fff")) == pytest.approx(1, abs=0.001)
    assert linear("oklch(62.8% .2577 29.23)") == pytest.approx((1, 0, 0), abs=0.002)


def faint(pairs: list[tuple[str, str]], least: float) -> list[str]:
    """The pairs of colours that are too much alike, in light and dark."""
    palettes = {mode: palette(CSS, mode) for mode in ("light", "dark")}
    return [
        f"{colour} on {ground}, {mode}"
        for mode, colours in palettes.items()
        for colour, ground in pairs
        if contrast(colours[colour], colours[ground]) < least
    ]


def test_every_text_can_be_read() -> None:
    assert faint(TEXT, 4.5) == []


def test_fields_and_focus_can_be_seen() -> None:
    assert faint(SHAPES, 3) == []


def test_the_sheet_is_small() -> None:
    assert len(gzip.compress(CSS.encode())) < 8_000


def test_colours_come_from_tokens_only() -> None:
    literals = re.findall(r"#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|oklch|oklab|lab|lch|hwb)\(", REST)
    assert literals == []
    named = re.findall(r":[^;{}]*\b(white|black|red|green|blue|gr[ae]y|orange)\b", REST)
    assert named == []


def test_every_token_that_is_used_exists_and_the_other_way_round() -> None:
    defined = set(re.findall(r"--([a-z0-9-]+):", TOKENS))
    used = set(re.findall(r"var\(--([a-z0-9-]+)\)", CSS))
    assert used == defined


def test_directions_are_logical_so_that_right_to_left_needs_no_second_sheet() -> None:
    sides = "left|right|top|bottom"
    whole = rf"[\s{{;](?:margin|padding|border|inset)-(?:{sides})\b"
    alone = rf"[\s{{;](?:{sides}|width|height):"
    assert re.findall(rf"{whole}|{alone}|text-align: (?:left|right)", CSS) == []


def test_every_class_in_a_template_has_a_look() -> None:
    guide = (PACKAGE / "static/styleguide.css").read_text()
    styled = set(re.findall(r"\.([a-z][a-z-]*)", CSS + guide)) | {"shade-", "s-"}
    for path in (PACKAGE / "templates").rglob("*.html"):
        source = re.sub(r"\{[{%#].*?[}%#]\}", " ", path.read_text(), flags=re.DOTALL)
        for classes in re.findall(r'\bclass="([^"]*)"', source):
            unknown = set(classes.split()) - styled
            assert not unknown or "email" in path.parts, f"{path.name}: {unknown}"
