"""What each kind of fault does to a call."""

import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from werkzeug.wrappers import Response

from sandbox.faults import ERRORS, Fault
from sandbox.line import Dropped, Line

#: Does what was asked.
Do = Callable[[], Response]

_HTML = "<!doctype html><html><head><title>{0}</title></head><body><h1>{0}</h1></body></html>"


def act(fault: Fault, line: Line, do: Do) -> Response:
    """Do what was asked, or not, and answer as the fault wants.

    :raises Dropped: if the connection has ended instead.
    """
    if fault.kind in ERRORS:
        return _fixture(fault)
    if fault.kind.isdigit() or fault.kind == "html-200":
        if fault.after:
            do()
        return _page(int(fault.kind.removeprefix("html-")))
    return _ACTS[fault.kind](fault, line, do)


def _fixture(fault: Fault) -> Response:
    known = ERRORS[fault.kind]
    body = known["body"] if fault.body is None else fault.body
    headers = {**known.get("headers", {}), **fault.headers}
    return Response(json.dumps(body), known["status"], headers, mimetype="application/json")


def _page(status: int) -> Response:
    words = "Please wait" if status == HTTPStatus.OK else f"{status} {HTTPStatus(status).phrase}"
    return Response(_HTML.format(words), status, mimetype="text/html")


def _reset(fault: Fault, line: Line, do: Do) -> Response:
    if fault.after:
        do()
    line.reset()
    raise AssertionError("reset() always raises")


def _timeout(fault: Fault, line: Line, do: Do) -> Response:
    if fault.after:
        do()
    line.wait(fault.seconds)
    raise Dropped("timeout")


def _slow(fault: Fault, line: Line, do: Do) -> Response:
    """Slow first and then done, even if the caller has gone meanwhile: so it happens too."""
    if fault.after:
        answer = do()
        line.wait(fault.seconds)
        return answer
    try:
        line.wait(fault.seconds)
    except Dropped:
        do()
        raise
    return do()


def _spoilable(do: Do) -> Response:
    """Do what was asked; an answer without a body gets one, so that there is something to spoil."""
    answer = do()
    if not answer.get_data():
        answer.status_code = HTTPStatus.OK
        answer.mimetype = "application/json"
        answer.set_data(json.dumps({"status": "done", "details": "nothing more to say"}))
    return answer


def _broken_json(fault: Fault, line: Line, do: Do) -> Response:
    answer = _spoilable(do)
    answer.set_data(answer.get_data()[:-3] + b',"')
    return answer


def _empty(fault: Fault, line: Line, do: Do) -> Response:
    answer = _spoilable(do)
    answer.set_data(b"")
    return answer


def _wrong_types(fault: Fault, line: Line, do: Do) -> Response:
    answer = _spoilable(do)
    try:
        body = json.loads(answer.get_data())
    except ValueError:
        body = None
    answer.set_data(json.dumps(_turned(body)))
    answer.mimetype = "application/json"
    return answer


def _turned(value: Any) -> Any:
    """The same names with values of types that nobody expects."""
    if isinstance(value, dict):
        return {name: _turned(one) for name, one in value.items()} or []
    if isinstance(value, list):
        return {"0": value}
    if isinstance(value, str):
        return [value]
    return {"value": value}


def _cut_body(fault: Fault, line: Line, do: Do) -> Response:
    head, body = _raw(_spoilable(do))
    line.send(head + body[: len(body) // 2])
    raise Dropped("hung up")


def _drip_headers(fault: Fault, line: Line, do: Do) -> Response:
    head, body = _raw(_spoilable(do))
    line.send(head, over=fault.seconds)
    line.send(body)
    raise Dropped("dripped")


def _drip_body(fault: Fault, line: Line, do: Do) -> Response:
    head, body = _raw(_spoilable(do))
    line.send(head)
    line.send(body, over=fault.seconds)
    raise Dropped("dripped")


def _raw(answer: Response) -> tuple[bytes, bytes]:
    """Head and body as they would go over the wire."""
    body = answer.get_data()
    answer.headers["Content-Length"] = str(len(body))
    answer.headers["Connection"] = "close"
    lines = [f"HTTP/1.1 {answer.status}", *(f"{name}: {value}" for name, value in answer.headers)]
    return "\r\n".join([*lines, "", ""]).encode("latin-1"), body


_ACTS: dict[str, Callable[[Fault, Line, Do], Response]] = {
    "reset": _reset,
    "timeout": _timeout,
    "slow": _slow,
    "broken-json": _broken_json,
    "wrong-types": _wrong_types,
    "empty": _empty,
    "cut-body": _cut_body,
    "drip-headers": _drip_headers,
    "drip-body": _drip_body,
}
