"""The shades of one colour, so that text in it and on it can be read, in light and in dark.

A host may choose any colour, yellow too. Its hue stays, and so does as much of its strength as a
screen shows; how light it is is changed as far as needed for the contrast that WCAG 2.2 asks for.
The grounds are those of ``look.css``.
"""

import math
import re
from dataclasses import dataclass

Rgb = tuple[float, float, float]

#: What text needs against its ground, with a little to spare for rounding.
TEXT = 4.6
#: The same for those who have asked for more.
MORE = 7.1
#: The grounds that an accent stands on: page and card.
LIGHT = ("#f9fafc", "#ffffff")
DARK = ("#0c1018", "#141a25")
#: Colours to choose from, each with its name in ``forms.py``.
PALETTE = ("#2f6bdb", "#0f766e", "#2e7d32", "#a16207", "#c2410c", "#be123c", "#9d2f9d", "#475569")

_HEX = re.compile(r"#[0-9a-f]{6}")


@dataclass(frozen=True, slots=True)
class Shades:
    """The colours of look.css that follow the accent, each as ``#rrggbb``."""

    accent: str
    strong: str
    line: str
    soft: str
    on: str


def is_colour(text: str) -> bool:
    """Whether this is a colour as ``#rrggbb``, in small letters."""
    return _HEX.fullmatch(text) is not None


def light(colour: str, least: float = TEXT) -> Shades:
    """On light pages: as dark as the colour is, or darker."""
    lightness, chroma, hue = _oklch(colour)
    soft = _hex(0.965, min(chroma, 0.02), hue)
    found = min(lightness, 0.62)
    while min(contrast(_hex(found, chroma, hue), one) for one in (*LIGHT, soft)) < least:
        found -= 0.01
    return Shades(
        accent=_hex(found, chroma, hue),
        strong=_hex(found - 0.07, chroma, hue),
        line=_hex(0.76, chroma * 0.5, hue),
        soft=soft,
        on="#ffffff",
    )


def dark(colour: str, least: float = TEXT) -> Shades:
    """On dark pages: as light as the colour is, or lighter, and no stronger than is pleasant."""
    lightness, chroma, hue = _oklch(colour)
    chroma = min(chroma, 0.14)
    soft = _hex(0.29, min(chroma, 0.05), hue)
    on = _hex(0.2, min(chroma, 0.05), hue)
    found = max(lightness, 0.6)
    while min(contrast(_hex(found, chroma, hue), one) for one in (*DARK, soft, on)) < least:
        found += 0.01
    return Shades(
        accent=_hex(found, chroma, hue),
        strong=_hex(min(found + 0.08, 1), chroma * 0.75, hue),
        line=_hex(0.48, min(chroma, 0.08), hue),
        soft=soft,
        on=on,
    )


def sheet(colour: str) -> str:
    """The style sheet that gives bookers' pages, and previews of them, a colour."""
    one, other = light(colour), dark(colour)
    tokens = ("accent", "accent-strong", "accent-line", "accent-soft", "on-accent")
    names = ("accent", "strong", "line", "soft", "on")
    rules = "".join(
        f"--{token}:light-dark({getattr(one, name)},{getattr(other, name)});"
        for token, name in zip(tokens, names, strict=True)
    )
    more = f"light-dark({light(colour, MORE).accent},{dark(colour, MORE).accent})"
    where = ".plain,.framed,.introduction"
    return (
        f"{where}{{{rules}}}\n@media (prefers-contrast:more)"
        f"{{{where}{{--accent:{more};--accent-strong:{more};--accent-line:{more};}}}}\n"
    )


def contrast(one: str, other: str) -> float:
    """From 1 (alike) to 21 (black and white), as WCAG 2.2 defines it."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def rgb(colour: str) -> tuple[int, int, int]:
    """Red, green and blue, from 0 to 255."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    red, green, blue = _linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(colour: str) -> Rgb:
    red, green, blue = (_straight(part / 255) for part in rgb(colour))
    return red, green, blue


def _straight(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def _bent(value: float) -> float:
    return 12.92 * value if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055


def _oklch(colour: str) -> tuple[float, float, float]:
    # https://bottosson.github.io/posts/oklab/
    red, green, blue = _linear(colour)
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    medium = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    lightness = 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    return lightness, math.hypot(a, b), math.atan2(b, a)


def _hex(lightness: float, chroma: float, hue: float) -> str:
    """The colour, its strength lowered until a screen can show it."""
    while (found := _screen(lightness, chroma, hue)) is None:
        chroma = chroma * 0.95 if chroma > 0.005 else 0
        if chroma == 0:
            found = _screen(min(max(lightness, 0), 1), 0, hue) or (lightness,) * 3
            break
    return "#" + "".join(f"{round(255 * min(max(_bent(part), 0), 1)):02x}" for part in found)


def _screen(lightness: float, chroma: float, hue: float) -> Rgb | None:
    a, b = chroma * math.cos(hue), chroma * math.sin(hue)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    found = (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )
    return found if all(-0.0005 <= part <= 1.0005 for part in found) else None
