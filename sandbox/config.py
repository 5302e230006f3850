"""What the sandbox is told by its environment."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

_REQUIRED = (
    "SANDBOX_STATE",
    "SANDBOX_REDIRECTS",
    "ZOOM_CLIENT_ID",
    "ZOOM_CLIENT_SECRET",
    "ZOOM_WEBHOOK_SECRET",
)


class ConfigError(ValueError):
    """The environment lacks something, or has it wrong."""


@dataclass(frozen=True, slots=True)
class Config:
    """Addresses, credentials and places.

    :ivar redirects: the redirect addresses registered for the app, compared character by character.
    :ivar google: the app's id and secret there; empty if it is not registered.
    :ivar public_url: where browsers find the sandbox; empty until the port is known.
    """

    state: Path
    client_id: str
    client_secret: str
    webhook_secret: str
    redirects: tuple[str, ...]
    webhook_url: str = ""
    install_url: str = ""
    public_url: str = ""
    host: str = "127.0.0.1"
    port: int = 0
    smtp_port: int = 0
    google: tuple[str, str] = ("", "")
    microsoft: tuple[str, str] = ("", "")
    openid: tuple[str, str] = ("", "")

    def client(self, provider: str) -> tuple[str, str]:
        """Id and secret of the app at Google or Microsoft; empty where it is not registered."""
        return self.google if provider == "google" else self.microsoft

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> "Config":
        """Read the environment.

        :raises ConfigError: naming everything that is missing or wrong.
        """
        wrong = [f"{name} is not set" for name in _REQUIRED if not environ.get(name)]
        ports = {"SANDBOX_PORT": 0, "SANDBOX_SMTP_PORT": 0}
        for name in ports:
            text = environ.get(name) or "0"
            if text.isascii() and text.isdigit() and int(text) < 2**16:
                ports[name] = int(text)
            else:
                wrong.append(f"{name} is not a port")
        if wrong:
            raise ConfigError("; ".join(wrong))
        redirects = tuple(filter(None, map(str.strip, environ["SANDBOX_REDIRECTS"].split(","))))
        return cls(
            state=Path(environ["SANDBOX_STATE"]),
            client_id=environ["ZOOM_CLIENT_ID"],
            client_secret=environ["ZOOM_CLIENT_SECRET"],
            webhook_secret=environ["ZOOM_WEBHOOK_SECRET"],
            redirects=redirects,
            webhook_url=environ.get("SANDBOX_WEBHOOK_URL", ""),
            install_url=environ.get("SANDBOX_INSTALL_URL") or _install_page(redirects[0]),
            public_url=environ.get("SANDBOX_PUBLIC_URL", "").rstrip("/"),
            host=environ.get("SANDBOX_HOST") or "127.0.0.1",
            port=ports["SANDBOX_PORT"],
            smtp_port=ports["SANDBOX_SMTP_PORT"],
            google=_client(environ, "GOOGLE"),
            microsoft=_client(environ, "MICROSOFT"),
            openid=_client(environ, "OIDC_EXAMPLE"),
        )


def origin(url: str) -> str:
    """Scheme, host and port of an address."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _client(environ: Mapping[str, str], prefix: str) -> tuple[str, str]:
    return environ.get(f"{prefix}_CLIENT_ID", ""), environ.get(f"{prefix}_CLIENT_SECRET", "")


def _install_page(redirect: str) -> str:
    return f"{origin(redirect)}/connections/zoom/install"
