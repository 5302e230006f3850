"""Reads the colours of the style sheet and measures their contrast, as WCAG 2.2 defines it."""

import math
import re

Rgb = tuple[float, float, float]

_TOKEN = re.compile(r"--([a-z-]+): light-dark\(((?:[^()]|\([^()]*\))+)\);")
_OKLCH = re.compile(r"oklch\(([\d.]+)% ([\d.]+) ([\d.]+)\)")


def palette(css: str, mode: str) -> dict[str, Rgb]:
    """The opaque colour tokens of ``light`` or ``dark``, in linear sRGB."""
    colours = {}
    for name, pair in _TOKEN.findall(css):
        light, dark = re.split(r",\s*(?![^(]*\))", pair)
        value = light if mode == "light" else dark
        if "/" not in value:
            colours[name] = linear(value)
    return colours


def linear(value: str) -> Rgb:
    """A colour as ``#fff``, ``#ffffff`` or ``oklch(L% C H)``, cut to what a screen shows."""
    if value.startswith("#"):
        digits = value[1:] if len(value) == 7 else "".join(2 * digit for digit in value[1:])
        red, green, blue = (int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4))
        return _straight(red), _straight(green), _straight(blue)
    match = _OKLCH.fullmatch(value)
    assert match, f"not a colour we can measure: {value}"
    lightness, chroma, hue = (float(part) for part in match.groups())
    return _from_oklch(lightness / 100, chroma, math.radians(hue))


def contrast(one: Rgb, other: Rgb) -> float:
    """From 1 (alike) to 21 (black and white)."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _straight(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def _luminance(colour: Rgb) -> float:
    red, green, blue = colour
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _from_oklch(lightness: float, chroma: float, hue: float) -> Rgb:
    # https://bottosson.github.io/posts/oklab/
    a, b = chroma * math.cos(hue), chroma * math.sin(hue)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        _shown(4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short),
        _shown(-1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short),
        _shown(-0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short),
    )


def _shown(value: float) -> float:
    return min(max(value, 0.0), 1.0)
