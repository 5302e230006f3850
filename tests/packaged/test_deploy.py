"""What stands under ``deploy/``: each command of it starts what it says, in a clean folder."""

import configparser
import os
import re
import shlex
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml

from bookme import config
from bookme.crypto import new_key
from tests.patience import wait_until
from tests.processes import FAREWELL, ROOT, ReservedPort, clean_environment, started
from tests.servers import RedisServer

DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
DOCKERFILE = (DEPLOY / "Dockerfile").read_text()
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
OURS = {name: one for name, one in COMPOSE["services"].items() if "build" in one}


def unit(path: Path) -> configparser.ConfigParser:
    read = configparser.ConfigParser(strict=False, interpolation=None)
    read.optionxform = str  # type: ignore[assignment,method-assign]
    read.read(path)
    return read


def commands(path: Path) -> dict[str, list[str]]:
    """What a unit runs, by key, ``%i`` filled in."""
    found = unit(path)["Service"]
    return {
        key: shlex.split(found[key].replace("%i", "1"))
        for key in ("ExecStartPre", "ExecStart")
        if key in found
    }


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.stem)
def test_systemd_finds_nothing_wrong_with_a_unit(
    path: Path, installed: Path, tmp_path: Path
) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("there is no systemd-analyze here")
    for one in (*UNITS, DEPLOY / "systemd" / "bookme.target"):
        text = one.read_text().replace("/opt/bookme/bin", str(installed))
        (tmp_path / one.name).write_text(text)
    name = path.name.replace("@", "@1")
    if name != path.name:
        (tmp_path / name).symlink_to(tmp_path / path.name)
    command = ["systemd-analyze", "verify", "--man=no", str(tmp_path / name)]
    ran = subprocess.run(command, capture_output=True, text=True)
    assert [line for line in ran.stderr.splitlines() if "bookme" in line] == []
    assert ran.returncode == 0


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.stem)
def test_a_unit_has_the_time_and_the_bounds_it_needs(path: Path) -> None:
    service = unit(path)["Service"]
    assert service["User"] == "bookme"
    assert service["NoNewPrivileges"] == "yes"
    assert service["ProtectSystem"] == "strict"
    assert int(service["TimeoutStopSec"]) > 30, "the longest request and the longest job"


def test_the_target_wants_every_unit() -> None:
    wanted = unit(DEPLOY / "systemd" / "bookme.target")["Unit"]["Wants"].split()
    assert {re.sub(r"@\d", "@", name) for name in wanted} == {path.name for path in UNITS}


def test_the_example_names_only_what_bookme_reads() -> None:
    names = re.findall(r"^([A-Z_]+)=", (DEPLOY / "bookme.env.example").read_text(), re.MULTILINE)
    readme = (ROOT / "README.md").read_text()
    assert [name for name in names if f"`{name}`" not in readme] == []


def test_the_example_does_not_start_with_its_keys_left_out() -> None:
    environ = dict(
        line.split("=", 1)
        for line in (DEPLOY / "bookme.env.example").read_text().splitlines()
        if "=" in line and not line.startswith("#")
    )
    with pytest.raises(config.ConfigError) as refused:
        config.load(environ)
    assert "SECRET_KEY" in str(refused.value)
    config.load(environ | {"SECRET_KEY": new_key(), "TOKEN_KEYS": new_key()})


def test_the_image_is_made_of_what_there_is_and_runs_without_root() -> None:
    sources = [
        word
        for line in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE)
        for word in line.split()[:-1]
    ]
    assert sources
    assert [one for one in sources if not (ROOT / one).exists()] == []
    assert re.findall(r"^USER (.+)$", DOCKERFILE, re.MULTILINE)[-1] == "bookme"
    assert "HEALTHCHECK" in DOCKERFILE


def test_each_container_of_ours_is_read_only_and_may_do_nothing_more() -> None:
    assert set(OURS) == {"migrated", "web", "worker", "sweep"}
    for one in OURS.values():
        assert one["read_only"] is True
        assert one["cap_drop"] == ["ALL"]
        assert "no-new-privileges:true" in one["security_opt"]


def test_containers_run_what_the_units_run() -> None:
    units = {tuple(words)[1:] for path in UNITS for words in commands(path).values()}
    web = tuple(yaml.safe_load(re.findall(r"^CMD (.+)$", DOCKERFILE, re.MULTILINE)[-1]))
    ours = {tuple(one["command"])[1:] for one in OURS.values() if "command" in one} | {web[1:]}
    assert ours == units


@pytest.fixture
def environ(tmp_path: Path) -> Iterator[dict[str, str]]:
    (tmp_path / "redis").mkdir()
    port, redis = ReservedPort(), RedisServer(tmp_path / "redis").start()
    yield clean_environment() | {
        "STATE_DIR": str(tmp_path / "state"),
        "REDIS_URL": redis.url,
        "PORT": str(port.number),
        "WEB_WORKERS": "1",
    }
    redis.stop()
    port.close()


@contextmanager
def running(
    words: list[str], installed: Path, folder: Path, environ: dict[str, str]
) -> Iterator[Any]:
    command = [str(installed / Path(words[0]).name), *words[1:]]
    with (folder / "said").open("ab") as said:
        process = started(
            command, environ, cwd=folder, stdout=said, stderr=said, start_new_session=True
        )
    try:
        yield process
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        assert process.wait(timeout=FAREWELL) in (0, -signal.SIGTERM)


def test_the_units_run_one_after_the_other_in_a_clean_folder(
    installed: Path, environ: dict[str, str], tmp_path: Path
) -> None:
    units = {path.stem.removeprefix("bookme-"): commands(path) for path in UNITS}
    before = units["web"]["ExecStartPre"]
    words = [str(installed / Path(before[0]).name), *before[1:]]
    for _ in range(2):  # each start of the unit runs it
        ran = subprocess.run(words, cwd=tmp_path, env=environ, capture_output=True, text=True)
        assert ran.returncode == 0, ran.stderr
    ready = f"http://localhost:{environ['PORT']}/readyz"
    with (
        running(units["web"]["ExecStart"], installed, tmp_path, environ),
        running(units["worker@"]["ExecStart"], installed, tmp_path, environ),
        running(units["sweep"]["ExecStart"], installed, tmp_path, environ),
    ):
        wait_until(lambda: _beats(ready), "web, worker and sweep", 120)
        check = yaml.safe_load(re.findall(r"^ +CMD (.+)$", DOCKERFILE, re.MULTILINE)[0])
        ran = subprocess.run(
            [str(installed / "python"), *check[1:]], env=environ, capture_output=True, text=True
        )
        assert ran.returncode == 0, ran.stderr


def _beats(ready: str) -> bool:
    try:
        said = requests.get(ready, timeout=5).json()
    except (requests.RequestException, ValueError):
        return False
    return bool(said["workers"] and said["sweeps"])
