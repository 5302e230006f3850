"""Every request has an id, in its answer, in its lines and in the jobs that it causes."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bookme import logs, queue

ID = "X-Request-Id"
GIVEN = "7d3e2c1a-0b9f-4e55-8f6a-112233445566"


@pytest.mark.parametrize("path", ["/", "/nobody/nothing", "/healthz", "/static/nothing.css"])
def test_every_answer_names_its_request(client: FlaskClient, path: str) -> None:
    first, second = (client.get(path).headers[ID] for _ in range(2))
    assert re.fullmatch(r"[0-9a-f]{16}", first)
    assert first != second


def test_an_answer_to_an_error_of_ours_names_it_too(app: Flask, client: FlaskClient) -> None:
    app.config.update(TESTING=False, PROPAGATE_EXCEPTIONS=False)
    app.view_functions["public.landing"] = lambda: 1 / 0
    answer = client.get("/")
    assert (answer.status_code, len(answer.headers[ID])) == (500, 16)


@pytest.mark.parametrize(
    ("proxies", "given", "is_taken"),
    [
        (1, GIVEN, True),
        (1, "0123456789abcdefABCDEF", True),
        (0, GIVEN, False),
        (1, "mara.lindqvist@example.com", False),
        (1, "Mara-Lindqvist-of-Berlin", False),
        (1, "0123456789abcdef\nINFO forged", False),
        (1, "0123", False),
        (1, "0" * 65, False),
        (1, "", False),
    ],
    ids=["uuid", "hex", "no proxy", "mail", "name", "lines", "short", "long", "empty"],
)
def test_an_id_from_outside_is_taken_from_a_proxy_only_and_if_it_spells_nothing(
    app: Flask, client: FlaskClient, proxies: int, given: str, is_taken: bool
) -> None:
    app.config["TRUSTED_PROXIES"] = proxies
    answer = client.get("/healthz", environ_overrides={"HTTP_X_REQUEST_ID": given})
    assert (answer.headers[ID] == given) is is_taken


def test_a_request_goes_along_into_the_jobs_that_it_causes(app: Flask, client: FlaskClient) -> None:
    given: list[object] = []

    class Queue:
        def enqueue_call(self, func: str, **kwargs: object) -> None:
            given.append(kwargs["meta"])

    app.extensions["hints"] = Queue()
    app.view_functions["public.landing"] = lambda: str(queue.hurry(7))
    answer = client.get("/")
    assert given == [{"request": answer.headers[ID]}]
    assert logs.cause() == logs.Cause()
    queue.hurry(7)  # as the sweep does: nobody has caused it
    assert given[1:] == [None]
