"""``make scan``: writes ``var/scan/report.md``. Exit status 1 where something is to be mended."""

import subprocess
import sys
from datetime import UTC, datetime

from tests.processes import ROOT
from tests.scan import dynamic, report, static
from tests.threats import threats

HOME = ROOT / "var" / "scan"


def main() -> int:
    HOME.mkdir(parents=True, exist_ok=True)
    findings = static.run(HOME / "bandit")
    if findings is None:
        sys.stdout.write("bandit can't be had from here: the static part was not run.\n")
    tried = threats()
    junit = dynamic.run(tried, HOME / "attacks.xml")
    found = dynamic.outcomes(junit) if junit else {}
    text = report.written(findings, tried, found, commit=_commit(), now=datetime.now(UTC))
    path = HOME / "report.md"
    path.write_text(text)
    is_good = report.is_good(findings, tried, found)
    sys.stdout.write(f"{path.relative_to(ROOT)}: {'good' if is_good else 'something to mend'}\n")
    return not is_good


def _commit() -> str:
    command = ["git", "describe", "--always", "--dirty"]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return said.stdout.strip() or "unknown"


if __name__ == "__main__":
    sys.exit(main())
