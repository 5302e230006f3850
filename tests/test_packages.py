"""The packages that BookMe runs on are the ones it says it runs on."""

from importlib.metadata import version

import pytest

from tests.processes import ROOT


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_package_is_named_in_one_version_the_one_installed(name: str) -> None:
    for line in (ROOT / name).read_text().splitlines():
        if line and not line.startswith(("#", "-")):
            package, _, wanted = line.partition("==")
            assert version(package) == wanted, package
