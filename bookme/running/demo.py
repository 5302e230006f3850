"""What ``make demo`` adds: a sandbox that stands in for Zoom, the calendars and the mail
server, and two hosts.
"""

import select
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from bookme import config, private
from bookme.running import tied
from bookme.running.plan import Process, port_taken

EMAIL = "mara@demo.example"
#: Another host, who has just signed up.
EMPTY_EMAIL = "noor@demo.example"
PASSWORD = "make yourself at home"  # printed on the terminal; the demo's data is nobody's

#: Seconds for which the line that names the hosts waits until they are connected.
PATIENCE = 30


class PortTaken(Exception):
    """A port that the demo needs is in use."""


def prepare_environment(environ: dict[str, str]) -> None:
    """Point BookMe's environment at the sandbox. What the caller has set stays.

    :raises PortTaken: if one of the sandbox's ports is in use.
    """
    port = int(environ.setdefault("PORT", "8000"))
    web = int(environ.setdefault("SANDBOX_PORT", str(port + 1)))
    smtp = int(environ.setdefault("SANDBOX_SMTP_PORT", str(port + 2)))
    for number in (web, smtp):
        if port_taken(number):
            raise PortTaken(f"Port {number} is in use. Set SANDBOX_PORT and SANDBOX_SMTP_PORT.")
    state = Path(environ.setdefault("STATE_DIR", str(config.ROOT / "var" / "demo")))
    own, outside = f"http://localhost:{port}", f"http://localhost:{web}"
    callbacks = (f"{own}/connections/{one}/callback" for one in ("zoom", "google", "microsoft"))
    defaults = {
        "PUBLIC_URL": own,
        "MAIL_URL": f"smtp://localhost:{smtp}",
        "MAIL_FROM": "BookMe <bookings@demo.example>",
        "SUPPORT_EMAIL": "support@demo.example",
        "ZOOM_CLIENT_ID": "bookme-demo",
        "ZOOM_CLIENT_SECRET": config.kept_key(state / "zoom_client_secret"),
        "ZOOM_WEBHOOK_SECRET": config.kept_key(state / "zoom_webhook_secret"),
        "ZOOM_OAUTH_URL": f"{outside}/zoom/oauth",
        "ZOOM_API_URL": f"{outside}/zoom/v2",
        "ZOOM_COMPLIANCE_URL": f"{outside}/zoom/oauth/data/compliance",
        **_calendars(state, outside),
        **({} if "OIDC_PROVIDERS" in environ else _sign_in(state, outside)),
        "SANDBOX_STATE": str(state / "sandbox"),
        "SANDBOX_PUBLIC_URL": outside,
        "SANDBOX_REDIRECTS": ",".join(callbacks),
        "SANDBOX_WEBHOOK_URL": f"{own}/webhooks/zoom",
        "SANDBOX_INSTALL_URL": f"{own}/connections/zoom/install",
    }
    for name, value in defaults.items():
        environ.setdefault(name, value)


def _calendars(state: Path, outside: str) -> dict[str, str]:
    google, microsoft = f"{outside}/google", f"{outside}/microsoft"
    return {
        "GOOGLE_CLIENT_ID": "bookme-demo.apps.example",
        "GOOGLE_CLIENT_SECRET": config.kept_key(state / "google_client_secret"),
        "GOOGLE_AUTHORIZE_URL": f"{google}/o/oauth2/v2/auth",
        "GOOGLE_TOKEN_URL": f"{google}/token",
        "GOOGLE_REVOKE_URL": f"{google}/revoke",
        "GOOGLE_API_URL": f"{google}/calendar/v3",
        "MICROSOFT_CLIENT_ID": "bookme-demo",
        "MICROSOFT_CLIENT_SECRET": config.kept_key(state / "microsoft_client_secret"),
        "MICROSOFT_OAUTH_URL": f"{microsoft}/oauth2/v2.0",
        "MICROSOFT_API_URL": f"{microsoft}/v1.0",
        "ICLOUD_URL": f"{outside}/icloud/",
        "ICLOUD_HOSTS": "localhost,127.0.0.1",
    }


def _sign_in(state: Path, outside: str) -> dict[str, str]:
    return {
        "OIDC_PROVIDERS": "example",
        "OIDC_EXAMPLE_ISSUER": f"{outside}/openid",
        "OIDC_EXAMPLE_CLIENT_ID": "bookme-demo",
        "OIDC_EXAMPLE_CLIENT_SECRET": config.kept_key(state / "openid_client_secret"),
        "OIDC_EXAMPLE_LABEL": "Example ID",
    }


def sandbox() -> Process:
    """The stand-in for the outside world."""
    return Process("sandbox", [sys.executable, "-m", "sandbox"], first=200)


def begin_connecting(environ: Mapping[str, str], state: Path) -> "subprocess.Popen[bytes]":
    """Connect the demo host's accounts once the demo answers, and book what is to come, if they
    are new. What goes wrong is in the log; the demo works without it.
    """
    private.make_folder(state / "log")
    with (state / "log" / "furnishing.log").open("ab") as log:
        return subprocess.Popen(
            tied.command([sys.executable, "-m", "bookme.running.furnishing"]),
            env=tied.environ(environ),
            cwd=config.ROOT,
            stdout=subprocess.PIPE,
            stderr=log,
            start_new_session=True,
        )


def wait_until_connected(connecting: "subprocess.Popen[bytes]") -> None:
    """Wait until it says so, has ended, or patience has."""
    assert connecting.stdout is not None
    with connecting.stdout as said:
        select.select([said], [], [], PATIENCE)


def welcome(url: str, environ: Mapping[str, str]) -> str:
    """The line that ``make demo`` prints once BookMe answers."""
    sandbox_url = environ["SANDBOX_PUBLIC_URL"]
    return (
        f"BookMe answers at {url}: sign in as {EMAIL} with the password “{PASSWORD}”. "
        f"{EMPTY_EMAIL} has the same password and an empty account. "
        f"Zoom, the calendars and the mailbox: {sandbox_url}. Ctrl-C ends it."
    )
