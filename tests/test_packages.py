"""The packages that BookMe runs on are the ones it says it runs on."""

from importlib.metadata import version

import pytest
import urllib3

from tests.processes import ROOT


def test_no_other_package_has_taken_the_place_of_urllib3() -> None:
    assert urllib3.__version__ == version("urllib3"), "see the end of requirements.txt"


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_package_is_named_in_one_version_the_one_installed(name: str) -> None:
    for line in (ROOT / name).read_text().splitlines():
        if line and not line.startswith(("#", "-")):
            package, _, wanted = line.partition("==")
            assert version(package) == wanted, package
