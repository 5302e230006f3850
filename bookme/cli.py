"""The command line: ``bookme …``."""

from typing import TYPE_CHECKING

import click
from flask import Flask

from bookme import acts, characters, resealing
from bookme.clock import utcnow
from bookme.extensions import db

if TYPE_CHECKING:
    from bookme.accounts.service import Newcomer
    from bookme.models import User

#: The most that the form of a sign-up takes.
LONGEST_NAME = 100


def init_app(app: Flask) -> None:
    """Add BookMe's commands to ``flask``."""
    from bookme.backup.commands import backup, restore
    from bookme.support.commands import support_bundle

    for command in (
        *(create_host, invite, remove_second_factor, sweep, reseal, check),
        *(backup, restore, support_bundle),
    ):
        app.cli.add_command(command)


@click.command("create-host")
@click.option("--email", prompt=True)
@click.option("--name", prompt=True)
@click.option("--handle", default="", help="The public address; made from the name when empty.")
@click.option("--zone", default="UTC", show_default=True)
@click.option("--if-missing", is_flag=True, help="Do nothing if the e-mail is taken.")
@click.password_option(envvar="BOOKME_PASSWORD")
def create_host(
    email: str, name: str, handle: str, zone: str, if_missing: bool, password: str
) -> None:
    """Make a host whose e-mail counts as confirmed."""
    from bookme.accounts import service

    now = utcnow()
    try:
        who = _newcomer(email, name, zone, password)
        if service.find(who.email) is not None:
            if if_missing:
                return
            raise click.ClickException("There is a host with this e-mail already.")
        user = service.new_host(who, now=now)
        service.confirm(user, now=now)
        if handle:
            _give_handle(user, handle)
        acts.note("create-host", user, now=now)
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    db.session.commit()
    click.echo(f"{email} can sign in.")


def _newcomer(email: str, name: str, zone: str, password: str) -> "Newcomer":
    """What was given, held to the same rules as the form of a sign-up."""
    from bookme import addresses
    from bookme.accounts import passwords, zones
    from bookme.accounts.service import Newcomer

    shown = characters.is_line(name) and characters.is_visible(name)
    if not shown or len(name.strip()) > LONGEST_NAME:
        raise ValueError(f"A name has 1 to {LONGEST_NAME} characters.")
    if not zones.is_zone(zone):
        raise ValueError(f"{zone} is not the name of a time zone.")
    if not passwords.SHORTEST <= len(password) <= passwords.LONGEST:
        raise ValueError(f"A password has {passwords.SHORTEST} to {passwords.LONGEST} characters.")
    if passwords.is_easy(password, name, email):
        raise ValueError("This password has leaked somewhere, or is much like one that has.")
    hashed = passwords.hash_password(password)
    return Newcomer(name.strip(), addresses.folded(email), hashed, zone=zone)


def _give_handle(user: "User", handle: str) -> None:
    from bookme.accounts import handles, service

    if wrong := handles.problem(handle):
        raise ValueError(wrong)
    try:
        service.change_profile(
            user,
            name=user.name,
            handle=handle,
            contact=user.contact,
            zone=user.zone,
            locale=user.locale,
            clock_hours=user.clock_hours,
            now=utcnow(),
        )
    except service.HandleTaken as error:
        raise ValueError("Another host has this handle.") from error


@click.command("invite")
@click.option("--days", default=14, show_default=True, type=click.IntRange(1, 365))
@click.option("--number", default=1, show_default=True, type=click.IntRange(1, 100))
def invite(days: int, number: int) -> None:
    """Print links that let one person each sign up, where SIGN_UP is "invited".

    Each works once, within the days.
    """
    from bookme.accounts import admission, invitations
    from bookme.sign_in_settings import SignUp

    if admission.mode() is not SignUp.INVITED:
        raise click.ClickException(f"SIGN_UP is {admission.mode()}: nobody needs an invitation.")
    now = utcnow()
    made = [invitations.make(None, days=days, now=now) for _ in range(number)]
    acts.note("invite", about=str(number), now=now)
    db.session.commit()
    for invitation in made:
        click.echo(invitations.link(invitation))


@click.command("remove-second-factor")
@click.argument("email")
@click.option("--yes", is_flag=True, help="Don't ask.")
def remove_second_factor(email: str, yes: bool) -> None:
    """Let a host who has lost everything sign in with the password alone.

    Removes the authenticator app, the passkeys and the recovery codes, signs the host out
    everywhere, and tells them by mail. First make sure that it is the host who asks.
    """
    from bookme import addresses
    from bookme.accounts import operating, service

    try:
        user = service.find(addresses.folded(email))
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    if user is None:
        raise click.ClickException("There is no host with this e-mail.")
    if not yes:
        click.confirm(f"Remove the second factor of {email}?", abort=True)
    now = utcnow()
    removed = operating.remove_second_factor(user, now=now)
    acts.note("remove-second-factor", user, changed=removed, now=now)
    db.session.commit()
    said = "removed; a message tells the host" if removed else "not there; nothing was changed"
    click.echo(f"The second factor is {said}.")


@click.command("sweep")
def sweep() -> None:
    """Run the sweep once and say what it queued."""
    from bookme.jobs.processes.sweep import sweep_once

    click.echo(str(sweep_once(utcnow())))


@click.command("reseal")
def reseal() -> None:
    """Bring everything that is sealed under the first of TOKEN_KEYS; exit 1 if something is not.

    Runs beside everything else, and may be stopped and run again at any time.
    """
    from bookme.connections.grants import alarms

    done = list(resealing.reseal())
    acts.note("reseal", about=f"{done.count(True)} rows", changed=any(done), now=utcnow())
    db.session.commit()
    click.echo(f"Rows that were brought under the first key: {done.count(True)}")
    held = resealing.held()
    for number, rows in enumerate(held.known, start=1):
        click.echo(f"Rows under key {number} in TOKEN_KEYS: {rows}")
    click.echo(f"Rows under keys that are not in TOKEN_KEYS: {held.missing}")
    if held.older or held.missing:
        raise SystemExit(1)
    alarms.silence(alarms.KEYS_MISSING)
    db.session.commit()
    click.echo("The first key is enough.")


@click.command("doctor")
def check() -> None:
    """Check the configuration and the reach of everything BookMe needs; exit 1 if something is
    wrong.
    """
    from bookme.doctor import examination

    findings = examination.examine(utcnow())
    for finding in findings:
        click.echo(f"{'ok  ' if finding.good else 'BAD '} {finding.what}: {finding}")
    if not all(finding.good for finding in findings):
        raise SystemExit(1)
