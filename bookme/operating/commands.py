"""``bookme hosts …``: look at hosts, pause them, sign them out, remove them. ``bookme acts``: what
was done.
"""

import click

from bookme import acts, addresses, queue
from bookme.accounts import access, ways
from bookme.accounts.factors import service as factors
from bookme.accounts.service import AddressTaken
from bookme.clock import utcnow
from bookme.extensions import db
from bookme.models import User
from bookme.operating import operators, service
from bookme.report import service as reports


@click.group("hosts")
def hosts() -> None:
    """Look at hosts, pause them, sign them out and remove them.

    WHO is an id, a handle or an e-mail address. Every look and act is noted (see ``bookme acts``).
    Every command may be run again: the second time it changes nothing.
    """


@hosts.command("list")
@click.option("--after", default=0, show_default=True, help="Begin after the host with this id.")
@click.option("--paused", is_flag=True, help="Only hosts that are paused.")
@click.option("--reported", is_flag=True, help="Only hosts of whom a page was reported.")
def list_hosts(after: int, paused: bool, reported: bool) -> None:
    """List hosts by id, 50 at a time: handle, state, schedules, bookings of 7 days, reports."""
    now = utcnow()
    lines = service.page(after=after, only_paused=paused, only_reported=reported, now=now)
    acts.note("hosts list", about=f"{len(lines)} hosts", now=now)
    db.session.commit()
    for line in lines:
        counts = f"{line.schedules} schedules, {line.bookings} bookings, {line.reports} reports"
        click.echo(f"{line.id}  {line.handle}  {line.state}  {counts}")
    if len(lines) == service.MOST:
        click.echo(f"More: hosts list --after {lines[-1].id}")


@hosts.command()
@click.argument("who")
def show(who: str) -> None:
    """Show a host: what they published, what was reported, and what was done."""
    user = _user(who)
    click.echo(f"{user.id}  {user.handle}  {service.state(user)}")
    click.echo(f"Name: {user.name}")
    click.echo(f"E-mail: {user.email}")
    click.echo(f"Signed up: {user.created_at:%Y-%m-%d %H:%M} UTC")
    click.echo(f"Signs in by: {', '.join(_ways_in(user)) or 'nothing but their mailbox'}")
    for schedule in service.schedules_of(user):
        switched = "" if schedule.active else " (off)"
        click.echo(f"Schedule: /{user.handle}/{schedule.slug}{switched}: {schedule.title}")
    for report in service.reports_of(user):
        words, email = reports.said(report)
        said = f"{report.made_at:%Y-%m-%d %H:%M} {report.kind} {report.page}"
        click.echo(f"Report: {said} {email or '-'}: {' '.join(words.split()) or '-'}")
    for act in acts.latest(host=user):
        click.echo(f"Done: {act.at:%Y-%m-%d %H:%M} {acts.said(act)}: {act.outcome}")
    acts.note("hosts show", user, now=utcnow())
    db.session.commit()


@hosts.command()
@click.argument("who")
def pause(who: str) -> None:
    """Take a host's public pages down. Bookings that are there stay, and no new ones come."""
    user = _user(who)
    changed = service.pause(user, now=utcnow())
    db.session.commit()
    click.echo(f"{user.handle} is paused." if changed else f"{user.handle} was not up.")


@hosts.command()
@click.argument("who")
def resume(who: str) -> None:
    """Put a paused host's pages up again."""
    user = _user(who)
    changed = service.resume(user, now=utcnow())
    db.session.commit()
    click.echo(f"{user.handle} is up again." if changed else f"{user.handle} was not paused.")


@hosts.command("sign-out")
@click.argument("who")
def sign_out(who: str) -> None:
    """End a host's sessions in all browsers, such as after a lost computer."""
    user = _user(who)
    ended = service.sign_out(user, now=utcnow())
    db.session.commit()
    click.echo(f"{user.handle} is signed out. Sessions ended: {ended}.")


