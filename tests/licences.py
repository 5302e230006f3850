"""``python -m tests.licences``: note what the pinned packages say of their licences, for the bill
of materials. To be run after a package was added.
"""

import json
from importlib.metadata import metadata

from tests.pins import pinned
from tests.processes import ROOT

FILE = ROOT / "bookme" / "materials" / "licences.json"
#: What some say instead of the SPDX identifier.
_CALLED = {
    "MIT License": "MIT",
    "Apache Software License": "Apache-2.0",
    "Zope Public License": "ZPL-2.1",
}
_LONGEST = 40


def found() -> dict[str, str]:
    """The licence of each package in requirements.txt, as that package says."""
    return {name: licence(name) for name in sorted(pinned("requirements.txt"))}


def licence(name: str) -> str:
    """An SPDX expression, where the package gives one or what it says names one; else its words."""
    said = metadata(name)
    field = (said.get("License-Expression") or said.get("License") or "").strip()
    if field and len(field) < _LONGEST and "License" not in field and "\n" not in field:
        return field if field != "ZPL 2.1" else "ZPL-2.1"
    classified = [one.rpartition(" :: ")[2] for one in said.get_all("Classifier", []) if _is(one)]
    return " or ".join(_CALLED.get(one, one) for one in classified) or field.splitlines()[0]


def _is(classifier: str) -> bool:
    return classifier.startswith("License :: ")


if __name__ == "__main__":
    noted = json.loads(FILE.read_text()) | found()  # another Python has other packages
    FILE.write_text(json.dumps(noted, indent=1, sort_keys=True) + "\n")
