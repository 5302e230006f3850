"""What connections are said to be, in words. ``{provider}`` is the provider's name for people."""

from collections.abc import Iterable

from flask import current_app
from markupsafe import Markup

from bookme.connections import providers
from bookme.connections.connecting.linking import Connected
from bookme.connections.service import Finding, Revocation
from bookme.models import Problem, Trouble

#: What is wrong, and what the host can do about it.
PROBLEMS = {
    Problem.GRANT_ENDED: (
        "{provider} no longer accepts BookMe's permission.",
        "Connect {provider} again. What waits for it is made up for then.",
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
    Finding.DEAD: ("bad", "{provider} no longer lets BookMe in. Please reconnect."),
    Finding.UNAVAILABLE: (
        "warn",
        "{provider} did not answer in time. BookMe tries again whenever it needs it.",
    ),
    Finding.CLIENT_REFUSED: (
        "bad",
        "{provider} does not accept this server at the moment. The operator has been told.",
    ),
    Finding.LED_ELSEWHERE: (
        "bad",
        (
            "{provider} sent BookMe on to an address that isn't one of Apple's, so your password "
            "wasn't sent there. If it stays like this, write to support."
        ),
    ),
    Finding.ASKS_TO_WAIT: (
        "warn",
        (
            "{provider} has asked BookMe to slow down. You don't need to do anything: BookMe tries "
            "again by itself."
        ),
    ),
    Finding.REFUSED: ("bad", "{provider} answered, but does not let this account be used."),
}
#: The same for a provider that takes a password.
PASSWORD_ENDED = (
    "{provider} no longer accepts the app-specific password.",
    "Make a new one at {where}, then connect {provider} again.",
)
#: What came of reading the list of calendars.
LISTED = FINDINGS | {Finding.WORKS: ("good", "This is what {provider} lists just now.")}
_NO_MEETINGS = (
    "Until then new bookings stand without a video link, and meetings are not moved or removed "
    "with their bookings."
)
_NO_ENTRIES = (
    "Until then bookings are not added to its calendars, nor moved or removed in them, and get no "
    "video link that comes with an entry."
)
_NO_TIMES = (
    "An hour after it broke, your schedules stop offering times, because nobody knows any more "
    "what else you have on."
)
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
            "there, under {where}."
        ),
    ),
    Revocation.NOT_POSSIBLE: (
        "good",
        (
            "{provider} is disconnected: BookMe has deleted its {keys} and the account's "
            "identifiers. {provider} lets only you end the permission itself, under {where}."
        ),
    ),
    Revocation.NOT_NEEDED: (
        "good",
        "{provider} is disconnected, and BookMe has deleted the account's identifiers.",
    ),
}
#: Why a calendar could not be read.
READING = {
    Trouble.CALENDAR_GONE: "{provider} does not show it any more",
    Trouble.NOT_ALLOWED: "{provider} does not let BookMe read it",
    Trouble.NEEDS_RECONNECT: "{provider} no longer lets BookMe in",
    Trouble.NOT_CONNECTED: "{provider} is not connected",
    Trouble.LED_ELSEWHERE: "{provider} sent BookMe on to an address that isn't one of Apple's",
    Trouble.CLIENT_REFUSED: "{provider} does not accept this server at the moment",
    Trouble.REJECTED: "{provider} does not understand BookMe, which is our mistake",
}
_READING = "{provider} does not answer properly; BookMe keeps trying"


def permissions(provider: str, scopes: Iterable[str]) -> list[str]:
    """What these scopes allow, in the words of the provider's consent page, each once."""
    named = providers.facts(provider).permissions
    return list(dict.fromkeys(text for scope, text in named.items() if scope in set(scopes)))


def problem(kind: Problem, provider: str) -> tuple[str, str]:
    """What is wrong with a connection, and what to do."""
    facts = providers.facts(provider)
    by_password = facts.password if kind is Problem.GRANT_ENDED else None
    what, remedy = PASSWORD_ENDED if by_password else PROBLEMS[kind]
    where = by_password.made_at if by_password else ""
    return what.format(provider=facts.label), remedy.format(provider=facts.label, where=where)


def for_administrator(provider: str) -> str:
    """What a host can send to the administrator who has to agree first."""
    facts, site = providers.facts(provider), current_app.config["PUBLIC_URL"]
    wanted = "\n".join(f"- {one}" for one in dict.fromkeys(facts.permissions.values()))
    address = providers.admin_consent_url(provider)
    how = (
        f"To agree for our organization, open this address and accept:\n{address}"
        if address
        else f"It is set in the administration of our {facts.label} accounts, as an app's access."
    )
    return (
        f"I'd like to use BookMe ({site}) with my {facts.label} account. It needs an "
        f"administrator to agree to this:\n{wanted}\n\n{how}"
    )


def chosen(number: int) -> str:
    """What is said when the choice of checked calendars was saved."""
    if not number:
        return "Saved. No calendar of {provider} is checked, so its events take no time."
    return "Saved. What is checked is read at once, and every few minutes."


def until_mended(provider: str, *, is_checked: bool) -> str:
    """What does not happen while a connection is broken.

    :param is_checked: one of its calendars is checked for conflicts.
    """
    if not providers.facts(provider).has_calendars:
        return _NO_MEETINGS
    return f"{_NO_ENTRIES} {_NO_TIMES}" if is_checked else _NO_ENTRIES


def reading(trouble: Trouble | None, provider: str) -> str:
    """Why a calendar could not be read."""
    found = READING.get(trouble, _READING) if trouble is not None else _READING
    return found.format(provider=providers.label(provider))


def connected(provider: str, outcome: Connected) -> tuple[str, str]:
    """The kind of the notice, and its words, when a provider is connected."""
    facts = providers.facts(provider)
    said = f"{facts.label} is connected."
    if outcome.instead_of:
        said = f"{facts.label} is connected as {outcome.account}, instead of {outcome.instead_of}."
    if facts.meets is None or outcome.can_meet:
        return "good", said
    return "warn", f"{said} {cannot_meet(provider)}"


def cannot_meet(provider: str) -> str:
    """Why a connection makes no meetings."""
    meetings = providers.facts(provider).meetings
    if meetings is None:
        return ""
    return f"{meetings.none_because} BookMe cannot make {meetings.label} meetings with it.".strip()


def disconnected(outcome: Revocation, provider: str) -> tuple[str, str]:
    """The kind of the notice, and its words, when a provider is disconnected."""
    kind, text = DISCONNECTED[outcome]
    return kind, Markup(text).format(
        provider=providers.label(provider),
        keys="password" if providers.facts(provider).password else "tokens",
        where=end_pages(provider),
    )


def end_pages(provider: str) -> Markup:
    """Where a host ends BookMe's permission at the provider, as links."""
    link = Markup('<a href="{}" rel="noopener">{}</a>')
    return Markup(" or ").join(
        link.format(address, text) for text, address in providers.facts(provider).end_pages
    )
