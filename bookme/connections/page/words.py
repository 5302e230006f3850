"""What connections are said to be, in words. ``%(provider)s`` is the provider's name for people."""

from collections.abc import Iterable

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from markupsafe import Markup

from bookme.connections import providers
from bookme.connections.connecting.linking import Connected
from bookme.connections.service import Finding, Revocation
from bookme.models import Problem, Trouble
from bookme.web.words import listed

#: What is wrong, and what the host can do about it.
PROBLEMS = {
    Problem.GRANT_ENDED: (
        _l("%(provider)s no longer lets BookMe in."),
        _l("Connect %(provider)s again. Meetings that are waiting will be created then."),
    ),
    Problem.REPLACED: (
        _l("The same %(provider)s account was connected to another BookMe account."),
        _l(
            "Connect this %(provider)s account again, which disconnects it from the other BookMe "
            "account, or connect a different one."
        ),
    ),
    Problem.SCOPE_MISSING: (
        _l("A permission that BookMe needs is missing."),
        _l("Connect %(provider)s again and allow everything it asks for."),
    ),
    Problem.USER_MISSING: (
        _l("%(provider)s no longer has this account."),
        _l("Connect the %(provider)s account that you use now."),
    ),
    Problem.REMOVED: (
        _l("BookMe was removed from your %(provider)s account."),
        _l("Connect %(provider)s again if you want to keep using it."),
    ),
}
#: What a test of a connection found: the notice's kind, and its words.
FINDINGS = {
    Finding.WORKS: ("good", _l("The connection works. %(provider)s just answered.")),
    Finding.DEAD: ("bad", _l("%(provider)s no longer lets BookMe in. Reconnect %(provider)s.")),
    Finding.UNAVAILABLE: (
        "warn",
        _l(
            "%(provider)s didn't answer in time. We'll try again the next time we need it; you "
            "don't need to do anything."
        ),
    ),
    Finding.CLIENT_REFUSED: (
        "bad",
        _l(
            "%(provider)s isn't accepting requests from this site at the moment. We've told the "
            "people who run this site."
        ),
    ),
    Finding.LED_ELSEWHERE: (
        "bad",
        _l(
            "%(provider)s redirected us to an address that isn't one of Apple's, so we didn't send "
            "your password there. If this continues, contact support."
        ),
    ),
    Finding.ASKS_TO_WAIT: (
        "warn",
        _l(
            "%(provider)s has asked us to slow down. We'll try again automatically; you don't need "
            "to do anything."
        ),
    ),
    Finding.REFUSED: ("bad", _l("%(provider)s answered, but doesn't let us use this account.")),
}
#: The same for a provider that takes a password.
PASSWORD_ENDED = (
    _l("%(provider)s no longer accepts the app-specific password."),
    _l("Create a new one at %(where)s, then connect %(provider)s again."),
)
#: What came of reading the list of calendars.
LISTED = FINDINGS | {Finding.WORKS: ("good", _l("The list of calendars is up to date."))}
_NO_MEETINGS = _l(
    "Until then, new bookings get no video link, and meetings aren't rescheduled or cancelled with "
    "their bookings."
)
_NO_ENTRIES = _l(
    "Until then, bookings aren't added to its calendars or kept up to date there, and they get no "
    "video link that comes with a calendar event."
)
_NO_TIMES = _l(
    "An hour after the problem began, your schedules stop offering times, because we no longer "
    "know when you're busy."
)
#: What became of a disconnected connection.
DISCONNECTED = {
    Revocation.REVOKED: (
        "good",
        _l(
            "%(provider)s is disconnected. We've revoked BookMe's permission and deleted its "
            "tokens and the account's identifiers."
        ),
    ),
    Revocation.NOT_REVOKED: (
        "warn",
        _l(
            "%(provider)s is disconnected, and we've deleted its tokens and the account's "
            "identifiers. %(provider)s didn't confirm that BookMe's permission is revoked. To be "
            "sure, remove BookMe there, under %(where)s."
        ),
    ),
    Revocation.NOT_POSSIBLE: (
        "good",
        _l(
            "%(provider)s is disconnected. We've deleted its tokens and the account's identifiers. "
            "Only you can end the permission itself at %(provider)s, under %(where)s."
        ),
    ),
    Revocation.NOT_NEEDED: (
        "good",
        _l("%(provider)s is disconnected, and we've deleted the account's identifiers."),
    ),
}
#: The same for a provider that takes a password.
_PASSWORD_DELETED = _l(
    "%(provider)s is disconnected. We've deleted its password and the account's identifiers. Only "
    "you can end the permission itself at %(provider)s, under %(where)s."
)
#: Why a calendar could not be read.
READING = {
    Trouble.CALENDAR_GONE: _l("%(provider)s no longer shows this calendar."),
    Trouble.NOT_ALLOWED: _l("%(provider)s doesn't let us read this calendar."),
    Trouble.NEEDS_RECONNECT: _l("%(provider)s no longer lets BookMe in."),
    Trouble.NOT_CONNECTED: _l("%(provider)s isn't connected."),
    Trouble.LED_ELSEWHERE: _l(
        "%(provider)s redirected us to an address that isn't one of Apple's."
    ),
    Trouble.CLIENT_REFUSED: _l(
        "%(provider)s isn't accepting requests from this site at the moment."
    ),
    Trouble.REJECTED: _l("%(provider)s didn't accept our request, which is our mistake."),
}
_READING = _l("%(provider)s isn't responding properly. We'll keep trying.")


