"""BookMe as it is installed: built into wheels, in an environment without a checkout."""

import shutil
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.processes import ROOT, clean_environment

_PARTS = (
    *("bookme", "sandbox", "pyproject.toml", "setup.py", "README.md"),
    *("requirements.txt", "requirements-demo.txt"),
)
_LEFT_OUT = shutil.ignore_patterns("*.pyc", "__pycache__", "*.mo", "build", "*.egg-info")


@pytest.fixture(scope="package")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheels of BookMe and of the sandbox."""
    source, made = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheels")
    for part in _PARTS:
        if (ROOT / part).is_dir():
            shutil.copytree(ROOT / part, source / part, ignore=_LEFT_OUT)
        else:
            shutil.copy(ROOT / part, source)
    _pip("wheel", "--no-build-isolation", "--no-deps", "-w", made, ".", "./sandbox", inside=source)
    return made


@pytest.fixture(scope="package")
def installed(wheels: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder ``bin`` of an environment in which both are installed, beside what they need."""
    home = tmp_path_factory.mktemp("installed")
    venv.create(home, with_pip=False)
    python = home / "bin" / "python"
    _pip("--python", python, "install", "--no-deps", "--no-index", *wheels.glob("*.whl"))
    # What they need is the tests' own: to install it once more takes minutes.
    paths = {"base": str(home), "platbase": str(home)}
    folder = Path(sysconfig.get_path("purelib", scheme="venv", vars=paths))
    (folder / "needed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return home / "bin"


def _pip(*words: str | Path, inside: Path | None = None) -> None:
    command: Iterable[str | Path] = (sys.executable, "-m", "pip", "--disable-pip-version-check")
    ran = subprocess.run(
        [*command, *words], cwd=inside, env=clean_environment(), capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
