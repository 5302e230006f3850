"""The picture that a link has where it is shared: whose it is, and what there is to book.

Drawn with a font of ours (``font/``). It lacks some scripts: a line with a letter that it lacks is
left out, since boxes say nothing. Drawing takes a tenth of a second or so, one card at a time; the
last ones are kept in memory, found by what is on them.
"""

import hashlib
import threading
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from bookme.face import colours
from bookme.face.shown import initials

WIDTH, HEIGHT = 1200, 630
#: BookMe's own colour, as near as this needs it.
ACCENT = "#2f5bc4"
_FONT = Path(__file__).with_name("font") / "DejaVuSansCondensed-Bold.ttf"
_WIDEST = WIDTH - 2 * 90
_FACE = 190
_one_at_a_time = threading.Lock()


@dataclass(frozen=True, slots=True)
class Card:
    """What is on a card.

    :ivar name: whose initials stand for a picture.
    :ivar line: under the title.
    :ivar picture: the digest of the host's picture.
    """

    name: str
    title: str
    line: str
    accent: str | None = None
    picture: str = ""

    @property
    def digest(self) -> str:
        """Of all that is on it."""
        facts = (self.name, self.title, self.line, self.accent, self.picture)
        return hashlib.sha256(repr(facts).encode()).hexdigest()[:16]


@lru_cache(maxsize=100)  # 20 kB each
def drawn(card: Card, picture: bytes | None) -> bytes:
    """The card as a PNG.

    :param picture: the JPEG that the card's digest is of.
    """
    with _one_at_a_time:
        shades = colours.light(card.accent or ACCENT)
        image = Image.new("RGB", (WIDTH, HEIGHT), shades.soft)
        draw = ImageDraw.Draw(image)
        draw.rectangle((0, HEIGHT - 16, WIDTH, HEIGHT), fill=shades.accent)
        _face(image, card, shades, picture)
        below = _write(draw, card.title, 330, sizes=(76, 66, 56, 48), lines=2, fill="#1a1f2b")
        _write(draw, card.line, below + 22, sizes=(38, 32), lines=1, fill="#4a5161")
        out = BytesIO()
        image.quantize(128).save(out, "PNG", optimize=True)
        return out.getvalue()


def _face(image: Image.Image, card: Card, shades: colours.Shades, picture: bytes | None) -> None:
    round_ = Image.new("L", (2 * _FACE, 2 * _FACE))
    ImageDraw.Draw(round_).ellipse((0, 0, 2 * _FACE - 1, 2 * _FACE - 1), fill=255)
    round_ = round_.resize((_FACE, _FACE), Image.Resampling.LANCZOS)
    face = Image.new("RGB", (_FACE, _FACE), shades.accent)
    if picture is not None:
        face = Image.open(BytesIO(picture), formats=("JPEG",)).resize((_FACE, _FACE))
    elif _is_covered(letters := initials(card.name)):
        middle = (_FACE // 2, _FACE // 2)
        draw = ImageDraw.Draw(face)
        draw.text(middle, letters, font=_font(78), fill=shades.on, anchor="mm")
    image.paste(face, ((WIDTH - _FACE) // 2, 84), round_)


def _write(
    draw: ImageDraw.ImageDraw, text: str, top: int, *, sizes: tuple[int, ...], lines: int, fill: str
) -> int:
    """Write a text in the middle, in the largest size in which it fits, and say where it ends."""
    text = " ".join(text.split())
    if not text or not _is_covered(text):
        return top
    rows, size = next(
        ((rows, size) for size in sizes if len(rows := _rows(text, size)) <= lines),
        (_rows(text, sizes[-1])[:lines], sizes[-1]),
    )
    if len(_rows(text, size)) > lines:
        rows[-1] = _cut(rows[-1] + "…", size)
    for row in rows:
        draw.text((WIDTH // 2, top), row, font=_font(size), fill=fill, anchor="ma")
        top += round(size * 1.25)
    return top


def _rows(text: str, size: int) -> list[str]:
    rows = [""]
    for word in text.split(" "):
        longer = f"{rows[-1]} {word}".strip()
        if rows[-1] and _font(size).getlength(longer) > _WIDEST:
            rows.append(word)
        else:
            rows[-1] = longer
    return [_cut(row, size) for row in rows]


def _cut(row: str, size: int) -> str:
    while len(row) > 1 and _font(size).getlength(row) > _WIDEST:
        row = row.removesuffix("…")[:-1].rstrip() + "…"
    return row


@lru_cache(maxsize=16)
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(_FONT, size)


def _is_covered(text: str) -> bool:
    return all(map(_has, text))


@lru_cache(maxsize=4096)
def _has(letter: str) -> bool:
    if letter.isspace() or unicodedata.category(letter) == "Cf":
        return True
    return _shape(letter) != _shape("\uffff")


def _shape(letter: str) -> tuple[tuple[int, int], bytes]:
    mask = _font(38).getmask(letter)
    return mask.size, bytes(mask)
