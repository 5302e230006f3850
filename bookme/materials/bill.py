"""The bill of materials: every package that an installed BookMe brings, and what it carries itself.

A CycloneDX document. ``setup.py`` loads this module by its path while a wheel is built, where
nothing else of BookMe can be imported: it needs the standard library only. The same sources make
the same document, byte for byte.
"""

import json
import re
import uuid
from pathlib import Path
from typing import Any

#: Where it stands in a wheel's metadata (PEP 770).
NAME = "sboms/bookme.cdx.json"
#: The line of ``requirements.txt`` below which stands what BookMe doesn't use itself.
INDIRECT = "# Needed by the packages above."
_HERE = Path(__file__).resolve().parent
_LICENCES = _HERE / "licences.json"
#: Identifiers of SPDX that occur; what is said in other words is given as a name.
_SPDX = {
    *("0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "LGPL-3.0-only", "MIT"),
    *("MIT-0", "MIT-CMU", "MPL-2.0", "PSF-2.0", "Unlicense", "ZPL-2.1"),
}


def document(requirements: str, version: str) -> str:
    """The document, as it is written into a wheel.

    :param requirements: the text of ``requirements.txt``.
    """
    direct, _, indirect = requirements.partition(INDIRECT)
    licences = json.loads(_LICENCES.read_text())
    used = [_package(line, licences) for line in _pins(direct)]
    brought = [_package(line, licences) for line in _pins(indirect)]
    components = [*used, *brought, *_carried()]
    ours = {"type": "application", "name": "bookme", "version": version, "bom-ref": "bookme"}
    refs = sorted(one["bom-ref"] for one in (*used, *_carried()))
    said: dict[str, Any] = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": ours | {"purl": f"pkg:pypi/bookme@{version}"}},
        "components": sorted(components, key=lambda one: str(one["bom-ref"])),
        "dependencies": [{"ref": "bookme", "dependsOn": refs}],
    }
    number = uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(said, sort_keys=True))
    return json.dumps({"serialNumber": f"urn:uuid:{number}", **said}, indent=1) + "\n"


def _pins(text: str) -> list[str]:
    return [line for line in text.splitlines() if "==" in line and not line.startswith("#")]


def _package(line: str, licences: dict[str, str]) -> dict[str, Any]:
    pinned, _, where = line.partition(";")
    name, _, version = pinned.strip().partition("==")
    purl = f"pkg:pypi/{re.sub(r'[-_.]+', '-', name).lower()}@{version}"
    component: dict[str, Any] = {"type": "library", "bom-ref": purl, "name": name}
    component |= {"version": version, "purl": purl}
    if name in licences:
        component |= {"licenses": [_licence(licences[name])]}
    if where:
        component |= {"properties": [{"name": "bookme:environment", "value": where.strip()}]}
    return component


def _licence(said: str) -> dict[str, Any]:
    """An SPDX expression as such; anything else as a name."""
    is_expression = set(re.split(" OR | AND ", said)) <= _SPDX
    return {"expression": said} if is_expression else {"license": {"name": said}}


def _carried() -> list[dict[str, Any]]:
    """What lies in the package itself and was made by others."""
    [htmx] = (_HERE.parent / "static" / "vendor").glob("htmx-*.min.js")
    version = htmx.name.removeprefix("htmx-").removesuffix(".min.js")
    purl = f"pkg:npm/htmx.org@{version}"
    [font] = (_HERE.parent / "face" / "font").glob("*.ttf")
    return [
        {
            "type": "library",
            "bom-ref": purl,
            "name": "htmx.org",
            "version": version,
            "purl": purl,
            "licenses": [{"expression": "0BSD"}],
        },
        {
            "type": "data",
            "bom-ref": f"font:{font.stem}",
            "name": font.stem,
            "licenses": [{"license": {"name": "Bitstream Vera and DejaVu fonts"}}],
        },
    ]
