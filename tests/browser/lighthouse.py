"""``python -m tests.browser.lighthouse [folder [names]]`` (``make lighthouse``): what Lighthouse
says of the demo's main pages on a phone, in the system's Chromium, and which audits failed.

Names choose the pages whose own begin so.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import requests

from bookme.running import demo
from tests.browser import chromium
from tests.patience import wait_until
from tests.people import fill_in, free_times
from tests.processes import ROOT, ReservedPort, clean_environment
from tests.visitor import Visitor

VERSION = "12.8.2"
PUBLIC = ("performance", "accessibility", "best-practices", "seo")
#: Pages that search engines are kept from.
OTHERS = PUBLIC[:3]
FLAGS = " ".join(["--headless=new", *chromium.FLAGS])


@dataclass(frozen=True)
class Place:
    """A page. :ivar cookies: of whoever looks, if that is somebody."""

    name: str
    url: str
    categories: tuple[str, ...] = OTHERS
    cookies: str = ""


def main() -> int:
    """Measure them all; 1 if anything is below 100."""
    program, folder = _program(), Path(sys.argv[1]) if sys.argv[1:] else ROOT / "var" / "lighthouse"
    if program is None:
        return 2
    folder.mkdir(parents=True, exist_ok=True)
    names = tuple(sys.argv[2:]) or ("",)
    with _demo() as home:
        click.echo(f"{'':14}" + "".join(f"{name:>16}" for name in PUBLIC) + f"{'bytes':>10}")
        chosen = (one for one in _places(home) if one.name.startswith(names))
        whole = [_measure(program, folder, place) for place in chosen]
    return 0 if all(whole) else 1


@contextmanager
def _demo() -> Iterator[str]:
    """The demo, on ports and in a folder of its own; its address."""
    ports = [ReservedPort() for _ in range(3)]
    web, sandbox, smtp = (str(one.number) for one in ports)
    names = {"PORT": web, "SANDBOX_PORT": sandbox, "SANDBOX_SMTP_PORT": smtp}
    for one in ports:
        one.close()
    with tempfile.TemporaryDirectory(prefix="bookme-") as state:
        environ = clean_environment() | names | {"STATE_DIR": state}
        words = [sys.executable, "-m", "bookme.running", "demo"]
        running = subprocess.Popen(words, cwd=ROOT, env=environ, stdout=subprocess.DEVNULL)
        try:
            wait_until(lambda: _answers(f"http://localhost:{web}/readyz"), "the demo", 300)
            yield f"http://localhost:{web}"
        finally:
            running.terminate()
            running.wait(30)


def _answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=5).ok
    except requests.RequestException:
        return False


def _program() -> Path | None:
    """Lighthouse, installed from npm if that is there."""
    home = ROOT / "var" / "lighthouse"
    program = home / "node_modules" / ".bin" / "lighthouse"
    if chromium.executable(whole=True) is None:
        click.echo("There is no Chromium here; on Debian: apt-get install chromium", err=True)
        return None
    if not program.exists() and shutil.which("npm"):
        home.mkdir(parents=True, exist_ok=True)
        wanted = f"lighthouse@{VERSION}"
        quiet = ("--no-audit", "--no-fund", "--loglevel=error")
        subprocess.run(["npm", "install", "--prefix", home, *quiet, wanted], check=False)
    if not program.exists():
        click.echo(
            "Lighthouse is not installed. It needs Node.js 18 or later with npm (on Debian: apt-get"
            f" install npm); then: npm install --prefix var/lighthouse lighthouse@{VERSION}",
            err=True,
        )
        return None
    return program


def _places(home: str) -> Iterator[Place]:
    host = f"{home}/{demo.EMAIL.partition('@')[0]}"
    intro = f"{host}/intro"
    time = free_times(Visitor(home).open(f"{intro}?zone=UTC"))[0]
    mara = Visitor(home).open("/sign-in")
    mara.press("Sign in", email=demo.EMAIL, password=demo.PASSWORD)
    cookies = "; ".join(f"{name}={value}" for name, value in mara.cookies.items())
    yield Place("landing", f"{home}/", PUBLIC)
    yield Place("host", host, PUBLIC)
    yield Place("picker", intro, PUBLIC)
    yield Place("details", time)
    yield Place("sign-in", f"{home}/sign-in")
    yield Place("dashboard", f"{home}/dashboard", cookies=cookies)
    yield Place("connections", f"{home}/connections", cookies=cookies)
    walk = free_times(Visitor(home).open(f"{host}/walk?zone=UTC"))[0]
    yield Place("booked", fill_in(Visitor(home).open(walk), "ana@bookers.example").url)


def _measure(program: Path, folder: Path, place: Place) -> bool:
    """Print a page's line, and what is wrong with it."""
    report = folder / f"{place.name}.json"
    words = [
        *(str(program), place.url, "--quiet", "--output=json", f"--output-path={report}"),
        *(f"--chrome-flags={FLAGS}", f"--only-categories={','.join(place.categories)}"),
    ]
    if place.cookies:
        words.append(f"--extra-headers={json.dumps({'Cookie': place.cookies})}")
    environ = os.environ | {"CHROME_PATH": str(chromium.executable(whole=True))}
    subprocess.run(words, env=environ, check=True, timeout=300)
    found = json.loads(report.read_text())
    scores = {name: round(one["score"] * 100) for name, one in found["categories"].items()}
    size = found["audits"]["total-byte-weight"]["numericValue"]
    row = "".join(f"{scores.get(name, '-'):>16}" for name in PUBLIC)
    click.echo(f"{place.name:14}{row}{size:>10,.0f}")
    for complaint in _complaints(found):
        click.echo(f"    {complaint}")
    return min(scores.values()) == 100


def _complaints(found: dict[str, Any]) -> Iterator[str]:
    """Each audit that counts and has not all its points."""
    for category in found["categories"].values():
        for one in category["auditRefs"]:
            audit = found["audits"][one["id"]]
            if one["weight"] and audit["score"] is not None and audit["score"] < 0.9:
                yield f"{category['id']}: {audit['title']} {audit.get('displayValue', '')}".rstrip()


if __name__ == "__main__":
    sys.exit(main())