def permissions(provider: str, scopes: Iterable[str]) -> list[str]:
    """What these scopes allow, in the words of the provider's consent page, each once."""
    named = providers.facts(provider).permissions
    return list(dict.fromkeys(str(text) for scope, text in named.items() if scope in set(scopes)))


def problem(kind: Problem, provider: str) -> tuple[str, str]:
    """What is wrong with a connection, and what to do."""
    facts = providers.facts(provider)
    by_password = facts.password if kind is Problem.GRANT_ENDED else None
    what, remedy = PASSWORD_ENDED if by_password else PROBLEMS[kind]
    parts = {"provider": facts.label, "where": by_password.made_at if by_password else ""}
    return what % parts, remedy % parts


def finding(found: Finding, provider: str) -> tuple[str, str]:
    """The kind of the notice, and its words, when a connection was tested."""
    kind, text = FINDINGS[found]
    return kind, text % {"provider": providers.label(provider)}


def list_refreshed(found: Finding, provider: str) -> tuple[str, str]:
    """The kind of the notice, and its words, when the list of calendars was read."""
    kind, text = LISTED[found]
    return kind, text % {"provider": providers.label(provider)}


def for_administrator(provider: str) -> str:
    """What a host can send to the administrator who has to agree first."""
    facts, site = providers.facts(provider), current_app.config["PUBLIC_URL"]
    request = _(
        "I'd like to use BookMe (%(site)s) with my %(provider)s account. An administrator needs to "
        "agree to this:",
        site=site,
        provider=facts.label,
    )
    wanted = [f"- {one}" for one in permissions(provider, facts.scopes)]
    address = providers.admin_consent_url(provider)
    how = (
        [_("To agree for our organization, open this address and accept:"), address]
        if address
        else [
            _(
                "You can allow it in the administration of our %(provider)s accounts, where apps "
                "are given access.",
                provider=facts.label,
            )
        ]
    )
    return "\n".join([request, *wanted, "", *how])


def chosen(number: int, provider: str) -> str:
    """What is said when the choice of checked calendars was saved."""
    if not number:
        return _(
            "Saved. No %(provider)s calendar is checked, so events there don't block times on your "
            "page.",
            provider=providers.label(provider),
        )
    return ngettext(
        "Saved. We'll read this calendar now, and every few minutes from now on.",
        "Saved. We'll read these calendars now, and every few minutes from now on.",
        number,
    )


def until_mended(provider: str, *, is_checked: bool) -> list[str]:
    """What does not happen while a connection is broken, in sentences.

    :param is_checked: one of its calendars is checked for conflicts.
    """
    if not providers.facts(provider).has_calendars:
        return [str(_NO_MEETINGS)]
    return [str(_NO_ENTRIES), str(_NO_TIMES)] if is_checked else [str(_NO_ENTRIES)]


def reading(trouble: Trouble | None, provider: str) -> str:
    """Why a calendar could not be read, in a sentence or two."""
    found = READING.get(trouble, _READING) if trouble is not None else _READING
    return str(found % {"provider": providers.label(provider)})


def connected(provider: str, outcome: Connected) -> tuple[str, str]:
    """The kind of the notice, and its words, when a provider is connected."""
    facts = providers.facts(provider)
    said = _("%(provider)s is connected.", provider=facts.label)
    if outcome.instead_of:
        said = _(
            "%(provider)s is connected as %(account)s, instead of %(other)s.",
            provider=facts.label,
            account=outcome.account,
            other=outcome.instead_of,
        )
    if facts.meets is None or outcome.can_meet:
        return "good", said
    return "warn", f"{said} {cannot_meet(provider)}"


def cannot_meet(provider: str) -> str:
    """Why a connection makes no meetings, in whole sentences."""
    meetings = providers.facts(provider).meetings
    if meetings is None:
        return ""
    none = _("BookMe can't create %(meetings)s meetings with it.", meetings=meetings.label)
    return f"{meetings.none_because} {none}".strip()


def disconnected(outcome: Revocation, provider: str) -> tuple[str, str]:
    """The kind of the notice, and its words, when a provider is disconnected."""
    kind, text = DISCONNECTED[outcome]
    if outcome is Revocation.NOT_POSSIBLE and providers.facts(provider).password:
        text = _PASSWORD_DELETED
    parts = {"provider": providers.label(provider), "where": end_pages(provider)}
    return kind, Markup(text) % parts


def end_pages(provider: str) -> Markup:
    """Where a host ends BookMe's permission at the provider, as links."""
    link = Markup('<a href="{}" rel="noopener">{}</a>')
    pages = [link.format(url, text) for text, url in providers.facts(provider).end_pages]
    return Markup(listed(pages, "or"))
