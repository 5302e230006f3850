"""What holds for every template of every feature."""

import re
from pathlib import Path

import pytest
from flask import Flask

import bookme
from bookme import filters
from tests.look.markup import elements

ROOT = Path(bookme.__file__).parent / "templates"
ALL = sorted(path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*.*"))
PAGES = [name for name in ALL if name.endswith(".html") and not name.startswith("email/")]
REQUESTS = ("hx-get", "hx-post")
#: What a host's POST form may carry its CSRF field by; `hidden` is a macro's argument.
CSRF = re.compile(r"\btoken\(\)|csrf_token|hidden_tag\(\)|\{\{ hidden \}\}")


def source(name: str) -> str:
    return (ROOT / name).read_text()


@pytest.mark.parametrize("name", ALL)
def test_it_compiles_with_the_filters_there_are(name: str) -> None:
    app = Flask("bookme", root_path=str(ROOT.parent))
    filters.init_app(app)
    app.jinja_env.get_template(name)


@pytest.mark.parametrize("name", PAGES)
def test_it_needs_no_unsafe_word_in_the_content_security_policy(name: str) -> None:
    for element in elements(source(name)):
        assert element.tag != "style", element
        assert element.tag != "script" or "src" in element.attributes, element
        for attribute, value in element.attributes.items():
            assert attribute != "style", element
            assert not attribute.startswith(("on", "hx-on", "hx-vars")), element
            assert not value.strip().lower().startswith(("javascript:", "js:")), element


@pytest.mark.parametrize("name", PAGES)
def test_its_forms_say_where_they_go(name: str) -> None:
    for form in (e for e in elements(source(name)) if e.tag == "form"):
        assert form.attributes.get("method") in ("get", "post"), form
        assert form.attributes.get("action"), form


@pytest.mark.parametrize("name", [name for name in PAGES if not name.startswith("public/")])
def test_a_hosts_form_carries_a_csrf_field(name: str) -> None:
    for form in re.findall(r"<form\b.*?</form>", source(name), flags=re.DOTALL):
        if 'method="post"' in form:
            assert CSRF.search(form), form.splitlines()[0]


@pytest.mark.parametrize("name", PAGES)
def test_htmx_only_hurries_what_works_without_it(name: str) -> None:
    for element in elements(source(name)):
        attributes = element.attributes
        ours = {attribute for attribute in attributes if attribute.startswith("hx-")}
        asks = [attribute for attribute in REQUESTS if attribute in ours]
        assert not ours & {"hx-put", "hx-patch", "hx-delete", "hx-boost", "hx-headers"}, element
        handed_down = ours - {"hx-swap-oob"}
        assert not handed_down or asks, f"{element} would only hand attributes down"
        if not asks:
            continue
        if element.tag in ("a", "form"):
            plain = attributes.get("href") or attributes.get("action")
            assert attributes[asks[0]] == plain, f"{element} leads elsewhere without htmx"
        elif element.tag != "button" or attributes.get("type", "submit") != "submit":
            assert "hx-trigger" in ours, f"{element} cannot be used without htmx"


@pytest.mark.parametrize("name", PAGES)
def test_every_control_has_a_label(name: str) -> None:
    found = elements(source(name))
    labelled = {e.attributes.get("for") for e in found if e.tag == "label"}
    for control in (e for e in found if e.tag in ("input", "select", "textarea")):
        if control.attributes.get("type") in ("hidden", "submit"):
            continue
        named = control.attributes.get("aria-label") or control.attributes.get("id") in labelled
        assert named or control.in_label, control


@pytest.mark.parametrize("name", PAGES)
def test_a_fragment_begins_with_what_it_needs_and_no_template_is_long(name: str) -> None:
    text = source(name)
    if Path(name).name.startswith("_"):
        assert text.startswith("{#")
    assert text.count("\n") <= 80
