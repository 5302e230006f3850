"""One request: over when its time is, whatever the other side does."""

import gzip
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bookme.errors import ProviderUnavailable, Rejected
from bookme.providers.http.transport import MOST, fetch
from tests import wire
from tests.patience import wait_until
from tests.wire import serve

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
#: Enough for a local answer, and little enough to wait for in vain.
SHORT = 0.4


def unavailable(url: str, *, deadline: float = SHORT, **request: Any) -> ProviderUnavailable:
    with pytest.raises(ProviderUnavailable) as caught:
        fetch("zoom", "POST", url, deadline=deadline, **request)
    return caught.value


def test_an_answer_comes_back_whatever_its_status() -> None:
    answers = b"HTTP/1.1 418 Teapot\r\nX-Id: 7\r\nContent-Length: 5\r\n\r\nshort"
    with serve(wire.says(answers)) as server:
        answer = fetch("zoom", "GET", server.url)
    assert (answer.status, answer.headers["x-id"], answer.content) == (418, "7", b"short")


@pytest.mark.parametrize(
    "script",
    [
        wire.is_silent,
        wire.drips(b"HTTP/1.1 200 OK\r\nX-Slow: ", b"a", b"\r\nContent-Length: 0\r\n\r\n"),
        wire.drips(b"HTTP/1.1 200 OK\r\n", b"X-More: 1\r\n", b"\r\n"),
        wire.drips(b"HTTP/1.1 200 OK\r\n\r\n{", b" ", b"}"),
        wire.drips(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n", b"0"),
    ],
    ids=["silence", "a dripping header", "dripping headers", "a dripping body", "dripping chunks"],
)
def test_the_deadline_ends_a_call_that_would_go_on(script: wire.Script) -> None:
    with serve(script) as server:
        error = unavailable(server.url)
        assert error.sent
        assert server.dropped.wait(wire.PATIENCE), "the thread still holds the connection"


def test_a_call_given_up_leaves_no_thread_behind() -> None:
    with serve(wire.drips(b"HTTP/1.1 200 OK\r\n\r\n{", b" ", b"}")) as server:
        unavailable(server.url)
        for thread in threading.enumerate():
            if thread.name == "call to zoom":
                thread.join(wire.PATIENCE)
                assert not thread.is_alive()


@pytest.fixture
def slow_names(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Name resolution that answers only when the event is set."""
    resolve, answered = socket.getaddrinfo, threading.Event()

    def wait(*args: Any, **kwargs: Any) -> Any:
        answered.wait(wire.PATIENCE)
        return resolve("127.0.0.1", *args[1:], **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", wait)
    yield answered
    answered.set()


def test_the_deadline_holds_for_name_resolution(slow_names: threading.Event) -> None:
    assert not unavailable("http://zoom.example/").sent


def test_a_request_given_up_before_it_left_never_leaves(slow_names: threading.Event) -> None:
    with serve(wire.says(OK)) as server:
        error = unavailable(f"http://zoom.example:{server.port}/")
        slow_names.set()
        assert server.finished.wait(wire.PATIENCE)
        assert not error.sent
        assert server.requests == [b""]


def test_a_name_that_does_not_resolve_was_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: Any, **kwargs: Any) -> Any:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    assert not unavailable("http://zoom.example/").sent


def test_a_refused_connection_was_not_sent() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    assert not unavailable(f"http://127.0.0.1:{port}/").sent


def test_a_proxy_that_refuses_the_connection_sent_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{port}")
    assert not unavailable("http://zoom.example/").sent


def test_a_failed_handshake_was_not_sent() -> None:
    with serve(wire.says(OK)) as server:
        error = unavailable(server.url.replace("http:", "https:"), deadline=wire.PATIENCE)
    assert not error.sent
    assert "SSLError" in error.detail


def test_a_handshake_without_end_was_not_sent() -> None:
    with serve(wire.is_silent) as server:

        def begun() -> ProviderUnavailable | None:  # a slow machine's time is over before that
            error = unavailable(server.url.replace("http:", "https:"))
            return error if server.requests else None

        assert not wait_until(begun, "a handshake that has begun").sent
    assert server.requests[-1].startswith(wire.TLS_HELLO)


@pytest.mark.parametrize(
    "script",
    [
        wire.resets,
        wire.says(b""),
        wire.says(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"),
        wire.says(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n64\r\n{"),
        wire.says(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{"),
        wire.says(b"HTTP/1.1 200 OK\r\nContent-Length: 1, 2\r\n\r\n{}"),
        wire.says(b"220 mail.example ESMTP\r\n"),
        wire.says(b"HTTP/1.1 200 OK\r\nX: " + b"a" * 70_000 + b"\r\n\r\n"),
        wire.says(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nnot gzip"),
    ],
    ids=[
        "reset",
        "closed",
        "cut body",
        "cut chunk",
        "bad chunk",
        "two lengths",
        "no HTTP",
        "endless header",
        "bad compression",
    ],
)
def test_a_broken_answer_may_have_had_effect(script: wire.Script) -> None:
    with serve(script) as server:
        assert unavailable(server.url, deadline=wire.PATIENCE).sent


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\n\r\n" + b" " * (MOST + 1),
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(b" " * (9 * MOST)),
    ],
    ids=["plain", "compressed"],
)
def test_a_body_over_the_limit_is_not_read(answer: bytes) -> None:
    with serve(wire.says(answer)) as server:
        error = unavailable(server.url, deadline=wire.PATIENCE)
    assert error.sent
    assert "OverlongBody" in error.detail


def test_a_body_at_the_limit_is_read() -> None:
    with serve(wire.says(b"HTTP/1.1 200 OK\r\n\r\n" + b" " * MOST)) as server:
        assert len(fetch("zoom", "GET", server.url).content) == MOST


def test_whoever_expects_a_larger_body_gets_it_and_no_more() -> None:
    with serve(wire.says(b"HTTP/1.1 200 OK\r\n\r\n" + b" " * (MOST + 1))) as server:
        assert len(fetch("icloud", "GET", server.url, most=MOST + 1).content) == MOST + 1
        with pytest.raises(ProviderUnavailable):
            fetch("icloud", "GET", server.url, most=MOST)


def test_a_redirect_is_not_followed() -> None:
    with serve(wire.says(OK)) as elsewhere:
        head = f"HTTP/1.1 302 Found\r\nLocation: {elsewhere.url}\r\nContent-Length: 0\r\n\r\n"
        with serve(wire.says(head.encode())) as server:
            assert fetch("zoom", "GET", server.url).status == 302
        assert elsewhere.requests == []


def test_a_netrc_gives_no_credentials(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\n")
    monkeypatch.setenv("NETRC", str(netrc))
    with serve(wire.says(OK)) as server:
        fetch("zoom", "GET", server.url)
    assert b"authorization" not in server.requests[0].lower()


def test_a_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with serve(wire.resets) as proxy:
        monkeypatch.setenv("http_proxy", proxy.url)
        error = unavailable("http://zoom.example/v2", deadline=wire.PATIENCE)
    assert proxy.requests[0].startswith(b"POST http://zoom.example/v2 ")
    assert error.sent


@pytest.mark.parametrize(
    ("url", "headers"),
    [
        ("zoom.example/v2", {}),
        ("http://127.0.0.1:99999/SECRET", {}),
        ("http://127.0.0.1/", {"Authorization": "SECRET\r\nX: 1"}),
    ],
    ids=["no scheme", "no such port", "a header that is two"],
)
def test_an_impossible_request_is_our_mistake(url: str, headers: dict[str, str]) -> None:
    with pytest.raises(Rejected) as caught:
        fetch("zoom", "GET", url, headers=headers)
    assert not caught.value.sent
    assert "SECRET" not in str(caught.value)


def test_a_mistake_of_the_caller_is_not_taken_for_an_outage() -> None:
    with pytest.raises(TypeError):
        fetch("zoom", "GET", "http://127.0.0.1/", no_such_argument=1)


def test_an_error_carries_neither_address_nor_cause() -> None:
    with serve(wire.resets) as server:
        error = unavailable(f"{server.url}/calendars/jill@example.com?q=SECRET")
    assert error.__cause__ is None
    assert error.__context__ is None
    assert "jill" not in wire.shown(error)
    assert "SECRET" not in wire.shown(error)
