from io import BytesIO

import pytest
from PIL import Image

from bookme.face.cards import Card, drawn
from bookme.face.pictures import squares
from tests.face.drawing import BLUE, file, is_like

CARD = Card("Mara Lindqvist", "Intro call", "Mara Lindqvist, 30 minutes", "#0f766e")


def shown(card: Card, picture: bytes | None = None) -> Image.Image:
    return Image.open(BytesIO(drawn(card, picture)))


def words(image: Image.Image) -> tuple[int, int, int, int] | None:
    """Where something is written below the face."""
    below = image.convert("L").crop((0, 320, 1200, 600))
    return below.point(lambda dot: 255 * (dot < 140)).getbbox()


def test_a_card_has_the_size_that_is_asked_for_and_is_small() -> None:
    assert shown(CARD).size == (1200, 630)
    assert len(drawn(CARD, None)) < 60_000


@pytest.mark.parametrize(
    "title",
    ["Intro call", "Erstgespräch", "Ελληνικά", "Знакомство", "שיחת היכרות", "مكالمة تعريفية"],
)
def test_a_title_is_written_in_the_scripts_that_the_font_has(title: str) -> None:
    assert words(shown(Card("Mara", title, ""))) is not None


@pytest.mark.parametrize("title", ["初回のご相談", "Coffee 🎉", "नमस्ते"])
def test_a_title_that_the_font_lacks_is_left_out(title: str) -> None:
    assert words(shown(Card("Mara", title, ""))) is None


def test_long_words_stay_on_the_card() -> None:
    found = words(shown(Card("Mara", "x" * 120, "y " * 200)))
    assert found is not None
    left, top, right, bottom = found
    assert left > 60
    assert right < 1140
    assert bottom < 270


def test_the_picture_or_the_initials_are_in_the_middle() -> None:
    portrait = squares(file(Image.new("RGB", (200, 200), BLUE))).large
    assert is_like(shown(CARD, portrait), (600, 120), BLUE)
    assert is_like(shown(CARD), (600, 100), (15, 118, 110))


def test_a_name_without_letters_is_no_trouble() -> None:
    for name in ("山田 太郎", "— —", "...", "🎉"):
        assert shown(Card(name, "", "")).size == (1200, 630)
