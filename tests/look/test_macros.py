import pytest
from bs4 import BeautifulSoup
from flask import Flask, get_template_attribute
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    FieldList,
    Form,
    FormField,
    HiddenField,
    PasswordField,
    RadioField,
    StringField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, ValidationError


class Window(Form):
    opens = StringField("From", validators=[InputRequired("Say when it opens.")])


class Example(FlaskForm):
    class Meta:
        csrf = False

    starts_at = HiddenField(validators=[InputRequired("Choose a time.")])
    name = StringField("Name & title", validators=[InputRequired("Tell us your name.")])
    agrees = BooleanField("I agree")
    place = RadioField(
        "Where",
        choices=[SelectChoice("video", "Video Meeting"), SelectChoice("phone", "Phone")],
        validators=[InputRequired("Choose one.")],
    )
    windows = FieldList(FormField(Window), min_entries=2)

    def validate_windows(self, field: FieldList) -> None:
        raise ValidationError("These overlap.")


@pytest.fixture
def bad(site: Flask) -> Example:
    """A form sent with everything missing but the first window, and one error of the whole."""
    with site.test_request_context():
        form = Example(MultiDict({"windows-0-opens": "09:00", "windows-1-opens": ""}))
        assert not form.validate()
    form.form_errors = ["That time has just been taken."]
    return form


@pytest.fixture
def fresh(site: Flask) -> Example:
    with site.test_request_context():
        return Example(MultiDict())


def render(site: Flask, macro: str, *arguments: object, **named: object) -> BeautifulSoup:
    """A macro's output, asked for as ``file.macro``."""
    file, name = macro.split(".")
    with site.test_request_context():
        html = get_template_attribute(f"macros/{file}.html", name)(*arguments, **named)
    return BeautifulSoup(html, "html.parser")


def one(soup: BeautifulSoup, selector: str) -> dict[str, str]:
    [found] = soup.select(selector)
    return {**found.attrs, "text": found.get_text(" ", strip=True)}


def test_a_field_is_tied_to_its_label_help_and_error(site: Flask, bad: Example) -> None:
    soup = render(site, "form.field", bad.name, help="As on your door.", autocomplete="name")
    control = one(soup, "input")
    assert one(soup, "label") == {"for": control["id"], "text": "Name & title"}
    assert control["aria-describedby"] == "name-help name-error"
    assert control["aria-invalid"] == "true"
    assert control["autocomplete"] == "name"
    assert one(soup, "#name-help")["text"] == "As on your door."
    assert one(soup, "#name-error")["text"] == "Tell us your name."


def test_a_sound_field_says_nothing_more(site: Flask, fresh: Example) -> None:
    soup = render(site, "form.field", fresh.name, optional=True)
    assert {"aria-describedby", "aria-invalid"}.isdisjoint(one(soup, "input"))
    assert soup.select(".error") == []
    assert one(soup, "label")["text"] == "Name & title (optional)"


def test_a_checkbox_stands_inside_its_label(site: Flask, fresh: Example) -> None:
    soup = render(site, "form.check", fresh.agrees, help="Read it first.")
    assert one(soup, "label input[type=checkbox]")["aria-describedby"] == "agrees-help"


def test_radios_are_a_named_group_with_notes_and_the_error(site: Flask, bad: Example) -> None:
    soup = render(site, "form.choices", bad.place, notes={"video": "A link for each."})
    group = one(soup, "fieldset")
    assert group["aria-describedby"] == "place-error"
    assert one(soup, "legend")["text"] == "Where"
    assert [label.get_text(" ", strip=True) for label in soup.select("label")] == [
        "Video Meeting A link for each.",
        "Phone",
    ]
    assert [label["for"] for label in soup.select("label")] == [
        control["id"] for control in soup.select("input[type=radio]")
    ]


def test_the_summary_leads_to_every_error(site: Flask, bad: Example) -> None:
    soup = render(site, "summary.summary", bad)
    found = [(item.get_text(strip=True), item.a and item.a["href"]) for item in soup.select("li")]
    assert found == [
        ("That time has just been taken.", None),
        ("Choose a time.", None),  # a hidden field: nothing to go to
        ("Tell us your name.", "#name"),
        ("Choose one.", "#place"),
        ("Say when it opens.", "#windows-1-opens"),
        ("These overlap.", "#windows"),
    ]
    assert {"autofocus", "tabindex"} <= one(soup, "[role=alert]").keys()


class SignIn(FlaskForm):
    class Meta:
        csrf = False

    password = PasswordField(validators=[InputRequired("Type it.")])


def test_the_summary_promises_nothing_about_passwords(site: Flask, bad: Example) -> None:
    kept = "What you typed is still here."
    with site.test_request_context():
        form = SignIn(MultiDict())
        assert not form.validate()
    assert kept in render(site, "summary.summary", bad).get_text(" ", strip=True)
    assert kept not in render(site, "summary.summary", form).get_text(" ", strip=True)


def test_a_sound_form_has_no_summary(site: Flask, fresh: Example) -> None:
    assert render(site, "summary.summary", fresh).get_text(strip=True) == ""


def test_a_button_of_its_own_is_a_form_with_the_hosts_token(site: Flask) -> None:
    soup = render(site, "form.press", "/connections/zoom", "Test connection")
    assert one(soup, "form")["action"] == "/connections/zoom"
    assert len(one(soup, "input[name=csrf_token]")["value"]) > 20


@pytest.mark.parametrize(
    ("macro", "arguments"),
    [
        ("parts.badge", ["good", "<b>"]),
        ("parts.notice", ["warn", "<b>", "<b>"]),
        ("parts.empty_state", ["<b>", "<b>", ("/", "<b>")]),
        ("parts.facts", [[("<b>", "<b>")]]),
        ("lists.tabs", ["<b>", [("/", "<b>", True)]]),
        ("lists.timeline", [[("good", "<b>", "<b>", "<b>")]]),
        ("form.submit", ["<b>", "/"]),
        ("form.press", ["/", "<b>"]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_strangers_typed_stays_text(site: Flask, macro: str, arguments: list[object]) -> None:
    soup = render(site, macro, *arguments)
    assert "<b>" in soup.get_text()
    assert soup.select("b") == []


def test_facts_without_a_value_are_left_out(site: Flask) -> None:
    soup = render(site, "parts.facts", [("Passcode", None), ("Zone", "Lisbon")])
    assert [term.get_text() for term in soup.select("dt")] == ["Zone"]


def test_a_tab_says_where_we_are(site: Flask) -> None:
    soup = render(site, "lists.tabs", "Bookings", [("/a", "Past", False), ("/b", "All", True)])
    assert one(soup, "[aria-current=page]")["href"] == "/b"


def test_a_pager_offers_only_the_ways_there_are(site: Flask) -> None:
    assert render(site, "lists.pager").select("nav") == []
    assert one(render(site, "lists.pager", more="/next"), "a")["href"] == "/next"
