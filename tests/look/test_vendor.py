import hashlib
import re
from pathlib import Path

import pytest

import bookme

VENDOR = Path(bookme.__file__).parent / "static/vendor"
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in (VENDOR / "README.md").read_text().splitlines()
    if line.startswith("|") and not line.startswith(("| name", "|---"))
]


@pytest.mark.parametrize(("name", "version", "licence", "origin", "digest"), ROWS)
def test_a_vendored_file_is_the_one_the_table_names(
    name: str, version: str, licence: str, origin: str, digest: str
) -> None:
    file = VENDOR / f"{name}-{version}.min.js"
    assert f"`{hashlib.sha256(file.read_bytes()).hexdigest()}`" == digest
    assert (VENDOR / f"{name}-{version}.LICENSE").exists()
    assert f'"{version}"' in file.read_text()
    assert licence
    assert origin


def test_the_table_names_every_vendored_file_and_the_pages_load_it() -> None:
    named = {f"{name}-{version}.min.js" for name, version, *_ in ROWS}
    assert named == {path.name for path in VENDOR.glob("*.js")}
    loaded = (VENDOR.parents[1] / "templates/_htmx.html").read_text()
    assert named == set(re.findall(r"vendor/([\w.-]+\.js)", loaded))
