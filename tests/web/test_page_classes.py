"""Each page is measured with its like, and has a budget that the documents name."""

import re

from flask import Flask

from bookme.meters import kinds
from bookme.web.page_classes import BUDGETS, Page, page_class
from tests.processes import ROOT


def test_every_page_has_a_class(app: Flask) -> None:
    classes = {rule.endpoint: page_class(rule.endpoint) for rule in app.url_map.iter_rules()}
    assert [name for name, of in classes.items() if of is Page.UNKNOWN] == []
    assert set(classes.values()) == set(Page) - {Page.UNKNOWN}
    assert page_class(None) is Page.UNKNOWN
    assert classes["public.show"] is Page.PUBLIC
    assert classes["public.book"] is Page.BOOKING
    assert classes["webhooks.zoom"] is Page.WEBHOOK


def test_classes_name_only_pages_that_there_are(app: Flask) -> None:
    from bookme.web import page_classes

    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert set(page_classes._OF_ENDPOINT) - endpoints == set()
    assert set(page_classes._OF_FEATURE) - {one.partition(".")[0] for one in endpoints} == set()


def test_the_documents_name_each_budget() -> None:
    text = (ROOT / "docs" / "performance.md").read_text()
    table = text.partition("## Budgets")[2].partition("\n## ")[0]
    named = {}
    for classes, number, unit in re.findall(r"^\| .* \| (`.+?`) \| ([\d.]+) (m?s)\b", table, re.M):
        for one in re.findall(r"`(\w+)`", classes):
            named[one] = float(number) / (1000 if unit == "ms" else 1)
    assert named == {str(page): seconds for page, seconds in BUDGETS.items()}


def test_each_budget_is_a_bound_of_what_is_measured() -> None:
    assert set(BUDGETS) == set(Page)
    assert set(BUDGETS.values()) <= set(kinds.OF_PAGES)


def test_what_strangers_write_is_measured_apart_from_what_they_read(app: Flask) -> None:
    rules = [one for one in app.url_map.iter_rules() if "POST" in (one.methods or ())]
    strangers = {one.endpoint for one in rules if one.endpoint.startswith(("public.", "report."))}
    assert {name for name in strangers if page_class(name) is not Page.BOOKING} == set()
