"""Clients that are slow, rude or idle, against one process with one thread."""

import time
from contextlib import ExitStack

import pytest

from bookme.running.connections import Connection
from bookme.running.limits import Limits
from tests.patience import wait_until
from tests.running.serving import LARGE, Line, Served, served

GET = "GET /echo HTTP/1.1\r\nHost: localhost\r\n\r\n"
POST = "POST /echo HTTP/1.1\r\nHost: localhost\r\n"
CHUNKED = f"{POST}Transfer-Encoding: chunked\r\n\r\n"
#: Half a request each, and what is sent of the rest.
HALVES = {
    "nothing of a head": ("", b""),
    "a head": ("GET /echo HTTP/1.1\r\nX-Long: ", b"a"),
    "a body": (f"{POST}Content-Length: 100000\r\n\r\n", b"a"),
    "a chunked body": (CHUNKED, b"1\r\na\r\n"),
    "an announced body": (f"{POST}Expect: 100-continue\r\nContent-Length: 100\r\n\r\n", b""),
}


@pytest.mark.parametrize("kind", [kind for kind in HALVES if HALVES[kind][1]])
def test_a_request_that_never_ends_is_refused_however_busy_it_looks(kind: str) -> None:
    first, then = HALVES[kind]
    with served(head=0.3, request=0.3, body_bytes=10**7) as here, Line(here.port) as line:
        assert (
            line.send(first)
            .dribble(then)
            .startswith("HTTP/1.0 408 " if "head" in kind else "HTTP/1.1 408 ")
        )


@pytest.mark.parametrize("kind", HALVES)
def test_half_a_request_takes_no_thread(kind: str) -> None:
    with served(threads=1) as here, ExitStack() as all_of_them:
        for _ in range(20):
            all_of_them.enter_context(Line(here.port)).send(HALVES[kind][0])
        line = all_of_them.enter_context(Line(here.port))
        assert line.send(GET).answer().startswith("HTTP/1.1 200")


def test_a_client_that_does_not_read_takes_no_thread_and_is_dropped() -> None:
    with served(threads=1, answer=0.3) as here, Line(here.port) as line:
        line.send(GET.replace("echo", "large"))
        with Line(here.port) as other:
            assert other.send(GET).answer().startswith("HTTP/1.1 200")
        wait_until(lambda: not here.server.active_channels, "it is dropped")
        assert len(line.rest()) < LARGE


def test_an_idle_connection_is_closed() -> None:
    with served(idle=0.2) as here, Line(here.port) as new, Line(here.port) as used:
        used.send(GET).answer()
        wait_until(new.is_closed, "the new one is closed")
        wait_until(used.is_closed, "the used one is closed")


@pytest.mark.parametrize("kind", HALVES)
def test_no_number_of_waiting_clients_shuts_others_out(kind: str) -> None:
    with served(connections=10) as here, ExitStack() as all_of_them:
        for _ in range(50):
            all_of_them.enter_context(Line(here.port)).send(HALVES[kind][0])
        with Line(here.port) as line:
            for _ in range(3):
                assert line.send(GET).answer().startswith("HTTP/1.1 200")
        assert len(here.server.active_channels) <= 10


def test_those_make_room_who_have_been_without_an_answer_longest() -> None:
    with served(connections=3) as here, Line(here.port) as first, Line(here.port) as second:
        first.send(f"{POST}Content-Length: 2\r\n\r\na")
        second.send(GET).answer()
        with Line(here.port) as third:
            third.send(GET).answer()
            wait_until(first.is_closed, "the first has made room")
            assert second.send(GET).answer().startswith("HTTP/1.1 200")


def test_a_newcomer_has_time_to_ask_when_all_others_are_in_hand() -> None:
    with served(connections=3) as here, Line(here.port) as first, Line(here.port) as second:
        for line in (first, second):
            line.send(GET.replace("echo", "wait"))
        wait_until(lambda: len(in_hand(here)) == 2, "both are in hand")
        with Line(here.port) as newcomer:
            newcomer.send(GET)
            here.app.may_go_on.set()
            for line in (first, second, newcomer):
                assert line.answer().startswith("HTTP/1.1 200")


def in_hand(here: Served) -> list[Connection]:
    return [one for one in here.server.active_channels.values() if one.is_ours]


def test_what_waits_in_a_lane_keeps_nobody_in_another_waiting() -> None:
    with served(apart={"/wait": 2}) as here, ExitStack() as all_of_them:
        lines = [all_of_them.enter_context(Line(here.port)) for _ in range(5)]
        for line in lines:
            line.send(GET.replace("echo", "wait"))
        wait_until(lambda: len(in_hand(here)) == 5, "all are in hand")
        with Line(here.port) as other:
            assert other.send(GET).answer().startswith("HTTP/1.1 200")
        here.app.may_go_on.set()
        assert all(line.answer().startswith("HTTP/1.1 200") for line in lines)


