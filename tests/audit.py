"""``make audit``: known holes of the packages that are pinned. Exit status 1 where there are any.

pip-audit lives in an environment of its own under ``var/``: it needs more packages than BookMe.
"""

import json
import subprocess
import sys
import venv
from dataclasses import dataclass

from tests.processes import ROOT

HOME = ROOT / "var" / "audit"
_UNREACHED = "The list of known holes can't be reached from here: nothing was checked."


@dataclass(frozen=True, slots=True)
class Hole:
    package: str
    version: str
    name: str
    mended_in: str

    def __str__(self) -> str:
        mended = self.mended_in or "nothing yet"
        return f"{self.package} {self.version}: {self.name}, mended in {mended}"


def holes(said: str) -> list[Hole] | None:
    """What pip-audit found; None if it says nothing, or could look up none of the packages."""
    try:
        packages = [one for one in json.loads(said)["dependencies"] if "skip_reason" not in one]
    except (ValueError, KeyError, TypeError):
        return None
    if not packages:
        return None
    return [
        Hole(one["name"], one["version"], hole["id"], ", ".join(hole["fix_versions"]))
        for one in packages
        for hole in one.get("vulns", ())
    ]


def main() -> int:
    program = HOME / "bin" / "pip-audit"
    if not program.exists():
        venv.create(HOME, with_pip=True)
        install = [HOME / "bin" / "python", "-m", "pip", "install", "--quiet", "pip-audit"]
        if subprocess.run(install, capture_output=True, check=False).returncode:
            return _say(_UNREACHED)
    command = [program, "--format", "json", "--disable-pip", "--no-deps", "--progress-spinner=off"]
    for name in ("requirements.txt", "requirements-demo.txt"):
        command += ["-r", str(ROOT / name)]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    found = holes(said.stdout)
    if found is None:
        return _say(_UNREACHED)
    for hole in found:
        _say(str(hole))
    return _say(f"Known holes: {len(found)}.") or bool(found)


def _say(words: str) -> int:
    sys.stdout.write(f"{words}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
