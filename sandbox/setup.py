"""The sandbox as a package; the rest stands in pyproject.toml."""

from pathlib import Path

from setuptools import find_packages, setup

_LIST = Path(__file__).resolve().parent.parent / "requirements-demo.txt"

setup(
    packages=["sandbox", *(f"sandbox.{name}" for name in find_packages())],
    package_dir={"sandbox": "."},
    install_requires=[line for line in _LIST.read_text().splitlines() if "==" in line],
)
