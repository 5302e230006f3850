"""What holds for every template of every feature."""

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from flask import Flask

import bookme
from bookme.web import filters, words
from tests.look.markup import Element, elements

ROOT = Path(bookme.__file__).parent / "templates"
ALL = sorted(path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*.*"))
PAGES = [name for name in ALL if name.endswith(".html") and not name.startswith("email/")]
REQUESTS = ("hx-get", "hx-post")
#: What a host's POST form may carry its CSRF field by; `hidden` is a macro's argument.
CSRF = re.compile(r"\btoken\(\)|csrf_token|hidden_tag\(\)|\{\{ hidden \}\}")


def source(name: str) -> str:
    return (ROOT / name).read_text()


def broken(rule: Callable[[str], Iterator[object]], names: Sequence[str]) -> list[str]:
    """What breaks a rule in these templates, all of it."""
    assert names
    return [f"{name}: {complaint}" for name in names for complaint in rule(source(name))]


def test_each_compiles_with_the_filters_there_are() -> None:
    app = Flask("bookme", root_path=str(ROOT.parent))
    filters.init_app(app)
    words.init_app(app)
    for name in ALL:
        app.jinja_env.get_template(name)


def unsafe(text: str) -> Iterator[object]:
    for element in elements(text):
        if element.tag == "style" or (element.tag == "script" and "src" not in element.attributes):
            yield element
        for attribute, value in element.attributes.items():
            if attribute == "style" or attribute.startswith(("on", "hx-on", "hx-vars")):
                yield f"{element} has {attribute}"
            if value.strip().lower().startswith(("javascript:", "js:")):
                yield f"{element} has {value}"


def test_none_needs_an_unsafe_word_in_the_content_security_policy() -> None:
    assert broken(unsafe, PAGES) == []


def aimless(text: str) -> Iterator[object]:
    for form in (e for e in elements(text) if e.tag == "form"):
        if form.attributes.get("method") not in ("get", "post") or not form.attributes.get(
            "action"
        ):
            yield form


def test_forms_say_where_they_go() -> None:
    assert broken(aimless, PAGES) == []


def without_csrf(text: str) -> Iterator[object]:
    for form in re.findall(r"<form\b.*?</form>", text, flags=re.DOTALL):
        if 'method="post"' in form and not CSRF.search(form):
            yield form.splitlines()[0]


def test_a_hosts_forms_carry_a_csrf_field() -> None:
    # What is sent again has the field of its own form among what is kept.
    others = ("public/", "report/", "errors/503.html")
    assert broken(without_csrf, [name for name in PAGES if not name.startswith(others)]) == []


def htmx_alone(text: str) -> Iterator[object]:
    for element in elements(text):
        attributes = element.attributes
        ours = {attribute for attribute in attributes if attribute.startswith("hx-")}
        asks = [attribute for attribute in REQUESTS if attribute in ours]
        if ours & {"hx-put", "hx-patch", "hx-delete", "hx-boost", "hx-headers"}:
            yield element
        elif ours - {"hx-swap-oob"} and not asks:
            yield f"{element} would only hand attributes down"
        elif asks and (complaint := _works_with_htmx_only(element, asks[0])):
            yield f"{element} {complaint}"


def _works_with_htmx_only(element: Element, ask: str) -> str:
    attributes = element.attributes
    if element.tag in ("a", "form"):
        plain = attributes.get("href") or attributes.get("action")
        return "" if attributes[ask] == plain else "leads elsewhere without htmx"
    submits = element.tag == "button" and attributes.get("type", "submit") == "submit"
    return "" if submits or "hx-trigger" in attributes else "cannot be used without htmx"


def test_htmx_only_hurries_what_works_without_it() -> None:
    assert broken(htmx_alone, PAGES) == []


def unlabelled(text: str) -> Iterator[object]:
    found = elements(text)
    labelled = {e.attributes.get("for") for e in found if e.tag == "label"}
    for control in (e for e in found if e.tag in ("input", "select", "textarea")):
        if control.attributes.get("type") in ("hidden", "submit"):
            continue
        named = control.attributes.get("aria-label") or control.attributes.get("id") in labelled
        if not named and not control.in_label:
            yield control


def test_every_control_has_a_label() -> None:
    assert broken(unlabelled, PAGES) == []


def long(text: str) -> Iterator[object]:
    if text.count("\n") > 80:
        yield "longer than 80 lines"


def test_no_template_is_long() -> None:
    assert broken(long, PAGES) == []


def silent(text: str) -> Iterator[object]:
    if not text.startswith("{#"):
        yield "does not begin with what it needs"


def test_a_fragment_begins_with_what_it_needs() -> None:
    assert broken(silent, [name for name in PAGES if Path(name).name.startswith("_")]) == []


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (unsafe, "<style></style>"),
        (unsafe, "<a href='javascript:x'>"),
        (unsafe, "<p onclick='x'>"),
        (aimless, "<form method='post'>"),
        (without_csrf, '<form method="post" action="/x"></form>'),
        (htmx_alone, "<a href='/x' hx-get='/y'>"),
        (htmx_alone, "<p hx-target='x'>"),
        (unlabelled, "<input name='x'>"),
        (long, "\n" * 81),
        (silent, "<p>"),
    ],
)
def test_a_broken_rule_would_be_seen(rule: Callable[[str], Iterator[object]], text: str) -> None:
    assert list(rule(text))
