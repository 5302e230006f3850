import gzip
import re
from itertools import product
from pathlib import Path

import pytest

import bookme
from tests.look.colours import contrast, linear, palette

PACKAGE = Path(bookme.__file__).parent
#: Of all pages, and what is added where bookers never come.
LOOK, MORE = ((PACKAGE / f"static/{name}.css").read_text() for name in ("look", "dashboard"))
CSS = LOOK + MORE
TOKENS, _, REST = LOOK.partition("@layer base {")
REST += MORE.replace("--text-hero:", "")
TEMPLATES = PACKAGE / "templates"
#: Whose pages load the other sheet.
OF_HOSTS = {
    *("bookings", "connections", "face", "feed", "hours", "numbers", "schedules", "settings"),
    *("setup", "sharing", "help", "styleguide"),
}
#: Parts of pages that load it.
PARTS_OF_THEIRS = {
    *(
        "dashboard.html",
        "_menu.html",
        "public/_for_whom.html",
        "public/_promises.html",
        "embedding/_more.html",
    ),
    *("accounts/_tabs.html", "accounts/_browsers.html", "accounts/_confirm_first.html"),
}

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


def test_more_contrast_is_there_for_those_who_ask_for_it() -> None:
    _, _, more = TOKENS.partition("(prefers-contrast: more)")
    changed = dict(re.findall(r"--([a-z-]+): var\(--([a-z-]+)\)", more))
    assert {"ink-soft", "line", "accent"} <= changed.keys()
    text = [(changed.get(colour, colour), changed.get(ground, ground)) for colour, ground in TEXT]
    assert faint(text, 7) == []
    assert faint([(changed["line"], ground) for ground in GROUNDS], 7) == []


def test_the_sheets_are_small() -> None:
    assert len(gzip.compress(LOOK.encode())) < 5_600
    assert len(gzip.compress(MORE.encode())) < 5_000


def test_colours_come_from_tokens_only() -> None:
    literals = re.findall(r"#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|oklch|oklab|lab|lch|hwb)\(", REST)
    assert literals == []
    named = re.findall(r":[^;{}]*\b(white|black|red|green|blue|gr[ae]y|orange)\b", REST)
    assert named == []


def test_every_token_that_is_used_exists_and_the_other_way_round() -> None:
    defined = {*re.findall(r"--([a-z0-9-]+):", TOKENS), "text-hero"}
    used = set(re.findall(r"var\(--([a-z0-9-]+)\)", CSS))
    assert used == defined


def test_directions_are_logical_so_that_right_to_left_needs_no_second_sheet() -> None:
    sides = "left|right|top|bottom"
    whole = rf"[\s{{;](?:margin|padding|border|inset)-(?:{sides})\b"
    alone = rf"[\s{{;](?:{sides}|width|height):"
    assert re.findall(rf"{whole}|{alone}|text-align: (?:left|right)", CSS) == []


def classes(sheet: str) -> set[str]:
    return set(re.findall(r"\.([a-z][a-z-]*)", re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)))


def sources() -> dict[str, str]:
    """Pages and fragments by their names, without what is said about them."""
    found = {path.relative_to(TEMPLATES).as_posix(): path for path in TEMPLATES.rglob("*.html")}
    return {
        name: re.sub(r"\{#.*?#\}", " ", path.read_text(), flags=re.DOTALL)
        for name, path in found.items()
        if not name.startswith("email/")
    }


def loads_both(name: str, source: str) -> bool:
    """Whether a template is of pages that have the other sheet, too."""
    is_theirs = name.split("/")[0] in OF_HOSTS or name in PARTS_OF_THEIRS
    return is_theirs or "dashboard.html" in source or "dashboard.css" in source


def test_every_class_in_a_template_has_a_look() -> None:
    guide = classes((PACKAGE / "static/styleguide.css").read_text()) | {"shade-", "s-"}
    for name, source in sources().items():
        is_anybodys = name.startswith("macros/")
        styled = classes(CSS if is_anybodys or loads_both(name, source) else LOOK)
        styled |= guide if name.startswith("styleguide/") else set()
        plain = re.sub(r"\{[{%].*?[}%]\}", " ", source, flags=re.DOTALL)
        for found in re.findall(r'\bclass="([^"]*)"', plain):
            unknown = set(found.split()) - styled
            assert not unknown, f"{name}: {unknown}"


def test_bookers_load_no_look_that_only_others_have() -> None:
    scripts = " ".join(path.read_text() for path in (PACKAGE / "static").glob("*.js"))
    common = [source for name, source in sources().items() if not loads_both(name, source)]
    words = set(re.findall(r"[a-z][a-z-]*", " ".join([*common, scripts])))
    # By htmx; and by days, times and fields of phone numbers, which are written in Python.
    assert classes(LOOK) - words <= {"htmx-request", "phone", "present", "today"}


def test_the_second_sheet_adds_to_the_layers_of_the_first() -> None:
    order = re.findall(r"^@layer ([a-z, ]+);", LOOK, flags=re.MULTILINE)
    assert order == ["tokens, base, layout, parts, print"]
    layers = re.findall(r"^@layer ([a-z]+) \{", MORE, flags=re.MULTILINE)
    assert layers == ["tokens", "layout", "parts", "print"]
    both = [set(re.findall(r"^@layer ([a-z]+) \{", sheet, re.M)) for sheet in (LOOK, MORE)]
    assert both[1] <= both[0]
