"""The providers' answers: the fixtures' bodies, and Zoom's errors made of them."""

import copy
import json
from importlib import resources
from typing import Any

from flask import Response, jsonify

#: Each provider's sample answers by name.
SAMPLES: dict[str, dict[str, Any]] = json.loads(
    resources.files(__package__).joinpath("fixtures.json").read_text(encoding="utf-8")
)
FIXTURES: dict[str, dict[str, Any]] = SAMPLES["zoom"]


class Refusal(Exception):
    """An answer that ends the request. Raised inside a transaction, it undoes that."""

    def __init__(
        self, status: int, body: dict[str, Any], headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(status)
        self.status = status
        self.body = body
        self.headers = headers or {}

    def response(self) -> Response:
        """What the caller sees."""
        response = jsonify(self.body)
        response.status_code = self.status
        response.headers.update(self.headers)
        return response


class ZoomError(Refusal):
    """Zoom's."""


def sample(provider: str, name: str) -> Refusal:
    """The error of a provider's fixture as it stands."""
    found = SAMPLES[provider][name]
    return Refusal(found["status"], copy.deepcopy(found["body"]), found.get("headers"))


def body_of(name: str, **changes: Any) -> dict[str, Any]:
    """A copy of a fixture's body with some values of its own."""
    return {**copy.deepcopy(FIXTURES[name]["body"]), **changes}


def error(name: str, **changes: Any) -> ZoomError:
    """The error of a fixture, some values of its body changed."""
    found = FIXTURES[name]
    return ZoomError(found["status"], body_of(name, **changes), found.get("headers"))


def invalid(*fields: str) -> ZoomError:
    """The validation error that names these fields."""
    wrong = [{"field": field, "message": "Invalid field."} for field in fields]
    return error("api_validation", errors=wrong)
