"""What the lists of requirements pin for this machine and this Python."""

from packaging.requirements import Requirement

from tests.processes import ROOT


def pinned(name: str) -> dict[str, str]:
    """The version of each package in a list, without those of the lists it builds on."""
    lines = [line for line in (ROOT / name).read_text().splitlines() if "==" in line]
    wanted = [Requirement(line) for line in lines if not line.startswith("#")]
    meant = [one for one in wanted if one.marker is None or one.marker.evaluate()]
    return {one.name: str(one.specifier).removeprefix("==") for one in meant}
