"""BookMe's configuration, read from the environment and checked as a whole.

README.md lists every name. :func:`load` reports all mistakes in one message, so that nobody mends
them one by one.
"""

import hashlib
import json
import os
import re
import tempfile
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from bookme import logs, private, sign_in_settings
from bookme.crypto import decode_keys, new_key
from bookme.mail.sender import parse as parse_sender
from bookme.providers.registry import PROVIDERS
from bookme.providers.setting import Kind, Setting

_CHECKOUT = Path(__file__).resolve().parents[1]
#: The state is kept here unless STATE_DIR says otherwise: the folder of a checkout; of an installed
#: BookMe, the one it was started in.
ROOT = _CHECKOUT if (_CHECKOUT / "pyproject.toml").exists() else Path.cwd()
#: A socket's path may be 108 bytes long on Linux.
LONGEST_SOCKET = 100
#: Characters of a token that nobody guesses.
SHORTEST_TOKEN = 16


class ConfigError(Exception):
    """Everything that is wrong with the environment, a line each."""


class _Reader:
    """Reads names from an environment and remembers what was wrong with them."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.mistakes: list[str] = []
        self.given: set[str] = set()

    def text(self, name: str, default: str = "") -> str:
        value = self.environ.get(name, "").strip()
        if value:
            self.given.add(name)
        return value or default

    def parsed(self, name: str, default: str, parse: Callable[[str], Any], must: str) -> Any:
        value = self.text(name, default)
        try:
            return parse(value)
        except ValueError:
            self.mistakes.append(f"{name} {must}")
            return None

    def number(self, name: str, default: int, low: int, high: int) -> int:
        must = f"must be a whole number from {low} to {high}"
        parsed = self.parsed(name, str(default), lambda t: _between(int(t), low, high), must)
        return default if parsed is None else parsed

    def url(
        self, name: str, default: str = "", schemes: tuple[str, ...] = ("https", "http")
    ) -> str:
        must = "must be an address that starts with " + " or ".join(f"{s}://" for s in schemes)
        return self.parsed(name, default, lambda text: _url(text, schemes), must) or ""


def load(environ: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """The application's settings.

    :raises ConfigError: naming everything that is wrong at once.
    """
    read = _Reader(environ)
    state = Path(read.text("STATE_DIR", str(ROOT / "var"))).resolve()
    port = read.number("PORT", 8000, 0, 65535)
    public_url = read.url("PUBLIC_URL", f"http://localhost:{port}").rstrip("/")
    https = public_url.startswith("https://")
    settings = {
        "STATE_DIR": state,
        "PORT": port,
        "PUBLIC_URL": public_url,
        "WEB_WORKERS": read.number("WEB_WORKERS", 2, 1, 64),
        "JOB_WORKERS": read.number("JOB_WORKERS", 2, 1, 64),
        "TRUSTED_PROXIES": read.number("TRUSTED_PROXIES", 0, 0, 10),
        "REDIS_URL": _redis(read, state),
        "WAITS_DIVIDED_BY": _waits(read, public=https),
        **_keys(read, state, required=https),
        **_database(read, state),
        **_mail(read),
        **_providers(read),
        **_pages(read, state),
        **_support(read, public_url),
        **_web(read, https),
        **_keeping(read),
        **_seeing(read, port),
        **sign_in_settings.read_all(read, https=https),
    }
    if read.mistakes:
        raise ConfigError(
            "The configuration has mistakes:\n" + "\n".join(f"  - {m}" for m in read.mistakes)
        )
    return settings | {"SETTINGS_GIVEN": frozenset(read.given)}


def _waits(read: _Reader, *, public: bool) -> float:
    """What all waits are divided by. A lease is only safe while it outlives the calls made under
    it; divided, it does so only if the outside is as much quicker.
    """
    factor: float | None = read.parsed(
        "WAITS_DIVIDED_BY", "1", _factor, "must be a number from 1 to 50"
    )
    if public and factor not in (None, 1):
        read.mistakes.append("WAITS_DIVIDED_BY is for fault runs, never where PUBLIC_URL is https")
    return factor or 1


def _keys(read: _Reader, state: Path, *, required: bool) -> dict[str, Any]:
    values = {}
    for name in ("SECRET_KEY", "TOKEN_KEYS"):
        value = read.text(name)
        if not value and required:
            read.mistakes.append(f"{name} is required when PUBLIC_URL is https")
        values[name] = value or ("" if required else _kept(read, state / name.lower()))
    if len(values["SECRET_KEY"]) < 16 and not (required and not values["SECRET_KEY"]):
        read.mistakes.append("SECRET_KEY must have at least 16 characters")
    try:
        keys = decode_keys(values["TOKEN_KEYS"]) if values["TOKEN_KEYS"] else []
    except ValueError:
        read.mistakes.append("TOKEN_KEYS must be 32 bytes each in URL-safe base64, comma-separated")
        keys = []
    return {"SECRET_KEY": values["SECRET_KEY"], "TOKEN_KEYS": keys}


def _kept(read: _Reader, path: Path) -> str:
    try:
        return kept_key(path)
    except OSError as error:
        read.mistakes.append(
            f"{path.name.upper()} is not set, and cannot be kept in {path.parent} "
            f"({error.strerror}): set STATE_DIR to a folder that can be written"
        )
        return new_key()  # so that nothing else is wrong because of it


def kept_key(path: Path) -> str:
    """The key kept at ``path``, made on first use, readable by its owner only.

    It is written aside and then linked to its name, so that of several processes that start at once
    one key wins, and none of them reads half of it.
    """
    private.make_folder(path.parent)
    private.hide(path)
    if not path.exists():
        handle, aside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")  # mode 0600
        with os.fdopen(handle, "w") as file:
            file.write(new_key())
        try:
            os.link(aside, path)
        except FileExistsError:
            pass  # another process was quicker
        finally:
            os.unlink(aside)
    return path.read_text().strip()


def _database(read: _Reader, state: Path) -> dict[str, Any]:
    url = read.text("DATABASE_URL", f"sqlite:///{state / 'bookme.sqlite'}")
    url = re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", url)
    if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
        read.mistakes.append("DATABASE_URL must start with sqlite:/// or postgresql://")
    options: dict[str, Any] = {"hide_parameters": True, "json_serializer": _json}
    if url.startswith("postgresql"):
        options |= {"pool_pre_ping": True, "connect_args": {"connect_timeout": 5}}
    return {"SQLALCHEMY_DATABASE_URI": url, "SQLALCHEMY_ENGINE_OPTIONS": options}


def _json(value: Any) -> str:
    """How a column of JSON is written: letters as they are, so that text in it can be searched."""
    return json.dumps(value, ensure_ascii=False)


def _redis(read: _Reader, state: Path) -> str:
    """The one named, else the one that ``make run`` has started, else the usual one."""
    socket = redis_socket(state)
    is_there = private.is_ours_alone(socket.parent) and socket.exists()
    default = f"unix://{socket}?db=0" if is_there else "redis://localhost:6379/0"
    return read.url("REDIS_URL", default, ("redis", "rediss", "unix"))


def redis_socket(state: Path) -> Path:
    """Where the Redis that ``make run`` starts for a state folder listens.

    Its folder must be ours alone (:func:`bookme.private.is_ours_alone`) before anybody listens or
    connects: in the folder for temporary files somebody else may have made one of that name.
    """
    path = state / "redis" / "redis.sock"
    if len(str(path)) <= LONGEST_SOCKET:
        return path
    digest = hashlib.sha256(str(path).encode()).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"bookme-{os.getuid()}-{digest}" / "redis.sock"


def _mail(read: _Reader) -> dict[str, Any]:
    url = read.text("MAIL_URL")
    sender = read.text("MAIL_FROM", "BookMe <bookme@localhost>")
    try:
        parse_sender(sender)
    except ValueError as error:
        read.mistakes.append(f"MAIL_FROM {error}")
    parts = urlsplit(url)
    if url and (parts.scheme not in ("smtp", "smtps") or not parts.hostname):
        read.mistakes.append("MAIL_URL must be smtp://[user:password@]host[:port] or smtps://…")
    tls = parts.scheme == "smtps"
    return {
        "MAIL_CONFIGURED": bool(url),
        "MAIL_SERVER": parts.hostname or "",
        "MAIL_PORT": _port(read, "MAIL_URL", url, 465 if tls else 25),
        "MAIL_USE_SSL": tls,
        "MAIL_USERNAME": unquote(parts.username or "") or None,
        "MAIL_PASSWORD": unquote(parts.password or "") or None,
        "MAIL_DEFAULT_SENDER": sender,
    }


def _providers(read: _Reader) -> dict[str, Any]:
    """What each provider adds, and the client id and secret of those that hosts consent at."""
    settings: dict[str, Any] = {}
    for facts in PROVIDERS.values():
        if facts.consent is not None:
            name = facts.name.upper()
            settings[f"{name}_CLIENT_ID"] = read.text(f"{name}_CLIENT_ID")
            settings[f"{name}_CLIENT_SECRET"] = _secret_of(read, name)
        settings |= {one.name: _READ[one.kind](read, one) for one in facts.settings}
    return settings


def _base(read: _Reader, setting: Setting) -> str:
    return read.url(setting.name, setting.default).rstrip("/")


def _hosts(read: _Reader, setting: Setting) -> tuple[str, ...]:
    must = f"must be host names, comma-separated, such as {setting.default}"
    return read.parsed(setting.name, setting.default, _host_names, must) or ()


_READ: Mapping[Kind, Callable[[_Reader, Setting], Any]] = {
    Kind.TEXT: lambda read, setting: read.text(setting.name, setting.default),
    Kind.URL: lambda read, setting: read.url(setting.name, setting.default),
    Kind.BASE: _base,
    Kind.HOSTS: _hosts,
}


def _secret_of(read: _Reader, provider: str) -> str:
    """The secret that belongs to a provider's client id."""
    client, secret = (read.text(f"{provider}_CLIENT_{part}") for part in ("ID", "SECRET"))
    if bool(client) != bool(secret):
        read.mistakes.append(
            f"{provider}_CLIENT_ID and {provider}_CLIENT_SECRET belong together: "
            "set both or neither"
        )
    return secret


