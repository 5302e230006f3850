"""One version everywhere: the command, ``/healthz``, the packages and CHANGELOG.md agree on it."""

import re
import tomllib

from click.testing import CliRunner
from flask.testing import FlaskClient

from bookme.__main__ import main
from bookme.version import VERSION
from tests.processes import ROOT

_HEADING = re.compile(r"^## (\S+) \((not yet released|\d{4}-\d\d-\d\d)\)$", re.MULTILINE)


def headings() -> list[str]:
    """The versions of CHANGELOG.md, the newest first."""
    text = (ROOT / "CHANGELOG.md").read_text()
    found = [version for version, _when in _HEADING.findall(text)]
    assert len(found) == text.count("\n## "), "a heading names no version, or not when it came"
    return found


def test_the_changelogs_versions_are_semantic_and_in_their_order() -> None:
    numbers = [tuple(map(int, one.split("."))) for one in headings()]
    assert all(len(one) == 3 for one in numbers)
    assert numbers == sorted(set(numbers), reverse=True)


def test_the_newest_is_the_one_that_this_is(client: FlaskClient) -> None:
    said = CliRunner().invoke(main, ["--version"]).output
    assert said == f"bookme, version {VERSION}\n"
    assert headings()[0] == VERSION
    assert client.get("/healthz").json["version"] == VERSION


def test_the_demos_package_is_made_for_it() -> None:
    own, sandbox = (
        tomllib.loads((ROOT / folder / "pyproject.toml").read_text()) for folder in ("", "sandbox")
    )
    assert sandbox["project"]["version"] == VERSION
    assert own["project"]["optional-dependencies"]["demo"] == [f"bookme-sandbox=={VERSION}"]
    assert "version" in own["project"]["dynamic"], "tests/packaged looks at the wheel's name"
