"""The help's topics, in the order of their reader's needs. Each one's text is a template."""

from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l


@dataclass(frozen=True, slots=True)
class Topic:
    """One page of help.

    :ivar name: in addresses, and of its text: ``help/_zoom.html``.
    :ivar about: what it helps with, as a sentence.
    """

    name: str
    title: LazyString
    about: LazyString


TOPICS = {
    topic.name: topic
    for topic in (
        Topic("start", _l("Get started"), _l("From a new account to a link that people can book.")),
        Topic("share", _l("Share your link"), _l("Your page, single-use links and your own site.")),
        Topic("zoom", _l("Zoom and BookMe"), _l("How to add Zoom, use it, and remove it.")),
        Topic(
            "calendars",
            _l("Calendars, Google Meet and Microsoft Teams"),
            _l("How to connect Google Calendar, Microsoft Outlook and iCloud."),
        ),
        Topic(
            "schedules",
            _l("Appointment schedules"),
            _l("Lengths, limits, questions, guests, approval and who can book."),
        ),
        Topic(
            "hours", _l("Hours and time off"), _l("When people can book you, and when they can’t.")
        ),
        Topic(
            "bookings",
            _l("Bookings"),
            _l("Answer requests, reschedule, cancel, and book for someone."),
        ),
        Topic("messages", _l("Messages and reminders"), _l("Who gets which e-mail, and when.")),
        Topic(
            "numbers",
            _l("Calendar feed and numbers"),
            _l("Your bookings in another calendar, and what they add up to."),
        ),
        Topic("trouble", _l("Troubleshooting"), _l("What to check when something isn’t right.")),
        Topic(
            "account",
            _l("Your account and your data"),
            _l(
                "Password, second factor, sessions, a copy of your data, and deleting your account."
            ),
        ),
    )
}
