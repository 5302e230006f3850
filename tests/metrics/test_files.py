"""The alert rules and the dashboard name metrics, labels and values that ``/metrics`` has."""

import json
import re
from collections import defaultdict
from collections.abc import Iterator

import pytest
import yaml
from flask import Flask
from flask.testing import FlaskClient

from bookme.connections.grants import alarms
from bookme.extensions import db
from bookme.health.service import LATE
from bookme.meters import count
from bookme.models import Heartbeat
from tests.conftest import NOW
from tests.metrics.conftest import Scrape
from tests.processes import ROOT

FOLDER = ROOT / "docs" / "operating"
RULES = [
    rule
    for group in yaml.safe_load((FOLDER / "alerts.yaml").read_text())["groups"]
    for rule in group["rules"]
]
PANELS = json.loads((FOLDER / "dashboard.json").read_text())["panels"]
ALERTS = {rule["alert"]: rule["expr"] for rule in RULES}
QUERIES = {
    f"{panel['title']} {target['refId']}": target["expr"]
    for panel in PANELS
    for target in panel.get("targets", [])
}
_SELECTOR = re.compile(r"\b(bookme_\w+)(?:\{([^}]*)\})?")
_MATCHER = re.compile(r'(\w+)(=~|=)"([^"]*)"')
_BY = re.compile(r"\b(?:by|on) \(([^)]*)\)")

Exposed = dict[str, dict[str, set[str]]]


@pytest.fixture
def exposed(app: Flask, client: FlaskClient, scrape: Scrape) -> Exposed:
    """Each metric's labels with their values, after one of everything has happened."""
    for path in ("/", "/nobody"):
        client.get(path)
    count.request_wait(0.1)
    app.extensions["redis_pool"].trip()
    for kind in ("worker", "sweep"):
        db.session.add(Heartbeat(name=f"{kind}@a:1", kind=kind, at=NOW))
    alarms.ring(alarms.KEYS_MISSING, now=NOW)
    db.session.commit()
    found: Exposed = defaultdict(lambda: defaultdict(set))
    for sample in scrape():
        name, _, labels = sample.partition("{")
        for label, _, value in _MATCHER.findall(labels):
            found[name][label].add(value)
        found[name]  # also without labels
    return found


def wrong(query: str, exposed: Exposed) -> Iterator[str]:
    """What a query asks for that there is not."""
    names = set()
    for name, matchers in _SELECTOR.findall(query):
        names.add(name)
        if name not in exposed:
            yield f"there is no {name}"
            continue
        for label, how, value in _MATCHER.findall(matchers or ""):
            values = value.split("|") if how == "=~" else [value]
            if not set(values) <= exposed[name][label]:
                yield f"{name} has no {label} {value}"
    labels = {label for name in names & exposed.keys() for label in exposed[name]}
    for group in _BY.findall(query):
        for label in group.split(", "):
            if label not in labels:
                yield f"nothing in it has a {label}"


def test_every_alert_and_panel_asks_for_what_there_is(exposed: Exposed) -> None:
    assert len(ALERTS) > 10
    assert len(QUERIES) > 15
    said = [
        f"{where}: {what}"
        for where, query in (*ALERTS.items(), *QUERIES.items())
        for what in wrong(query, exposed)
    ]
    assert said == []


@pytest.mark.parametrize(
    ("query", "what"),
    [
        ("sum(bookme_requests_total)", "there is no bookme_requests_total"),
        ('bookme_job_seconds_count{outcome="broken"}', "bookme_job_seconds_count has no outcome"),
        ("sum by (slug) (bookme_due_rows)", "nothing in it has a slug"),
    ],
)
def test_a_renamed_metric_would_be_noticed(exposed: Exposed, query: str, what: str) -> None:
    (said,) = wrong(query, exposed)
    assert said.startswith(what)


def test_every_metric_is_looked_at(exposed: Exposed) -> None:
    """What nobody alerts on or draws is counted for nothing."""
    asked = " ".join((*ALERTS.values(), *QUERIES.values()))
    families = {re.sub(r"_(bucket|count|sum)$", "", name) for name in exposed}
    unseen = {one for one in families if one not in asked}
    assert {one for one in unseen if not one.endswith("_created")} == set()


def test_each_alert_says_what_it_is_and_what_to_do() -> None:
    for rule in RULES:
        assert rule.keys() <= {"alert", "expr", "for", "labels", "annotations"}
        assert rule["labels"]["severity"] in ("page", "ticket")
        assert rule["annotations"].keys() == {"summary", "description"}
        assert rule["expr"].count("(") == rule["expr"].count(")")


def test_the_alert_about_late_work_rings_when_hosts_are_told() -> None:
    assert ALERTS["BookMeWorkIsLate"].endswith(f"> {LATE.total_seconds():.0f}")


def test_no_alert_has_a_budget_of_its_own() -> None:
    assert "bookme_request_budget_seconds" in ALERTS["BookMePagesSlow"]


def test_the_dashboard_draws_each_panel_in_a_place_of_its_own() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in PANELS:
        at = panel["gridPos"]
        places = {(at["x"] + x, at["y"] + y) for x in range(at["w"]) for y in range(at["h"])}
        assert not places & taken, panel["title"]
        assert at["x"] + at["w"] <= 24
        taken |= places
    assert len({panel["id"] for panel in PANELS}) == len(PANELS)
