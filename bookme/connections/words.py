"""What connections are said to be, in words. ``{provider}`` is the provider's name for people."""

from collections.abc import Iterable

from bookme.connections.consent import Refusal
from bookme.connections.service import Finding, Revocation
from bookme.models import Problem

#: What is wrong, and what the host can do about it.
PROBLEMS = {
    Problem.GRANT_ENDED: (
        "{provider} no longer accepts BookMe's permission.",
        "Connect {provider} again. Bookings that wait for a meeting get it then.",
    ),
    Problem.REPLACED: (
        "The same {provider} account was connected to another BookMe account.",
        "Connect this {provider} account again, then the other one loses it; or connect another.",
    ),
    Problem.SCOPE_MISSING: (
        "A permission that BookMe needs is missing.",
        "Connect {provider} again and allow all that it asks for.",
    ),
    Problem.USER_MISSING: (
        "{provider} does not know this account any more.",
        "Connect the {provider} account that you use now.",
    ),
    Problem.REMOVED: (
        "BookMe was removed from your {provider} account.",
        "Connect {provider} again if you want to go on using it.",
    ),
}
#: What a test of a connection found: the notice's kind, and its words.
FINDINGS = {
    Finding.WORKS: ("good", "The connection works: {provider} answered just now."),
    Finding.DEAD: ("bad", "{provider} no longer accepts BookMe's permission. Please reconnect."),
    Finding.UNAVAILABLE: (
        "warn",
        "{provider} did not answer in time. BookMe tries again whenever it needs it.",
    ),
    Finding.CLIENT_REFUSED: (
        "bad",
        "{provider} does not accept this server at the moment. The operator has been told.",
    ),
    Finding.REFUSED: ("bad", "{provider} answered, but does not let this account be used."),
}
#: What became of a disconnected connection.
DISCONNECTED = {
    Revocation.REVOKED: (
        "good",
        (
            "{provider} is disconnected: the permission is revoked, and BookMe has deleted its "
            "tokens and the account's identifiers."
        ),
    ),
    Revocation.NOT_REVOKED: (
        "warn",
        (
            "{provider} is disconnected, and BookMe has deleted its tokens and the account's "
            "identifiers. {provider} did not confirm the revocation: to be sure, remove BookMe "
            "there under Manage, Added Apps."
        ),
    ),
    Revocation.NOT_NEEDED: (
        "good",
        "{provider} is disconnected, and BookMe has deleted the account's identifiers.",
    ),
}
#: Why a consent came to nothing: the page's status, heading and words.
REFUSALS = {
    Refusal.DECLINED: (
        400,
        "{provider} was not connected",
        "{provider} says that the permission was not given. Nothing has changed in BookMe.",
    ),
    Refusal.STALE: (
        400,
        "This way back from {provider} is no longer valid",
        (
            "It works once, for ten minutes, and in the browser in which you pressed Connect. "
            "Start again from here."
        ),
    ),
    Refusal.NO_CODE: (
        400,
        "{provider} was not connected",
        "{provider} sent you back without a permission. Start again from here.",
    ),
    Refusal.CODE_REFUSED: (
        400,
        "This way back from {provider} is no longer valid",
        "{provider}'s answer was too old, or has been used before. Start again from here.",
    ),
    Refusal.SCOPE_MISSING: (
        403,
        "A permission is missing",
        "BookMe cannot work without all permissions that it asks for, so it has kept nothing.",
    ),
    Refusal.OTHER_ACCOUNT: (
        409,
        "That is another {provider} account",
        (
            "You have allowed another {provider} account than the one that is connected here. "
            "Nothing has changed. Start again with that one, or replace it."
        ),
    ),
    Refusal.UNAVAILABLE: (
        503,
        "{provider} does not answer",
        "{provider} did not answer, or not sensibly. Wait a minute, then start again from here.",
    ),
    Refusal.CLIENT_REFUSED: (
        503,
        "{provider} does not accept this server at the moment",
        "That is not your fault. The operator of this server has been told; try again later.",
    ),
    Refusal.NOT_ALLOWED: (
        403,
        "{provider} does not let this account be used",
        "The account may be switched off, or its administrator does not allow BookMe.",
    ),
}
#: What connecting is good for, where it is not connected yet.
OFFERS = {"zoom": "A Zoom meeting for each video booking, made, moved and removed by itself"}

_SEE_USER = "see your user information"
_MANAGE = "create and manage meetings"


def permissions(scopes: Iterable[str]) -> list[str]:
    """What these scopes allow, in the words of the consent page's own promise, each once."""
    found = {_SEE_USER if scope.startswith("user:") else _MANAGE for scope in scopes}
    return sorted(found, reverse=True)


def problem(kind: Problem, provider: str) -> tuple[str, str]:
    """What is wrong with a connection, and what to do.

    :param provider: the provider's name for people.
    """
    what, remedy = PROBLEMS[kind]
    return what.format(provider=provider), remedy.format(provider=provider)