def _pages(read: _Reader, state: Path) -> dict[str, Any]:
    """The operator's own texts, and the proof that the domain is theirs."""
    return {
        "TEXTS_DIR": Path(read.text("TEXTS_DIR", str(state / "texts"))),
        "ZOOM_VERIFICATION": read.text("ZOOM_VERIFICATION"),
        "GOOGLE_VERIFICATION": read.text("GOOGLE_VERIFICATION"),
        "OPERATOR_NAME": read.text("OPERATOR_NAME"),
        "FOOTER_BRAND": read.parsed("FOOTER_BRAND", "on", _on_or_off, "must be on or off"),
    }


def _support(read: _Reader, public_url: str) -> dict[str, Any]:
    """Where help is to be had, when, and how soon; so that the pages are whole with a domain."""
    return {
        "SUPPORT_EMAIL": read.text("SUPPORT_EMAIL", f"support@{urlsplit(public_url).hostname}"),
        "SUPPORT_HOURS": read.text("SUPPORT_HOURS"),
        "SUPPORT_DAYS": read.number("SUPPORT_DAYS", 3, 1, 30),
    }


def _keeping(read: _Reader) -> dict[str, int]:
    """How many days after an appointment its history and its messages are kept, and the booking
    itself (0: for ever). A month at least: so long after it a message may still be sent.
    """
    usual = {"KEEP_HISTORY_DAYS": 730, "KEEP_MESSAGES_DAYS": 365}
    settings = {name: read.number(name, days, 31, 36_500) for name, days in usual.items()}
    must = "must be 0 or a whole number from 31 to 36500"
    bookings = read.parsed("KEEP_BOOKINGS_DAYS", "0", _kept_days, must) or 0
    return settings | {"KEEP_BOOKINGS_DAYS": bookings}


