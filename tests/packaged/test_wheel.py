"""``pip install bookme`` is enough: from an empty folder the command runs all of it."""

import json
import re
import signal
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from bookme.running import demo
from bookme.version import VERSION
from tests.patience import wait_until
from tests.processes import FAREWELL, ROOT, ReservedPort, clean_environment, started
from tests.visitor import Visitor

#: What stands beside the code.
FILES = (
    *("*.html", "*.txt", "*.css", "*.js", "*.po", "*.webp", "*.svg", "*.ttf", "*.json", "*.mako"),
)


def test_a_wheel_carries_every_file_of_its_package(wheels: Path) -> None:
    for wheel, folder in (("bookme-", "bookme"), ("bookme_sandbox-", "sandbox")):
        (path,) = wheels.glob(f"{wheel}*.whl")
        carried = set(zipfile.ZipFile(path).namelist())
        wanted = {
            found.relative_to(ROOT).as_posix()
            for kind in ("*.py", *FILES)
            for found in (ROOT / folder).rglob(kind)
            if found.name != "setup.py"
        }
        assert wanted - carried == set()


def test_both_wheels_are_named_for_the_version(wheels: Path) -> None:
    named = {path.name.partition("-py3")[0] for path in wheels.glob("*.whl")}
    assert named == {f"bookme-{VERSION}", f"bookme_sandbox-{VERSION}"}


def test_bookme_brings_no_stand_in_vendors(wheels: Path) -> None:
    (path,) = wheels.glob("bookme-*.whl")
    assert [name for name in zipfile.ZipFile(path).namelist() if name.startswith("sandbox")] == []


def test_catalogues_are_compiled(wheels: Path) -> None:
    (path,) = wheels.glob("bookme-*.whl")
    carried = zipfile.ZipFile(path).namelist()
    assert "bookme/translations/de/LC_MESSAGES/hosts.mo" in carried
    assert {name[:-3] for name in carried if name.endswith(".po")} == {
        name[:-3] for name in carried if name.endswith(".mo")
    }


def test_a_wheel_says_what_it_is_made_of(wheels: Path, installed: Path, tmp_path: Path) -> None:
    (path,) = wheels.glob("bookme-*.whl")
    wheel = zipfile.ZipFile(path)
    [name] = [one for one in wheel.namelist() if one.endswith(".dist-info/sboms/bookme.cdx.json")]
    bill = json.loads(wheel.read(name))
    assert bill["metadata"]["component"]["version"] == path.name.split("-")[1]
    pinned = re.findall(r"^([\w-]+)==", (ROOT / "requirements.txt").read_text(), re.MULTILINE)
    assert set(pinned) <= {one["name"] for one in bill["components"]}
    assert json.loads(_run(installed, "sbom", tmp_path).stdout) == bill


def test_the_command_knows_its_version_and_what_it_can_do(installed: Path, tmp_path: Path) -> None:
    for words, said in (
        ("--version", f"bookme, version {VERSION}\n"),
        ("--help", "doctor"),
        ("run --help", "Ctrl-C"),
    ):
        ran = _run(installed, words, tmp_path)
        assert ran.returncode == 0, ran.stderr
        assert said in ran.stdout


def test_the_doctor_looks_at_the_folder_it_was_started_in(installed: Path, tmp_path: Path) -> None:
    assert _run(installed, "db upgrade", tmp_path).returncode == 0
    assert (tmp_path / "var" / "bookme.sqlite").exists()
    assert "ok   database: sqlite, tables at" in _run(installed, "doctor", tmp_path).stdout


def _run(installed: Path, words: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    command = [str(installed / "bookme"), *words.split()]
    environ = clean_environment()
    return subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True)


@pytest.fixture
def address(installed: Path, tmp_path: Path) -> Iterator[str]:
    """Where an installed ``bookme demo`` answers."""
    ports = [ReservedPort() for _ in range(3)]
    names = ("PORT", "SANDBOX_PORT", "SANDBOX_SMTP_PORT")
    environ = clean_environment() | {
        name: str(port.number) for name, port in zip(names, ports, strict=True)
    }
    with (tmp_path / "said").open("wb") as said:
        process = started(
            [str(installed / "bookme"), "demo"],
            environ,
            cwd=tmp_path,
            stdout=said,
            stderr=said,
            start_new_session=True,
        )
    for port in ports:
        port.close()
    try:
        wait_until(lambda: b"BookMe answers" in (tmp_path / "said").read_bytes(), "welcome", 150)
        yield f"http://localhost:{environ['PORT']}"
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=FAREWELL) == 0


def test_a_time_is_booked_in_an_installed_demo(address: str) -> None:
    host = Visitor(f"{address}/sign-in").open("/sign-in")
    host.press("Sign in", email=demo.EMAIL, password=demo.PASSWORD)
    assert host.status == 200, host.body
    booker = Visitor(address).open("/mara/intro")
    shown = "its calendars are read, and times shown"
    wait_until(lambda: booker.open("/mara/intro").page.select_one("a.time"), shown, 90)
    booker.open(str(booker.page.select_one("a.time")["href"]))  # type: ignore[index]
    booker.press(
        "Book this time",
        name="Ana Costa",
        email="ana@bookers.example",
        answer_company="Fern & Co",
        answer_i_accept_the_terms=True,
    )
    assert "You’re booked" in booker.body
    german = requests.get(f"{address}/mara", headers={"Accept-Language": "de"}, timeout=30)
    assert 'lang="de"' in german.text
