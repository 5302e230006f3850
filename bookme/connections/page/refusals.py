"""Why nothing was connected, in words. ``{provider}`` is the provider's name for people."""

from bookme.connections.connecting.consent import Refusal

#: Why a consent came to nothing: the page's status, heading and words.
REFUSALS = {
    Refusal.DECLINED: (
        400,
        "{provider} was not connected",
        "{provider} says that the permission was not given. Nothing has changed in BookMe.",
    ),
    Refusal.ADMIN_NEEDED: (
        403,
        "Your administrator has to agree first",
        (
            "In your organization, only an administrator can let BookMe use a {provider} account. "
            "Nothing has changed in BookMe. Send your administrator the message below. Once they "
            "have agreed, connect {provider} again."
        ),
    ),
    Refusal.STALE: (
        400,
        "This link from {provider} has expired",
        (
            "It works once, for ten minutes, and in the browser in which you pressed Connect. "
            "Start again from here."
        ),
    ),
    Refusal.SERVED: (
        400,
        "{provider} is connected",
        (
            "The link that {provider} sent you back with works once, and it has been used. You "
            "don't need to do anything."
        ),
    ),
    Refusal.NO_CODE: (
        400,
        "{provider} was not connected",
        "{provider} sent you back without a permission. Start again from here.",
    ),
    Refusal.CODE_REFUSED: (
        400,
        "This link from {provider} has expired",
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
    Refusal.NO_CALENDARS: (
        403,
        "This {provider} account has no calendars for BookMe",
        (
            "It has no mailbox with a calendar, or its administrator does not let BookMe see it. "
            "BookMe has kept nothing. Connect an account that has one."
        ),
    ),
    Refusal.HOST_NOT_ALLOWED: (
        502,
        "{provider} was not connected",
        (
            "{provider} sent BookMe on to an address that is not one of Apple's, so your password "
            "was not sent there. If that is meant to be, the operator of this server can allow it."
        ),
    ),
    Refusal.PASSWORD_REFUSED: (
        422,
        "{provider} was not connected",
        (
            "{provider} does not accept this e-mail with this app-specific password. Look for a "
            "slip, or make a new password."
        ),
    ),
}
