"""The picture of the demo's host: nobody's photograph, drawn here."""

from PIL import Image, ImageDraw

from bookme.face.pictures import Squares, squares_of

_SIDE = 768
_SKIN, _HAIR, _DRESS, _GROUND = "#f0c9a8", "#5b3a29", "#0f766e", "#cfe8e3"
_INK = "#3a2a22"


def portrait() -> Squares:
    """A woman with dark hair in front of a pale wall."""
    image = Image.new("RGB", (_SIDE, _SIDE), _GROUND)
    draw = ImageDraw.Draw(image)
    draw.ellipse((190, 130, 578, 600), fill=_HAIR)
    draw.rectangle((196, 360, 572, 620), fill=_HAIR)
    draw.ellipse((70, 560, 698, 1100), fill=_DRESS)
    draw.rounded_rectangle((318, 480, 450, 640), 60, fill="#e0b593")
    draw.ellipse((318, 570, 450, 660), fill="#e0b593")
    draw.ellipse((248, 190, 520, 560), fill=_SKIN)
    draw.pieslice((232, 140, 536, 470), 180, 360, fill=_HAIR)
    draw.ellipse((244, 236, 420, 330), fill=_HAIR)
    for x in (326, 442):
        draw.ellipse((x - 13, 368, x + 13, 394), fill=_INK)
        draw.arc((x - 34, 326, x + 34, 376), 205, 335, fill=_INK, width=7)
    draw.arc((366, 392, 400, 446), 20, 110, fill="#c9966f", width=6)
    draw.chord((330, 430, 438, 506), 15, 165, fill="#b4483f")
    return squares_of(image)
