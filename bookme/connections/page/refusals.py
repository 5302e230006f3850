"""Why nothing was connected, in words. ``%(provider)s`` is the provider's name for people."""

from flask_babel import lazy_gettext as _l

from bookme.connections.connecting.refusal import Refusal

#: Why a consent came to nothing: the page's status, heading and words. Another account is asked
#: about instead.
REFUSALS = {
    Refusal.DECLINED: (
        400,
        _l("%(provider)s wasn't connected"),
        _l("%(provider)s told us that permission wasn't given. Nothing has changed in BookMe."),
    ),
    Refusal.ADMIN_NEEDED: (
        403,
        _l("Your administrator needs to agree first"),
        _l(
            "In your organization, only an administrator can let BookMe use a %(provider)s "
            "account. Nothing has changed in BookMe. Send your administrator the message below. "
            "Once they've agreed, connect %(provider)s again."
        ),
    ),
    Refusal.STALE: (
        400,
        _l("This link from %(provider)s has expired"),
        _l(
            "It works once, for ten minutes, and in the browser in which you pressed Connect. "
            "Start again from here."
        ),
    ),
    Refusal.SERVED: (
        400,
        _l("%(provider)s is connected"),
        _l(
            "The link that %(provider)s sent you back with works once, and it has been used. You "
            "don't need to do anything."
        ),
    ),
    Refusal.NO_CODE: (
        400,
        _l("%(provider)s wasn't connected"),
        _l("%(provider)s sent you back without a permission. Start again from here."),
    ),
    Refusal.CODE_REFUSED: (
        400,
        _l("This link from %(provider)s has expired"),
        _l(
            "The answer from %(provider)s was too old, or it had been used before. Start again "
            "from here."
        ),
    ),
    Refusal.SCOPE_MISSING: (
        403,
        _l("A permission is missing"),
        _l("BookMe needs all the permissions that it asks for, so we've kept nothing."),
    ),
    Refusal.UNAVAILABLE: (
        503,
        _l("%(provider)s didn't answer"),
        _l(
            "%(provider)s didn't answer, or we couldn't understand its answer. Wait a minute, then "
            "start again from here."
        ),
    ),
    Refusal.CLIENT_REFUSED: (
        503,
        _l("%(provider)s isn't accepting requests from this site"),
        _l(
            "You haven't done anything wrong. We've told the people who run this site. Try again "
            "later."
        ),
    ),
    Refusal.NOT_ALLOWED: (
        403,
        _l("%(provider)s doesn't let us use this account"),
        _l("The account may be deactivated, or its administrator doesn't allow BookMe."),
    ),
    Refusal.NO_CALENDARS: (
        403,
        _l("This %(provider)s account has no calendars for BookMe"),
        _l(
            "It has no mailbox with a calendar, or its administrator doesn't let BookMe see it. "
            "We've kept nothing. Connect an account that has a calendar."
        ),
    ),
    Refusal.HOST_NOT_ALLOWED: (
        502,
        _l("%(provider)s wasn't connected"),
        _l(
            "%(provider)s redirected us to an address that isn't one of Apple's, so we didn't send "
            "your password there. If that address is right, the people who run this site can allow "
            "it."
        ),
    ),
    Refusal.PASSWORD_REFUSED: (
        422,
        _l("%(provider)s wasn't connected"),
        _l(
            "%(provider)s doesn't accept this e-mail address with this app-specific password. "
            "Check both for typing mistakes, or create a new password."
        ),
    ),
}


def words(refusal: Refusal, provider: str) -> tuple[int, str, str]:
    """The page's status, heading and words.

    :param provider: the provider's name for people.
    """
    status, title, text = REFUSALS[refusal]
    return status, title % {"provider": provider}, text % {"provider": provider}