def _seeing(read: _Reader, port: int) -> dict[str, Any]:
    """How the operator sees what happens: logs and metrics."""
    metrics_port = read.number("METRICS_PORT", 0, 0, 65535)
    if metrics_port and metrics_port == port:
        read.mistakes.append("METRICS_PORT must be another one than PORT")
    token = read.text("METRICS_TOKEN")
    if token and not (len(token) >= SHORTEST_TOKEN and token.isascii() and token.isprintable()):
        read.mistakes.append(f"METRICS_TOKEN must have at least {SHORTEST_TOKEN} plain characters")
    return {
        "METRICS_PORT": metrics_port,
        "METRICS_TOKEN": token,
        "LOG_FORMAT": read.parsed("LOG_FORMAT", logs.LINES, _log_format, "must be lines or json"),
    }


def _web(read: _Reader, https: bool) -> dict[str, Any]:
    return {
        "RATELIMIT_ENABLED": read.parsed("RATE_LIMITS", "on", _on_or_off, "must be on or off"),
        "RATELIMIT_HEADERS_ENABLED": False,
        "FORM_SECONDS": read.number("FORM_SECONDS", 2, 0, 10),
        "SESSION_COOKIE_NAME": "bookme_session",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": https,
        "PERMANENT_SESSION_LIFETIME": timedelta(days=30),
        # An answer that comes late, of a picture say, must not put back the cookie of before.
        "SESSION_REFRESH_EACH_REQUEST": False,
        "PREFERRED_URL_SCHEME": "https" if https else "http",
        "MAX_CONTENT_LENGTH": 256 * 1024,
        "MAX_FORM_PARTS": 500,
        "WTF_CSRF_TIME_LIMIT": None,
    }


def _between(number: int, low: int, high: int) -> int:
    if not low <= number <= high:
        raise ValueError(number)
    return number


def _log_format(text: str) -> str:
    if text not in logs.FORMATS:
        raise ValueError(text)
    return text


def _kept_days(text: str) -> int:
    return 0 if text == "0" else _between(int(text), 31, 36_500)


def _on_or_off(text: str) -> bool:
    if text not in ("on", "off"):
        raise ValueError(text)
    return text == "on"


def _factor(text: str) -> float:
    number = float(text)
    if not 1 <= number <= 50:
        raise ValueError(text)
    return number


def _host_names(text: str) -> tuple[str, ...]:
    names = tuple(name.strip().lower() for name in text.split(",") if name.strip())
    if not names or not all(re.fullmatch(r"(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*", n) for n in names):
        raise ValueError(text)
    return names


def _url(text: str, schemes: tuple[str, ...]) -> str:
    parts = urlsplit(text)
    if parts.scheme not in schemes or not (parts.netloc or parts.path):
        raise ValueError(text)
    return text


def _port(read: _Reader, name: str, url: str, default: int) -> int:
    try:
        return urlsplit(url).port or default
    except ValueError:
        read.mistakes.append(f"{name} has a port that is not a number")
        return default
