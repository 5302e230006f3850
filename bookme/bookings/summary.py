"""What is said about a booking, built once: its title, who, where, the way in, the notes and the
address of its page.

A calendar event, a calendar file, a meeting's agenda and a mail are put together from these parts.
Words are in the language of the caller; what the booker typed is
:func:`~bookme.mail.defuse.theirs`, what the host typed is :func:`~bookme.typed.own`.
"""

from dataclasses import dataclass

from flask_babel import gettext as _

from bookme.accounts.links import address
from bookme.mail.defuse import theirs
from bookme.models import Attendee, Booking, Caller, LocationKind, Meeting, Role
from bookme.providers.registry import meetings_label
from bookme.typed import Shown, Words, own, phrase


def title(booking: Booking, *, to_host: bool) -> str:
    """What is booked, and with whom."""
    if not to_host:
        return _("%(title)s with %(host)s", title=booking.title, host=host_name(booking))
    if booking.booker is None:
        return booking.title
    return _("%(title)s: %(booker)s", title=booking.title, booker=booker_name(booking))


def provider_label(booking: Booking) -> str:
    """The video provider's name as people know it; empty for other kinds of appointment."""
    name = booking.meeting.provider if booking.meeting is not None else booking.video_provider or ""
    return meetings_label(name)


def place(booking: Booking, *, to_host: bool, to_guest: bool = False) -> Shown:
    """Where, for one of the sides; without the video link. A guest isn't told the booker's
    number.
    """
    if booking.location_kind is LocationKind.VIDEO:
        return phrase(provider_label(booking) or _("Video meeting"))
    if booking.location_kind is LocationKind.IN_PERSON:
        return own(booking.address)
    return _phone_of_others(booking) if to_guest else _phone(booking, to_host=to_host)


def location(
    booking: Booking, meeting: Meeting | None, *, to_host: bool, to_guest: bool = False
) -> str:
    """The one line that a calendar has for a place: the video link if there is one.

    :param meeting: the booking's; None where the event carries it already.
    """
    link = meeting.join_url if meeting is not None else None
    return link or place(booking, to_host=to_host, to_guest=to_guest).text


def join_words(booking: Booking) -> str:
    """What the video link is called, as a button: the same on pages, in mails and in calendars."""
    provider = provider_label(booking)
    return _("Join the %(provider)s call", provider=provider) if provider else _("Join the call")


def way_in(meeting: Meeting | None) -> list[str]:
    """The link and the passcode, a line each, as far as there are any."""
    if meeting is None or not meeting.join_url:
        return []
    lines = [_("Join: %(link)s", link=meeting.join_url)]
    if meeting.passcode:
        lines.append(_("Passcode: %(passcode)s", passcode=meeting.passcode))
    return lines


def people(booking: Booking) -> list[str]:
    """The booker and the guests, a line each."""
    return [_person(person) for person in booking.attendees]


def guests(booking: Booking) -> list[Shown]:
    """The guests, as the booker named them."""
    named = _("%(name)s, %(email)s")
    return [phrase(named, name=theirs(one.name), email=one.email) for one in booking.guests]


@dataclass(frozen=True, slots=True)
class Answered:
    """A question of the host's, and what the booker answered."""

    question: Shown
    answer: Shown


def answers(booking: Booking) -> list[Answered]:
    """What the booker was asked and has answered, in order."""
    given = booking.booker.answers if booking.booker is not None else []
    return [Answered(own(one["question"]), theirs(one["answer"])) for one in given]


def answer_lines(booking: Booking) -> list[str]:
    """The same as plain text: each question, and its answer on the lines below."""
    return [f"{one.question}\n{one.answer}" for one in answers(booking)]


def about(booking: Booking) -> Shown:
    """What the host says of such appointments; empty if nothing."""
    return own(booking.schedule.description)


def notes(booking: Booking) -> Shown:
    """What the booker wrote; empty if nothing, or once that person was erased."""
    return theirs(booking.booker.notes if booking.booker is not None else "")


def page(booking: Booking, *, to_host: bool) -> str:
    """The address of the booking's page. The booker's holds the token, so no host is told it."""
    if to_host:
        return address("bookings.show", reference=booking.reference)
    return address("public.booked", token=booking.token)


def page_line(booking: Booking) -> str:
    """The same for the host, in words."""
    return _("In BookMe: %(page)s", page=page(booking, to_host=True))


def host_name(booking: Booking) -> Shown:
    """The host's name, fit for a mail."""
    return own(booking.host.name)


def booker_name(booking: Booking) -> Shown:
    """The booker's name, fit for a mail; once that person was erased, what can stand in its place
    in any sentence.
    """
    return (
        theirs(booking.booker.name) if booking.booker is not None else phrase(_("[name deleted]"))
    )


def paragraphs(*of: list[str]) -> str:
    """Lines of plain text, with a blank one between paragraphs; empty ones are left out."""
    return "\n\n".join("\n".join(lines) for lines in of if any(lines))


def _person(person: Attendee) -> str:
    parts = {"name": theirs(person.name), "email": person.email, "phone": theirs(person.phone)}
    if person.role is Role.GUEST:
        if person.phone:
            return _("Guest: %(name)s, %(email)s, %(phone)s", **parts)
        return _("Guest: %(name)s, %(email)s", **parts)
    if person.phone:
        return _("%(name)s, %(email)s, %(phone)s", **parts)
    return _("%(name)s, %(email)s", **parts)


def _phone_of_others(booking: Booking) -> Shown:
    host, booker = host_name(booking), booker_name(booking)
    if booking.caller is Caller.HOST:
        return phrase(_("%(host)s calls %(booker)s"), host=host, booker=booker)
    words = _("%(booker)s calls %(host)s: %(number)s")
    return phrase(words, booker=booker, host=host, number=own(booking.phone))


def _phone(booking: Booking, *, to_host: bool) -> Shown:
    by_host = booking.caller is Caller.HOST
    if by_host:
        number = theirs(booking.booker.phone if booking.booker is not None else "")
    else:
        number = own(booking.phone)
    other = booker_name(booking) if to_host else host_name(booking)
    parts: dict[str, Words] = {"other": other, "number": number}
    if by_host is to_host:
        return phrase(
            _("You call %(other)s: %(number)s") if number else _("You call %(other)s"), **parts
        )
    words = _("%(other)s calls you: %(number)s") if number else _("%(other)s calls you")
    return phrase(words, **parts)
