"""A host makes a schedule in a real browser, with htmx and without JavaScript."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.chromium import Window
from tests.browser.conftest import Open
from tests.people import Host, new_host
from tests.system import System

SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["htmx", "no JavaScript"])


@pytest.fixture(scope="module")
def host(system: System) -> Host:
    return new_host(system)


@pytest.fixture
def opened(window: Open, host: Host, scripts: bool) -> Window:
    opened: Window = window(host.browser, base_url=host.system.url, java_script_enabled=scripts)
    opened.page.goto("/dashboard/schedules/new")
    return opened


@SCRIPTS
def test_rows_of_hours_are_added_and_nothing_typed_is_lost(opened: Window, scripts: bool) -> None:
    page = opened.page
    page.get_by_label("Title").fill("Walk in the park")
    page.get_by_role("radio", name="In person").check()
    page.get_by_label("Address", exact=True).fill("Gate 3")
    expect(page.get_by_label("Video provider")).to_be_hidden()
    expect(page.get_by_label("Use", exact=True)).to_be_hidden()
    _unfold(page, "Hours")
    expect(page.get_by_label("Friday from")).to_be_hidden()
    page.get_by_label("Use", exact=True).select_option("own")
    opened.loads = 0
    page.get_by_role("button", name="Add hours on Friday").click()
    expect(page.get_by_label("Friday from")).to_have_count(2)
    assert _has_focus(page, page.get_by_label("Friday from").nth(1))
    page.get_by_label("Friday from").nth(1).fill("16:00")
    page.get_by_label("Friday to").nth(1).fill("19:00")
    page.get_by_role("button", name="Add date").click()
    expect(page.get_by_label("Date", exact=True)).to_have_count(1)
    assert _has_focus(page, page.get_by_label("Date", exact=True))
    assert bool(opened.loads) is not scripts
    page.get_by_role("button", name="Save", exact=True).last.click()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("This overlaps 09:00 to 17:00 on Friday.")
    expect(alert).to_be_focused()
    alert.get_by_role("link").click()
    wrong = page.get_by_label("Friday from").nth(1)  # a time, whose focus is in one of its parts
    assert _has_focus(page, wrong)
    page.get_by_label("Friday from").nth(1).fill("17:30")
    expect(page.get_by_label("Title")).to_have_value("Walk in the park")
    page.get_by_role("button", name="Save", exact=True).last.click()
    page.goto("/dashboard/schedules")
    expect(page.locator("main")).to_contain_text("Walk in the park")
    page.get_by_role("link", name="Edit Walk in the park").first.click()
    _unfold(page, "Hours")
    expect(page.get_by_label("Friday from").nth(1)).to_have_value("17:30")


@SCRIPTS
def test_questions_are_added_moved_and_removed_where_they_are(
    opened: Window, scripts: bool
) -> None:
    page = opened.page
    page.get_by_label("Title").fill("Asked")
    expect(_summary(page, "Questions")).to_contain_text("None")
    _unfold(page, "Questions")
    _unfold(page, "Limits")
    opened.loads = 0
    for label in ("Company", "Budget", "Mood"):
        page.get_by_role("button", name="Add question").click()
        question = page.get_by_label("Question", exact=True).last
        expect(question).to_be_focused()
        expect(question).to_have_value("")
        page.keyboard.type(label)
    page.get_by_role("button", name="Move question 3 up").press("Enter")
    expect(page.get_by_role("button", name="Move question 2 up")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Move question 1 down")).to_be_focused()
    assert _labels(page) == ["Mood", "Company", "Budget"]
    page.get_by_role("button", name="Remove question 3").press("Enter")
    expect(page.get_by_role("button", name="Remove question 2")).to_be_focused()
    expect(_summary(page, "Questions")).to_contain_text("2 questions")
    assert bool(opened.loads) is not scripts
    if scripts:  # the rest of the page stays as it is
        expect(page.get_by_label("Daily limit")).to_be_visible()
    page.get_by_label("Kind of answer").nth(1).select_option("one")
    page.get_by_role("radio", name="In person").check()
    page.get_by_role("button", name="Save", exact=True).last.click()
    alert = page.get_by_role("alert")
    expect(alert).to_be_focused()
    assert alert.get_by_role("link").all_inner_texts() == [
        "Enter the address.",
        "Enter at least two choices, one on each line.",
    ]
    alert.get_by_role("link").last.click()
    expect(page.get_by_label("Choices").nth(1)).to_be_focused()
    expect(page.get_by_label("Daily limit")).to_be_hidden()
    page.keyboard.type("Small\nLarge")
    page.get_by_label("Address", exact=True).fill("Gate 3")
    page.get_by_role("button", name="Save", exact=True).last.click()
    page.get_by_role("link", name="Edit Asked").first.click()
    expect(_summary(page, "Questions")).to_contain_text("2 questions")


@SCRIPTS
def test_a_schedule_is_switched_off_copied_and_deleted(opened: Window, scripts: bool) -> None:
    page = opened.page
    title = f"Talk {scripts}"
    page.get_by_label("Title").fill(title)
    page.get_by_role("radio", name="Phone").check()
    page.get_by_role("button", name="Save", exact=True).last.click()
    page.goto("/dashboard/schedules")
    opened.loads = 0
    page.get_by_role("button", name=f"Switch off {title}").click()
    expect(page.get_by_role("button", name=f"Switch on {title}")).to_be_visible()
    assert bool(opened.loads) is not scripts
    if scripts:
        expect(page.get_by_role("button", name=f"Switch on {title}")).to_be_focused()
    page.get_by_role("button", name=f"Switch on {title}").click()
    expect(page.get_by_role("link", name=f"Public page of {title}")).to_be_visible()
    page.get_by_role("button", name=f"Duplicate {title}").click()
    expect(page.get_by_text("This is your copy.")).to_be_visible()
    page.goto("/dashboard/schedules")
    page.get_by_role("link", name=f"Delete {title}", exact=True).click()
    page.get_by_role("button", name="Delete schedule").click()
    expect(page.get_by_role("link", name=f"Edit {title}", exact=True)).to_have_count(0)


def _summary(page: Page, part: str) -> Locator:
    """The line of a folded part of the editor."""
    return page.locator("summary").filter(has=page.get_by_role("heading", name=part, exact=True))


def _unfold(page: Page, part: str) -> None:
    _summary(page, part).click()


def _has_focus(page: Page, field: Locator) -> bool:
    """Whether the focus is in a field, or in a part of it, as in a time's hours."""
    return bool(page.evaluate("document.activeElement.id") == field.get_attribute("id"))


def _labels(page: Page) -> list[str]:
    return [one.input_value() for one in page.get_by_label("Question", exact=True).all()]
