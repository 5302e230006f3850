"""Google's errors."""

from sandbox.answers import Refusal, sample


def error(name: str) -> Refusal:
    """The error of a fixture."""
    return sample("google", name)


def refused(status: int, reason: str, message: str, location: str = "") -> Refusal:
    """An error of the API in Google's shape.

    :param location: the parameter or field that is wrong.
    """
    first = {"domain": "global", "reason": reason, "message": message}
    if location:
        first |= {"locationType": "parameter", "location": location}
    return Refusal(status, {"error": {"errors": [first], "code": status, "message": message}})


def invalid(location: str, message: str = "Invalid Value") -> Refusal:
    """The error for a wrong parameter or field."""
    return refused(400, "invalid", f"{message}: {location}", location)


def token_refused(error: str, description: str, status: int = 400) -> Refusal:
    """An error of the token or revoke endpoint."""
    return Refusal(status, {"error": error, "error_description": description})