@hosts.command()
@click.argument("who")
@click.option("--provider", default="", help="Only this one's, by its name in OIDC_PROVIDERS.")
@click.option("--email", default="", help="Give the account this address: the old one is lost too.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def unlink(who: str, provider: str, email: str, yes: bool) -> None:
    """Unlink a sign-in at a provider that a host has lost, and say how they get in again.

    Signs the host out everywhere and tells them by mail; with --email the old address, too. First
    make sure that it is the host who asks, and that an address is theirs: who reads it gets in.
    """
    try:
        address = addresses.folded(email) if email else ""
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    handle = _user(who).handle
    db.session.rollback()  # nothing stays open while somebody reads
    if not yes:
        to = f", and give the account the address {address}" if address else ""
        what = f"sign-in with {provider}" if provider else "every sign-in at a provider"
        click.confirm(f"Unlink {what} of {handle}{to}?", abort=True)
    user = _locked(who)
    try:
        done = service.unlink(user, provider=provider, email=address, now=utcnow())
    except AddressTaken as error:
        raise click.ClickException("Another host has this address.") from error
    db.session.commit()
    for owed in done.emails:
        queue.hurry_email(owed.id)
    click.echo(f"Sign-ins of {user.handle} that were unlinked: {done.number}.")
    click.echo(_way_back(user))


@hosts.command()
@click.argument("who")
@click.option("--yes", is_flag=True, help="Do not ask.")
def remove(who: str, yes: bool) -> None:
    """Delete a host with what they published: cancel what is booked, tell bookers, delete all rows.

    The same as when a host deletes their account. It is done within an hour, by the workers.
    """
    user = _user(who)
    handle, user_id = user.handle, user.id
    if not yes and user.closing_at is None:
        click.confirm(f"Delete {handle} for good?", abort=True)
    email = service.remove(user, now=utcnow())
    db.session.commit()
    if email is not None:
        queue.hurry_email(email.id)
    queue.hint(queue.Job.CLOSE_ACCOUNT, user_id)
    click.echo(f"Host {user_id} is being deleted.")


@click.command("acts")
@click.option("--host", "who", help="Only what was done to this host.")
@click.option("--before", type=int, help="Begin before the act with this number.")
def list_acts(who: str | None, before: int | None) -> None:
    """List what the operator did and looked at, the latest first, 50 at a time.

    Each line: number, when, who, what, on what, and whether it changed anything. Once a host is
    deleted, lines no longer say which host it was.
    """
    found = acts.latest(host=_user(who) if who else None, before=before)
    for act in found:
        click.echo(f"{act.id}  {act.at:%Y-%m-%d %H:%M:%S} UTC  {acts.said(act)}: {act.outcome}")
    if len(found) == acts.MOST:
        click.echo(f"More: acts --before {found[-1].id}")


@click.group("operators")
def operators_() -> None:
    """Say which hosts may see the page /operator.

    WHO is an id, a handle or an e-mail address of a host. Every command may be run again.
    """


@operators_.command("list")
def list_operators() -> None:
    """List them."""
    for one in operators.everybody():
        factor = "with" if factors.has_any(one.user) else "without"
        since = f"since {one.since:%Y-%m-%d}"
        click.echo(f"{one.user_id}  {one.user.handle}  {since}  {factor} a second factor")


@operators_.command("add")
@click.argument("who")
def add_operator(who: str) -> None:
    """Let a host see the page, and what was reported, close reports and pause hosts."""
    user = _user(who)
    if not user.is_confirmed or user.closing_at is not None:
        raise click.ClickException("This host's e-mail is not confirmed, or the account is ending.")
    changed = operators.add(user, now=utcnow())
    db.session.commit()
    click.echo(f"{user.handle} is an operator." if changed else f"{user.handle} was one before.")
    if not factors.has_any(user):
        click.echo("They have no second factor: until they set one up, acts ask for the password.")


@operators_.command("remove")
@click.argument("who")
def remove_operator(who: str) -> None:
    """Let a host see the page no more."""
    user = _user(who)
    changed = operators.remove(user, now=utcnow())
    db.session.commit()
    said = "is no operator any more" if changed else "was none"
    click.echo(f"{user.handle} {said}.")


def _ways_in(user: User) -> list[str]:
    found = ways.of(user)
    words = [f"sign-in with {name}" for name in found.providers]
    words += ["a passkey"] if found.has_passkey else []
    return words + (["a password"] if found.has_password else [])


def _way_back(user: User) -> str:
    """How a host gets in now, for the operator to tell them."""
    lost = " If their second factor is lost, too: remove-second-factor."
    left = _ways_in(user)
    if left:
        words = f"What lets them in now: {', '.join(left)}."
    elif ways.with_passwords():
        words = "They get in by choosing a password: the sign-in page has a link for that."
    else:
        words = (
            "They get in by signing in at any provider that has checked the account's address; a "
            "link that we send there confirms it, in the browser in which they asked for it."
        )
    return words + (lost if factors.has_any(user) else "")


def _locked(who: str) -> User:
    """A host, locked for what changes how they sign in."""
    return access.locked(_user(who).id) or _user(who)


def _user(who: str) -> User:
    user = service.find(who)
    if user is None:
        raise click.ClickException("There is no such host.")
    return user
