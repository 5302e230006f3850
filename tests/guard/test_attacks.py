"""What one attacker can do to everybody else, on real processes."""

import random
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import pytest
import requests
from PIL import Image

from tests.patience import wait_until
from tests.processes import Part, ReservedPort, clean_environment


class Web:
    """One web process with a database of its own, and a host who can sign in."""

    def __init__(self, folder: Path) -> None:
        import sys

        self._port = ReservedPort()
        self.url = f"http://127.0.0.1:{self._port.number}"
        environ = clean_environment() | {
            "PORT": str(self._port.number),
            "PUBLIC_URL": self.url,
            "STATE_DIR": str(folder / "state"),
            "WEB_WORKERS": "1",
            "RATE_LIMITS": "off",  # what many networks would do
            "BOOKME_PASSWORD": "correct horse battery staple",
        }
        for words in (
            ["db", "upgrade"],
            ["create-host", "--email", "mara@example.com", "--name", "Mara"],
        ):
            flask = [sys.executable, "-m", "flask", "--app", "wsgi", *words]
            made = Part(words[0], flask, environ, folder / f"{words[0]}.log")
            made.start()
            wait_until(lambda made=made: not made.is_running, words[0], 60)
        command = [sys.executable, "-m", "bookme.running.web"]
        self.part = Part("web", command, environ, folder / "web.log")
        self.part.start()
        wait_until(self.answers, "the web", 60)

    @property
    def port(self) -> int:
        return self._port.number

    def answers(self) -> bool:
        try:
            return requests.get(f"{self.url}/healthz", timeout=2).ok
        except requests.RequestException:
            return False

    def close(self) -> None:
        self.part.kill()
        self._port.close()


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    made = Web(tmp_path_factory.mktemp("attacked"))
    yield made
    made.close()


class Watch:
    """Asks for a page again and again meanwhile, and fails if it isn't answered."""

    def __init__(self, web: Web) -> None:
        self.asked, self.failed, self._web = 0, 0, web
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._ask)

    def _ask(self) -> None:
        while not self._done.is_set():
            try:
                answered = requests.get(f"{self._web.url}/healthz", timeout=30).ok
            except requests.RequestException:
                answered = False
            self.asked += answered
            self.failed += not answered
            time.sleep(0.02)

    def __enter__(self) -> "Watch":
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._done.set()
        self._thread.join()
        assert not self.failed


def token_in(page: str) -> str:
    return page.partition('name="csrf_token" value="')[2].partition('"')[0]


def sign_in(web: Web, password: str) -> requests.Session:
    browser = requests.Session()
    form = {"email": "mara@example.com", "password": password}
    form["csrf_token"] = token_in(browser.get(f"{web.url}/sign-in").text)
    answer = browser.post(f"{web.url}/sign-in", data=form, allow_redirects=False)
    browser.status = answer.status_code  # type: ignore[attr-defined]
    return browser


def megabytes(web: Web) -> float:
    """The most memory that each of the web's processes has had, added up."""
    found = 0.0
    for pid in web.part.pids:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        found += next((int(line.split()[1]) for line in lines if line.startswith("VmHWM")), 0)
    return found / 1024


def test_sixteen_sign_ins_at_once_leave_other_pages_working(web: Web) -> None:
    with Watch(web) as watch, ThreadPoolExecutor(16) as pool:
        said = Counter(
            one.status  # type: ignore[attr-defined]
            for one in pool.map(lambda _n: sign_in(web, "wrong password"), range(48))
        )
    assert set(said) <= {422, 503}
    assert said[422]
    assert watch.asked
    assert megabytes(web) < 500
    assert sign_in(web, "correct horse battery staple").status == 303  # type: ignore[attr-defined]


def test_twenty_clients_that_send_a_byte_a_second_keep_nobody_waiting(web: Web) -> None:
    slow = [socket.create_connection(("127.0.0.1", web.port)) for _ in range(20)]
    head = f"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1:{web.port}\r\nContent-Length: 9\r\n\r\nemail"
    with Watch(web) as watch:
        for byte in head[:4].encode() + head[-1:].encode():
            for one in slow:
                one.send(bytes([byte]))
            time.sleep(1)
    for one in slow:
        one.close()
    assert watch.asked


def test_twenty_large_uploads_cost_one_picture_at_a_time(web: Web) -> None:
    browser = sign_in(web, "correct horse battery staple")
    token = token_in(browser.get(f"{web.url}/account/page").text)
    out = BytesIO()
    Image.frombytes("RGB", (1500, 1500), random.Random(1).randbytes(6_750_000)).save(out, "PNG")
    picture = out.getvalue()
    assert len(picture) > 6_000_000

    def upload(_number: int) -> int:
        return requests.post(
            f"{web.url}/account/page",
            data={"csrf_token": token, "headline": "Hello", "colour": ""},
            files={"picture": ("me.png", picture, "image/png")},
            cookies=browser.cookies,
            allow_redirects=False,
            timeout=60,
        ).status_code

    with Watch(web) as watch, ThreadPoolExecutor(20) as pool:
        said = Counter(pool.map(upload, range(20)))
    assert set(said) <= {303, 422}
    assert said[303] >= 1
    assert watch.asked
    assert web.part.is_running


def test_a_form_of_many_fields_is_refused_before_it_is_taken_apart(web: Web) -> None:
    body = "&".join(["a=1"] * 50_000)
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = requests.post(f"{web.url}/sign-in", data=body, headers=kind, timeout=10)
    assert answer.status_code == 413
    assert requests.get(f"{web.url}/?{'a=1&' * 5000}", timeout=10).status_code == 400
