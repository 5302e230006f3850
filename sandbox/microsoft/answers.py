"""Microsoft's errors."""

from uuid import uuid4

from sandbox.answers import Refusal, sample
from sandbox.clock import utcnow


def error(name: str) -> Refusal:
    """The error of a fixture."""
    return sample("microsoft", name)


def refused(status: int, code: str, message: str) -> Refusal:
    """An error of Graph's."""
    seen = {
        "date": f"{utcnow():%Y-%m-%dT%H:%M:%S}",
        "request-id": str(uuid4()),
        "client-request-id": str(uuid4()),
    }
    return Refusal(status, {"error": {"code": code, "message": message, "innerError": seen}})


def invalid(what: str) -> Refusal:
    """The error for a wrong parameter, header or field."""
    return refused(400, "ErrorInvalidRequest", f"The request is invalid: {what}")


def token_refused(error: str, number: int, words: str, status: int = 400) -> Refusal:
    """An error of the token endpoint."""
    return Refusal(
        status,
        {
            "error": error,
            "error_description": f"AADSTS{number}: {words}",
            "error_codes": [number],
            "timestamp": f"{utcnow():%Y-%m-%d %H:%M:%SZ}",
            "trace_id": str(uuid4()),
            "correlation_id": str(uuid4()),
        },
    )
