"""``bookme reviewer``: make an account for a reviewer, or begin it anew."""

import secrets
import time

import click

from bookme import addresses, queue
from bookme.accounts import passwords, zones
from bookme.accounts import service as accounts
from bookme.clock import utcnow
from bookme.extensions import db
from bookme.jobs.closing import close_account
from bookme.models import User
from bookme.reviewer import service

#: Seconds between two looks at an account that is being deleted.
_PAUSE = 1.0


@click.command("reviewer")
@click.argument("email")
@click.option("--zone", default="UTC", show_default=True, help="The account's time zone.")
@click.option(
    "--wait",
    default=60,
    show_default=True,
    help="Seconds to wait for an earlier account to be deleted.",
)
def reviewer(email: str, zone: str, wait: int) -> None:
    """Make an account in which a reviewer can try everything, and print its password once.

    EMAIL is a mailbox that you read: all mail of the account, and of the bookings in it, goes
    there. Run it again to begin anew: what is there is deleted as when a host deletes their
    account, and made again with a new password. An account that this command hasn't made is never
    touched.
    """
    address = _address(email)
    if not zones.is_zone(zone):
        raise click.ClickException(f"{zone} is not the name of a time zone.")
    earlier = accounts.find(address)
    if earlier is not None:
        _end(earlier, wait)
    password = secrets.token_urlsafe(15)
    hashed = passwords.hash_password(password)
    user, bookings = service.make(address, hashed, zone=zone, now=utcnow())
    handle, ids = user.handle, [booking.id for booking in bookings]
    db.session.commit()
    for booking_id in ids:
        queue.hurry(booking_id)
    click.echo(f"E-mail:   {address}")
    click.echo(f"Password: {password}")
    click.echo(f"Page:     /{handle}")


def _address(email: str) -> str:
    try:
        return addresses.folded(email)
    except ValueError as error:
        raise click.ClickException(str(error)) from error


def _end(user: User, wait: int) -> None:
    """Delete the account that an earlier run has made, and wait until it is gone."""
    if not service.is_ours(user):
        raise click.ClickException(
            "There is a host with this e-mail, made by somebody else. Use another one."
        )
    user_id = user.id
    email = service.end(user, now=utcnow())
    db.session.commit()
    if email is not None:
        queue.hurry_email(email.id)
    ends = time.monotonic() + wait
    while not _is_gone(user_id):
        if time.monotonic() >= ends:
            raise click.ClickException(
                "The earlier account is still being deleted: its messages go out and its meetings "
                "end first, an hour at most. Run this again in a minute."
            )
        time.sleep(_PAUSE)


def _is_gone(user_id: int) -> bool:
    close_account(user_id)
    db.session.expire_all()
    is_gone = db.session.get(User, user_id) is None
    db.session.rollback()
    return is_gone