def test_a_request_in_hand_is_never_overdue() -> None:
    limits = dict(head=0.05, request=0.05, idle=0.05, answer=0.05)
    with served(**limits) as here, Line(here.port) as line, Line(here.port) as idle:
        line.send(GET.replace("echo", "wait"))
        here.app.began.wait(20)
        with Line(here.port) as later:
            wait_until(lambda: idle.is_closed() and later.is_closed(), "idle ones are closed")
        here.app.may_go_on.set()
        assert line.answer().startswith("HTTP/1.1 200")


def test_a_chunked_body_arrives_whole_and_with_its_length() -> None:
    with served() as here, Line(here.port) as line:
        assert "X-Length: 5" in line.send(f"{CHUNKED}2\r\nab\r\n3\r\ncde\r\n0\r\n\r\n").answer()


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (f"{CHUNKED}zz\r\n", 400),
        (f"{POST}Content-Length: -1\r\n\r\n", 400),
        (f"{POST}Content-Length: 2\r\nContent-Length: 3\r\n\r\nab", 400),
        ("nonsense\r\n\r\n", 400),
        (f"{POST}Transfer-Encoding: gzip\r\n\r\n", 501),
        (f"{POST}Content-Length: 1000001\r\n\r\n", 413),
        (f"{CHUNKED}f4242\r\n" + "x" * 1000002, 413),
        ("GET / HTTP/1.1\r\nX: " + "x" * 40000 + "\r\n\r\n", 431),
    ],
    ids=["chunk", "negative", "two", "nonsense", "gzip", "large", "chunks", "head"],
)
def test_what_cannot_be_a_request_is_refused_in_words_and_closed(sent: str, status: int) -> None:
    with served(body_bytes=1000001) as here, Line(here.port) as line:
        try:
            line.send(sent)
        except ConnectionError:
            pass  # it has heard enough
        assert f" {status} " in line.rest()


@pytest.mark.parametrize("more", [GET * 20, "GARBAGE\r\n\r\n", GET + GET[:20]])
def test_of_several_requests_at_once_the_first_is_answered_as_the_last(more: str) -> None:
    with served(answer=20) as here, Line(here.port) as line:
        said = line.send(f"{POST}Content-Length: 2\r\n\r\nab{more}").rest()
    head, _, body = said.partition("\r\n\r\n")
    assert head.startswith("HTTP/1.1 200 ")
    assert "Connection: close" in head
    assert body == "ab"


def test_only_where_a_file_comes_along_a_body_may_be_larger() -> None:
    limits = dict(body_bytes=1000, upload_bytes=5000, uploads=frozenset({"/echo"}))
    for path, length, status in (("/echo", 4999, 200), ("/echo", 5000, 413), ("/", 1000, 413)):
        head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n"
        with served(**limits) as here, Line(here.port) as line:
            try:
                line.send(head + "x" * length)
            except ConnectionError:
                pass  # it has heard enough
            assert f" {status} " in line.answer(), (path, length)


def test_a_head_only_answer_has_no_body_and_the_connection_stays() -> None:
    with served() as here, Line(here.port) as line:
        line.send(GET.replace("GET /echo", "HEAD /large")).answer(body=False)
        for _ in range(3):
            assert line.send(f"{POST}Content-Length: 2\r\n\r\nab").answer().endswith("\r\n\r\nab")


def test_the_proxies_word_reaches_the_application_which_decides() -> None:
    with served() as here, Line(here.port) as line:
        asked = GET.replace("echo", "forwarded").replace(
            "\r\n\r\n", "\r\nX-Forwarded-For: 1.2.3.4\r\n\r\n"
        )
        assert line.send(asked).answer().endswith("1.2.3.4")


def test_what_is_in_hand_is_finished_when_it_is_told_to_end() -> None:
    with served() as here, Line(here.port) as line, Line(here.port) as half:
        half.send(f"{POST}Content-Length: 2\r\n\r\na")
        line.send(GET.replace("echo", "wait"))
        here.app.began.wait(20)
        here.stop()
        assert half.send("b")
        here.app.may_go_on.set()
        assert line.answer().startswith("HTTP/1.1 200")
        assert half.answer().endswith("ab")
        wait_until(here.has_ended, "it ends")


def test_those_who_wait_do_not_keep_it_from_ending() -> None:
    with served() as here, ExitStack() as all_of_them:
        for first, _ in HALVES.values():
            all_of_them.enter_context(Line(here.port)).send(first)
        here.stop()
        wait_until(here.has_ended, "it ends", 8)


def test_every_limit_is_one_that_ends() -> None:
    usual = Limits()
    assert 0 < usual.head < usual.request < usual.idle < usual.answer <= 120
    assert usual.request < usual.upload <= 300


def test_a_file_has_longer_to_arrive_than_words_and_its_sender_hears_why_it_was_refused() -> None:
    uploads = frozenset({"/echo"})
    head = f"{POST}Content-Length: 10\r\n\r\nhalf a"
    with served(request=0.2, upload=20, uploads=uploads) as here, Line(here.port) as slow:
        slow.send(head)
        time.sleep(1.5)  # an overdue one is looked for every second
        assert slow.send(" mug").answer().endswith("half a mug")
    with served(upload=0.2, uploads=uploads) as here, Line(here.port) as slow:
        assert "with a smaller file" in slow.send(head).dribble(b"")
