"""Words of people: on one line, cut, and beside other words."""

import unicodedata

import pytest
from flask import Flask
from flask_babel import force_locale
from hypothesis import given
from hypothesis import strategies as st

from bookme.typed import apart, closed, cut, line, own, phrase, unlinkable

MARKS = st.sampled_from("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200fאa7 ")
TURNED = st.text(MARKS, max_size=30)
FAMILY, FLAG, ENGLAND, WAVE = "👩‍👩‍👧", "🇵🇹", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "👋🏽"


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        (" Ana\r\nBcc: x\x00\x07 y\u2028z ", "Ana Bcc: x y z"),
        ("Rendez-vous\u00a0: 10\u202fh", "Rendez-vous\u00a0: 10\u202fh"),
        ("a  b", "a  b"),
        ("\U0001fae9 \uf8ff", "\U0001fae9 \uf8ff"),  # newer than this Python, and a font's own
        (FAMILY + ENGLAND, FAMILY + ENGLAND),
        ("میرزا\u200cعلی ශ්\u200dරී", "میرزا\u200cعلی ශ්\u200dරී"),
        ("\n\n", ""),
    ],
)
def test_a_line_has_no_breaks_and_everything_else(typed: str, expected: str) -> None:
    assert line(typed) == expected


@given(st.text())
def test_a_line_is_one_and_loses_only_what_nobody_reads(typed: str) -> None:
    kept = line(typed)
    assert len(kept.splitlines()) <= 1
    assert line(kept) == kept
    unseen = ("Cc", "Cs", "Zl", "Zp", "Zs")
    read = [c for c in typed if unicodedata.category(c) not in unseen]
    assert [c for c in kept if unicodedata.category(c) not in unseen] == read


@pytest.mark.parametrize("whole", [FAMILY, FLAG, ENGLAND, WAVE, "é", "ක්‍ෂි"])
def test_no_character_is_cut_in_two(whole: str) -> None:
    text = "".join(f"{whole} " for _ in range(60))
    for most in range(90, 110):
        kept = cut(text, most)
        assert len(kept.encode("utf-16-le")) // 2 <= most
        assert set(kept.split()) == {whole}


@given(TURNED, st.integers(min_value=0, max_value=40))
def test_what_is_cut_ends_its_marks_of_direction(typed: str, most: int) -> None:
    kept = cut(apart(typed), most)
    assert len(kept) <= most
    assert closed(kept) == kept or len(typed) + 2 <= most


@pytest.mark.parametrize("typed", ["Ana", "Ană 🏠", "7", "", "名前"])
def test_words_from_left_to_right_need_no_marks(typed: str) -> None:
    assert apart(typed) == closed(typed) == typed


@pytest.mark.parametrize("typed", ["דנה", "عمر", "\u202eevil", "Ana \u200f"])
def test_words_from_right_to_left_are_isolated(typed: str) -> None:
    isolated = apart(typed)
    assert (isolated[0], isolated[-1]) == ("\u2068", "\u2069")
    assert typed in isolated


@pytest.mark.parametrize("typed", ["Ana", "+351 912 345 678"])
def test_among_words_from_right_to_left_all_others_are_isolated(app: Flask, typed: str) -> None:
    with force_locale("ar"):
        assert apart(typed) == f"\u2068{typed}\u2069"
        assert apart("") == ""


@given(TURNED)
def test_no_mark_of_direction_reaches_what_comes_after(typed: str) -> None:
    """The rules of Unicode's annex 9 (X1 to X8), over again."""
    open_marks: list[str] = []
    for char in apart(typed) + "!":
        assert char != "!" or not open_marks
        if char in "\u202a\u202b\u202d\u202e\u2066\u2067\u2068":
            open_marks.append("isolate" if char >= "\u2066" else "embedding")
        elif char == "\u202c" and open_marks[-1:] == ["embedding"]:
            open_marks.pop()
        elif char == "\u2069":
            assert "isolate" in open_marks
            while open_marks.pop() != "isolate":
                pass


@given(TURNED)
def test_marks_that_are_whole_stay_as_they_were(typed: str) -> None:
    assert closed(closed(typed)) == closed(typed)
    assert [c for c in closed(typed) if c not in "\u202c\u2069"] == [
        c for c in typed if c not in "\u202c\u2069"
    ]


def test_a_sentence_takes_words_in_the_form_it_needs() -> None:
    made = phrase("You call %(name)s & co: %(number)s", name=unlinkable("<b>"), number=own("+1"))
    assert "&amp; co" in made.html
    assert "<b>" not in made.html
    assert phrase("%(a)s", a="<i>").html == "&lt;i&gt;"
    assert phrase("100% <i>").html == "100% &lt;i&gt;", "without parts a percent sign is one"
    assert not own("")
    assert str(own("a\nb")) == "a\nb"
    assert "a<br>\nb" in own("a\nb").html
